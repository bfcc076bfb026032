import type { PropertyMap } from "./property.ts";

/** What a remote component needs of the engine; the offline engine in process, or the real one over gRPC. */
export interface ConstructMonitor {
  registerResource(goal: ResourceGoal): Promise<RegisteredResource>;
  registerResourceOutputs(urn: string, outputs: PropertyMap): Promise<void>;
  invoke(token: string, args: PropertyMap, provider: string): Promise<PropertyMap>;
}

export interface ResourceGoal {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly remote?: boolean;
  readonly parent: string;
  readonly inputs: PropertyMap;
  /** Provider reference (`urn::id`). */
  readonly provider?: string;
  readonly providers?: Readonly<Record<string, string>>;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
  readonly protect?: boolean | undefined;
  readonly ignoreChanges?: readonly string[];
  readonly additionalSecretOutputs?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  readonly aliases?: readonly GoalAlias[];
  readonly version?: string;
}

/** Either a whole URN or what differs from the resource itself; an empty parent means "had none". */
export interface GoalAlias {
  readonly urn?: string;
  readonly type?: string;
  readonly name?: string;
  readonly stack?: string;
  readonly project?: string;
  readonly parent?: string;
}

export interface RegisteredResource {
  readonly urn: string;
  /** Absent while unknown. */
  readonly id: string | undefined;
  readonly outputs: PropertyMap;
}

/**
 * A provider as the engine sees it, on plain property maps and without secrets. The offline engine calls it in
 * process; `serve.ts` puts the same object behind gRPC for the real engine.
 */
export interface Provider {
  /** Fills defaults in and reports every property that is missing or not known to the type. */
  check(request: CheckRequest): CheckResult;
  diff(request: DiffRequest): DiffResult;
  create(request: CreateRequest): CreateResult;
  /** The state of an existing object, undefined when there is none. */
  read(request: ReadRequest): PropertyMap | undefined;
  invoke(token: string, args: PropertyMap): PropertyMap;
  /** Registers a remote component and its children with the monitor; absent when the package has none. */
  construct?(request: ConstructRequest, monitor: ConstructMonitor): Promise<ConstructResult>;
}

/** One Pulumi package. `configure` makes the instance that one provider resource stands for. */
export interface ProviderPackage {
  readonly name: string;
  readonly version: string;
  checkConfig?(inputs: PropertyMap): CheckResult;
  configure(config: PropertyMap): Provider;
}

export interface ResourceIdentity {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
}

export interface CheckRequest extends ResourceIdentity {
  readonly inputs: PropertyMap;
}

export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface CheckResult {
  readonly inputs: PropertyMap;
  readonly failures: readonly CheckFailure[];
}

export interface DiffRequest extends ResourceIdentity {
  readonly oldInputs: PropertyMap;
  readonly newInputs: PropertyMap;
}

export interface DiffResult {
  /** Top-level input properties that differ. */
  readonly changed: readonly string[];
  /** Those of `changed` that force a replacement. */
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
}

export interface CreateRequest extends ResourceIdentity {
  readonly inputs: PropertyMap;
  readonly preview: boolean;
}

export interface CreateResult {
  /** Empty in a preview. */
  readonly id: string;
  readonly outputs: PropertyMap;
}

export interface ReadRequest extends ResourceIdentity {
  readonly id: string;
  readonly inputs: PropertyMap;
}

export interface ConstructRequest {
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  /** May hold secrets and output values. */
  readonly inputs: PropertyMap;
  readonly inputDependencies: Readonly<Record<string, readonly string[]>>;
  readonly dependencies: readonly string[];
  /** Package to provider reference (`urn::id`). */
  readonly providers: Readonly<Record<string, string>>;
  readonly protect: boolean | undefined;
  readonly preview: boolean;
}

export interface ConstructResult {
  readonly urn: string;
  readonly outputs: PropertyMap;
  readonly outputDependencies: Readonly<Record<string, readonly string[]>>;
}

/** A package that has components only. */
export function refusingProvider(packageName: string): Provider {
  const refuse = (what: string): never => {
    throw new Error(`the local provider "${packageName}" has no custom resources and no functions (${what})`);
  };
  return {
    check: ({ type }) => refuse(type),
    diff: ({ type }) => refuse(type),
    create: ({ type }) => refuse(type),
    read: ({ type }) => refuse(type),
    invoke: (token) => refuse(token),
  };
}
