import { createRequire } from "node:module";
import { changedProperties, isMap, type PropertyMap, type PropertyValue } from "../property.ts";
import type {
  CheckFailure,
  CheckRequest,
  CheckResult,
  DiffRequest,
  DiffResult,
  Provider,
  ProviderPackage,
} from "../provider.ts";

import { createdOutputs, digest, type Place, previewedOutputs } from "./computed.ts";
import { invoke } from "./invokes.ts";
import { replacingInputs } from "./replacement.ts";
import { type TypeSchema, typeSchema } from "./schema.ts";

const DEFAULT_ACCOUNT = "123456789012";
const { version }: { version: string } = createRequire(import.meta.url)("@pulumi/aws/package.json");

/** A stand-in for the aws provider: the types and properties of the installed SDK, values that AWS could answer. */
export const awsPackage: ProviderPackage = { name: "aws", version, configure };

function configure(config: PropertyMap): Provider {
  const place: Place = {
    region: typeof config["region"] === "string" ? config["region"] : "us-east-1",
    account: accountOf(config),
    partition: "aws",
  };
  const defaultTags = tagsOf(config);
  return {
    check: (request) => check(request, defaultTags),
    diff,
    create: (request) =>
      request.preview
        ? { id: "", outputs: previewedOutputs(request, place) }
        : createdOutputs(request, place),
    read: ({ id, ...request }) => ({ ...createdOutputs(request, place).outputs, ...request.inputs }),
    invoke: (token, args) => invoke(token, args, place),
  };
}

function check({ urn, type, name, inputs }: CheckRequest, defaultTags: PropertyMap): CheckResult {
  const schema = typeSchema(type);
  if (schema === undefined) {
    return { inputs, failures: [{ property: "type", reason: `@pulumi/aws has no type ${type}` }] };
  }
  const failures: CheckFailure[] = [
    ...Object.keys(inputs)
      .filter((property) => !schema.inputs.has(property))
      .map((property) => ({ property, reason: "the type has no such input" })),
    ...schema.required
      .filter((property) => inputs[property] === undefined)
      .map((property) => ({ property, reason: "is required and missing" })),
  ];
  const named = { ...automaticName(urn, type, name, schema, inputs), ...inputs };
  return { inputs: withTags(named, schema, defaultTags), failures };
}

/** Types whose name the program may leave out get the Pulumi name and a suffix, as the real provider's Check does. */
function automaticName(
  urn: string,
  type: string,
  name: string,
  schema: TypeSchema,
  inputs: PropertyMap,
): PropertyMap {
  const property = type === "aws:s3/bucket:Bucket" ? "bucket" : "name";
  const output = schema.outputs.get(property);
  const chosen = [property, `${property}Prefix`].some((key) => inputs[key] !== undefined);
  const applies = schema.inputs.has(property) && output !== undefined && !output.optional && !chosen;
  return applies ? { [property]: `${name}-${digest(urn, 7)}` } : {};
}

function withTags(inputs: PropertyMap, schema: TypeSchema, defaultTags: PropertyMap): PropertyMap {
  const own = inputs["tags"] ?? {};
  if (!schema.outputs.has("tagsAll") || !schema.inputs.has("tags") || !isMap(own)) {
    return inputs;
  }
  const tags = { ...defaultTags, ...own };
  return Object.keys(tags).length === 0 ? inputs : { ...inputs, tags };
}

function diff({ type, oldInputs, newInputs }: DiffRequest): DiffResult {
  const changed = changedProperties(oldInputs, newInputs);
  const replacing = replacingInputs(type, typeSchema(type)?.replacing ?? new Set());
  return { changed, replaces: changed.filter((key) => replacing.has(key)), deleteBeforeReplace: false };
}

/** The provider's nested settings arrive as JSON text. */
function setting(config: PropertyMap, key: string): PropertyValue | undefined {
  const value = config[key];
  return typeof value === "string" && /^[[{]/.test(value) ? JSON.parse(value) : value;
}

function tagsOf(config: PropertyMap): PropertyMap {
  const declared = setting(config, "defaultTags");
  const tags = isMap(declared) ? declared["tags"] : undefined;
  return isMap(tags) ? tags : {};
}

function accountOf(config: PropertyMap): string {
  const allowed = setting(config, "allowedAccountIds");
  const first = Array.isArray(allowed) ? allowed[0] : undefined;
  return typeof first === "string" && /^\d{12}$/.test(first) ? first : DEFAULT_ACCOUNT;
}
