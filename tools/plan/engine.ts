/**
 * The engine without a cloud: the rules by which Pulumi turns registrations into resources. It resolves parents,
 * providers, transforms, aliases and secrets as the real one does, and asks local providers for values.
 */
import {
  addDependencies,
  annotateSecrets,
  containsSecrets,
  downgradeOutputs,
  mapValues,
  outputDependencies,
  type PropertyMap,
  type PropertyValue,
  plainValue,
  secretValue,
  unwrapSecrets,
} from "../providers/property.ts";
import type { CheckResult, ConstructMonitor } from "../providers/provider.ts";
import type { EngineOptions, Goal, Registration, Transform } from "./goal.ts";
import type { PlanDiagnostic } from "./plan.ts";
import { ProviderChoice } from "./provider-choice.ts";
import {
  identifier,
  isProviderType,
  makeUrn,
  packageOf,
  providerPackage,
  STACK_REFERENCE_TYPE,
  STACK_TYPE,
} from "./urn.ts";

export class Engine implements ConstructMonitor {
  readonly registrations = new Map<string, Registration>();
  readonly diagnostics: PlanDiagnostic[] = [];
  readonly options: EngineOptions;
  readonly #providers: ProviderChoice;
  readonly #frames = new Map<string, readonly string[]>();
  readonly #stackTransforms: Transform[] = [];
  readonly #pendingTransforms = new Map<string, readonly Transform[]>();
  readonly #transforms = new Map<string, readonly Transform[]>();

  constructor(options: EngineOptions) {
    this.options = options;
    this.#providers = new ProviderChoice(options, (goal) => this.registerResource(goal));
  }

  get preview(): boolean {
    return this.options.mode === "preview";
  }

  addStackTransform(transform: Transform): void {
    this.#stackTransforms.push(transform);
  }

  async registerResource(requested: Goal): Promise<Registration> {
    const goal = await this.#transform(this.#inheritOptions(requested));
    if (goal.remote === true) {
      return this.#construct(goal);
    }
    const urn = this.#claim(goal);
    this.#transforms.set(urn, goal.transforms ?? []);
    const registration = goal.custom ? await this.#createCustom(urn, goal) : component(urn, goal);
    this.#keep(registration);
    return registration;
  }

  async registerResourceOutputs(urn: string, outputs: PropertyMap): Promise<void> {
    const registration = this.registrations.get(urn);
    if (registration === undefined) {
      throw new Error(`outputs were registered for ${urn}, which is not registered itself`);
    }
    this.registrations.set(urn, { ...registration, outputs: mapValues(outputs, downgradeOutputs) });
  }

  /** Reads what exists already: another stack's outputs, or an object by its id. */
  async readResource(goal: Goal, id: string): Promise<Registration> {
    const urn = this.#claim(goal);
    const inputs = mapValues(goal.inputs, downgradeOutputs);
    const outputs =
      goal.type === STACK_REFERENCE_TYPE ? await this.#readStack(inputs) : this.#readObject(urn, goal, id);
    const registration = { urn, id, goal, inputs, outputs, outputDependencies: {} };
    this.#keep(registration);
    return registration;
  }

  async invoke(token: string, args: PropertyMap, reference: string): Promise<PropertyMap> {
    const provider = await this.#providers.provider({ type: token, what: `the call of ${token}`, reference });
    return provider.invoke(token, mapValues(args, plainValue));
  }

  getResource(urn: string): Registration {
    const registration = this.registrations.get(urn);
    if (registration === undefined) {
      throw new Error(`unknown resource ${urn}`);
    }
    return registration;
  }

