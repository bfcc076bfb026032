/** What `platform overview` knows about the platform, for the terminal and for the page. */
import type { Plan } from "../plan/plan.ts";
import type { CoveredRow, Rows } from "../requirements/coverage.ts";
import type { Difference } from "./differences.ts";
import type { Steering } from "./steering.ts";
import type { PlanSummary } from "./summary.ts";

export interface Finding {
  readonly rule: string;
  readonly mandatory: boolean;
  readonly message: string;
  readonly urn?: string;
}

export interface StackReport {
  readonly plan: Plan;
  readonly summary: PlanSummary;
  /** How many rules judged the stack. */
  readonly rules: number;
  readonly findings: readonly Finding[];
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

export function guardrailWords({ rules, findings }: StackReport): string {
  const violations = findings.filter((finding) => finding.mandatory).length;
  const advisories = findings.length - violations;
  const advice = advisories === 0 ? [] : [`${advisories} advisor${advisories === 1 ? "y" : "ies"}`];
  return [`${rules} rules`, `${violations} violation${violations === 1 ? "" : "s"}`, ...advice].join(", ");
}
