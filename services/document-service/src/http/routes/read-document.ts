import type { Documents } from "../../documents/documents.ts";
import { DocumentError } from "../../documents/errors.ts";
import { evaluate } from "../../documents/preconditions.ts";
import { representation, validators } from "../representation.ts";
import { conditionalHeaders, documentParams } from "../schemas.ts";
import type { App } from "../zod-types.ts";

/** GET and HEAD /documents/{id}: the document, or its headers alone; cache first (DOC-02). */
export function readDocumentRoute(app: App, { documents }: { readonly documents: Documents }): void {
  app.route({
    method: ["GET", "HEAD"],
    url: "/documents/:id",
    schema: { params: documentParams, headers: conditionalHeaders },
    handler: async (request, reply) => {
      const found = await documents.find(request.params.id);
      const { "if-match": ifMatch, "if-none-match": ifNoneMatch } = request.headers;
      const verdict = evaluate({ ifMatch, ifNoneMatch }, found.record);
      if (verdict === "match-failed") {
        throw new DocumentError("precondition-failed", `The current version is "${found.record.version}"`);
      }
      if (verdict === "none-match-failed") return reply.code(304).headers(validators(found.record)).send();
      if (request.method === "HEAD") return reply.headers(representation(found.record)).send();
      const { record, body } = await documents.open(found);
      return reply.headers(representation(record)).send(body);
    },
  });
}
