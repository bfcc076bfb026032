/**
 * From raw entries to the effective configuration, without Pulumi: the same function serves the program, the command line
 * and the tests. All mistakes come out at once.
 */
import type { z } from "zod";
import { type ConfigProblem, keyOf, keysOf, metaOf, nearest, schemaAt, show, unwrap } from "./problems.ts";
import { crossFieldProblems } from "./rules.ts";
import { type ConfigValues, configSchema } from "./schema.ts";

/** Raw values by key without the namespace; strings hold JSON where the schema wants more than a string. */
export type ConfigEntries = Readonly<Record<string, unknown>>;

export interface ParsedConfig {
  /** Present only when there is no problem. */
  readonly values?: ConfigValues;
  readonly problems: readonly ConfigProblem[];
}

export function parseConfig(entries: ConfigEntries): ParsedConfig {
  const raw = Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, decode(key, value)]));
  const parsed = configSchema.safeParse(raw);
  const problems = parsed.success ? [] : parsed.error.issues.flatMap((issue) => problemsOf(issue, raw));
  const all = [...problems, ...crossFieldProblems(raw, new Set(problems.map((problem) => problem.key)))];
  return parsed.success && all.length === 0 ? { values: parsed.data, problems: [] } : { problems: all };
}

/** Pulumi hands every value over as a string: an object as JSON, a number or boolean as its text. */
function decode(key: string, value: unknown): unknown {
  const schema = schemaAt(configSchema, [key]);
  if (typeof value !== "string" || schema === undefined || isText(schema)) {
    return value;
  }
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function isText(schema: z.core.$ZodType): boolean {
  return ["string", "enum"].includes(unwrap(schema)._zod.def.type);
}

function problemsOf(issue: z.core.$ZodIssue, raw: Record<string, unknown>): ConfigProblem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => unknownKey([...issue.path, key], valueAt(raw, [...issue.path, key])));
  }
  const schema = schemaAt(configSchema, issue.path);
  const value = valueAt(raw, issue.path);
  const allowed = allowedValues(issue, schema);
  const key = keyOf(issue.path);
  if (value === undefined) {
    return [{ key, allowed, fix: `add ${key}${meaning(schema)}` }];
  }
  return [{ key, value: show(value), allowed, fix: fixFor(issue, allowed) }];
}

function unknownKey(path: readonly PropertyKey[], value: unknown): ConfigProblem {
  const known = keysOf(schemaAt(configSchema, path.slice(0, -1)));
  const meant = nearest(String(path.at(-1)), known);
  const fix = meant === undefined ? "remove it" : `rename it to ${keyOf([...path.slice(0, -1), meant])}`;
  return { key: keyOf(path), value: show(value), allowed: `one of ${known.join(", ")}`, fix };
}

function allowedValues(issue: z.core.$ZodIssue, schema: z.core.$ZodType | undefined): string {
  const told = metaOf(schema).allowed;
  if (told !== undefined) {
    return told;
  }
  switch (issue.code) {
    case "invalid_value":
      return issue.values.map(String).join(" or ");
    case "too_small":
      return `${issue.minimum} or more`;
    case "too_big":
      return `${issue.maximum} or less`;
    case "invalid_format":
      return issue.pattern === undefined ? issue.format : `text that matches ${issue.pattern}`;
    case "invalid_type":
      return `a value of type ${issue.expected}`;
    default:
      return issue.message;
  }
}

function fixFor(issue: z.core.$ZodIssue, allowed: string): string {
  return issue.code === "invalid_type" && issue.expected === "string"
    ? "put the value in quotes, so that YAML reads it as text"
    : `choose ${allowed}`;
}

function meaning(schema: z.core.$ZodType | undefined): string {
  const { description } = metaOf(schema);
  return description === undefined ? "" : `: ${description}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null) {
      return undefined;
    }
    current = Reflect.get(current, step);
  }
  return current;
}
