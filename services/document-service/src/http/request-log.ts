import { type FastifyReply, type FastifyRequest, LogController } from "fastify";

/** One line a request, when it is over. The query string is left out: it may hold what nobody should read. */
export class RequestLog extends LogController {
  override incomingRequest(): void {}

  override routeNotFound(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const line = {
      method: request.method,
      path: request.url.split("?", 1)[0],
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    if (error) request.log.warn({ ...line, err: error }, "Response was cut short");
    else request.log.info(line, "Request");
  }
}
