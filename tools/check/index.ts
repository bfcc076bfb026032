/** Guardrails on plans: the policy pack of this repository, run as the engine runs it. */
export { AnalyzerError } from "./analyzer.ts";
export {
  type CheckOptions,
  checkPlan,
  checkPlans,
  type RuleFailure,
  type Undecided,
  type Verdict,
  type Violation,
} from "./check.ts";
export type { PolicyConfig } from "./policy-config.ts";
export { renderVerdict } from "./render.ts";
