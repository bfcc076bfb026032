/** Pulumi.yaml and Pulumi.<stack>.yaml, read as the CLI reads them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { SECRET } from "./plan.ts";

/** The folder of this repository's Pulumi.yaml. */
export const PROJECT_ROOT = fileURLToPath(new URL("../../", import.meta.url));

export interface StackConfig {
  readonly project: string;
  /** Full path of the program. */
  readonly main: string;
  /** `namespace:key` to text; objects and lists are JSON with sorted keys. */
  readonly config: Readonly<Record<string, string>>;
  /** Keys that hold a secret somewhere; its text is masked, for the key to decrypt it is not needed here. */
  readonly secretKeys: readonly string[];
}

/** The project or a stack file is missing or cannot be understood: the person's to mend. */
export class ProjectError extends Error {
  override readonly name = "ProjectError";
}

type Mapping = Readonly<Record<string, unknown>>;

/**
 * The configuration that the program of one stack gets. A stack file's value replaces the project's as a whole, and
 * `overrides` (values as in the stack file) replace both.
 */
export function readStackConfig(root: string, stack: string, overrides: Mapping = {}): StackConfig {
  const project = readYaml(join(root, "Pulumi.yaml"));
  const name = project["name"];
  if (typeof name !== "string") {
    throw new ProjectError(`${join(root, "Pulumi.yaml")} has no name`);
  }
  const file = join(root, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) {
    throw new ProjectError(
      `there is no stack "${stack}": ${file} does not exist. There are ${stackNames(root).join(", ") || "none"}`,
    );
  }
  const values: Record<string, unknown> = {
    ...qualified(projectDefaults(mapping(project["config"])), name),
    ...qualified(mapping(readYaml(file)["config"]), name),
    ...qualified(overrides, name),
  };
  const entries = Object.entries(values);
  return {
    project: name,
    main: resolve(root, typeof project["main"] === "string" ? project["main"] : "index.ts"),
    config: Object.fromEntries(entries.map(([key, value]) => [key, toText(mask(value))])),
    secretKeys: entries.filter(([, value]) => hasSecret(value)).map(([key]) => key),
  };
}

/** The stacks that have a file, sorted. */
export function stackNames(root: string = PROJECT_ROOT): string[] {
  return readdirSync(root)
    .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [])
    .sort();
}

/** @throws ProjectError with file, line and column when the file cannot be read as YAML */
export function readYaml(file: string): Mapping {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    throw new ProjectError(`${file} cannot be read`);
  }
  try {
    return mapping(parse(text));
  } catch (error) {
    throw new ProjectError(
      `${file} is not valid YAML: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function mapping(value: unknown): Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** A project declares a key as `{value: ...}`, as `{default: ...}` with a type, or as the plain value. */
function projectDefaults(config: Mapping): Mapping {
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, declared]) => {
      const object = mapping(declared);
      const described = "value" in object || "default" in object || "type" in object;
      const value = described ? (object["value"] ?? object["default"]) : declared;
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function qualified(values: Mapping, project: string): Mapping {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value]),
  );
}

function isSecure(value: unknown): boolean {
  const object = mapping(value);
  return typeof object["secure"] === "string" && Object.keys(object).length === 1;
}

function hasSecret(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.some(hasSecret);
  }
  return isSecure(value) || Object.values(mapping(value)).some(hasSecret);
}

/** Secrets give way to the mask; keys are sorted, as the CLI's JSON has them. */
function mask(value: unknown): unknown {
  if (isSecure(value)) {
    return SECRET;
  }
  if (Array.isArray(value)) {
    return value.map(mask);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const object = mapping(value);
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .map((key) => [key, mask(object[key])]),
  );
}

function toText(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value ?? "");
}
