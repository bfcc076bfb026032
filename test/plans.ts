/** Plans of the project's own stacks for the tests: each shape is planned once in a run. */
import {
  type Plan,
  type PlanMode,
  type PlannedResource,
  type PlanValue,
  planStack,
} from "../tools/plan/index.ts";

type Overrides = Readonly<Record<string, unknown>>;

/** What the stacks share is changed in all of them; what is one stack's own stays there. */
const SHARED = ["accountId", "domain", "edge", "homeRegion", "name", "primaryRegion", "regions", "traffic"];

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
  const shared = Object.fromEntries(Object.entries(overrides).filter(([key]) => SHARED.includes(key)));
  // A stack that is referred to was deployed before: its outputs are known whatever the mode.
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

/** The value below some steps, undefined where one of them leads nowhere. */
export function at(value: unknown, ...steps: readonly (string | number)[]): unknown {
  return steps.reduce<unknown>(
    (current, step) =>
      typeof current === "object" && current !== null ? Reflect.get(current, step) : undefined,
    value,
  );
}

/** The elements below some steps; an error where there is no list. */
export function listAt(value: unknown, ...steps: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...steps);
  if (!Array.isArray(found)) {
    throw new Error(`no list at ${steps.join(".")}: ${JSON.stringify(found)}`);
  }
  return found;
}

/** The name of the resource that has each id: what an id in another resource's inputs stands for. */
export function namesById({ resources }: Plan): ReadonlyMap<unknown, string> {
  return new Map(resources.map(({ id, name }): [unknown, string] => [id, name]));
}

/** JSON documents in a resource's inputs (policies, patches, settings), with the path of each. */
export function documentsOf(resource: PlannedResource): { path: string; text: string; document: unknown }[] {
  const found: { path: string; text: string; document: unknown }[] = [];
  const walk = (value: PlanValue, path: string): void => {
    // A pipe's input template only becomes JSON when EventBridge fills in its <$...> paths.
    if (typeof value === "string" && /^\s*[[{]\s*["{[\]}]/.test(value) && !value.includes("<$.")) {
      found.push({ path, text: value, document: JSON.parse(value) });
    } else if (typeof value === "object" && value !== null) {
      for (const [key, child] of Object.entries(value)) {
        walk(child, path === "" ? key : `${path}.${key}`);
      }
    }
  };
  walk(resource.inputs, "");
  return found;
}

/**
 * Everything that exists before a resource does, and is therefore still there when it is destroyed: what it depends on
 * (of a component all that it holds), its parents and its provider, and all of theirs.
 */
export function existsBefore({ resources }: Plan, resource: PlannedResource): ReadonlySet<string> {
  const byUrn = new Map(resources.map((each) => [each.urn, each]));
  const held = Map.groupBy(resources, ({ parent }) => parent);
  const within = (urn: string): string[] =>
    byUrn.get(urn)?.custom === false
      ? [urn, ...(held.get(urn) ?? []).flatMap((child) => within(child.urn))]
      : [urn];
  const reached = new Set<string>();
  const needs = ({ dependencies, parent, provider }: PlannedResource) => [
    ...[parent, provider].filter((urn) => urn !== undefined),
    ...dependencies.flatMap(within),
  ];
  const queue = needs(resource);
  for (let urn = queue.pop(); urn !== undefined; urn = queue.pop()) {
    const next = byUrn.get(urn);
    if (next !== undefined && !reached.has(urn)) {
      reached.add(urn);
      queue.push(...needs(next));
    }
  }
  return reached;
}
