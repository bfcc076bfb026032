import { randomUUID } from "node:crypto";
import fastify, { type FastifyInstance } from "fastify";
import type { Config } from "../config.ts";
import type { Documents } from "../documents/documents.ts";
import type { Health } from "../documents/health.ts";
import type { Log } from "../documents/log.ts";
import { sendClientProblem, sendProblem, sendRouteNotFound } from "./errors.ts";
import { RequestLog } from "./request-log.ts";
import { healthRoute } from "./routes/health.ts";
import { livenessRoute } from "./routes/livez.ts";
import { putDocumentRoute } from "./routes/put-document.ts";
import { readDocumentRoute } from "./routes/read-document.ts";
import { withZodTypes } from "./zod-types.ts";

export interface UseCases {
  readonly documents: Documents;
  readonly checkHealth: () => Promise<Health>;
}

export type AppOptions = Pick<Config, "logLevel" | "allowedContentTypes">;

/** The HTTP side of the service, not yet listening. The use cases are made with the app's logger. */
export function createApp(options: AppOptions, createUseCases: (log: Log) => UseCases): FastifyInstance {
  const server = fastify({
    logger: { level: options.logLevel },
    logController: new RequestLog({ requestIdLogLabel: "requestId" }),
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 16 * 1024 },
    // Longer than the load balancer keeps an idle connection (60 s), so that it never uses one that just closed.
    keepAliveTimeout: 65_000,
    // The whole request, body included, must arrive in this time.
    requestTimeout: 300_000,
    // A request that arrives on an open connection while the service drains is still served.
    return503OnClosing: false,
    frameworkErrors: sendProblem,
    clientErrorHandler: sendClientProblem,
  });
  server.setErrorHandler(sendProblem);
  server.setNotFoundHandler(sendRouteNotFound);
  // Bodies are documents: handlers stream them from the socket, nothing parses or buffers them.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (_request, _body, done) => done(null));

  const app = withZodTypes(server);
  const { documents, checkHealth } = createUseCases(server.log);
  putDocumentRoute(app, { documents, allowedContentTypes: options.allowedContentTypes });
  readDocumentRoute(app, { documents });
  healthRoute(app, { checkHealth });
  livenessRoute(app);
  return server;
}
