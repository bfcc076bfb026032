import { deepEqual } from "node:assert/strict";
import picocolors from "picocolors";
import type { Verdict, Violation } from "./check.ts";
import { renderVerdict } from "./render.ts";
import { sampleUrn } from "./sample-plan.ts";

const plain = picocolors.createColors(false);
const violation: Violation = {
  rule: "kms-rotation",
  title: "Keys rotate",
  severity: "medium",
  level: "mandatory",
  message: "enableKeyRotation is false; it must be true.",
  urn: sampleUrn("aws:kms/key:Key", "data"),
  remediation: "Set enableKeyRotation: true.",
  url: "https://example.org/rotation",
};
const verdict: Verdict = {
  stack: "prod",
  ok: true,
  rules: { total: 27, applied: 8, disabled: [] },
  resources: 40,
  violations: [],
  undecided: [],
  failures: [],
  waivers: [],
  milliseconds: { start: 1, resources: 1, stack: 1 },
};

describe("verdict in the terminal", () => {
  it("is one line when there is nothing to do", () => {
    deepEqual(renderVerdict(verdict, plain), ["ok  prod  8 of 27 rules on 40 resources, 0 violations"]);
  });

  it("groups by rule, with resource, message and fix", () => {
    const other = { ...violation, urn: sampleUrn("aws:kms/key:Key", "logs") };
    deepEqual(renderVerdict({ ...verdict, ok: false, violations: [violation, other] }, plain), [
      "against  prod  8 of 27 rules on 40 resources, 2 violations",
      "",
      "  medium  kms-rotation  Keys rotate",
      "    enableKeyRotation is false; it must be true.",
      "      data (aws:kms/key:Key)",
      "      logs (aws:kms/key:Key)",
      "    fix  Set enableKeyRotation: true.",
      "    https://example.org/rotation",
    ]);
  });

  it("counts the resources that one mistake shows on", () => {
    const shown = (count: number) => {
      const urns = Array.from({ length: count }, (_, at) => sampleUrn("aws:kms/key:Key", `key-${at}`));
      const violations = urns.map((urn) => ({ ...violation, urn }));
      return renderVerdict({ ...verdict, ok: false, violations }, plain).filter((line) =>
        line.startsWith("      "),
      );
    };
    deepEqual(shown(6).length, 6);
    deepEqual(shown(7).at(-1), "      and 2 more (--json lists all)");
    deepEqual(shown(7).length, 6);
  });

  it("tells advisories, crashes, undecided rules, waivers and rules that are off", () => {
    const urn = violation.urn ?? "";
    const shown = renderVerdict(
      {
        ...verdict,
        violations: [{ ...violation, level: "advisory", urn: undefined }],
        failures: [{ urn, message: "rule x failed on y: boom\n  at a\n  at b\n  at c" }],
        undecided: [
          { rule: "a-rule", urn, reason: "unknown" },
          { rule: "a-rule", urn, reason: "unknown" },
          { rule: "b-rule", reason: "unknown" },
        ],
        waivers: [{ rule: "c-rule", urn, who: "team", why: "agreed for the move", until: "2999-12-31" }],
        rules: { ...verdict.rules, disabled: ["d-rule"] },
      },
      plain,
    );
    deepEqual(shown, [
      "ok  prod  8 of 27 rules on 40 resources, 0 violations, 1 advisory, 1 answer missing",
      "",
      "  advisory, medium  kms-rotation  Keys rotate",
      "    enableKeyRotation is false; it must be true.",
      "      the stack",
      "    fix  Set enableKeyRotation: true.",
      "    https://example.org/rotation",
      "",
      "  a rule crashed on data (aws:kms/key:Key)",
      "    rule x failed on y: boom",
      "      at a",
      "      at b",
      "",
      "  not decided before the values are known: a-rule (2), b-rule",
      "  waived until 2999-12-31: c-rule on data (aws:kms/key:Key) (team)",
      "  turned off in this stack: d-rule",
    ]);
  });
});
