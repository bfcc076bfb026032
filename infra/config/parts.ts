import type { z } from "zod";
import { type ConfigProblem, keyOf } from "./problems.ts";
import { type ConfigValues, configSchema } from "./schema.ts";

export type Raw = Readonly<Record<string, unknown>>;
type Part = keyof ConfigValues & string;

/** The well-formed parts of a configuration. */
export class Parts {
  readonly #raw: Raw;
  readonly #broken: readonly string[];

  constructor(raw: Raw, broken: ReadonlySet<string>) {
    this.#raw = raw;
    this.#broken = [...broken];
  }

  isMissing(key: Part): boolean {
    return this.#raw[key] === undefined;
  }

  get<K extends Part>(key: K): ConfigValues[K] | undefined {
    const path = keyOf([key]);
    if (this.#broken.some((other) => other === path || other.startsWith(`${path}.`))) {
      return undefined;
    }
    const schema: z.ZodType = configSchema.shape[key];
    const parsed = schema.safeParse(this.#raw[key]);
    return parsed.success ? (parsed.data as ConfigValues[K]) : undefined;
  }
}

/** The problem of a key that is missing. */
export function need(path: readonly PropertyKey[], allowed: string, fix: string): ConfigProblem {
  return { key: keyOf(path), allowed, fix };
}
