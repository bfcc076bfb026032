import assert from "node:assert/strict";
import fc from "fast-check";
import { ACCOUNT, refusalOf } from "../data/planned-data.ts";
import { AuditBucket } from "./audit-bucket.ts";
import { AUDIT_WRITERS, auditBucketPolicy } from "./audit-bucket-policy.ts";
import { statementsOf } from "./planned-security.ts";

describe("AuditBucket", () => {
  it("GOV-05: refuses a lock that would stop AWS Config, and what S3 would refuse", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new AuditBucket(
            "history",
            {
              bucketName: "Config_History",
              accountId: ACCOUNT,
              writer: "config",
              sourceArn: "arn:aws:config:us-east-1:111122223333:*",
              lockMode: "governance",
              expirationDays: 100,
              dataProtection: "retain",
            },
            opts,
          ),
      ),
      [
        "AuditBucket history:",
        "expirationDays: 100 is less than 90 days after glacierDays 90, and Glacier bills 90; raise it to 180 or leave glacierDays out",
        'bucketName: "Config_History" is no bucket name; use 3 to 63 lower-case letters, digits and hyphens',
        "expirationDays: 100 is less than lockDays 365, and S3 keeps a locked object; raise it to 365",
        'lockMode: "governance" stops AWS Config, which cannot write under a default lock; use "none"',
      ],
    );
  });
});

describe("audit bucket policy", () => {
  it("SEC-20: admits one service for one source to one folder, and denials hold for everyone", () => {
    fc.assert(
      fc.property(fc.constantFrom(...AUDIT_WRITERS), fc.boolean(), (writer, sealed) => {
        const sourceArn = `arn:aws:${writer}:us-east-1:${ACCOUNT}:source`;
        const policy = auditBucketPolicy({
          partition: "aws",
          accountId: ACCOUNT,
          bucket: "evidence",
          writer,
          sourceArn,
          sealed,
        });
        const denials = statementsOf(policy).filter(({ Effect }) => Effect === "Deny");
        assert.equal(denials.length, sealed ? 4 : 2);
        for (const { Principal } of denials) assert.equal(Principal, "*");
        for (const { Effect, Principal, Condition, Action, Resource } of statementsOf(policy)) {
          if (Effect === "Deny") continue;
          assert.deepEqual(Principal, { Service: `${writer}.amazonaws.com` });
          assert.deepEqual(Condition?.["ArnLike"], { "aws:SourceArn": sourceArn });
          if (Action?.includes("s3:PutObject")) {
            assert.match(String(Resource), new RegExp(`^arn:aws:s3:::evidence/AWSLogs/${ACCOUNT}/`));
          }
        }
      }),
    );
  });
});
