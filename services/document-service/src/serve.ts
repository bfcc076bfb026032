import type { FastifyInstance } from "fastify";
import type { Config } from "./config.ts";
import type { Janitor } from "./documents/janitor.ts";
import { type Adapters, createService } from "./service.ts";

/** How often a draining service closes connections that have fallen idle. Milliseconds. */
const idleCheckMs = 50;

/** npm passes on the Ctrl-C that the terminal already sent: signals this close together are one. Milliseconds. */
const sameSignalMs = 1000;

/** Listens until SIGTERM or SIGINT, then drains. Resolves once it listens, with the address. */
export async function serve(config: Config, adapters: Adapters): Promise<{ url: string }> {
  const { app, janitor } = createService(config, adapters);
  const url = await app.listen({ host: config.host, port: config.port });
  const stopCleaning = keepCleaning(janitor, config.cleanupIntervalSeconds);
  drainOnSignal(app, config.shutdownGraceSeconds, async () => {
    await stopCleaning();
    await Promise.all([adapters.metadata.close(), adapters.content.close(), adapters.cache.close()]);
  });
  return { url };
}

/**
 * Stops accepting, lets requests under way end, closes the stores, exits 0. Whatever is left at the deadline, or at a
 * second signal that someone meant, is cut off and the exit code is 1.
 */
function drainOnSignal(app: FastifyInstance, graceSeconds: number, closeAdapters: () => Promise<void>): void {
  let since: number | undefined;
  const drain = async (signal: NodeJS.Signals) => {
    if (since !== undefined) {
      if (performance.now() - since > sameSignalMs) process.exit(1);
      return;
    }
    since = performance.now();
    app.log.info({ signal, graceSeconds }, "Draining");
    const deadline = setTimeout(() => {
      app.log.error("Requests were still under way at the end of the grace period");
      process.exit(1);
    }, graceSeconds * 1000);
    // A connection that was busy when the server closed stays open after its response unless someone closes it.
    const idleCheck = setInterval(() => app.server.closeIdleConnections(), idleCheckMs);
    await app.close();
    clearInterval(idleCheck);
    await closeAdapters();
    clearTimeout(deadline);
    app.log.info("Stopped");
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void drain(signal));
}

/** Cleans now and after each pause. Returns how to stop, which ends a round under way and waits for it. */
function keepCleaning(janitor: Janitor, intervalSeconds: number): () => Promise<void> {
  if (intervalSeconds === 0) return async () => {};
  let round = janitor.clean();
  const timer = setInterval(() => {
    round = round.then(() => janitor.clean());
  }, intervalSeconds * 1000);
  return async () => {
    clearInterval(timer);
    janitor.stop();
    await round;
  };
}
