/** What a change to the program or the configuration does, as the difference of two plans of one stack. */
import { isDeepStrictEqual } from "node:util";
import { replacingInputs } from "../providers/aws/replacement.ts";
import { typeSchema } from "../providers/aws/schema.ts";
import type { Plan, PlannedResource, PlanValue } from "./plan.ts";

export interface PlanDiff {
  /** Sorted by URN, as all lists here. */
  readonly added: readonly PlannedResource[];
  readonly removed: readonly PlannedResource[];
  readonly changed: readonly ChangedResource[];
  readonly replaced: readonly ReplacedResource[];
  /** Stack outputs. */
  readonly outputs: readonly PropertyChange[];
}

export interface ChangedResource {
  readonly before: PlannedResource;
  readonly after: PlannedResource;
  /** `inputs.cidrBlock`, `options.protect`, `provider`: the parts of the resource that differ. */
  readonly properties: readonly PropertyChange[];
}

export interface ReplacedResource extends ChangedResource {
  /** Input properties, any of which alone forces the replacement. */
  readonly forcedBy: readonly string[];
}

export interface PropertyChange {
  /** `a.b[0].c` */
  readonly path: string;
  /** Absent where the property was added. */
  readonly before?: PlanValue;
  /** Absent where the property was removed. */
  readonly after?: PlanValue;
}

export function diffPlans(before: Plan, after: Plan): PlanDiff {
  const old = new Map(before.resources.map((resource) => [resource.urn, resource]));
  const fresh = new Map(after.resources.map((resource) => [resource.urn, resource]));
  const renamed = renames(old, after.resources);
  const pairs = after.resources.flatMap((resource) => {
    const former = old.get(resource.urn) ?? old.get(renamed.get(resource.urn) ?? "");
    return former === undefined ? [] : [compare(former, resource)];
  });
  const kept = new Set([...fresh.keys(), ...renamed.values()]);
  const changes = pairs.filter(({ properties }) => properties.length > 0);
  return {
    added: after.resources.filter(({ urn }) => !old.has(urn) && !renamed.has(urn)),
    removed: before.resources.filter(({ urn }) => !kept.has(urn)),
    changed: changes
      .filter(({ forcedBy }) => forcedBy.length === 0)
      .map(({ forcedBy: _none, ...change }) => change),
    replaced: changes.filter(({ forcedBy }) => forcedBy.length > 0),
    outputs: changedPaths(before.outputs, after.outputs, ""),
  };
}

/** New URNs whose aliases name a resource that was there: the same resource under another name. */
function renames(
  old: ReadonlyMap<string, PlannedResource>,
  after: readonly PlannedResource[],
): ReadonlyMap<string, string> {
  return new Map(
    after
      .filter(({ urn }) => !old.has(urn))
      .flatMap(({ urn, options }) => {
        const alias = options.aliases?.find((former) => old.has(former));
        return alias === undefined ? [] : [[urn, alias] as const];
      }),
  );
}

function compare(before: PlannedResource, after: PlannedResource): ReplacedResource {
  const ignored = after.options.ignoreChanges ?? [];
  const inputs = changedPaths(before.inputs, after.inputs, "inputs").filter(
    ({ path }) => !ignored.some((prefix) => isWithin(path, `inputs.${prefix}`)),
  );
  const others = (["provider", "parent", "options"] as const).flatMap((key) =>
    changedPaths(asValue(before[key]), asValue(after[key]), key),
  );
  const names = new Set(inputs.map(({ path }) => /^inputs\.([^.[]+)/.exec(path)?.[1] ?? ""));
  return { before, after, properties: [...inputs, ...others], forcedBy: forcing(after, names) };
}

/** An option or a reference as plan data; what is absent stays absent. */
function asValue(value: unknown): PlanValue | undefined {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function isWithin(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`);
}

function forcing(resource: PlannedResource, changed: ReadonlySet<string>): string[] {
  const declared = new Set(
    (resource.options.replaceOnChanges ?? []).map((path) => path.split(/[.[]/)[0] ?? ""),
  );
  const byProvider = resource.type.startsWith("aws:")
    ? replacingInputs(resource.type, typeSchema(resource.type)?.replacing ?? new Set())
    : new Set<string>();
  return [...changed]
    .filter((name) => declared.has(name) || declared.has("*") || byProvider.has(name))
    .sort();
}

function changedPaths(
  before: PlanValue | undefined,
  after: PlanValue | undefined,
  path: string,
): PropertyChange[] {
  if (isDeepStrictEqual(before, after)) {
    return [];
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }).flatMap((_, at) => changedPaths(before[at], after[at], `${path}[${at}]`));
  }
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => changedPaths(before[key], after[key], path === "" ? key : `${path}.${key}`));
  }
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

function isObject(value: PlanValue | undefined): value is Readonly<Record<string, PlanValue>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const LONGEST_VALUE = 80;

/** The difference in words: one line a resource, one a property; empty when there is none. */
export function describeDiff(diff: PlanDiff): string {
  const plain = (resource: PlannedResource) => `${resource.name} (${resource.type})`;
  const properties = ({ properties }: ChangedResource) =>
    properties.map(({ path, before, after }) => `      ${path}: ${show(before)} -> ${show(after)}`);
  const lines = [
    ...diff.replaced.flatMap((change) => [
      `  replaced  ${plain(change.after)}, forced by ${change.forcedBy.join(", ")}`,
      ...properties(change),
    ]),
    ...diff.removed.map((resource) => `  removed   ${plain(resource)}`),
    ...diff.changed.flatMap((change) => [`  changed   ${plain(change.after)}`, ...properties(change)]),
    ...diff.added.map((resource) => `  added     ${plain(resource)}`),
    ...diff.outputs.map(
      ({ path, before, after }) => `  output    ${path}: ${show(before)} -> ${show(after)}`,
    ),
  ];
  if (lines.length === 0) {
    return "";
  }
  const { added, changed, replaced, removed } = diff;
  const counts = Object.entries({ added, changed, replaced, removed }).map(
    ([what, list]) => `${list.length} ${what}`,
  );
  return [counts.join(", "), ...lines].join("\n");
}

function show(value: PlanValue | undefined): string {
  if (value === undefined) {
    return "(absent)";
  }
  const text = JSON.stringify(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text;
}
