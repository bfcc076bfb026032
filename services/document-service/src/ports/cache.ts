import type { DocumentRecord } from "./metadata-store.ts";

export interface CacheEntry {
  readonly record: DocumentRecord;
  /** Absent when the document is too large to cache; the record alone still saves the metadata read. */
  readonly content?: Buffer;
}

/**
 * A copy that may vanish at any time and is never the source of truth (DATA-32). For one id it only moves forward: what
 * a slow reader brings after a newer write is refused, so that a fill cannot undo a write. Everything expires (DOC-13).
 */
export interface Cache {
  get(id: string): Promise<CacheEntry | undefined>;

  /** Keeps the entry unless a higher sequence is known for the document. */
  put(entry: CacheEntry): Promise<void>;

  /** Drops what is older than this sequence, and refuses it until the time to live has passed. */
  invalidate(id: string, sequence: number): Promise<void>;

  /** Rejects if the cache does not answer. */
  probe(): Promise<void>;

  close(): Promise<void>;
}
