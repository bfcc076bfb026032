/**
 * Property values as Pulumi's protocol carries them: JSON, with unknowns, secrets, resource references and output
 * values as marked strings and objects. The offline engine and the local providers work on this form directly, so
 * that nothing is converted on the way between them.
 */
import { isDeepStrictEqual } from "node:util";

export type PropertyValue = null | boolean | number | string | readonly PropertyValue[] | PropertyMap;
export interface PropertyMap {
  readonly [key: string]: PropertyValue;
}

/** The protocol's marker for "known only after the update". */
export const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT_SIGNATURE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE_SIGNATURE = "5cf8f73096256a8f31e491e813e4eb8e";

export function isMap(value: PropertyValue | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: PropertyValue | undefined): value is readonly PropertyValue[] {
  return Array.isArray(value);
}

export function secretValue(value: PropertyValue): PropertyMap {
  return { [SIGNATURE]: SECRET_SIGNATURE, value };
}

export function resourceReference(urn: string, id?: string): PropertyMap {
  return { [SIGNATURE]: RESOURCE_SIGNATURE, urn, ...(id === undefined ? {} : { id }) };
}

export function isSecretValue(value: PropertyValue): value is PropertyMap {
  return isMap(value) && value[SIGNATURE] === SECRET_SIGNATURE;
}

const ASSET_SIGNATURE = "c44067f5952c0a294b673a41bacd8c17";
const ARCHIVE_SIGNATURE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** A file, or a tree of files, that goes to a provider by value. */
export function isAsset(value: PropertyValue): value is PropertyMap {
  return isMap(value) && (value[SIGNATURE] === ASSET_SIGNATURE || value[SIGNATURE] === ARCHIVE_SIGNATURE);
}

export function isResourceReference(value: PropertyValue): value is PropertyMap {
  return isMap(value) && value[SIGNATURE] === RESOURCE_SIGNATURE;
}

function isOutputValue(value: PropertyValue): value is PropertyMap {
  return isMap(value) && value[SIGNATURE] === OUTPUT_SIGNATURE;
}

export function mapValues(
  map: PropertyMap,
  transform: (value: PropertyValue, key: string) => PropertyValue,
): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, transform(value, key)]));
}

/** Output values become what they hold: an unknown, a secret or the plain value. */
export function downgradeOutputs(value: PropertyValue): PropertyValue {
  if (isList(value)) {
    return value.map(downgradeOutputs);
  }
  if (isOutputValue(value)) {
    const inner = "value" in value ? downgradeOutputs(value["value"] ?? null) : UNKNOWN_VALUE;
    return value["secret"] === true ? secretValue(inner) : inner;
  }
  return isMap(value) ? mapValues(value, downgradeOutputs) : value;
}

/** The resources that output values inside `value` say they depend on. */
export function outputDependencies(value: PropertyValue, into: Set<string> = new Set()): Set<string> {
  if (isList(value)) {
    for (const element of value) {
      outputDependencies(element, into);
    }
  } else if (isMap(value)) {
    if (isOutputValue(value) && isList(value["dependencies"])) {
      for (const urn of value["dependencies"]) {
        into.add(String(urn));
      }
    }
    for (const element of Object.values(value)) {
      outputDependencies(element, into);
    }
  }
  return into;
}

/** The same value without secret marks: what a provider that does not track secrets is handed. */
export function unwrapSecrets(value: PropertyValue): PropertyValue {
  if (isList(value)) {
    return value.map(unwrapSecrets);
  }
  if (isSecretValue(value)) {
    return unwrapSecrets(value["value"] ?? null);
  }
  return isMap(value) ? mapValues(value, unwrapSecrets) : value;
}

/** What a provider is handed: no secret marks, and ids in place of references to resources. */
export function plainValue(value: PropertyValue): PropertyValue {
  if (isList(value)) {
    return value.map(plainValue);
  }
  if (isSecretValue(value)) {
    return plainValue(value["value"] ?? null);
  }
  if (isResourceReference(value)) {
    return value["id"] || (value["urn"] ?? null);
  }
  return isMap(value) ? mapValues(value, plainValue) : value;
}

export function containsSecrets(value: PropertyValue): boolean {
  if (isList(value)) {
    return value.some(containsSecrets);
  }
  return isSecretValue(value) || (isMap(value) && Object.values(value).some(containsSecrets));
}

/**
 * Marks in `values` what is secret at the same place in `inputs`. A provider is handed plain values; this restores
 * the marks on what it hands back, as the engine does.
 */
export function annotateSecrets(values: PropertyMap, inputs: PropertyMap): PropertyMap {
  return mapValues(values, (value, key) => {
    const input = inputs[key];
    return input === undefined ? value : annotateSecret(value, input);
  });
}

function annotateSecret(value: PropertyValue, input: PropertyValue): PropertyValue {
  if (isSecretValue(value)) {
    return value;
  }
  if (isSecretValue(input)) {
    return secretValue(value);
  }
  if (isMap(value) && isMap(input)) {
    return annotateSecrets(value, input);
  }
  if (isList(value) && isList(input)) {
    // Elements may have moved, so one secret element makes the whole list secret when the lengths differ.
    if (value.length !== input.length) {
      return containsSecrets([...input]) ? secretValue(value) : value;
    }
    return value.map((element, index) => annotateSecret(element, input[index] ?? null));
  }
  return value;
}

export function containsUnknowns(value: PropertyValue): boolean {
  if (isList(value)) {
    return value.some(containsUnknowns);
  }
  if (isOutputValue(value) && !("value" in value)) {
    return true;
  }
  return value === UNKNOWN_VALUE || (isMap(value) && Object.values(value).some(containsUnknowns));
}

/** Wraps top-level properties as output values that carry `dependencies`; what carries them already stays. */
export function addDependencies(
  map: PropertyMap,
  dependencies: Readonly<Record<string, readonly string[]>>,
): PropertyMap {
  return mapValues(map, (value, key) => {
    const wanted = dependencies[key] ?? [];
    const present = outputDependencies(value);
    return wanted.every((urn) => present.has(urn)) ? value : outputValue(value, [...wanted]);
  });
}

/** A value together with what it depends on, as remote components and transforms receive it. */
export function outputValue(value: PropertyValue, dependencies: readonly string[]): PropertyMap {
  const secret = isSecretValue(value);
  const inner = secret ? (value["value"] ?? null) : value;
  return {
    [SIGNATURE]: OUTPUT_SIGNATURE,
    ...(inner === UNKNOWN_VALUE ? {} : { value: inner }),
    ...(secret ? { secret: true } : {}),
    dependencies,
  };
}

/** Top-level properties that two maps do not have in common, sorted. */
export function changedProperties(before: PropertyMap, after: PropertyMap): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !isDeepStrictEqual(before[key], after[key])).sort();
}
