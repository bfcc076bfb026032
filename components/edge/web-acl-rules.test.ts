import assert from "node:assert/strict";
import fc from "fast-check";
import { webAclRules } from "./web-acl-rules.ts";

const SETTINGS = { rateLimit: 2000, rateKey: "source", uploadPathPrefix: "/documents" } as const;

describe("web ACL rules", () => {
  it("EDGE-16: a rate limit, then AWS's groups against common attacks, then bodies outside uploads", () => {
    assert.deepEqual(
      webAclRules(SETTINGS).map(({ name, priority }) => [priority, name]),
      [
        [0, "rate"],
        [10, "AWSManagedRulesAmazonIpReputationList"],
        [20, "AWSManagedRulesCommonRuleSet"],
        [30, "AWSManagedRulesKnownBadInputsRuleSet"],
        [40, "AWSManagedRulesSQLiRuleSet"],
        [50, "body-outside-uploads"],
      ],
    );
  });

  it("every body rule that only labels is blocked again by the last rule, under the label AWS gives it", () => {
    const rules = webAclRules(SETTINGS);
    const text = JSON.stringify(rules.at(-1));
    const counted = [...JSON.stringify(rules.slice(0, -1)).matchAll(/"name":"(\w+_BODY)"/g)].map(
      ([, name]) => name,
    );
    assert.deepEqual(counted, [
      "SizeRestrictions_BODY",
      "EC2MetaDataSSRF_BODY",
      "GenericLFI_BODY",
      "GenericRFI_BODY",
      "CrossSiteScripting_BODY",
      "SQLi_BODY",
      "SQLiExtendedPatterns_BODY",
    ]);
    const labels = [...text.matchAll(/"key":"([^"]+)"/g)].map(([, key]) => key);
    assert.deepEqual(labels, [
      "awswaf:managed:aws:core-rule-set:SizeRestrictions_Body",
      "awswaf:managed:aws:core-rule-set:EC2MetaDataSSRF_Body",
      "awswaf:managed:aws:core-rule-set:GenericLFI_Body",
      "awswaf:managed:aws:core-rule-set:GenericRFI_Body",
      "awswaf:managed:aws:core-rule-set:CrossSiteScripting_Body",
      "awswaf:managed:aws:sql-database:SQLi_Body",
      "awswaf:managed:aws:sql-database:SQLiExtendedPatterns_Body",
    ]);
    assert.match(text, /"notStatement":\{"statement":\{"byteMatchStatement":\{"searchString":"\/documents"/);
    assert.match(text, /"type":"NORMALIZE_PATH"/);
  });

  it("counts requests by the connection, or behind CloudFront by the address it forwards", () => {
    const [bySource] = webAclRules(SETTINGS);
    assert.deepEqual(bySource?.statement, {
      rateBasedStatement: { limit: 2000, evaluationWindowSec: 300, aggregateKeyType: "IP" },
    });
    const [forwarded] = webAclRules({ ...SETTINGS, rateKey: "forwarded" });
    assert.deepEqual(forwarded?.statement, {
      rateBasedStatement: {
        limit: 2000,
        evaluationWindowSec: 300,
        aggregateKeyType: "FORWARDED_IP",
        forwardedIpConfig: { headerName: "X-Forwarded-For", fallbackBehavior: "NO_MATCH" },
      },
    });
  });

  it("priorities and names are unique, whatever the settings", () => {
    const settings = fc.record({
      rateLimit: fc.integer({ min: 10 }),
      rateKey: fc.constantFrom("source" as const, "forwarded" as const),
      uploadPathPrefix: fc.webPath(),
    });
    fc.assert(
      fc.property(settings, (of) => {
        const rules = webAclRules(of);
        assert.equal(new Set(rules.map(({ priority }) => priority)).size, rules.length);
        assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
      }),
    );
  });
});
