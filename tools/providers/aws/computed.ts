/**
 * What AWS would answer. Tables by subject hold, for each type, the id and the computed outputs as templates; types
 * that no table names get plain, well-formed values from the shapes that the SDK declares.
 *
 * To add a type, add an entry to the table of its subject (`computed/*.ts`):
 *
 *     "aws:sqs/queue:Queue": {
 *       id: "https://sqs.{region}.amazonaws.com/{account}/{name}",
 *       arn: "arn:{partition}:sqs:{region}:{account}:{name}",
 *       url: "{id}",
 *     },
 *
 * `{property}` is an input or an output named above it (`{vpcConfig.subnetIds.0}` for a nested one); `{a|b}` is the first that has a
 * value; `{region}`, `{account}`, `{partition}` and `{logical}` (the Pulumi name) always have one. `{hex:17}`,
 * `{digits:10}` and `{upper:14}` are made from the URN: always the same for one resource, different between two.
 * A function works a value out, of an output or of an input that AWS adds to.
 * Other outputs that the program sets as inputs keep the program's value; an object that it sets gets the keys it lacks.
 */
import { createHash } from "node:crypto";
import {
  isList,
  isMap,
  mapValues,
  type PropertyMap,
  type PropertyValue,
  UNKNOWN_VALUE,
} from "../property.ts";
import { CLUSTER } from "./computed/cluster.ts";
import { DATA } from "./computed/data.ts";
import { EDGE } from "./computed/edge.ts";
import { IDENTITY } from "./computed/identity.ts";
import { NETWORK } from "./computed/network.ts";
import { OPERATIONS } from "./computed/operations.ts";
import { STORAGE } from "./computed/storage.ts";
import { typeSchema } from "./schema.ts";

/** A value that no template can say, worked out from the inputs and the outputs above it. */
export type Worked = (value: (property: string) => PropertyValue | undefined) => PropertyValue;
type Template = PropertyValue | Worked;

export type ComputedTable = Readonly<
  Record<string, { readonly id: string } & Readonly<Record<string, Template>>>
>;

export const COMPUTED: ComputedTable = {
  ...CLUSTER,
  ...DATA,
  ...EDGE,
  ...IDENTITY,
  ...NETWORK,
  ...OPERATIONS,
  ...STORAGE,
};

export interface Place {
  readonly region: string;
  readonly account: string;
  readonly partition: string;
}

export interface Created {
  readonly id: string;
  readonly outputs: PropertyMap;
}

interface Subject {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: PropertyMap;
}

/** The outputs of a resource that exists: its inputs and everything AWS computes. */
export function createdOutputs(subject: Subject, place: Place): Created {
  const region = typeof subject.inputs["region"] === "string" ? subject.inputs["region"] : place.region;
  const table = new Map(Object.entries(COMPUTED[subject.type] ?? defaultEntry(subject)));
  const values: Record<string, PropertyValue> = {
    ...place,
    logical: subject.name,
    ...subject.inputs,
    region,
  };
  const lookup: Lookup = (path) => {
    const [key = "", ...rest] = path.split(".");
    const template = table.get(key);
    if (!(key in values) && template !== undefined) {
      values[key] = "";
      values[key] = fill(template, lookup, `${subject.urn}#${key}`);
    }
    return rest.reduce<PropertyValue | undefined>(
      (at, step) => (isMap(at) || isList(at) ? Reflect.get(at, step) : undefined),
      values[key],
    );
  };
  const id = String(lookup("id"));
  const outputs: Record<string, PropertyValue> = { ...subject.inputs };
  for (const [key, template] of table) {
    const set = subject.inputs[key];
    if (typeof template === "function") {
      outputs[key] = template(lookup);
      continue;
    }
    outputs[key] =
      typeof template !== "function" && isMap(template) && isMap(set)
        ? {
            ...mapValues(template, (value, at) => fill(value, lookup, `${subject.urn}#${key}/${at}`)),
            ...set,
          }
        : (lookup(key) ?? null);
  }
  delete outputs["id"];
  for (const [key, kind] of typeSchema(subject.type)?.outputs ?? []) {
    if (!(key in outputs) && !kind.optional) {
      outputs[key] = plainValue(key, kind.shape, { ...subject, region });
    }
  }
  return { id, outputs };
}

