import {
  downgradeOutputs,
  isAsset,
  isList,
  isMap,
  isResourceReference,
  isSecretValue,
  type PropertyMap,
  type PropertyValue,
  secretValue,
  UNKNOWN_VALUE,
} from "../providers/property.ts";
import { type PlanObject, type PlanValue, SECRET, UNKNOWN } from "./plan.ts";

/** Protocol values as a plan shows them: unknowns and secrets by name, keys sorted. */
export function planObject(map: PropertyMap): PlanObject {
  return Object.fromEntries(
    Object.keys(map)
      .sort()
      .map((key) => [key, planValue(map[key] ?? null)]),
  );
}

function planValue(value: PropertyValue): PlanValue {
  if (value === UNKNOWN_VALUE) {
    return UNKNOWN;
  }
  if (isList(value)) {
    return value.map(planValue);
  }
  if (!isMap(value)) {
    // A text that was put together from an unknown is unknown itself.
    return typeof value === "string" && value.includes(UNKNOWN_VALUE) ? UNKNOWN : value;
  }
  if (isSecretValue(value)) {
    return SECRET;
  }
  if (isResourceReference(value)) {
    return value["urn"] === UNKNOWN_VALUE ? UNKNOWN : String(value["urn"]);
  }
  if (isAsset(value)) {
    return planObject(contentOf(value));
  }
  const plain = downgradeOutputs(value);
  return isMap(plain) && !isSecretValue(plain) ? planObject(plain) : planValue(plain);
}

/** The SDK's marks and the engine's hash are bookkeeping; the content says everything. */
function contentOf(asset: PropertyMap): PropertyMap {
  const { __pulumiAsset: _asset, __pulumiArchive: _archive, hash: _hash, ...content } = asset;
  return content;
}

/** The way back, for the outputs of one plan that another stack reads. */
export function protocolObject(object: PlanObject): PropertyMap {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, protocolValue(value)]));
}

function protocolValue(value: PlanValue): PropertyValue {
  if (value === UNKNOWN) {
    return UNKNOWN_VALUE;
  }
  if (value === SECRET) {
    return secretValue(SECRET);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Array.isArray(value) ? value.map(protocolValue) : protocolObject(value as PlanObject);
}
