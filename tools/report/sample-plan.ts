/** Hand-made plans for the tests of everything that reads a plan. */
import type { Plan, PlannedResource } from "../plan/plan.ts";
import { makeUrn, STACK_TYPE } from "../plan/urn.ts";

export interface SampleResource extends Partial<PlannedResource> {
  readonly type: string;
  readonly name: string;
  /** Name of a resource that stands earlier in the list. */
  readonly under?: string;
  /** Input property to the names of earlier resources it depends on. */
  readonly needs?: Readonly<Record<string, readonly string[]>>;
}

export function samplePlan(
  stack: string,
  resources: readonly SampleResource[],
  outputs: Plan["outputs"] = {},
): Plan {
  const project = "document-platform";
  const where = { stack, project };
  const root = makeUrn(where, "", STACK_TYPE, `${project}-${stack}`);
  const urns = new Map<string, string>();
  const urnOf = (name: string): string => {
    const urn = urns.get(name);
    if (urn === undefined) {
      throw new Error(`the sample has no resource "${name}" before this one`);
    }
    return urn;
  };
  const made = resources.map(({ under, needs = {}, ...resource }): PlannedResource => {
    const parent = under === undefined ? root : urnOf(under);
    const urn = makeUrn(where, parent, resource.type, resource.name);
    urns.set(resource.name, urn);
    const propertyDependencies = Object.fromEntries(
      Object.entries(needs).map(([property, names]) => [property, names.map(urnOf)]),
    );
    return {
      urn,
      parent,
      custom: !resource.type.startsWith("platform:"),
      inputs: {},
      outputs: {},
      dependencies: [...new Set(Object.values(propertyDependencies).flat())].sort(),
      propertyDependencies,
      options: {},
      ...resource,
    };
  });
  const stackResource: PlannedResource = {
    urn: root,
    type: STACK_TYPE,
    name: `${project}-${stack}`,
    custom: false,
    inputs: {},
    outputs: {},
    dependencies: [],
    propertyDependencies: {},
    options: {},
  };
  return { project, stack, mode: "update", resources: [stackResource, ...made], outputs, diagnostics: [] };
}
