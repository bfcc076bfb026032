/** Plans of the project's own stacks for the tests: each shape is planned once in a run. */
import { type Plan, type PlanMode, type PlannedResource, planStack } from "../tools/plan/index.ts";

type Overrides = Readonly<Record<string, unknown>>;

const planned = new Map<string, Promise<Plan>>();

/** The plan of a stack; `config` replaces keys of its file, without the namespace (`{ role: "primary" }`). */
export function planOf(stack: string, config: Overrides = {}, mode: PlanMode = "update"): Promise<Plan> {
  const key = JSON.stringify([stack, config, mode]);
  const known = planned.get(key) ?? plan(stack, config, mode);
  planned.set(key, known);
  return known;
}

function plan(stack: string, overrides: Overrides, mode: PlanMode): Promise<Plan> {
  const config = Object.fromEntries(
    Object.entries(overrides).map(([key, value]) => [`platform:${key}`, value]),
  );
  // A stack that is referred to was deployed before: its outputs are known whatever the mode.
  // What the stacks share is changed in all of them; what is one stack's own stays there.
  const { regions, domain, name, traffic } = overrides;
  const shared = Object.fromEntries(
    Object.entries({ regions, domain, name, traffic }).filter(([, value]) => value !== undefined),
  );
  const stackOutputs = async (other: string) => (await planOf(other, shared)).outputs;
  return planStack(stack, { mode, config, stackOutputs });
}

/** All resources of a type, which may be given by its last part (`Vpc`). */
export function ofType({ resources }: Plan, type: string): PlannedResource[] {
  return resources.filter((resource) => resource.type === type || resource.type.endsWith(`:${type}`));
}

/** The one resource of a type with a name; an error names those there are. */
export function named(plan: Plan, type: string, name: string): PlannedResource {
  const found = ofType(plan, type).find((resource) => resource.name === name);
  if (found === undefined) {
    const names = ofType(plan, type).map((resource) => resource.name);
    throw new Error(`${plan.stack} has no ${type} "${name}"; it has ${names.join(", ") || "none"}`);
  }
  return found;
}
