import { z } from "zod";

/** One mistake in a stack's configuration, told so that its author can mend it. */
export interface ConfigProblem {
  /** Full key with path, for example `platform:cluster.version`. */
  readonly key: string;
  /** The value as written; absent when the key is missing. Never a secret: configuration holds none. */
  readonly value?: string;
  readonly allowed: string;
  readonly fix: string;
}

/** Every mistake of a stack's configuration at once. */
export class ConfigError extends Error {
  readonly stackName: string;
  readonly problems: readonly ConfigProblem[];

  constructor(stackName: string, problems: readonly ConfigProblem[]) {
    super(describeProblems(stackName, problems));
    this.name = "ConfigError";
    this.stackName = stackName;
    this.problems = problems;
  }
}

function describeProblems(stack: string, problems: readonly ConfigProblem[]): string {
  const width = Math.max(...problems.map((problem) => problem.key.length));
  const indent = " ".repeat(width + 4);
  const lines = problems.map((problem) => {
    const value = problem.value === undefined ? "is missing" : problem.value;
    return `  ${problem.key.padEnd(width)}  ${value}; allowed: ${problem.allowed}\n${indent}${problem.fix}`;
  });
  const count = problems.length === 1 ? "1 error" : `${problems.length} errors`;
  return `Pulumi.${stack}.yaml has ${count}\n\n${lines.join("\n")}`;
}

/** `["regions", "us-east-1", "cidr"]` to `platform:regions.us-east-1.cidr`. */
export function keyOf(path: readonly PropertyKey[]): string {
  return `platform:${path.map(String).join(".")}`;
}

export function show(value: unknown): string {
  const text = typeof value === "string" ? `"${value}"` : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** The closest of the known keys, when one is near enough to be what was meant. */
export function nearest(key: string, known: readonly string[]): string | undefined {
  const scored = known.map((candidate) => ({ candidate, distance: editDistance(key, candidate) }));
  scored.sort((a, b) => a.distance - b.distance);
  const best = scored[0];
  return best !== undefined && best.distance <= Math.max(2, key.length / 3) ? best.candidate : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The schema that validates the value at a path, or undefined where the path leaves the schema. */
export function schemaAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): z.core.$ZodType | undefined {
  let current: z.core.$ZodType | undefined = schema;
  for (const step of path) {
    current = current === undefined ? undefined : childSchema(current, step);
  }
  return current;
}

/** What the schema says about a key, whichever wrapper carries it. */
export function metaOf(schema: z.core.$ZodType | undefined): { description?: string; allowed?: string } {
  if (schema === undefined) {
    return {};
  }
  const { description, allowed } = z.globalRegistry.get(schema) ?? {};
  const inner = metaOf(definition(schema).innerType);
  return {
    description: description ?? inner.description,
    allowed: typeof allowed === "string" ? allowed : inner.allowed,
  };
}

type Definition = z.core.$ZodTypeDef & {
  readonly innerType?: z.core.$ZodType;
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly valueType?: z.core.$ZodType;
  readonly element?: z.core.$ZodType;
};

function definition(schema: z.core.$ZodType): Definition {
  return schema._zod.def;
}

/** Removes the wrappers `default`, `prefault` and `optional`. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const inner = definition(schema).innerType;
  return inner === undefined ? schema : unwrap(inner);
}

function childSchema(schema: z.core.$ZodType, step: PropertyKey): z.core.$ZodType | undefined {
  const inner = definition(unwrap(schema));
  if (inner.shape !== undefined) {
    return inner.shape[String(step)];
  }
  return inner.valueType ?? inner.element;
}

/** Keys that an object at this place may have; empty where it may have any or is no object. */
export function keysOf(schema: z.core.$ZodType | undefined): string[] {
  return schema === undefined ? [] : Object.keys(definition(unwrap(schema)).shape ?? {});
}
