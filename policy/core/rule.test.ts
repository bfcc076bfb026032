import { deepEqual, equal, throws } from "node:assert/strict";
import { z } from "zod";
import { runRule, runStackRule, UNKNOWN, undecided, urnOf } from "../testing/run-rule.ts";
import { resourceRule, stackRule } from "./rule.ts";

const text = {
  id: "sample-rule",
  title: "A sample",
  why: "It shows how a rule is run.",
  severity: "low",
  level: "advisory",
  controls: [{ framework: "SOC 2", id: "CC6.1" }],
  requirements: ["GOV-11"],
  remediation: "Nothing to mend.",
  url: "https://example.org/sample",
} as const;
const key = { type: "aws:kms/key:Key", props: { description: "x" } };

describe("rule", () => {
  it("GOV-11: does not let a crash pass, and names rule and resource", () => {
    const crashing = resourceRule({
      ...text,
      config: {},
      checks: {
        "aws:kms/key:Key": () => {
          throw new Error("boom");
        },
      },
    });
    throws(() => runRule(crashing, key), { message: `rule sample-rule failed on ${urnOf(key)}: boom` });
    const crashingStack = stackRule({
      ...text,
      types: [key.type],
      config: {},
      check: () => {
        throw new Error("boom");
      },
    });
    throws(() => runStackRule(crashingStack, [key]), {
      message: "rule sample-rule failed on the stack: boom",
    });
  });

  it("hands defaults and settings to the check, and refuses settings it does not know", () => {
    const seen: number[] = [];
    const rule = resourceRule({
      ...text,
      config: { days: z.int().default(7).describe("Some number of days") },
      checks: { "aws:kms/key:Key": (_, __, { config }) => void seen.push(config.days) },
    });
    runRule(rule, key);
    runRule(rule, key, { days: 0 });
    deepEqual(seen, [7, 0]);
    throws(() => runRule(rule, key, { day: 1 }), /rule sample-rule failed on .*day/s);
    throws(() => runRule(rule, key, { days: "1" }), /rule sample-rule failed on .*days/s);
  });

  it("leaves what it read before an unknown value standing", () => {
    const rule = resourceRule({
      ...text,
      config: {},
      checks: {
        "aws:kms/key:Key": (props, inspection) => {
          inspection.say("first");
          inspection.attempt(() => inspection.say(`never ${props.policy}`));
          inspection.say("second");
        },
      },
    });
    deepEqual(runRule(rule, { ...key, props: { policy: UNKNOWN } }), [
      "first",
      "second",
      undecided("policy"),
    ]);
  });

  it("describes itself to the engine", () => {
    const { validateResource: _, ...described } = {
      validateResource: undefined,
      ...resourceRule({
        ...text,
        config: { days: z.int().min(1).describe("Some number of days") },
        checks: { "aws:kms/key:Key": () => undefined },
      }).policy(),
    };
    equal(described.configSchema?.properties["days"]?.type, "integer");
    deepEqual(described.configSchema?.required, ["days"]);
    deepEqual(
      [described.name, described.description, described.enforcementLevel, described.severity, described.url],
      ["sample-rule", "A sample", "advisory", "low", "https://example.org/sample"],
    );
    deepEqual(described.tags, ["GOV-11", "SOC 2 CC6.1"]);
    deepEqual(described.framework?.reference, "CC6.1");
  });
});
