/** What the providers of remote components share: inputs and outputs that know what they depend on. */
import {
  containsUnknowns,
  downgradeOutputs,
  outputDependencies,
  outputValue,
  type PropertyMap,
  type PropertyValue,
  resourceReference,
  UNKNOWN_VALUE,
  unwrapSecrets,
} from "./property.ts";
import type {
  ConstructMonitor,
  ConstructRequest,
  ConstructResult,
  RegisteredResource,
  ResourceGoal,
} from "./provider.ts";

/** A value and the resources it came from. */
export interface Tracked {
  readonly value: PropertyValue;
  readonly dependencies: readonly string[];
}

export type Inputs = Readonly<Record<string, Tracked | PropertyValue | undefined>>;

export interface Child {
  readonly type: string;
  readonly name: string;
  readonly inputs: Inputs;
  /** @default the component itself */
  readonly parent?: string;
  readonly dependsOn?: readonly string[];
  readonly ignoreChanges?: readonly string[];
  /** Of the plugin, for a provider resource. */
  readonly version?: string;
}

/** One remote component while it is being made. */
export class Construction {
  readonly urn: string;
  readonly request: ConstructRequest;
  readonly #monitor: ConstructMonitor;

  private constructor(urn: string, request: ConstructRequest, monitor: ConstructMonitor) {
    this.urn = urn;
    this.request = request;
    this.#monitor = monitor;
  }

  /** Registers the component itself; `inputs` are those that it keeps in its state. */
  static async begin(
    request: ConstructRequest,
    monitor: ConstructMonitor,
    inputs: PropertyMap = {},
  ): Promise<Construction> {
    const { urn } = await monitor.registerResource({
      type: request.type,
      name: request.name,
      parent: request.parent,
      custom: false,
      inputs,
      dependencies: request.dependencies,
      propertyDependencies: Object.fromEntries(
        Object.keys(inputs).map((key) => [key, request.inputDependencies[key] ?? []]),
      ),
      providers: request.providers,
      protect: request.protect,
    });
    return new Construction(urn, request, monitor);
  }

  input(key: string): Tracked | undefined {
    const given = this.request.inputs[key];
    if (given === undefined || given === null) {
      return undefined;
    }
    const dependencies = outputDependencies(given, new Set(this.request.inputDependencies[key]));
    return { value: downgradeOutputs(given), dependencies: [...dependencies] };
  }

  custom(child: Child): Promise<RegisteredResource> {
    const packageName = child.type.startsWith("pulumi:providers:") ? "" : (child.type.split(":")[0] ?? "");
    const provider = this.request.providers[packageName];
    return this.#register({ ...child, custom: true, ...(provider === undefined ? {} : { provider }) });
  }

  component(child: Child): Promise<RegisteredResource> {
    return this.#register({ ...child, custom: false, providers: this.request.providers });
  }

  /** Registers the outputs and gives the engine's answer. Children's values become what their dependents see. */
  async end(outputs: Readonly<Record<string, Tracked>>): Promise<ConstructResult> {
    const values = Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value]));
    await this.#monitor.registerResourceOutputs(this.urn, values);
    return {
      urn: this.urn,
      outputs: Object.fromEntries(
        Object.entries(outputs).map(([key, { value, dependencies }]) => [
          key,
          outputValue(value, dependencies),
        ]),
      ),
      outputDependencies: Object.fromEntries(
        Object.entries(outputs).map(([key, { dependencies }]) => [key, dependencies]),
      ),
    };
  }

  outputsOf(urn: string, outputs: PropertyMap): Promise<void> {
    return this.#monitor.registerResourceOutputs(urn, outputs);
  }

  #register(
    child: Child & Pick<ResourceGoal, "custom" | "provider" | "providers">,
  ): Promise<RegisteredResource> {
    const { inputs, dependsOn = [], ...goal } = child;
    const given = Object.entries(inputs).flatMap(([key, input]) =>
      input === undefined ? [] : [[key, track(input)] as const],
    );
    const dependencies = new Set([...dependsOn, ...given.flatMap(([, input]) => input.dependencies)]);
    return this.#monitor.registerResource({
      ...goal,
      parent: child.parent ?? this.urn,
      inputs: Object.fromEntries(given.map(([key, { value }]) => [key, value])),
      dependencies: [...dependencies],
      propertyDependencies: Object.fromEntries(given.map(([key, input]) => [key, [...input.dependencies]])),
    });
  }
}

function track(input: Tracked | PropertyValue): Tracked {
  return isTracked(input) ? input : { value: input, dependencies: [] };
}

function isTracked(input: Tracked | PropertyValue): input is Tracked {
  return (
    typeof input === "object" &&
    input !== null &&
    "value" in input &&
    Array.isArray(Reflect.get(input, "dependencies"))
  );
}

/** An output of a child; what a preview does not know is unknown. */
export function outputOf(child: RegisteredResource, key: string): Tracked {
  return { value: child.outputs[key] ?? UNKNOWN_VALUE, dependencies: [child.urn] };
}

export function referenceTo(child: RegisteredResource): Tracked {
  return { value: resourceReference(child.urn, child.id ?? UNKNOWN_VALUE), dependencies: [child.urn] };
}

/** A value worked out from others: unknown while one of them is, dependent on what they depend on. */
export function derive(
  inputs: readonly Tracked[],
  work: (values: readonly PropertyValue[]) => PropertyValue,
): Tracked {
  const dependencies = [...new Set(inputs.flatMap((input) => input.dependencies))];
  const values = inputs.map(({ value }) => unwrapSecrets(value));
  return { value: values.some(containsUnknowns) ? UNKNOWN_VALUE : work(values), dependencies };
}
