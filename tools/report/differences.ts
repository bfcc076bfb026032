/**
 * How two region stacks differ, and which of their configuration's differences explains it. The stacks run one program, so
 * every difference is either declared (region, range, role, weight ...) or a mistake that a failover would find. Pure.
 */
import { contains, formatCidr, parseCidr } from "../../components/network/cidr.ts";
import type { Plan, PlannedResource, PlanValue } from "../plan/plan.ts";
import { parseUrn } from "../plan/urn.ts";
import { shortType } from "./summary.ts";

/** One region stack with what its configuration declares. */
export interface Side {
  readonly plan: Plan;
  readonly region: string;
  readonly role: string;
  /** Ranges and weights of every region, by region. */
  readonly regions: Readonly<Record<string, { readonly cidr: string; readonly weight: number }>>;
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
  /(^|\.)(min(imum)?(Size|Replicas|Capacity)?|desired(Size|Capacity)|replicas|replicaCount)$/;
/** Where the global database's first writer was made; config `relational.initialWriterRegion`. */
const firstWriter = /^aws:rds\//;

type Leaf = Exclude<PlanValue, object> | undefined;

export function differences(left: Side, right: Side): Difference[] {
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
      const type = present?.type ?? "";
      const declared = firstWriter.test(type);
      note(declared ? "first writer" : "resources in one stack only", declared, {
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
  [left, a]: readonly [Side, PlannedResource],
  [right, b]: readonly [Side, PlannedResource],
  note: Note,
): void {
  const lefts = leavesOf(left, a);
  const rights = leavesOf(right, b);
  const resource = label(a, neutral(left, a.name).text);
  for (const path of new Set([...lefts.keys(), ...rights.keys()])) {
    const x = lefts.get(path);
    const y = rights.get(path);
    if (x === y) {
      continue;
    }
    const { kinds, declared } = explain([left, x], [right, y], path, a.type);
    for (const kind of kinds) {
      note(kind, declared, { resource, path, left: x, right: y });
    }
  }
}

/** The declared kinds that together explain a difference; else the property's own name, undeclared. */
function explain(
  [left, x]: readonly [Side, Leaf],
  [right, y]: readonly [Side, Leaf],
  path: string,
  type: string,
): { readonly kinds: readonly string[]; readonly declared: boolean } {
  const a = neutral(left, x);
  const b = neutral(right, y);
  if (a.text === b.text) {
    return { kinds: [...new Set([...a.kinds, ...b.kinds])], declared: true };
  }
  if (x === left.role && y === right.role) {
    return { kinds: ["role"], declared: true };
  }
  if (/weight$/i.test(path) && Number(x) === weightOf(left) && Number(y) === weightOf(right)) {
    return { kinds: ["weight"], declared: true };
  }
  if (readyCapacity.test(path) && Number.isFinite(Number(x)) && Number.isFinite(Number(y))) {
    return { kinds: ["ready capacity"], declared: true };
  }
  if (firstWriter.test(type)) {
    return { kinds: ["first writer"], declared: true };
  }
  return { kinds: [path.split(".").findLast((step) => !/^\d+$/.test(step)) ?? path], declared: false };
}

function weightOf(side: Side): number | undefined {
  return side.regions[side.region]?.weight;
}

function byNeutralName(side: Side): Map<string, PlannedResource> {
  return new Map(
    side.plan.resources
      .filter((resource) => !resource.type.startsWith("pulumi:pulumi:"))
      .map((resource) => {
        const { qualifiedType, name } = parseUrn(resource.urn);
        return [`${qualifiedType}::${neutral(side, name).text}`, resource];
      }),
  );
}

function label(resource: PlannedResource | undefined, name: string): string {
  return resource === undefined ? name : `${shortType(resource.type)} ${name.split("::").at(-1) ?? name}`;
}

/** A leaf in words that are the same in every region, and the declared kinds that had to be replaced in it. */
function neutral(side: Side, value: Leaf): { readonly text: string; readonly kinds: readonly string[] } {
  if (typeof value !== "string") {
    return { text: value === undefined ? "(absent)" : String(value), kinds: [] };
  }
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
  try {
    const address = parseCidr(found.includes("/") ? found : `${found}/32`);
    for (const [region, { cidr }] of Object.entries(side.regions)) {
      const range = parseCidr(cidr);
      if (contains(range, address)) {
        const offset = formatCidr({ ...address, first: address.first - range.first });
        return `{${region === side.region ? "range" : "peer range"} + ${offset}}`;
      }
    }
  } catch {
    // Looks like an address and is none, for example a version of four parts.
  }
  return found;
}

/** Inputs and options as paths; text that holds a JSON document is opened, so that one changed word is one place. */
function leavesOf(side: Side, resource: PlannedResource): Map<string, Leaf> {
  const leaves = new Map<string, Leaf>();
  const walk = (value: unknown, path: string): void => {
    const opened = typeof value === "string" ? (asDocument(value) ?? value) : value;
    if (typeof opened !== "object" || opened === null) {
      leaves.set(path, leafOf(opened));
      return;
    }
    for (const [key, child] of Object.entries(opened)) {
      const name = Array.isArray(opened) ? key : neutral(side, key).text;
      walk(child, path === "" ? name : `${path}.${name}`);
    }
  };
  walk(resource.inputs, "");
  walk(resource.options, "options");
  return leaves;
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
