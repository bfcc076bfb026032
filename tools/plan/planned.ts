/** From what the engine holds to the plan that everyone else reads. */
import { type PropertyMap, unwrapSecrets } from "../providers/property.ts";
import type { Engine } from "./engine.ts";
import type { Goal, Registration } from "./goal.ts";
import type { Plan, PlannedOptions, PlannedResource } from "./plan.ts";
import { isProviderType, makeUrn, parseUrn, referenceUrn, STACK_TYPE, urnName } from "./urn.ts";
import { planObject } from "./values.ts";

export function toPlan(engine: Engine): Plan {
  const { project, stack, mode } = engine.options;
  const registrations = [...engine.registrations.values()];
  const root = registrations.find(({ goal }) => goal.type === STACK_TYPE);
  return {
    project,
    stack,
    mode,
    resources: registrations
      .map((registration) => toResource(engine, registration))
      .sort((one, other) => (one.urn < other.urn ? -1 : 1)),
    outputs: planObject(root?.outputs ?? {}),
    diagnostics: engine.diagnostics,
  };
}

function toResource(engine: Engine, registration: Registration): PlannedResource {
  const { urn, id, goal } = registration;
  const provider = goal.custom && goal.provider ? referenceUrn(goal.provider) : undefined;
  const region = goal.custom ? regionOf(engine, registration, provider) : undefined;
  return {
    urn,
    type: goal.type,
    name: goal.name,
    custom: goal.custom,
    ...(goal.parent === "" ? {} : { parent: goal.parent }),
    ...(provider === undefined ? {} : { provider }),
    ...(region === undefined ? {} : { region }),
    ...(id === undefined ? {} : { id }),
    inputs: planObject(registration.inputs),
    outputs: planObject(registration.outputs),
    dependencies: [...new Set(goal.dependencies)].sort(),
    propertyDependencies: Object.fromEntries(
      Object.entries(goal.propertyDependencies ?? {})
        .filter(([, urns]) => urns.length > 0)
        .map(([key, urns]): [string, string[]] => [key, [...urns].sort()])
        .sort(([one], [other]) => (one < other ? -1 : 1)),
    ),
    options: toOptions(engine, goal),
  };
}

function regionOf(engine: Engine, { inputs, goal }: Registration, provider?: string): string | undefined {
  const own = ownRegion(inputs);
  if (own !== undefined || isProviderType(goal.type) || provider === undefined) {
    return own;
  }
  return ownRegion(engine.getResource(provider).inputs);
}

/** An EKS cluster's ARN is a kubernetes provider's `clusterIdentifier` in this project; it names the region. */
function ownRegion(inputs: PropertyMap): string | undefined {
  const region = unwrapSecrets(inputs["region"] ?? null);
  if (typeof region === "string" && region !== "") {
    return region;
  }
  const cluster = unwrapSecrets(inputs["clusterIdentifier"] ?? null);
  return typeof cluster === "string" ? /^arn:[^:]+:eks:([^:]+):/.exec(cluster)?.[1] : undefined;
}

function toOptions(engine: Engine, goal: Goal): PlannedOptions {
  const list = (name: string, values: readonly string[] | undefined) =>
    values === undefined || values.length === 0 ? {} : { [name]: values };
  return {
    ...(goal.protect === true ? { protect: true } : {}),
    ...(goal.retainOnDelete === true ? { retainOnDelete: true } : {}),
    ...(goal.deleteBeforeReplace === true ? { deleteBeforeReplace: true } : {}),
    ...list("ignoreChanges", goal.ignoreChanges),
    ...list("replaceOnChanges", goal.replaceOnChanges),
    ...list("additionalSecretOutputs", goal.additionalSecretOutputs),
    ...list("aliases", aliasUrns(engine, goal)),
    ...(goal.deletedWith ? { deletedWith: goal.deletedWith } : {}),
    ...(Object.keys(goal.customTimeouts ?? {}).length > 0 ? { customTimeouts: goal.customTimeouts } : {}),
  };
}

/** Aliases as URNs; an aliased parent hands its own former names down. */
function aliasUrns(engine: Engine, goal: Goal): string[] {
  const { stack, project } = engine.options;
  const own = (goal.aliases ?? []).map((alias) =>
    alias.urn !== undefined
      ? alias.urn
      : makeUrn(
          { stack: alias.stack ?? stack, project: alias.project ?? project },
          alias.parent ?? goal.parent,
          alias.type ?? goal.type,
          alias.name ?? goal.name,
        ),
  );
  const parent = engine.registrations.get(goal.parent)?.goal;
  const inherited = (parent === undefined ? [] : aliasUrns(engine, parent)).map((formerParent) => {
    const formerName = urnName(formerParent);
    const name =
      parent !== undefined && goal.name.startsWith(parent.name)
        ? formerName + goal.name.slice(parent.name.length)
        : goal.name;
    return makeUrn({ stack: parseUrn(formerParent).stack, project }, formerParent, goal.type, name);
  });
  return [...new Set([...own, ...inherited])];
}
