/** How the tests of this folder plan a component and read the result. */
import * as aws from "@pulumi/aws";
import type { Plan, PlanMode, PlannedResource, PlanObject } from "../../tools/plan/index.ts";
import { PlanError, planProgram } from "../../tools/plan/index.ts";

export const MODES: readonly PlanMode[] = ["preview", "update"];

/** Plans what `build` declares with the provider of `region`; what it returns becomes the stack's outputs. */
export function planInRegion(
  mode: PlanMode,
  region: string,
  build: (provider: aws.Provider) => unknown,
): Promise<Plan> {
  return planProgram(() => build(new aws.Provider(region, { region })), { mode });
}

/** Resources of a type such as `aws:ec2/vpc:Vpc`, in the order of their names. */
export function ofType(plan: Plan, type: string): PlannedResource[] {
  return plan.resources
    .filter((resource) => resource.type === type)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export function named(plan: Plan, name: string): PlannedResource {
  const found = plan.resources.filter((resource) => resource.name === name);
  const [resource] = found;
  if (resource === undefined || found.length > 1)
    throw new Error(`${found.length} planned resources are named ${name}`);
  return resource;
}

/** Names of the resources that an input comes from; says the same in a preview, where the value is not known yet. */
export function sources(resource: PlannedResource, input: string): string[] {
  return (resource.propertyDependencies[input] ?? []).map(nameOf).toSorted();
}

export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** The inputs named by `keys`. */
export function pick(inputs: PlanObject, ...keys: string[]): PlanObject {
  return Object.fromEntries(keys.filter((key) => key in inputs).map((key) => [key, inputs[key] ?? null]));
}

/** The messages with which a program was refused, without the places they come from. */
export async function refusals(planning: Promise<Plan>): Promise<string[]> {
  const error: unknown = await planning.then(
    () => new Error("the program was not refused"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof PlanError)) throw error;
  return error.failures.flatMap(({ message }) => message.split("\n"));
}
