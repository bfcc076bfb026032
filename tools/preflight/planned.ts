/** Questions to a plan that several checks ask. Pure. */
import type { Plan, PlannedResource, PlanValue } from "../plan/plan.ts";

/** Resources of an AWS type, for example `ec2/vpc:Vpc`, in `region` or everywhere. */
export function planned(plan: Plan, type: string, region?: string): PlannedResource[] {
  return plan.resources.filter(
    (resource) => resource.type === `aws:${type}` && (region === undefined || resource.region === region),
  );
}

export function text(value: PlanValue | undefined): string {
  return typeof value === "string" ? value : "";
}

export function texts(value: PlanValue | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

export function at(
  value: PlanValue | undefined,
  ...path: readonly (string | number)[]
): PlanValue | undefined {
  return path.reduce<PlanValue | undefined>((current, step) => {
    if (Array.isArray(current)) {
      return current[Number(step)];
    }
    return typeof current === "object" && current !== null && Object.hasOwn(current, step)
      ? Reflect.get(current, step)
      : undefined;
  }, value);
}

/** Every item of a list at a path; nothing where there is no list. */
export function items(
  value: PlanValue | undefined,
  ...path: readonly (string | number)[]
): readonly PlanValue[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/**
 * The physical name that the program chose itself. Pulumi's own names end in seven random hex digits and are never taken.
 */
export function chosenName(resource: PlannedResource, key: string): string | undefined {
  const name = text(resource.inputs[key]);
  const generated = name.startsWith(`${resource.name}-`) && /^[0-9a-f]{7}$/.test(name.slice(-7));
  return name === "" || name.startsWith("<") || generated ? undefined : name;
}

/** AWS regions that a plan makes something in, sorted. */
export function regionsOf(plan: Plan): string[] {
  const regions = plan.resources.flatMap(({ type, region }) =>
    type.startsWith("aws:") && region !== undefined ? [region] : [],
  );
  return [...new Set(regions)].sort();
}
