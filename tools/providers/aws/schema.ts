/**
 * What the installed SDK knows of a resource type: its inputs, which of them are required, and its outputs. Read from
 * the class's own generated source, once for each type that a program uses, so that it never differs from the SDK.
 */
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export interface TypeSchema {
  readonly inputs: ReadonlySet<string>;
  readonly required: readonly string[];
  /** Every output; `optional` ones may have no value. Inputs are outputs, too. */
  readonly outputs: ReadonlyMap<string, OutputKind>;
  /** Inputs whose documentation says that a change replaces the resource. */
  readonly replacing: ReadonlySet<string>;
}

export interface OutputKind {
  readonly shape: "text" | "number" | "flag" | "list" | "object";
  readonly optional: boolean;
}

const SDK_FOLDER = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));
const cache = new Map<string, TypeSchema | undefined>();

/** Undefined when the SDK has no such type. */
export function typeSchema(type: string): TypeSchema | undefined {
  if (!cache.has(type)) {
    cache.set(type, readSchema(type));
  }
  return cache.get(type);
}

/** `aws:s3/bucket:Bucket` is the class in `s3/bucket.js`; the index module has no folder. */
function readSchema(type: string): TypeSchema | undefined {
  const [, module = ""] = type.split(":");
  const path = join(SDK_FOLDER, module.replace(/^index\//, ""));
  if (!existsSync(`${path}.js`)) {
    return undefined;
  }
  return parseSchema(readFileSync(`${path}.js`, "utf8"), readFileSync(`${path}.d.ts`, "utf8"));
}

function parseSchema(source: string, declarations: string): TypeSchema {
  const names = (pattern: RegExp) => [...source.matchAll(pattern)].map((match) => match[1] ?? "");
  return {
    inputs: new Set(names(/resourceInputs\["(\w+)"\] = .*\bargs\?\.\w+/g)),
    required: names(/Missing required property '(\w+)'/g),
    outputs: new Map(
      [...declarations.matchAll(/^ {4}readonly (\w+): pulumi\.Output<([\s\S]*?)>;$/gm)].map((match) => [
        match[1] ?? "",
        outputKind(match[2] ?? ""),
      ]),
    ),
    replacing: replacing(declarations),
  };
}

function outputKind(declared: string): OutputKind {
  const optional = / \| undefined$/.test(declared);
  const type = declared.replace(/ \| undefined$/, "");
  if (type.endsWith("[]")) {
    return { shape: "list", optional };
  }
  const shapes = { number: "number", boolean: "flag" } as const;
  if (type === "number" || type === "boolean") {
    return { shape: shapes[type], optional };
  }
  return { shape: /^\{|^outputs\./.test(type) ? "object" : "text", optional };
}

function replacing(declarations: string): Set<string> {
  const args = declarations.slice(declarations.search(/^export interface \w+Args \{/m));
  const documented = args.matchAll(/\/\*\*((?:[^*]|\*(?!\/))*)\*\/\s+(\w+)\??:/g);
  return new Set(
    [...documented]
      .filter(([, text = ""]) =>
        /forces? (?:the creation of )?(?:a )?(?:new|replacement|re-?creation)/i.test(text),
      )
      .map(([, , name = ""]) => name),
  );
}
