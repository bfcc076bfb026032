import { deepEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { MalformedPolicy, statementsOf } from "./policy-document.ts";

describe("policy document", () => {
  it("reads one statement or many, one value or many", () => {
    const text = JSON.stringify({
      Statement: {
        Sid: "Tls",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: "s3:*",
        Resource: ["a", "b"],
        Condition: { Bool: { "aws:SecureTransport": false } },
      },
    });
    deepEqual(statementsOf(text), [
      {
        sid: "Tls",
        effect: "Deny",
        actions: ["s3:*"],
        notActions: [],
        resources: ["a", "b"],
        notResources: [],
        principals: ["*"],
        conditions: { Bool: { "aws:securetransport": ["false"] } },
      },
    ]);
  });

  it("says what is wrong with a document that is none", () => {
    throws(() => statementsOf("{"), new MalformedPolicy("it is not JSON"));
    throws(() => statementsOf("{}"), new MalformedPolicy("it has no Statement"));
    throws(() => statementsOf({ Statement: ["x"] }), new MalformedPolicy("a statement is no object"));
  });

  it("reads any JSON or calls it malformed", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (Statement) => {
        try {
          statementsOf(JSON.stringify({ Statement }));
        } catch (error) {
          if (!(error instanceof MalformedPolicy)) throw error;
        }
      }),
    );
  });
});
