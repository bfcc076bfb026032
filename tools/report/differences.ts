/**
 * How two region stacks differ, and which of their configuration's differences explains it. The stacks run one program, so
 * every difference is either declared (region, range, role, weight ...) or a mistake that a failover would find. Pure.
 */
import type { PlannedResource, PlanValue } from "../plan/plan.ts";
import {
  byNeutralName,
  declaredNeutral,
  type KnownSide,
  type Leaf,
  leavesOf,
  neutral,
  type Side,
  withGenerated,
} from "./neutral.ts";
import { shortType } from "./summary.ts";

export type { Side } from "./neutral.ts";

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

function label(resource: PlannedResource | undefined, name: string): string {
  return resource === undefined ? name : `${shortType(resource.type)} ${name.split("::").at(-1) ?? name}`;
}
