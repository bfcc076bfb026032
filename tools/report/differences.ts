/**
 * How two region stacks differ, and which of their configuration's differences explains it. The stacks run one program, so
 * every difference is either declared (region, range, role, weight ...) or a mistake that a failover would find. Pure.
 */
import { type Cidr, contains, formatCidr, parseCidr } from "../../components/network/cidr.ts";
import type { Plan, PlannedResource, PlanValue } from "../plan/plan.ts";
import { parseUrn } from "../plan/urn.ts";
import { shortType } from "./summary.ts";

/** One region stack with what its configuration declares. */
export interface Side {
  readonly plan: Plan;
  readonly region: string;
  readonly role: string;
  /** What the configuration declares of every region, by region: ranges, weight, ASN ... */
  readonly regions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Place {
  /** `type name`, with the region's name replaced. */
  readonly resource: string;
  /** Property path, empty for a whole resource. */
  readonly path: string;
  readonly left?: PlanValue;
  readonly right?: PlanValue;
}

export interface Difference {
  /** What explains it: `region`, `CIDRs`, `role` ...; for an undeclared one, the property's name. */
  readonly kind: string;
  readonly declared: boolean;
  readonly places: readonly Place[];
}

/** Properties that follow from the share of the traffic a region serves: only what is kept ready, never a limit. */
const readyCapacity =
  /(^|[./])(min(imum)?(Size|Replicas|Capacity)?|desired(Size|Capacity)|replicas|replicaCount)$/;
/** What only the global database's first writer is given; config `relational.initialWriterRegion`. */
const firstWriter = /^aws:rds\/cluster:Cluster (databaseName|(manageM|m)aster\w*|sourceRegion)(\.|$)/;
/** The shared session store: its first member carries what the others take over; config `homeRegion`. */
const firstMember = /SessionStore\$aws:elasticache\//;
/** Objects that say which peer leaves DNS; they follow from `role` and `evacuate`. */
const evacuation = /EvacuationSwitch\$aws:s3\/\w*[oO]bject/;

type Leaf = Exclude<PlanValue, object> | undefined;

export function differences(leftSide: Side, rightSide: Side): Difference[] {
  const left = withGenerated(leftSide);
  const right = withGenerated(rightSide);
  const found = new Map<string, { declared: boolean; places: Place[] }>();
  const note = (kind: string, declared: boolean, place: Place) => {
    const entry = found.get(kind) ?? { declared, places: [] };
    entry.places.push(place);
    found.set(kind, { ...entry, declared: entry.declared && declared });
  };
  const lefts = byNeutralName(left);
  const rights = byNeutralName(right);
  for (const key of [...new Set([...lefts.keys(), ...rights.keys()])].sort()) {
    const a = lefts.get(key);
    const b = rights.get(key);
    if (a === undefined || b === undefined) {
      const present = a ?? b;
      const explained = evacuation.test(key)
        ? "evacuation"
        : firstMember.test(key)
          ? "first member"
          : undefined;
      note(explained ?? "resources in one stack only", explained !== undefined, {
        resource: label(present, key),
        path: "",
        left: a === undefined ? undefined : "present",
        right: b === undefined ? undefined : "present",
      });
      continue;
    }
    compareResource([left, a], [right, b], note);
  }
  return [...found]
    .map(([kind, { declared, places }]) => ({ kind, declared, places }))
    .sort((a, b) => Number(b.declared) - Number(a.declared) || a.kind.localeCompare(b.kind));
}

type Note = (kind: string, declared: boolean, place: Place) => void;

function compareResource(
  [left, a]: readonly [KnownSide, PlannedResource],
  [right, b]: readonly [KnownSide, PlannedResource],
  note: Note,
): void {
  const lefts = leavesOf(left, { ...a.inputs, options: a.options });
  const rights = leavesOf(right, { ...b.inputs, options: b.options });
  const resource = label(a, declaredNeutral(left, a.name).text);
  for (const path of new Set([...lefts.keys(), ...rights.keys()])) {
    const x = lefts.get(path);
    const y = rights.get(path);
    if (x === y) {
      continue;
    }
    const { kinds, declared } = explain([left, x], [right, y], path, a);
    for (const kind of kinds) {
      note(kind, declared, { resource, path, left: x, right: y });
    }
  }
}

/** The declared kinds that together explain a difference; else the property's own name, undeclared. */
function explain(
  [left, x]: readonly [KnownSide, Leaf],
  [right, y]: readonly [KnownSide, Leaf],
  path: string,
  { type, urn }: PlannedResource,
): { readonly kinds: readonly string[]; readonly declared: boolean } {
  const a = neutral(left, x);
  const b = neutral(right, y);
  if (a.text === b.text) {
    return { kinds: [...new Set([...a.kinds, ...b.kinds])], declared: true };
  }
  if (x === left.role && y === right.role) {
    return { kinds: ["role"], declared: true };
  }
  const declaredNumber = numberDeclaredAs(left, right, x, y, path);
  if (declaredNumber !== undefined) {
    return { kinds: [declaredNumber], declared: true };
  }
  if (isLookedUp(x) && isLookedUp(y)) {
    return { kinds: ["region"], declared: true };
  }
  if (readyCapacity.test(path) && Number.isFinite(Number(x)) && Number.isFinite(Number(y))) {
    return { kinds: ["ready capacity"], declared: true };
  }
  if (firstWriter.test(`${type} ${path}`)) {
    return { kinds: ["first writer"], declared: true };
  }
  if (firstMember.test(urn)) {
    return { kinds: ["first member"], declared: true };
  }
  return { kinds: [path.split(".").findLast((step) => !/^\d+$/.test(step)) ?? path], declared: false };
}

/** The key of `regions` that gives both numbers, when the property is named like it: `transitAsn` for `amazonSideAsn`. */
function numberDeclaredAs(left: Side, right: Side, x: Leaf, y: Leaf, path: string): string | undefined {
  const own = left.regions[left.region] ?? {};
  const other = right.regions[right.region] ?? {};
  return Object.keys(own).find((key) => {
    const word = key.match(/[A-Z]?[a-z]+$/)?.[0] ?? key;
    const given = typeof own[key] === "number" && own[key] === Number(x) && other[key] === Number(y);
    return given && path.toLowerCase().endsWith(word.toLowerCase());
  });
}

/** AWS's own prefix lists have an id of their own in every region, and no resource of the stack makes them. */
function isLookedUp(value: Leaf): boolean {
  return typeof value === "string" && /^pl-[0-9a-f]{8,}$/.test(value);
}

function byNeutralName(side: KnownSide): Map<string, PlannedResource> {
  return new Map(
    side.plan.resources
      .filter((resource) => !resource.type.startsWith("pulumi:pulumi:"))
      .map((resource) => [neutralKey(side, resource), resource]),
  );
}

function neutralKey(side: Side, resource: PlannedResource): string {
  const { qualifiedType, name } = parseUrn(resource.urn);
  return `${qualifiedType}::${declaredNeutral(side, name).text}`;
}

/** A side with every value that AWS or Pulumi made up in it, and the resource and property it names. */
interface KnownSide extends Side {
  /** Longest first, so that an ARN is found before the id within it. */
  readonly generated: readonly (readonly [value: string, place: string])[];
}

/** A region, a zone or a range stands in the configuration, wherever else it comes out. */
function isDeclared(side: Side, value: string): boolean {
  return /^\{[^}]*\}[a-z]?$/.test(declaredNeutral(side, value).text);
}

