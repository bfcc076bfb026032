import { type FastifyReply, type FastifyRequest, LogController } from "fastify";

/** Asked every few seconds by every load balancer, kubelet and health checker. */
const probes = new Set(["/health", "/livez"]);

/** One line a request, when it is over. The query string is left out: it may hold what nobody should read. */
export class RequestLog extends LogController {
  override incomingRequest(): void {}

  override routeNotFound(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const [path = ""] = request.url.split("?", 1);
    const line = {
      method: request.method,
      path,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    if (error) request.log.warn({ ...line, err: error }, "Response was cut short");
    else if (probes.has(path)) request.log.debug(line, "Request");
    else request.log.info(line, "Request");
  }
}
