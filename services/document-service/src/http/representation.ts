import type { DocumentRecord } from "../ports/metadata-store.ts";

/** Lets a client hold on to a document but ask before each use whether it is still current. */
export function validators(record: DocumentRecord): Record<string, string> {
  return {
    etag: `"${record.version}"`,
    "last-modified": new Date(record.modifiedAt).toUTCString(),
    "cache-control": "private, no-cache",
  };
}

export function representation(record: DocumentRecord): Record<string, string> {
  return {
    ...validators(record),
    "content-type": record.contentType,
    "content-length": String(record.size),
    "repr-digest": `sha-256=:${Buffer.from(record.sha256, "hex").toString("base64")}:`,
    // Uploaded by one client and shown by another: it must not be taken for a page or a script.
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
  };
}
