/**
 * The plan of one stack: what the program declared, as data. Everything that reads a platform offline (guardrails,
 * requirement tests, diffs, reports, diagrams) takes a `Plan` and nothing else.
 */

/** A value that only the provider can know; stands wherever a preview has no value yet. */
export const UNKNOWN = "<unknown>";
/** Stands in place of every secret value, so that a plan can be printed, stored and compared. */
export const SECRET = "<secret>";

export type PlanValue = null | boolean | number | string | readonly PlanValue[] | PlanObject;
export interface PlanObject {
  readonly [key: string]: PlanValue;
}

/** `preview`: nothing exists yet, computed outputs are unknown. `update`: providers answered with example values. */
export type PlanMode = "preview" | "update";

/** The resource options that change what the engine does; absent means the engine's default. */
export interface PlannedOptions {
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deleteBeforeReplace?: boolean;
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  readonly additionalSecretOutputs?: readonly string[];
  readonly aliases?: readonly string[];
  readonly deletedWith?: string;
  readonly customTimeouts?: { readonly create?: string; readonly update?: string; readonly delete?: string };
}

export interface PlannedResource {
  readonly urn: string;
  /** Pulumi type token, for example `aws:s3/bucket:Bucket`. */
  readonly type: string;
  readonly name: string;
  /** False for components, which group resources and create nothing. */
  readonly custom: boolean;
  readonly parent?: string;
  /** URN of the provider resource that manages this one; absent for components and the stack. */
  readonly provider?: string;
  /** AWS region the resource lives in: its own `region`, else its provider's; absent for components. */
  readonly region?: string;
  readonly id?: string;
  readonly inputs: PlanObject;
  readonly outputs: PlanObject;
  /** URNs, sorted. */
  readonly dependencies: readonly string[];
  /** Input property to the URNs it depends on, sorted. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly options: PlannedOptions;
}

export interface PlanDiagnostic {
  readonly severity: "info" | "warning" | "error";
  readonly message: string;
  readonly urn?: string;
}

export interface Plan {
  readonly project: string;
  readonly stack: string;
  readonly mode: PlanMode;
  /** Sorted by URN. */
  readonly resources: readonly PlannedResource[];
  readonly outputs: PlanObject;
  readonly diagnostics: readonly PlanDiagnostic[];
}