/** Shorter values are words such as `available`, which name nothing. */
const MINIMUM_GENERATED_LENGTH = 8;

/**
 * A value is generated when it comes out of a resource without going in, or when Pulumi made it of the logical name. The
 * same place of the counterpart then stands for the same thing, whatever its id.
 */
function withGenerated(side: Side): KnownSide {
  const generated = new Map<string, string>();
  for (const resource of side.plan.resources) {
    const inputs = new Set(leavesOf(side, resource.inputs).values());
    const automatic = new RegExp(`^${resource.name.replaceAll(/[^\w-]/g, "\\$&")}-[0-9a-f]{7}$`);
    const key = neutralKey(side, resource);
    const values = [["id", resource.id] as const, ...leavesOf(side, resource.outputs)];
    for (const [path, value] of values) {
      const made = typeof value === "string" && (automatic.test(value) || !inputs.has(value));
      if (
        made &&
        value.length >= MINIMUM_GENERATED_LENGTH &&
        !generated.has(value) &&
        !isDeclared(side, value)
      ) {
        generated.set(value, `{${key}.${path}}`);
      }
    }
  }
  return { ...side, generated: [...generated].sort(([a], [b]) => b.length - a.length) };
}

function label(resource: PlannedResource | undefined, name: string): string {
  return resource === undefined ? name : `${shortType(resource.type)} ${name.split("::").at(-1) ?? name}`;
}

