import { MIMEType } from "node:util";
import type { FastifyRequest } from "fastify";
import type { Documents } from "../../documents/documents.ts";
import { DocumentError } from "../../documents/errors.ts";
import { refuseOtherMethods } from "../method-not-allowed.ts";
import { HttpError } from "../problem.ts";
import { validators } from "../representation.ts";
import { conditionalHeaders, documentParams, writtenDocument } from "../schemas.ts";
import type { App } from "../zod-types.ts";

const maxContentTypeLength = 255;

export interface PutDocumentOptions {
  readonly documents: Documents;
  readonly allowedContentTypes: readonly string[];
}

/** PUT /documents/{id}: the body becomes the document; 201 if it is new, 200 if it replaced one (DOC-01). */
export function putDocumentRoute(app: App, { documents, allowedContentTypes }: PutDocumentOptions): void {
  app.put(
    "/documents/:id",
    {
      schema: {
        params: documentParams,
        headers: conditionalHeaders,
        response: { 200: writtenDocument, 201: writtenDocument },
      },
    },
    async (request, reply) => {
      requireWhole(request);
      const { "if-match": ifMatch, "if-none-match": ifNoneMatch } = request.headers;
      const { record, created } = await documents.put({
        id: request.params.id,
        contentType: allowedContentType(request.raw.headers["content-type"], allowedContentTypes),
        // The socket must survive a body that is not read to its end: the refusal is sent over it.
        body: request.raw.iterator({ destroyOnReturn: false }),
        announcedBytes: announcedBytes(request),
        preconditions: { ifMatch, ifNoneMatch },
      });
      if (created) reply.header("location", `/documents/${record.id}`);
      const { id, version, contentType, size, sha256, modifiedAt } = record;
      return reply
        .code(created ? 201 : 200)
        .headers(validators(record))
        .send({ id, version, contentType, size, sha256, modifiedAt: new Date(modifiedAt).toISOString() });
    },
  );
  refuseOtherMethods(app, "/documents/:id", ["GET", "HEAD", "PUT"]);
}

/** Content is kept byte for byte, so a part of it or an encoding of it must not be taken for the whole (RFC 9110). */
function requireWhole({ raw }: FastifyRequest): void {
  const { "content-encoding": encoding = "identity", "content-range": range } = raw.headers;
  if (encoding !== "identity") {
    throw new HttpError(
      "content-not-storable",
      `Content-Encoding ${encoding} is not supported: send it unencoded`,
    );
  }
  if (range !== undefined)
    throw new HttpError("request-invalid", "Content-Range is not supported: send it whole");
}

function allowedContentType(header: string | undefined, allowed: readonly string[]): string {
  const type =
    header === undefined || header.length > maxContentTypeLength ? undefined : parseMediaType(header);
  if (type !== undefined && allowed.includes(type.essence)) return type.toString();
  const sent = type ? `${type.essence} is not allowed` : "Content-Type is missing or malformed";
  throw new DocumentError("content-type-not-allowed", `${sent}. Allowed: ${allowed.join(", ")}`);
}

function parseMediaType(header: string): MIMEType | undefined {
  try {
    return new MIMEType(header);
  } catch {
    return undefined;
  }
}

function announcedBytes({ raw }: FastifyRequest): number | undefined {
  const length = raw.headers["content-length"];
  return length === undefined ? undefined : Number(length);
}
