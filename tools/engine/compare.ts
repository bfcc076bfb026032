/** What the real engine holds of a stack against what the offline engine planned. */
import { isDeepStrictEqual } from "node:util";
import { type Plan, type PlannedResource, type PlanValue, SECRET } from "../plan/plan.ts";
import { isProviderType, referenceUrn } from "../plan/urn.ts";
import { planObject } from "../plan/values.ts";
import type { PropertyMap } from "../providers/property.ts";

/** A resource in an exported deployment, as far as it is compared. */
export interface EngineResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly parent?: string;
  readonly provider?: string;
  readonly inputs?: PropertyMap;
  readonly outputs?: PropertyMap;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deletedWith?: string;
  readonly additionalSecretOutputs?: readonly string[];
}

/** The provider that the engine makes for its own types, such as StackReference. */
const BUILT_IN = "pulumi:providers:pulumi";

/** One line a difference: what, where, the engine's value and the plan's. Empty when they agree. */
export function compareWithEngine(deployed: readonly EngineResource[], plan: Plan): string[] {
  const engine = new Map(
    deployed.filter(({ type }) => type !== BUILT_IN).map((resource) => [resource.urn, resource]),
  );
  const planned = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const urns = new Set([...engine.keys(), ...planned.keys()]);
  return [...urns].sort().flatMap((urn) => {
    const [real, offline] = [engine.get(urn), planned.get(urn)];
    if (real === undefined || offline === undefined) {
      return [`${urn}: only in ${real === undefined ? "the plan" : "the engine"}`];
    }
    return differences(ofEngine(real), ofPlan(offline)).map((difference) => `${urn}: ${difference}`);
  });
}

type Compared = Readonly<Record<string, unknown>>;

function ofEngine(resource: EngineResource): Compared {
  const provider = isProviderType(resource.type);
  return {
    custom: resource.custom,
    parent: resource.parent,
    provider: explicitProvider(resource),
    // The engine makes the ids of providers itself.
    id: provider ? undefined : resource.id,
    inputs: values(resource.inputs, provider),
    outputs: provider ? {} : values(resource.outputs, provider),
    dependencies: [...(resource.dependencies ?? [])].sort(),
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.propertyDependencies ?? {})
        .filter(([, urns]) => urns !== null && urns.length > 0)
        .map(([key, urns]) => [key, [...(urns ?? [])].sort()]),
    ),
    protect: resource.protect ?? false,
    retainOnDelete: resource.retainOnDelete ?? false,
    deletedWith: resource.deletedWith || undefined,
    additionalSecretOutputs: [...(resource.additionalSecretOutputs ?? [])].sort(),
  };
}

function explicitProvider({ provider }: EngineResource): string | undefined {
  const urn = provider ? referenceUrn(provider) : undefined;
  return urn?.includes(`::${BUILT_IN}::`) ? undefined : urn;
}

function ofPlan(resource: PlannedResource): Compared {
  const provider = isProviderType(resource.type);
  const { options } = resource;
  return {
    custom: resource.custom,
    parent: resource.parent,
    provider: resource.provider,
    id: provider ? undefined : resource.id,
    inputs: resource.inputs,
    outputs: provider ? {} : resource.outputs,
    dependencies: resource.dependencies,
    propertyDependencies: resource.propertyDependencies,
    protect: options.protect ?? false,
    retainOnDelete: options.retainOnDelete ?? false,
    deletedWith: options.deletedWith,
    additionalSecretOutputs: [...(options.additionalSecretOutputs ?? [])].sort(),
  };
}

function values(map: PropertyMap | undefined, provider: boolean): Readonly<Record<string, PlanValue>> {
  const shown = planObject(map ?? {});
  if (!provider) {
    return shown;
  }
  // The engine notes the plugin's version with the provider's own inputs.
  const { version: _version, __internal: _internal, ...own } = shown;
  return own;
}

function differences(real: Compared, offline: Compared): string[] {
  return Object.keys(real).flatMap((key) => {
    const [one, other] = [plainData(real[key]), plainData(offline[key])];
    return differencesAt(one, other, key);
  });
}

function plainData(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function differencesAt(real: unknown, offline: unknown, path: string): string[] {
  if (isDeepStrictEqual(real, offline)) {
    return [];
  }
  if (isObject(real) && isObject(offline)) {
    const keys = [...new Set([...Object.keys(real), ...Object.keys(offline)])].sort();
    return keys.flatMap((key) => differencesAt(real[key], offline[key], `${path}.${key}`));
  }
  return [`${path}: the engine has ${show(real)}, the plan ${show(offline)}`];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value === SECRET ? "a secret" : value);
}
