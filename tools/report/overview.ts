/** What `platform overview` knows about the platform, for the terminal and for the page. */
import type { Verdict } from "../check/index.ts";
import type { Plan } from "../plan/plan.ts";
import type { CoveredRow, Rows } from "../requirements/coverage.ts";
import { plural } from "../terminal/output.ts";
import type { Difference } from "./differences.ts";
import type { Steering } from "./steering.ts";
import type { PlanSummary } from "./summary.ts";

export interface StackReport {
  readonly plan: Plan;
  readonly summary: PlanSummary;
  readonly verdict: Verdict;
}

export interface RegionPair {
  readonly left: { readonly stack: string; readonly region: string; readonly role: string };
  readonly right: { readonly stack: string; readonly region: string; readonly role: string };
  readonly differences: readonly Difference[];
}

export interface Overview {
  readonly stacks: readonly StackReport[];
  /** Absent unless exactly two stacks own one region each. */
  readonly pair?: RegionPair;
  /** Slowest record first; empty without health-checked records. */
  readonly steering: readonly Steering[];
  readonly requirements: { readonly data: Rows; readonly rows: readonly CoveredRow[] };
  /** Day of planning, for example `2026-11-21`. */
  readonly day: string;
}

export function declaredKinds(pair: RegionPair): string[] {
  return pair.differences.filter((difference) => difference.declared).map((difference) => difference.kind);
}

export function undeclared(pair: RegionPair): Difference[] {
  return pair.differences.filter((difference) => !difference.declared);
}

/** `131 rules, 0 violations, 1 advisory`: rules that looked at something of the stack, and what they found. */
export function guardrailWords({ rules, violations, failures }: Verdict): string {
  const mandatory = violations.filter(({ level }) => level === "mandatory").length;
  const advisory = violations.length - mandatory;
  return [
    plural(rules.applied, "rule"),
    plural(mandatory, "violation"),
    ...(advisory === 0 ? [] : [advisory === 1 ? "1 advisory" : `${advisory} advisories`]),
    ...(failures.length === 0 ? [] : [`${plural(failures.length, "rule")} crashed`]),
  ].join(", ");
}
