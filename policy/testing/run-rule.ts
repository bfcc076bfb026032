import { deepEqual } from "node:assert/strict";
import type {
  PolicyProviderResource,
  PolicyResource,
  PolicyResourceOptions,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { UnknownValueError, unknownCheckingProxy, unknownStringValue } from "@pulumi/policy/proxy.js";
import type { KnownType, PropsOf } from "../core/resource-inputs.ts";
import type { Rule } from "../core/rule.ts";

/** Stands for a value that preview does not know, as the engine sends it. */
export const UNKNOWN = unknownStringValue;
/** The day that tests take for today. */
export const TODAY = "2026-11-21";

export interface TestResource {
  readonly type: string;
  /** @default "subject" */
  readonly name?: string;
  readonly props: object;
  readonly options?: Partial<PolicyResourceOptions>;
  readonly provider?: PolicyProviderResource;
  /** Property to the names of the resources of the same stack that its value comes from. */
  readonly dependsOn?: Readonly<Record<string, readonly string[]>>;
}

type Settings = Readonly<Record<string, unknown>>;

export function urnOf({ type, name = "subject" }: Pick<TestResource, "type" | "name">): string {
  return `urn:pulumi:test::document-platform::${type}::${name}`;
}

/**
 * Everything a resource rule says about one resource, in order. Unknown values behave as in the analyzer: what the
 * rule cannot decide ends as `undecided: ...`.
 */
export function runRule(rule: Rule, resource: TestResource, settings: Settings = {}): string[] {
  const policy = rule.policy(() => TODAY);
  if (!isResourcePolicy(policy) || typeof policy.validateResource !== "function")
    throw new Error(`${rule.id} is no resource rule`);
  const messages: string[] = [];
  const { validateResource } = policy;
  const args = { ...common(resource, settings), stackTags: new Map() };
  collect(messages, () => validateResource(args, (message) => messages.push(message)));
  return messages;
}

/** The same for a stack rule: `name of the resource: message`. */
export function runStackRule(
  rule: Rule,
  resources: readonly TestResource[],
  settings: Settings = {},
): string[] {
  const policy = rule.policy(() => TODAY);
  if (isResourcePolicy(policy)) throw new Error(`${rule.id} is no stack rule`);
  const seen = resources.map((resource): PolicyResource => ({ ...common(resource, settings), ...noLinks() }));
  const urns = new Map(resources.map((resource, at) => [resource.name ?? "subject", seen[at]]));
  resources.forEach(({ dependsOn = {} }, at) => {
    const links = Object.entries(dependsOn).map(([property, names]) => [
      property,
      names.flatMap((name) => urns.get(name) ?? []),
    ]);
    Object.assign(seen[at] ?? {}, { propertyDependencies: Object.fromEntries(links) });
  });
  const messages: string[] = [];
  const report = (message: string, urn = "stack") => messages.push(`${urn.split("::").at(-1)}: ${message}`);
  const rest = { stackTags: new Map(), getConfig: configOf(settings), notApplicable };
  collect(messages, () => policy.validateStack({ resources: seen, ...rest }, report));
  return messages;
}

/** One mutation of a compliant resource and exactly what the rule says about it. */
export type Case<P> = readonly [
  title: string,
  change: Partial<Record<keyof P, unknown>>,
  messages: readonly string[],
];

/** Declares one test for the compliant fixture and one for each mutation. */
export function cases<T extends KnownType>(
  rule: Rule,
  type: T,
  compliant: Partial<Record<keyof PropsOf<T>, unknown>>,
  table: readonly Case<PropsOf<T>>[],
): void {
  it(`accepts a compliant ${type}`, () => deepEqual(runRule(rule, { type, props: compliant }), []));
  for (const [title, change, messages] of table) {
    const props = Object.fromEntries(
      Object.entries({ ...compliant, ...change }).filter(([, value]) => value !== undefined),
    );
    it(title, () => deepEqual(runRule(rule, { type, props }), messages));
  }
}

export function undecided(path: string): string {
  return `undecided: string value at .${path} can't be known during preview`;
}

function isResourcePolicy(
  policy: ResourceValidationPolicy | StackValidationPolicy,
): policy is ResourceValidationPolicy {
  return "validateResource" in policy;
}

function collect(messages: string[], run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (error instanceof UnknownValueError) messages.push(`undecided: ${error.message}`);
    else if (error instanceof NotApplicable) messages.push(`not applicable: ${error.message}`);
    else throw error;
  }
}

class NotApplicable extends Error {}
function notApplicable(reason?: string): never {
  throw new NotApplicable(reason);
}

const configOf =
  (settings: Settings) =>
  <C extends object>(): C =>
    structuredClone(settings) as C;

function common(resource: TestResource, settings: Settings) {
  const { type, name = "subject", props, options, provider } = resource;
  return {
    type,
    name,
    urn: urnOf(resource),
    props: unknownCheckingProxy(structuredClone(props)),
    opts: { ...defaultOptions, ...options },
    ...(provider && { provider: { ...provider, props: unknownCheckingProxy(provider.props) } }),
    isType: () => false,
    asType: () => undefined,
    getConfig: configOf(settings),
    notApplicable,
  };
}

const defaultOptions: PolicyResourceOptions = {
  protect: false,
  ignoreChanges: [],
  aliases: [],
  additionalSecretOutputs: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
};

const noLinks = () => ({ dependencies: [], propertyDependencies: {} });
