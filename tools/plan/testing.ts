/** How tests plan a component and read the result. */
import * as aws from "@pulumi/aws";
import { PlanError } from "./errors.ts";
import type { Plan, PlanMode, PlannedResource, PlanObject } from "./plan.ts";
import { planProgram } from "./program.ts";
import { urnName } from "./urn.ts";

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

/** The one resource of that name. */
export function named(plan: Plan, name: string): PlannedResource {
  const found = plan.resources.filter((resource) => resource.name === name);
  const [resource] = found;
  if (resource === undefined || found.length > 1)
    throw new Error(`${found.length} planned resources are named ${name}`);
  return resource;
}

/** Names of the resources that an input comes from; says the same in a preview, where the value is not known yet. */
export function sources(resource: PlannedResource, input: string): string[] {
  return (resource.propertyDependencies[input] ?? []).map(urnName).toSorted();
}

/** Names of the resources that one waits for. */
export function waitsFor({ dependencies }: PlannedResource): string[] {
  return dependencies.map(urnName).toSorted();
}

/** The inputs named by `keys`. */
export function pick(inputs: PlanObject, ...keys: string[]): PlanObject {
  return Object.fromEntries(keys.filter((key) => key in inputs).map((key) => [key, inputs[key] ?? null]));
}

/** The lines of the errors that a program was refused with, without the places they come from. */
export async function refusals(planning: Promise<Plan>): Promise<string[]> {
  const error: unknown = await planning.then(
    () => new Error("the program was not refused"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof PlanError)) throw error;
  return error.failures.flatMap(({ message }) => message.split("\n"));
}

/**
 * Whether `later` is deleted before `earlier`, as the engine orders it: by dependencies, parent and provider, where one on
 * a component is one on all that it holds.
 */
export function outlives(plan: Plan, earlier: string, later: string): boolean {
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const goal = named(plan, earlier).urn;
  const seen = new Set<string>();
  const waiting = [named(plan, later).urn];
  for (let urn = waiting.pop(); urn !== undefined; urn = waiting.pop()) {
    if (seen.has(urn)) continue;
    seen.add(urn);
    const resource = byUrn.get(urn);
    if (resource === undefined) continue;
    const within = resource.dependencies.flatMap((dependency) => childrenOf(plan, dependency));
    const above = [resource.provider, resource.parent].filter((one) => one !== undefined);
    const next = [...resource.dependencies, ...above, ...within];
    if (next.includes(goal)) return true;
    waiting.push(...next);
  }
  return false;
}

/** All that a component holds, at any depth. A custom resource holds nothing that comes before it. */
function childrenOf(plan: Plan, urn: string): string[] {
  return plan.resources
    .filter((resource) => resource.parent === urn)
    .flatMap((resource) => [resource.urn, ...childrenOf(plan, resource.urn)]);
}