  #keep(registration: Registration): void {
    this.registrations.set(registration.urn, registration);
    this.options.onResource?.(this.registrations.size);
  }

  /** Takes the URN, or says who has it already. */
  #claim(goal: Goal): string {
    const urn = makeUrn(this.options, goal.parent, goal.type, goal.name);
    const first = this.#frames.get(urn);
    const frames = goal.frames ?? [];
    if (first !== undefined) {
      const [one, other] = [first[0], frames[0]].map((frame) => frame?.replace(/^at /, ""));
      const where =
        one !== undefined && other !== undefined ? `: the first at ${one}, the second at ${other}` : "";
      throw new Error(
        `two resources are named "${goal.name}" (${goal.type}) under the same parent${where}. ` +
          `Give each its own name (URN ${urn})`,
      );
    }
    this.#frames.set(urn, frames);
    return urn;
  }

  #inheritOptions(goal: Goal): Goal {
    const parent = this.registrations.get(goal.parent)?.goal;
    if (parent === undefined) {
      return goal;
    }
    const providers = goal.custom ? goal.providers : { ...parent.providers, ...goal.providers };
    const own = goal.provider || goal.providers?.[packageOf(goal.type)];
    const inherited = parent.providers?.[packageOf(goal.type)];
    return {
      ...goal,
      deletedWith: goal.deletedWith || (parent.deletedWith ?? ""),
      protect: goal.protect ?? parent.protect,
      retainOnDelete: goal.retainOnDelete ?? parent.retainOnDelete,
      ...(providers === undefined ? {} : { providers }),
      provider: own || (goal.custom || goal.remote === true ? inherited : undefined) || "",
    };
  }

  /** The resource's own transforms run first, then its ancestors', then the stack's. */
  async #transform(requested: Goal): Promise<Goal> {
    const key = [requested.parent, requested.type, requested.name].join("::");
    const pending = this.#pendingTransforms.get(key);
    this.#pendingTransforms.delete(key);
    const own = pending ?? requested.transforms ?? [];
    if (requested.remote === true && own.length > 0) {
      // The component's provider registers it again; its transforms belong to that registration.
      this.#pendingTransforms.set(key, own);
    }
    const chain = [...own];
    for (let at = requested.parent; at !== ""; at = this.registrations.get(at)?.goal.parent ?? "") {
      chain.push(...(this.#transforms.get(at) ?? []));
    }
    // With transforms of its own, the values carry what they depend on, and what they come back with counts.
    const carrying = (requested.transforms ?? []).length > 0;
    const before = requested.propertyDependencies ?? {};
    let goal: Goal = {
      ...requested,
      transforms: own,
      inputs: carrying ? addDependencies(requested.inputs, before) : requested.inputs,
    };
    for (const transform of [...chain, ...this.#stackTransforms]) {
      goal = await transform(goal);
    }
    const propertyDependencies = mapEntries(goal.inputs, (value, key) => [
      ...outputDependencies(value, new Set(carrying ? [] : before[key])),
    ]);
    return {
      ...goal,
      propertyDependencies: { ...(carrying ? {} : before), ...propertyDependencies },
      // The engine takes dependencies from transforms only when the resource has transforms of its own.
      dependencies: carrying
        ? [...new Set([...(goal.dependencies ?? []), ...Object.values(propertyDependencies).flat()])]
        : (requested.dependencies ?? []),
    };
  }

  async #construct(goal: Goal): Promise<Registration> {
    const provider = await this.#providers.provider({
      type: goal.type,
      what: `the remote component "${goal.name}" (${goal.type})`,
      reference: goal.provider ?? "",
    });
    if (provider.construct === undefined) {
      throw new Error(
        `the local provider "${packageOf(goal.type)}" makes no remote components (${goal.type})`,
      );
    }
    const result = await provider.construct(
      {
        type: goal.type,
        name: goal.name,
        parent: goal.parent,
        inputs: goal.inputs,
        inputDependencies: goal.propertyDependencies ?? {},
        dependencies: goal.dependencies ?? [],
        providers: goal.providers ?? {},
        protect: goal.protect,
        preview: this.preview,
      },
      this,
    );
    const outputDependencyLists = mapEntries(result.outputs, (value, key) => [
      ...outputDependencies(value, new Set(result.outputDependencies[key])),
    ]);
    const registered = this.getResource(result.urn);
    return {
      ...registered,
      outputs: mapValues(result.outputs, downgradeOutputs),
      outputDependencies: outputDependencyLists,
    };
  }

  async #createCustom(urn: string, goal: Goal): Promise<Registration> {
    const inputs = mapValues(goal.inputs, downgradeOutputs);
    return isProviderType(goal.type)
      ? this.#createProvider(urn, goal, inputs)
      : this.#createResource(urn, goal, inputs);
  }

  #createProvider(urn: string, goal: Goal, declared: PropertyMap): Registration {
    const local = this.#providers.packageNamed(providerPackage(goal.type));
    const plain = mapValues(declared, plainValue);
    const checked = local.checkConfig?.(plain) ?? { inputs: plain, failures: [] };
    const inputs = annotateSecrets(accept(goal, checked), declared);
    this.#providers.configure(urn, providerPackage(goal.type), checked.inputs);
    const id = this.preview ? undefined : identifier(urn);
    return { urn, id, goal, inputs, outputs: inputs, outputDependencies: {} };
  }

  async #createResource(urn: string, requested: Goal, declared: PropertyMap): Promise<Registration> {
    const { type, name } = requested;
    const reference = await this.#providers.reference({
      type,
      what: `"${name}" (${type})`,
      reference: requested.provider ?? "",
    });
    const goal: Goal = { ...requested, provider: reference };
    const provider = this.#providers.configured(reference);
    const identity = { urn, type, name };
    const checked = provider.check({ ...identity, inputs: mapValues(declared, plainValue) });
    const inputs = annotateSecrets(accept(goal, checked), declared);
    const created = provider.create({ ...identity, inputs: checked.inputs, preview: this.preview });
    const secretNames = new Set(goal.additionalSecretOutputs);
    const outputs = mapValues(annotateSecrets(created.outputs, inputs), (value, key) =>
      secretNames.has(key) ? secretValue(unwrapSecrets(value)) : value,
    );
    return { urn, id: created.id || undefined, goal, inputs, outputs, outputDependencies: {} };
  }

  #readObject(urn: string, goal: Goal, id: string): PropertyMap {
    const provider = this.#providers.configured(goal.provider ?? "");
    const inputs = mapValues(goal.inputs, (value) => plainValue(downgradeOutputs(value)));
    const outputs = provider.read({ urn, type: goal.type, name: goal.name, id, inputs });
    if (outputs === undefined) {
      throw new Error(`"${goal.name}" (${goal.type}) reads the id "${id}", which does not exist`);
    }
    return outputs;
  }

  async #readStack(inputs: PropertyMap): Promise<PropertyMap> {
    const name = unwrapSecrets(inputs["name"] ?? "");
    const outputs = await this.options.stackOutputs(String(name));
    if (outputs === undefined) {
      throw new Error(
        `the stack "${String(name)}" is not there: a StackReference needs a stack that has been planned`,
      );
    }
    const secretOutputNames = Object.keys(outputs).filter((key) => containsSecrets(outputs[key] ?? null));
    return { name, outputs, secretOutputNames };
  }
}

function mapEntries<T>(map: PropertyMap, work: (value: PropertyValue, key: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, work(value, key)]));
}

function component(urn: string, goal: Goal): Registration {
  const inputs = goal.type === STACK_TYPE ? {} : mapValues(goal.inputs, downgradeOutputs);
  return { urn, id: undefined, goal, inputs, outputs: {}, outputDependencies: {} };
}

function accept(goal: Goal, checked: CheckResult): PropertyMap {
  if (checked.failures.length > 0) {
    const reasons = checked.failures.map(({ property, reason }) => `${property}: ${reason}`);
    throw new Error(
      `"${goal.name}" (${goal.type}) has properties that its provider refuses: ${reasons.join("; ")}`,
    );
  }
  return checked.inputs;
}
