import type { Health } from "../../documents/health.ts";
import { refuseOtherMethods } from "../method-not-allowed.ts";
import { health } from "../schemas.ts";
import type { App } from "../zod-types.ts";

/** What load balancers and Route 53 ask: 503 only when documents cannot be served from here (DOC-03, C-18). */
export function healthRoute(
  app: App,
  { checkHealth }: { readonly checkHealth: () => Promise<Health> },
): void {
  app.get("/health", { schema: { response: { 200: health, 503: health } } }, async (_request, reply) => {
    const found = await checkHealth();
    return reply
      .code(found.status === "unhealthy" ? 503 : 200)
      .header("cache-control", "no-store")
      .send(found);
  });
  refuseOtherMethods(app, "/health", ["GET", "HEAD"]);
}