/** The outputs of a resource that does not exist yet: what only AWS can say is unknown. */
export function previewedOutputs(subject: Subject, place: Place): PropertyMap {
  const outputs: Record<string, PropertyValue> = { ...subject.inputs };
  for (const [key, template] of Object.entries(COMPUTED[subject.type] ?? {})) {
    const set = outputs[key];
    if (typeof template !== "function" && isMap(template) && isMap(set)) {
      outputs[key] = { ...mapValues(template, () => UNKNOWN_VALUE), ...set };
    }
  }
  for (const [key, kind] of typeSchema(subject.type)?.outputs ?? []) {
    if (!(key in outputs) && !kind.optional) {
      outputs[key] = knownBeforehand(key, subject.inputs, place) ?? UNKNOWN_VALUE;
    }
  }
  return outputs;
}

function knownBeforehand(key: string, inputs: PropertyMap, place: Place): PropertyValue | undefined {
  const known: PropertyMap = { region: place.region, tagsAll: inputs["tags"] ?? {} };
  return known[key];
}

function defaultEntry({ type, inputs }: Subject): { readonly id: string } & PropertyMap {
  const [, module = ""] = type.split(":");
  const [service = "", kind = ""] = module.split("/");
  const id = typeof inputs["name"] === "string" ? "{name}" : `${kind}-{hex:12}`;
  return typeSchema(type)?.outputs.has("arn")
    ? { id, arn: `arn:{partition}:${service}:{region}:{account}:${kind}/{id}` }
    : { id };
}

function plainValue(
  key: string,
  shape: "text" | "number" | "flag" | "list" | "object",
  subject: Subject & { region: string },
): PropertyValue {
  switch (shape) {
    case "number":
      return 0;
    case "flag":
      return false;
    case "list":
      return [];
    case "object":
      return key === "tagsAll" ? (subject.inputs["tags"] ?? {}) : {};
    default:
      return key === "region" ? subject.region : `${key}-${digest(`${subject.urn}#${key}`, 8)}`;
  }
}

/** The value of a property by its path; what the table says of it is worked out when it is first asked for. */
type Lookup = (path: string) => PropertyValue | undefined;

function fill(template: Template, lookup: Lookup, seed: string): PropertyValue {
  if (typeof template === "function") {
    return template(lookup);
  }
  if (isList(template)) {
    return template.map((element, index) => fill(element, lookup, `${seed}/${index}`));
  }
  if (isMap(template)) {
    return mapValues(template, (element, key) => fill(element, lookup, `${seed}/${key}`));
  }
  if (typeof template !== "string") {
    return template;
  }
  const whole = /^\{([^{}]+)\}$/.exec(template)?.[1];
  return whole === undefined
    ? template.replaceAll(/\{([^{}]+)\}/g, (_match, expression: string, at: number) =>
        String(place(expression, lookup, `${seed}@${at}`)),
      )
    : place(whole, lookup, seed);
}

/** The value that one `{...}` of a template stands for. */
function place(expression: string, lookup: Lookup, seed: string): PropertyValue {
  const [kind, length] = expression.split(":");
  if (length !== undefined) {
    return generated(kind ?? "", Number(length), seed);
  }
  return (
    expression
      .split("|")
      .map(lookup)
      .find((value) => value !== undefined && value !== null) ?? ""
  );
}

function generated(kind: string, length: number, seed: string): string {
  switch (kind) {
    case "hex":
      return digest(seed, length);
    case "digits":
      return [...digest(seed, length)].map((digit) => Number.parseInt(digit, 16) % 10).join("");
    case "upper":
      return digest(seed, length, 36).toUpperCase();
    default:
      throw new Error(`"{${kind}:${length}}" is not a template; hex, digits and upper take a length`);
  }
}

export function digest(seed: string, length: number, radix = 16): string {
  const hex = createHash("sha256").update(seed).digest("hex");
  const text = radix === 16 ? hex : BigInt(`0x${hex}`).toString(radix);
  return text.slice(0, length);
}
