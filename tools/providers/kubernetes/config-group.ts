/** Remote components of the kubernetes package: manifests that become one resource an object. */
import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import { Construction, referenceTo, type Tracked } from "../construct.ts";
import {
  containsUnknowns,
  isList,
  isMap,
  type PropertyMap,
  type PropertyValue,
  secretValue,
  UNKNOWN_VALUE,
  unwrapSecrets,
} from "../property.ts";
import type { ConstructMonitor, ConstructRequest, ConstructResult } from "../provider.ts";

export async function constructKubernetes(
  request: ConstructRequest,
  monitor: ConstructMonitor,
): Promise<ConstructResult> {
  if (!/^kubernetes:yaml\/v2:(ConfigGroup|ConfigFile)$/.test(request.type)) {
    throw new Error(
      `the local kubernetes provider does not make ${request.type}; it makes yaml/v2 ConfigGroup and ConfigFile`,
    );
  }
  const construction = await Construction.begin(request, monitor);
  const sources = ["objs", "yaml", "files", "file"].flatMap((key) => construction.input(key) ?? []);
  if (sources.some(({ value }) => containsUnknowns(value))) {
    // As the real provider does: what is in an unknown manifest is known only after the update.
    return construction.end({ resources: { value: UNKNOWN_VALUE, dependencies: [] } });
  }
  const prefix = unwrapSecrets(construction.input("resourcePrefix")?.value ?? request.name);
  const resources: Tracked[] = [];
  for (const object of manifestObjects(construction)) {
    resources.push(await register(construction, String(prefix), object));
  }
  return construction.end({
    resources: {
      value: resources.map(({ value }) => value),
      dependencies: resources.flatMap(({ dependencies }) => dependencies),
    },
  });
}

function manifestObjects(construction: Construction): PropertyMap[] {
  const plain = (key: string) => unwrapSecrets(construction.input(key)?.value ?? null);
  const texts = [
    plain("yaml"),
    ...listOf(plain("files")).map(readManifest),
    ...listOf(plain("file")).map(readManifest),
  ];
  return [
    ...listOf(plain("objs")),
    ...texts.filter((text) => typeof text === "string").flatMap(parseManifest),
  ]
    .filter(isMap)
    .flatMap((object) => (isList(object["items"]) ? object["items"].filter(isMap) : [object]));
}

function listOf(value: PropertyValue): readonly PropertyValue[] {
  return isList(value) ? value : value === null ? [] : [value];
}

function readManifest(path: PropertyValue): string {
  return readFileSync(String(path), "utf8");
}

function parseManifest(text: string): PropertyValue[] {
  return parseAllDocuments(text).map((document) => document.toJS());
}

async function register(construction: Construction, prefix: string, object: PropertyMap): Promise<Tracked> {
  const { apiVersion, kind } = object;
  const metadata = isMap(object["metadata"]) ? object["metadata"] : {};
  const { name, namespace } = metadata;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || typeof name !== "string") {
    throw new Error(
      `an object of "${construction.request.name}" lacks apiVersion, kind or metadata.name: ${JSON.stringify(object).slice(0, 100)}`,
    );
  }
  // The core group has no name in apiVersion and is "core" in a type.
  const group = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
  const qualified = typeof namespace === "string" ? `${namespace}/${name}` : name;
  const child = await construction.custom({
    type: `kubernetes:${group}:${kind}`,
    name: `${prefix}-${qualified}`,
    inputs: kind === "Secret" && apiVersion === "v1" ? hideData(object) : object,
  });
  return referenceTo(child);
}

function hideData(object: PropertyMap): PropertyMap {
  const hidden = ["data", "stringData"].flatMap((key) => {
    const value = object[key];
    return value === undefined ? [] : [[key, secretValue(value)] as const];
  });
  return { ...object, ...Object.fromEntries(hidden) };
}
