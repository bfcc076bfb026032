/** How the tests of this folder plan a component and read the result. */
import * as aws from "@pulumi/aws";
import {
  type Plan,
  PlanError,
  type PlanMode,
  type PlannedResource,
  type PlanObject,
  planProgram,
} from "../../tools/plan/index.ts";

export const MODES: readonly PlanMode[] = ["preview", "update"];

/** Plans what `build` declares with the provider of `region`; what it returns becomes the stack's outputs. */
export function planIn(
  region: string,
  mode: PlanMode,
  build: (opts: { provider: aws.Provider }) => unknown,
): Promise<Plan> {
  return planProgram(() => build({ provider: new aws.Provider(region, { region }) }), { mode });
}

/** Resources of an AWS type such as `route53/record:Record`. */
export function ofType(plan: Plan, type: string): PlannedResource[] {
  return plan.resources.filter((resource) => resource.type === `aws:${type}`);
}

export function named(plan: Plan, type: string, name: string): PlannedResource {
  const found = ofType(plan, type).filter((resource) => resource.name === name);
  if (found[0] === undefined || found.length > 1) {
    throw new Error(`${found.length} planned resources of type ${type} are named ${name}`);
  }
  return found[0];
}

/** The inputs called `keys`. */
export function pick(resource: PlannedResource, ...keys: readonly string[]): PlanObject {
  return Object.fromEntries(
    keys.filter((key) => key in resource.inputs).map((key) => [key, resource.inputs[key] ?? null]),
  );
}

/** Names of the resources an input comes from; the same in a preview, where the value is not known yet. */
export function sources(resource: PlannedResource, input: string): string[] {
  return (resource.propertyDependencies[input] ?? [])
    .map((urn) => urn.slice(urn.lastIndexOf("::") + 2))
    .sort();
}

/** The lines of the one error that a program was refused with. */
export async function refusal(build: (opts: { provider: aws.Provider }) => unknown): Promise<string[]> {
  const error: unknown = await planIn("us-east-1", "preview", build).then(
    () => new Error("the program was not refused"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof PlanError)) throw error;
  return error.failures.flatMap(({ message }) => message.split("\n"));
}
