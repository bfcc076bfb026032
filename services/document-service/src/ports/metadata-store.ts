/** What is known about the current version of a document. Immutable: a write makes a new record. */
export interface DocumentRecord {
  readonly id: string;
  /** Unique to one write, in this region and every other; the ETag, and part of the content's key. */
  readonly version: string;
  /** Counts this document's writes from 1 without a gap; the condition of the next commit. */
  readonly sequence: number;
  /** As the client sent it, normalised, with its parameters. */
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
  /** Milliseconds since 1970; never runs backwards for one document, whatever the clock does. */
  readonly modifiedAt: number;
  /** The region that took the write: its content is there first, before replication brings it elsewhere. */
  readonly originRegion: string;
}

/** Content that a later version replaced, still kept for readers that hold the older record. */
export interface Superseded {
  readonly id: string;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly supersededAt: number;
}

/**
 * Where records live; the source of truth (DATA-32). Reads are strongly consistent. Any error but a programming
 * mistake is StoreUnavailable; after one from `commit` the outcome is unknown and a read settles it.
 */
export interface MetadataStore {
  read(id: string): Promise<DocumentRecord | undefined>;

  /**
   * The commit point of a write: one atomic step makes `next` current and notes the replaced version as superseded at
   * `next.modifiedAt`. Durable when it answers "committed".
   *
   * @returns "conflict" when the current sequence (0: no document) is not `next.sequence - 1`; nothing changed then.
   */
  commit(next: DocumentRecord): Promise<"committed" | "conflict">;

  /** Versions superseded before that time, oldest first. */
  superseded(query: { readonly before: number; readonly limit: number }): Promise<readonly Superseded[]>;

  /** Drops a superseded version from the list; no error if it is not there. */
  forget(version: { readonly id: string; readonly version: string }): Promise<void>;

  /** True while this version is the current one or is listed as superseded. */
  refersTo(version: { readonly id: string; readonly version: string }): Promise<boolean>;

  /** Rejects if the store does not answer. */
  probe(): Promise<void>;

  close(): Promise<void>;
}
