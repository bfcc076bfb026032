import type { HTTPMethods } from "fastify";
import { HttpError } from "./problem.ts";
import type { App } from "./zod-types.ts";

/** Answers every other method on a path with 405 and the list of those it has, as RFC 9110 asks. */
export function refuseOtherMethods(app: App, url: string, allowed: readonly HTTPMethods[]): void {
  const others = app.supportedMethods.filter((method) => !allowed.includes(method));
  app.route({
    method: others,
    url,
    handler: async (request, reply) => {
      reply.header("allow", allowed.join(", "));
      throw new HttpError("method-not-allowed", `${request.method} is not one of ${allowed.join(", ")}`);
    },
  });
}
