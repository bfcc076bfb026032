import { z } from "zod";
import { documentIdPattern, documentIdRule } from "../documents/document-id.ts";
import { parseEntityTags } from "./entity-tags.ts";

export const documentParams = z.object({ id: z.string().regex(documentIdPattern, documentIdRule) });

const entityTags = z.string().transform((header, context) => {
  const tags = parseEntityTags(header);
  if (tags !== undefined) return tags;
  context.addIssue({ code: "custom", message: `must be * or quoted entity tags such as "abc", "def"` });
  return z.NEVER;
});

export const conditionalHeaders = z.looseObject({
  "if-match": entityTags.optional(),
  "if-none-match": entityTags.optional(),
});

/** What a client is told about the version that it wrote. */
export const writtenDocument = z.object({
  id: z.string(),
  version: z.string(),
  contentType: z.string(),
  size: z.int(),
  sha256: z.string(),
  modifiedAt: z.iso.datetime(),
});

export const health = z.object({
  status: z.enum(["healthy", "degraded", "unhealthy"]),
  storage: z.enum(["ok", "down"]),
  cache: z.enum(["ok", "down"]),
});

export const liveness = z.object({ status: z.literal("alive") });
