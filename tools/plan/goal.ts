/** What the engine is asked to make, and what comes of it. */
import type { PropertyMap } from "../providers/property.ts";
import type { ProviderPackage, RegisteredResource, ResourceGoal } from "../providers/provider.ts";
import type { PlanMode } from "./plan.ts";

export type Goal = ResourceGoal & GoalOptions;

export interface GoalOptions {
  readonly retainOnDelete?: boolean | undefined;
  readonly replaceOnChanges?: readonly string[];
  readonly deletedWith?: string;
  readonly customTimeouts?: { readonly create?: string; readonly update?: string; readonly delete?: string };
  readonly transforms?: readonly Transform[];
  readonly importId?: string;
  /** Where the program declared it. */
  readonly frames?: readonly string[];
}

/** Changes a goal before it is registered. */
export type Transform = (goal: Goal) => Promise<Goal>;

export interface Registration extends RegisteredResource {
  readonly goal: Goal;
  /** What the provider made of the goal's inputs; secrets are marked. */
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
  readonly outputDependencies: Readonly<Record<string, readonly string[]>>;
}

export interface EngineOptions {
  readonly project: string;
  readonly stack: string;
  readonly mode: PlanMode;
  readonly packages: ReadonlyMap<string, ProviderPackage>;
  /** Package names, or `*`. */
  readonly disabledDefaultProviders: readonly string[];
  /** Configuration of default providers, `aws:region` and the like. */
  readonly config: Readonly<Record<string, string>>;
  readonly stackOutputs: (stack: string) => Promise<PropertyMap | undefined>;
  readonly onResource?: (count: number) => void;
}
