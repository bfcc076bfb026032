import assert from "node:assert/strict";
import { MODES, named, ofType, pick, planIn, refusal } from "./planned-edge.ts";
import { WebAcl } from "./web-acl.ts";
import { webAclRules } from "./web-acl-rules.ts";

const ACL = "wafv2/webAcl:WebAcl";
const LOG = "wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration";

for (const mode of MODES) {
  describe(`WebAcl, ${mode}`, () => {
    it("EDGE-16: lets through what no rule blocks, with the rules of its scope", async () => {
      const plan = await planIn("us-west-2", mode, (opts) => {
        new WebAcl("waf", { scope: "REGIONAL", rateKey: "forwarded", rateLimit: 500 }, opts);
      });
      const acl = named(plan, ACL, "waf-acl");
      assert.equal(acl.region, "us-west-2");
      assert.deepEqual(pick(acl, "scope", "defaultAction"), {
        scope: "REGIONAL",
        defaultAction: { allow: {} },
      });
      assert.deepEqual(
        acl.inputs["rules"],
        webAclRules({ rateLimit: 500, rateKey: "forwarded", uploadPathPrefix: "/documents" }),
      );
      assert.deepEqual(ofType(plan, LOG), []);
    });

    it("logs without credentials of users", async () => {
      const arn = "arn:aws:logs:us-east-1:123456789012:log-group:aws-waf-logs-edge";
      const plan = await planIn("us-east-1", mode, (opts) => {
        new WebAcl("waf", { scope: "CLOUDFRONT", logDestinationArn: arn }, opts);
      });
      assert.deepEqual(pick(named(plan, LOG, "waf-log"), "logDestinationConfigs", "redactedFields"), {
        logDestinationConfigs: [arn],
        redactedFields: [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }],
      });
    });
  });
}

describe("WebAcl, refusals", () => {
  it("lists every wrong argument in one error", async () => {
    const lines = await refusal(
      (opts) => new WebAcl("waf", { scope: "REGIONAL", rateLimit: 5, uploadPathPrefix: "/" }, opts),
    );
    assert.deepEqual(lines, [
      'WebAcl "waf":',
      "  rateLimit: 5 is not a whole number from 10 to 2000000000; use 2000",
      '  uploadPathPrefix: "/" would exempt every path; use a path such as /documents',
    ]);
  });
});
