import { STATUS_CODES } from "node:http";
import { z } from "zod";
import { DocumentError, type DocumentErrorCode } from "../documents/errors.ts";

/** RFC 9457, with the request's id so that a report can be found in the log. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly requestId?: string;
}

export const problemType = "application/problem+json";

type HttpErrorCode = "route-not-found" | "method-not-allowed" | "request-invalid" | "content-not-storable";

/** What the HTTP layer itself refuses. */
export class HttpError extends Error {
  override readonly name = "HttpError";
  readonly code: HttpErrorCode;

  constructor(code: HttpErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

const catalogue: Readonly<Record<DocumentErrorCode | HttpErrorCode, { status: number; title: string }>> = {
  "request-invalid": { status: 400, title: "The request is malformed" },
  "upload-interrupted": { status: 400, title: "The upload was interrupted" },
  "route-not-found": { status: 404, title: "There is nothing at this path" },
  "document-not-found": { status: 404, title: "The document does not exist" },
  "method-not-allowed": { status: 405, title: "The method is not allowed here" },
  "precondition-failed": { status: 412, title: "The document is not in the state that was asked for" },
  "document-too-large": { status: 413, title: "The document is too large" },
  "content-type-not-allowed": { status: 415, title: "The content type is not allowed" },
  "content-not-storable": { status: 415, title: "The content cannot be stored as it is sent" },
  "storage-unavailable": { status: 503, title: "The document store is unavailable" },
  "content-unavailable": { status: 503, title: "The content is unavailable" },
  "outcome-unknown": { status: 503, title: "The outcome of the write is unknown" },
  "too-many-writers": { status: 503, title: "Too many writers" },
};

export function toProblem(error: unknown): Problem {
  if (error instanceof DocumentError || error instanceof HttpError) {
    const { status, title } = catalogue[error.code];
    return { type: typeOf(error.code), title, status, detail: error.message };
  }
  if (error instanceof z.ZodError) {
    const detail = error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
    return { type: typeOf("request-invalid"), ...catalogue["request-invalid"], detail };
  }
  if (error instanceof Error && "code" in error && error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    return toProblem(new DocumentError("content-type-not-allowed", "Content-Type is malformed"));
  }
  const status = clientErrorStatus(error);
  if (status !== undefined && error instanceof Error) return plainProblem(status, error.message);
  return plainProblem(500, "The service failed. Nothing that you can change about the request will help");
}

/** One without a type of its own: the status says it all. */
export function plainProblem(status: number, detail: string): Problem {
  return { type: "about:blank", title: STATUS_CODES[status] ?? "Error", status, detail };
}

function typeOf(code: DocumentErrorCode | HttpErrorCode): string {
  return `urn:document-service:problem:${code}`;
}

/** The framework's own refusals (a malformed path or media type) carry their status. */
function clientErrorStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("statusCode" in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === "number" && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
