/** Everything that the use cases refuse or fail at, by name; the HTTP layer gives each its status. */
export type DocumentErrorCode =
  | "document-not-found"
  | "precondition-failed"
  | "document-too-large"
  | "content-type-not-allowed"
  | "upload-interrupted"
  | "storage-unavailable"
  | "content-unavailable"
  | "outcome-unknown"
  | "too-many-writers";

/** The message is for the client: it states the fact and the remedy and holds no content and no internals. */
export class DocumentError extends Error {
  override readonly name = "DocumentError";
  readonly code: DocumentErrorCode;

  constructor(code: DocumentErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
