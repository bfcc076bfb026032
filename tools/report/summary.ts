/** A plan in figures and as a tree: what a person asks first. Pure. */
import type { Plan, PlannedResource } from "../plan/plan.ts";
import { isProviderType, STACK_TYPE } from "../plan/urn.ts";

/** Area of what no component of the platform owns. */
export const NO_AREA = "program";

export interface Count {
  readonly name: string;
  readonly count: number;
}

export interface PlanSummary {
  readonly stack: string;
  /** Resources that the cloud or the cluster holds: neither components, nor providers, nor the stack itself. */
  readonly resources: number;
  /** The platform's own components; those of packages count as their content. */
  readonly components: number;
  /** Resources by AWS region, most first; what lives in a cluster has none. */
  readonly regions: readonly Count[];
  /** Resources by folder of `components/`, by name. */
  readonly areas: readonly Count[];
}

export interface TreeNode {
  readonly urn: string;
  /** Class of a component, for example `RegionNetwork`. */
  readonly label: string;
  readonly name: string;
  readonly area: string;
  /** Resources below, at every depth. */
  readonly resources: number;
  /** Components directly below. */
  readonly components: readonly TreeNode[];
  /** Resources directly below, and those under them that no component owns. */
  readonly own: readonly PlannedResource[];
}

/** Counts as something that exists once the stack is up. */
export function isCounted(resource: PlannedResource): boolean {
  return resource.custom && !isProviderType(resource.type) && !resource.type.startsWith("pulumi:pulumi:");
}

function isComponent(resource: PlannedResource): boolean {
  return resource.type.startsWith("platform:");
}

/** `aws:ec2/routeTable:RouteTable` to `ec2.RouteTable`, `kubernetes:apps/v1:Deployment` to `Deployment`. */
export function shortType(type: string): string {
  const [pack = "", module = "", name = ""] = type.split(":");
  const group = module.split("/")[0] ?? "";
  return pack === "aws" ? `${group}.${name}` : name;
}

/** The component each resource belongs to: the nearest ancestor of the platform's own types, or none. */
export function owners(plan: Plan): ReadonlyMap<string, PlannedResource | undefined> {
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const found = new Map<string, PlannedResource | undefined>();
  const ownerOf = (resource: PlannedResource): PlannedResource | undefined => {
    if (!found.has(resource.urn)) {
      const parent = resource.parent === undefined ? undefined : byUrn.get(resource.parent);
      found.set(resource.urn, parent === undefined || isComponent(parent) ? parent : ownerOf(parent));
    }
    const owner = found.get(resource.urn);
    return owner?.type === STACK_TYPE ? undefined : owner;
  };
  return new Map(plan.resources.map((resource) => [resource.urn, ownerOf(resource)]));
}

export function areaOf(component: PlannedResource | undefined): string {
  return component === undefined ? NO_AREA : (component.type.split(":")[1] ?? NO_AREA);
}

export function summarise(plan: Plan): PlanSummary {
  const counted = plan.resources.filter(isCounted);
  const owner = owners(plan);
  const regions = counts(counted.flatMap((resource) => resource.region ?? []));
  return {
    stack: plan.stack,
    resources: counted.length,
    components: plan.resources.filter(isComponent).length,
    regions: regions.sort((a, b) => b.count - a.count),
    areas: counts(counted.map((resource) => areaOf(owner.get(resource.urn)))),
  };
}

/** How often each name occurs, by name. */
export function counts(names: readonly string[]): Count[] {
  const tally = new Map<string, number>();
  for (const name of names) {
    tally.set(name, (tally.get(name) ?? 0) + 1);
  }
  return [...tally].map(([name, count]) => ({ name, count })).sort((a, b) => a.name.localeCompare(b.name));
}

/** Components without an owner, each with all below it; last, if need be, one node for what no component owns. */
export function planTree(plan: Plan): TreeNode[] {
  const owner = owners(plan);
  const childrenOf = Map.groupBy(plan.resources, (resource) => owner.get(resource.urn)?.urn ?? "");
  const node = (component: PlannedResource): TreeNode => {
    const children = childrenOf.get(component.urn) ?? [];
    const components = children.filter(isComponent).map(node);
    const own = children.filter(isCounted);
    return {
      urn: component.urn,
      label: component.type.split(":").at(-1) ?? component.type,
      name: component.name,
      area: areaOf(component),
      resources: own.length + components.reduce((sum, child) => sum + child.resources, 0),
      components,
      own,
    };
  };
  const top = childrenOf.get("") ?? [];
  const loose = top.filter(isCounted);
  const roots = top.filter(isComponent).map(node);
  return loose.length === 0
    ? roots
    : [
        ...roots,
        { urn: "", label: "", name: "", area: NO_AREA, resources: loose.length, components: [], own: loose },
      ];
}
