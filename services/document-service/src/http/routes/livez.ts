import { refuseOtherMethods } from "../method-not-allowed.ts";
import { liveness } from "../schemas.ts";
import type { App } from "../zod-types.ts";

/** Says that the process answers, and asks nothing else: a dependency that is down is no reason to restart it (C-18). */
export function livenessRoute(app: App): void {
  app.get("/livez", { schema: { response: { 200: liveness } } }, async (_request, reply) => {
    reply.header("cache-control", "no-store");
    return { status: "alive" as const };
  });
  refuseOtherMethods(app, "/livez", ["GET", "HEAD"]);
}
