import type { FastifyInstance, FastifySchemaCompiler, FastifyTypeProvider } from "fastify";
import type { FastifySerializerCompiler } from "fastify/types/schema.js";
import { z } from "zod";

/** Route schemas are zod's, and so are the types that handlers see: one source for both. */
export interface ZodTypes extends FastifyTypeProvider {
  readonly validator: this["schema"] extends z.ZodType ? z.output<this["schema"]> : unknown;
  readonly serializer: this["schema"] extends z.ZodType ? z.input<this["schema"]> : unknown;
}

export type App = ReturnType<typeof withZodTypes>;

export function withZodTypes(app: FastifyInstance) {
  return app
    .setValidatorCompiler(compileValidator)
    .setSerializerCompiler(compileSerializer)
    .withTypeProvider<ZodTypes>();
}

const compileValidator: FastifySchemaCompiler<unknown> = ({ schema }) => {
  if (!(schema instanceof z.ZodType)) throw new TypeError("A route schema is not a zod schema");
  return (data) => {
    const result = schema.safeParse(data);
    return result.success ? { value: result.data } : { error: result.error };
  };
};

// Responses are checked by the compiler: checking them again at run time would only slow them.
const compileSerializer: FastifySerializerCompiler<unknown> = () => (data) => JSON.stringify(data);
