import type { PolicyConfigSchema } from "@pulumi/policy";
import { z } from "zod";
import { type Waiver, waiver } from "./waiver.ts";

const waivers = z.array(waiver).default([]).describe("Resources that may break this rule until a day");

/**
 * What a stack may set for one rule: the rule's own settings and its waivers. One schema gives the rule its typed
 * values, the engine its JSON schema, and the check command its error messages.
 */
export class Settings<S extends z.ZodRawShape> {
  /** Strict: a misspelt key is an error. */
  readonly schema: z.ZodObject;
  readonly #own: z.ZodObject<S>;

  constructor(own: S) {
    this.#own = z.object(own);
    this.schema = z.strictObject({ ...own, waivers });
  }

  read(raw: object): { readonly config: z.infer<z.ZodObject<S>>; readonly waivers: readonly Waiver[] } {
    this.schema.parse(raw);
    return { config: this.#own.parse(raw), waivers: z.object({ waivers }).parse(raw).waivers };
  }

  get jsonSchema(): PolicyConfigSchema {
    // What goes over the wire is plain JSON, and a key with a default is optional to whoever writes the file.
    const { properties, required } = z.toJSONSchema(this.schema, { io: "input" });
    return { properties: JSON.parse(JSON.stringify(properties)), required: [...(required ?? [])] };
  }
}