interface Neutral {
  readonly text: string;
  /** Declared kinds that had to be replaced. */
  readonly kinds: readonly string[];
}

/** A leaf in words that are the same in every region. */
function neutral(side: KnownSide, value: Leaf): Neutral {
  if (typeof value !== "string") {
    return { text: value === undefined ? "(absent)" : String(value), kinds: [] };
  }
  let text = value;
  for (const [made, place] of side.generated) {
    if (text.includes(made)) {
      text = text.replaceAll(made, place);
    }
  }
  return declaredNeutral(side, text);
}

function declaredNeutral(side: Side, value: string): Neutral {
  const kinds: string[] = [];
  const step = (kind: string, text: string, replaced: string) => {
    if (replaced !== text) {
      kinds.push(kind);
    }
    return replaced;
  };
  let text = step(
    "CIDRs",
    value,
    value.replaceAll(/\b\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?\b/g, (found) => relativeRange(side, found)),
  );
  for (const region of Object.keys(side.regions)) {
    const word = region === side.region ? "{region}" : "{peer region}";
    text = step("region", text, text.replaceAll(region, word));
  }
  const stackName = new RegExp(
    `(?<![A-Za-z0-9])${side.plan.stack.replaceAll(".", "\\.")}(?![A-Za-z0-9])`,
    "g",
  );
  return { text: step("stack name", text, text.replaceAll(stackName, "{stack}")), kinds };
}

/** An address inside a declared range, told by its place in the range. */
function relativeRange(side: Side, found: string): string {
  const address = asCidr(found.includes("/") ? found : `${found}/32`);
  if (address === undefined) {
    return found;
  }
  for (const [region, declared] of Object.entries(side.regions)) {
    for (const [key, value] of Object.entries(declared)) {
      const range = asCidr(value);
      if (range !== undefined && contains(range, address)) {
        const offset = formatCidr({ ...address, first: address.first - range.first });
        return `{${region === side.region ? "" : "peer "}${key} + ${offset}}`;
      }
    }
  }
  return found;
}

/** Undefined for what only looks like a range, for example a version of four parts. */
function asCidr(value: unknown): Cidr | undefined {
  try {
    return typeof value === "string" ? parseCidr(value) : undefined;
  } catch {
    return undefined;
  }
}

/** A tree as paths; text that holds a JSON document is opened, so that one changed word is one place. */
function leavesOf(side: Side, tree: unknown): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const walk = (value: unknown, path: string): void => {
    const opened = typeof value === "string" ? (asDocument(value) ?? value) : value;
    if (typeof opened !== "object" || opened === null) {
      leaves.set(path, leafOf(opened));
      return;
    }
    for (const [key, child] of Object.entries(opened)) {
      const patched = patchPath(child);
      const name = patched ?? (Array.isArray(opened) ? key : declaredNeutral(side, key).text);
      walk(
        patched === undefined ? child : Reflect.get(Object(child), "value"),
        path === "" ? name : `${path}.${name}`,
      );
    }
  };
  walk(tree, "");
  return leaves;
}

/** A step of a JSON patch is told by what it changes. */
function patchPath(value: unknown): string | undefined {
  const step = typeof value === "object" && value !== null ? { ...value } : {};
  const { op, path } = step as { op?: unknown; path?: unknown };
  return typeof op === "string" && typeof path === "string" && "value" in step ? path : undefined;
}

function leafOf(value: unknown): Leaf {
  return typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean" ||
    value === null
    ? value
    : undefined;
}

function asDocument(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
