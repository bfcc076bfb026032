import assert from "node:assert/strict";
import fc from "fast-check";
import type { PlanMode } from "../../tools/plan/index.ts";
import { MODES, sources } from "../../tools/plan/testing.ts";
import { ACCOUNT, EAST, planAcross, refusalOf, TWO, WEST } from "../data/planned-data.ts";
import { named, ofType } from "../edge/planned-edge.ts";
import { type AlertRule, alertRules } from "./alert-rules.ts";
import { SecurityAlerts, type SecurityAlertsArgs } from "./security-alerts.ts";

const BREAK_GLASS = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_platform-break-glass_*`;
const RULE = "cloudwatch/eventRule:EventRule";
const TARGET = "cloudwatch/eventTarget:EventTarget";
const topicArn = (severity: string, region: string) => `arn:aws:sns:${region}:${ACCOUNT}:${severity}`;
const topics = (regions: readonly string[]) => {
  const of = (severity: string) =>
    Object.fromEntries(regions.map((region) => [region, topicArn(severity, region)]));
  return { page: of("page"), notice: of("notice") };
};
const planAlerts = (mode: PlanMode, change: Partial<SecurityAlertsArgs> = {}) =>
  planAcross(TWO, mode, ({ providers }) => {
    new SecurityAlerts("alerts", {
      regions: TWO,
      providers,
      accountId: ACCOUNT,
      topicArns: topics(TWO),
      configRuleNames: ["platform-no-open-ssh"],
      breakGlassRoleArns: [BREAK_GLASS],
      ...change,
    });
  });

for (const mode of MODES) {
  describe(`SecurityAlerts, ${mode}`, () => {
    it("GOV-10: every rule of a region writes to that region's topic of its severity", async () => {
      const plan = await planAlerts(mode);
      for (const region of TWO) {
        const rules = alertRules({
          region,
          configRuleNames: ["platform-no-open-ssh"],
          breakGlassRoleArns: [BREAK_GLASS],
        });
        assert.deepEqual(
          rules.map(({ key }) => key),
          [
            "guardduty-high",
            "guardduty-medium",
            "securityhub-critical",
            "securityhub-high",
            "root-used",
            "sign-in-without-mfa",
            "key-disabled",
            "guard-disabled",
            "config-violation",
            "break-glass",
          ],
        );
        for (const { key, pattern, severity } of rules) {
          const rule = named(plan, RULE, `alerts-${key}-${region}`);
          assert.equal(rule.region, region);
          assert.deepEqual(JSON.parse(String(rule.inputs["eventPattern"])), pattern);
          const target = named(plan, TARGET, `alerts-${key}-${region}`);
          assert.deepEqual(sources(target, "rule"), [`alerts-${key}-${region}`]);
          assert.equal(target.inputs["arn"], topicArn(severity, region));
        }
      }
      // STS calls that take a role read, to EventBridge; other rules must not see, or pay for, reading calls.
      assert.deepEqual(
        ofType(plan, RULE)
          .filter(({ inputs }) => inputs["state"] !== "ENABLED")
          .map(({ inputs, name }) => [name, inputs["state"]]),
        TWO.map((region) => [
          `alerts-break-glass-${region}`,
          "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
        ]),
      );
    });
  });
}

describe("SecurityAlerts", () => {
  it("refuses regions that IAM never reports to, and a role that is none", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ providers }) =>
          new SecurityAlerts("alerts", {
            regions: [WEST],
            providers,
            accountId: ACCOUNT,
            topicArns: topics([WEST]),
            breakGlassRoleArns: ["break-glass"],
          }),
      ),
      [
        "SecurityAlerts alerts:",
        "regions: us-east-1 is missing, and no other region is told of IAM and of the root user; add it",
        'breakGlassRoleArns: "break-glass" is no role ARN; write it like arn:aws:iam::<account>:role/<name>',
      ],
    );
  });
});

describe("alert rules", () => {
  const none = { region: EAST, configRuleNames: [], breakGlassRoleArns: [] };
  const severities = (rule: AlertRule) => {
    const { detail } = rule.pattern as { detail: { severity: [{ numeric: (string | number)[] }] } };
    return detail.severity[0].numeric;
  };

  it("GOV-10: a GuardDuty finding is told exactly once from severity 4, and pages from 7", () => {
    const rules = alertRules(none).filter(({ key }) => key.startsWith("guardduty"));
    const holds = (range: readonly (string | number)[], value: number): boolean => {
      const tests: boolean[] = [];
      for (let at = 0; at < range.length; at += 2) {
        const limit = Number(range[at + 1]);
        tests.push(range[at] === ">=" ? value >= limit : value < limit);
      }
      return tests.every(Boolean);
    };
    fc.assert(
      fc.property(fc.double({ min: 0, max: 10, noNaN: true }), (severity) => {
        const told = rules.filter((rule) => holds(severities(rule), severity)).map((rule) => rule.severity);
        assert.deepEqual(told, severity >= 7 ? ["page"] : severity >= 4 ? ["notice"] : []);
      }),
    );
  });

  it("has no rule for what nobody chose, and a stable key for each other", () => {
    const keys = alertRules(none).map(({ key }) => key);
    assert(!keys.includes("config-violation"));
    assert(!keys.includes("break-glass"));
    assert.equal(new Set(keys).size, keys.length);
  });

  it("tells of a Security Hub finding in its own region only", () => {
    for (const { key, pattern } of alertRules({ ...none, region: WEST })) {
      if (!key.startsWith("securityhub")) continue;
      assert.match(JSON.stringify(pattern), /"Region":\["us-west-2"\]/);
    }
  });
});
