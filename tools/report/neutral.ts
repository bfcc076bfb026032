/**
 * What a region stack holds, in words that are the same in every region: the stack's own region, ranges and name, and every
 * id that AWS or Pulumi made up, are replaced by what they stand for. Pure.
 */
import { type Cidr, contains, formatCidr, parseCidr } from "../../components/network/cidr.ts";
import type { Plan, PlannedResource, PlanValue } from "../plan/plan.ts";
import { parseUrn } from "../plan/urn.ts";

/** One region stack with what its configuration declares. */
export interface Side {
  readonly plan: Plan;
  readonly region: string;
  readonly role: string;
  /** What the configuration declares of every region, by region: ranges, weight, ASN ... */
  readonly regions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export type Leaf = Exclude<PlanValue, object> | undefined;

export function byNeutralName(side: KnownSide): Map<string, PlannedResource> {
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
export interface KnownSide extends Side {
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
export function withGenerated(side: Side): KnownSide {
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
        const [, resourcePart] = /^arn:(?:[^:]*:){4}(.{8,})$/.exec(value) ?? [];
        if (resourcePart !== undefined && !generated.has(resourcePart) && !isDeclared(side, resourcePart)) {
          // Metrics name a resource by the last part of its ARN.
          generated.set(resourcePart, `{${key}.${path} resource}`);
        }
      }
    }
  }
  return { ...side, generated: [...generated].sort(([a], [b]) => b.length - a.length) };
}

interface Neutral {
  readonly text: string;
  /** Declared kinds that had to be replaced. */
  readonly kinds: readonly string[];
}

/** A leaf in words that are the same in every region. */
export function neutral(side: KnownSide, value: Leaf): Neutral {
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

export function declaredNeutral(side: Side, value: string): Neutral {
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
export function leavesOf(side: Side, tree: unknown): Map<string, Leaf> {
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
