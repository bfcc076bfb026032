/** Plans Pulumi programs and the stacks of this project offline: no CLI, no cloud, no credentials. */
export { PlanError, type PlanFailure } from "./errors.ts";
export * from "./plan.ts";
export { type PlanProgramOptions, planProgram } from "./program.ts";
export { PROJECT_ROOT, ProjectError, stackNames } from "./project.ts";
export { type PlanStackOptions, planStack } from "./stack.ts";
export { type PlanProgress, type PlanStacksOptions, planStacks } from "./stacks.ts";
