import type { Readable } from "node:stream";

/** A stored body as a sweep sees it. */
export interface StoredContent {
  readonly key: string;
  /** Milliseconds since 1970, when it was written. */
  readonly writtenAt: number;
}

/**
 * Where bodies live, each under a key that is written once and never changes. Any error but ContentMissing and an
 * error of the body itself is StoreUnavailable. A transfer may take as long as the client does, so an adapter sets its own
 * limit to the time without progress.
 */
export interface ContentStore {
  /**
   * Durable and whole when it resolves. If the body throws, nothing becomes visible under the key and that error comes
   * back. Reads the body no faster than it stores it.
   */
  write(key: string, body: AsyncIterable<Uint8Array>): Promise<void>;

  /** Rejects with ContentMissing before the first byte if the key is unknown. */
  open(key: string): Promise<Readable>;

  /** No error if the key is unknown. */
  remove(key: string): Promise<void>;

  /** Every key, in no order; what an interrupted write left behind is removed or listed once it is that old. */
  list(query: { readonly writtenBefore: number }): AsyncIterable<StoredContent>;

  close(): Promise<void>;
}
