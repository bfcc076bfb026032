import type { Socket } from "node:net";
import type { FastifyReply, FastifyRequest } from "fastify";
import { HttpError, type Problem, plainProblem, problemType, toProblem } from "./problem.ts";

const retryAfterSeconds = 1;

/** Answers any error, from wherever it comes, as problem details. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  // Nobody will read what is left of a refused body: discard it, or its connection stays open, half read.
  request.raw.resume();
  const problem = toProblem(error);
  if (problem.status === 500) request.log.error({ err: error }, "Request failed");
  else if (problem.status > 500) request.log.warn({ err: error }, "Request could not be served");
  if (problem.status === 503) reply.header("retry-after", retryAfterSeconds);
  reply
    .code(problem.status)
    .header("cache-control", "no-store")
    .type(problemType)
    .serializer((body: Problem) => JSON.stringify(body))
    .send({ ...problem, requestId: request.id } satisfies Problem);
}

export function sendRouteNotFound(request: FastifyRequest, reply: FastifyReply): void {
  const error = new HttpError("route-not-found", "The service has /documents/{id}, /health and /livez");
  sendProblem(error, request, reply);
}

const statusOfParseError: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** What Node could not parse never becomes a request: answer on the socket itself. */
export function sendClientProblem(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = statusOfParseError[error.code ?? ""] ?? 400;
  const problem = plainProblem(status, "The request is not valid HTTP, is too long or came too slowly");
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${status} ${problem.title}\r\nContent-Type: ${problemType}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
