import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import type { CacheEntry } from "../ports/cache.ts";
import type { ContentStore } from "../ports/content-store.ts";
import { ContentMissing } from "../ports/errors.ts";
import type { DocumentRecord, MetadataStore } from "../ports/metadata-store.ts";
import { commit } from "./commit.ts";
import { withDeadline } from "./deadline.ts";
import { contentKey } from "./document-id.ts";
import { DocumentError } from "./errors.ts";
import { Flights } from "./flights.ts";
import type { GuardedCache } from "./guarded-cache.ts";
import type { Log } from "./log.ts";
import { MeteredBody, tooLarge } from "./metered-body.ts";
import { evaluate, type Preconditions } from "./preconditions.ts";

/** An unconditional write that loses this many races in a row gives up and asks the client to come again. */
const maxRaces = 32;

export interface DocumentsOptions {
  readonly metadata: MetadataStore;
  readonly content: ContentStore;
  readonly cache: GuardedCache;
  readonly cacheWriteMode: "update" | "invalidate";
  /** Larger documents are cached as a record without content. Bytes. */
  readonly cacheMaxDocumentBytes: number;
  readonly maxDocumentBytes: number;
  /** The longest wait for one metadata call. Milliseconds. */
  readonly storageTimeoutMs: number;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A string that no other write, here or in another region, ever gets. */
  readonly newVersion: () => string;
  readonly log: Log;
}

export interface PutRequest {
  readonly id: string;
  readonly contentType: string;
  readonly body: AsyncIterable<Uint8Array>;
  /** As announced by the client, if it was. Bytes. */
  readonly announcedBytes?: number;
  readonly preconditions: Preconditions;
}

/**
 * Documents as their users know them: put, find, open. Content goes first, to a key of its own; one conditional
 * metadata write then makes it the document; the cache follows before the answer, so that a client reads its own write.
 * A crash in between leaves the former version in place and an orphan for the Janitor. Within a region writes are
 * linear; across regions the last writer wins (C-15).
 */
export class Documents {
  readonly #options: DocumentsOptions;
  readonly #flights = new Flights<CacheEntry | undefined>();

  constructor(options: DocumentsOptions) {
    this.#options = options;
  }

  async put(request: PutRequest): Promise<{ record: DocumentRecord; created: boolean }> {
    const { maxDocumentBytes, cacheMaxDocumentBytes, content } = this.#options;
    if ((request.announcedBytes ?? 0) > maxDocumentBytes) throw tooLarge(maxDocumentBytes);
    // A write that is refused anyway should not have to be uploaded first.
    requireProceed(request.preconditions, await this.#readRecord(request.id));

    const version = this.#options.newVersion();
    const key = contentKey({ id: request.id, version });
    const meter = new MeteredBody(request.body, {
      maxBytes: maxDocumentBytes,
      keepBytes: cacheMaxDocumentBytes,
    });
    await content.write(key, meter).catch(storageFailed);
    const { kept, ...measured } = meter.finish();
    const { id, contentType } = request;

    try {
      const record = await this.#makeCurrent(
        { id, version, contentType, ...measured },
        request.preconditions,
      );
      this.#flights.end(id);
      await this.#followInCache({ record, content: kept });
      return { record, created: record.sequence === 1 };
    } catch (error) {
      if (!isUnknown(error)) await this.#discard(key);
      throw error;
    }
  }

  /** The current record and, if it was cached with it, the content; cache first (DOC-02). */
  async find(id: string): Promise<CacheEntry> {
    const entry = (await this.#options.cache.get(id)) ?? (await this.#load(id));
    if (entry === undefined) throw new DocumentError("document-not-found", `There is no document ${id}`);
    return entry;
  }

  /** The content of what `find` gave; the record may be newer than the one asked for, never older. */
  async open(found: CacheEntry): Promise<{ record: DocumentRecord; body: Buffer | Readable }> {
    if (found.content) return { record: found.record, body: found.content };
    try {
      return { record: found.record, body: await this.#openContent(found.record) };
    } catch (error) {
      if (!(error instanceof ContentMissing)) throw error;
    }
    // The record was old enough for its content to have been collected: ask the source of truth once.
    const current = await this.#load(found.record.id);
    if (current === undefined || current.record.version === found.record.version)
      throw unavailable(found.record);
    const body = current.content ?? (await this.#openContent(current.record).catch(() => undefined));
    if (body === undefined) throw unavailable(current.record);
    return { record: current.record, body };
  }

  /** Reads past the cache, and fills it (DOC-09). Readers of one document at one time share the work. */
  async #load(id: string): Promise<CacheEntry | undefined> {
    return this.#flights.share(id, async () => {
      const record = await this.#readRecord(id);
      if (record === undefined) return undefined;
      const small = record.size <= this.#options.cacheMaxDocumentBytes;
      const entry = small ? await this.#loadContent(record) : { record };
      if (!small || entry.content) await this.#options.cache.put(entry);
      return entry;
    });
  }

  async #loadContent(record: DocumentRecord): Promise<CacheEntry> {
    try {
      const stream = await this.#openContent(record);
      const content = Buffer.concat(await stream.toArray());
      if (createHash("sha256").update(content).digest("hex") === record.sha256) return { record, content };
      this.#options.log.error(
        { id: record.id, version: record.version },
        "Stored content does not match its hash",
      );
    } catch (error) {
      // Replaced and collected between the two reads: `open` asks again.
      if (error instanceof ContentMissing) return { record };
      storageFailed(error);
    }
    throw unavailable(record);
  }

  async #openContent(record: DocumentRecord): Promise<Readable> {
    return this.#options.content.open(contentKey(record)).catch((error) => {
      if (error instanceof ContentMissing) throw error;
      return storageFailed(error);
    });
  }

  async #makeCurrent(
    written: Pick<DocumentRecord, "id" | "version" | "contentType" | "size" | "sha256">,
    preconditions: Preconditions,
  ): Promise<DocumentRecord> {
    const { metadata, now, region, storageTimeoutMs } = this.#options;
    for (let race = 0; race < maxRaces; race++) {
      const current = await this.#readRecord(written.id);
      requireProceed(preconditions, current);
      const next: DocumentRecord = {
        ...written,
        sequence: (current?.sequence ?? 0) + 1,
        modifiedAt: Math.max(now(), (current?.modifiedAt ?? 0) + 1),
        originRegion: region,
      };
      const outcome = await commit(metadata, next, storageTimeoutMs).catch((error) =>
        this.#doubt(next, error),
      );
      if (outcome === "committed") return next;
    }
    throw new DocumentError(
      "too-many-writers",
      `Others keep writing document ${written.id}. Try again later`,
    );
  }

  /** A client that reads to find out what became of its write must not be answered from before it. */
  async #doubt({ id, sequence }: DocumentRecord, error: unknown): Promise<never> {
    this.#flights.end(id);
    await this.#options.cache.invalidate(id, sequence);
    throw error;
  }

  async #followInCache(entry: CacheEntry): Promise<void> {
    const { cache, cacheWriteMode } = this.#options;
    if (cacheWriteMode === "update") await cache.put(entry);
    else await cache.invalidate(entry.record.id, entry.record.sequence);
  }

  async #readRecord(id: string): Promise<DocumentRecord | undefined> {
    return withDeadline(this.#options.metadata.read(id), this.#options.storageTimeoutMs).catch(storageFailed);
  }

  /** Only for content that certainly never became a document. What cannot be removed now is swept later. */
  async #discard(key: string): Promise<void> {
    await this.#options.content.remove(key).catch((err: unknown) => {
      this.#options.log.warn({ err, key }, "Left content of a refused write to the sweep");
    });
  }
}

function requireProceed(preconditions: Preconditions, current: DocumentRecord | undefined): void {
  if (evaluate(preconditions, current) === "proceed") return;
  const state = current
    ? `The document's current version is "${current.version}"`
    : "The document does not exist";
  throw new DocumentError("precondition-failed", `${state}. Nothing was changed`);
}

function isUnknown(error: unknown): boolean {
  return !(error instanceof DocumentError) || error.code === "outcome-unknown";
}

function storageFailed(cause: unknown): never {
  if (cause instanceof DocumentError) throw cause;
  throw new DocumentError("storage-unavailable", "The document store does not answer. Try again later", {
    cause,
  });
}

function unavailable(record: DocumentRecord): DocumentError {
  return new DocumentError(
    "content-unavailable",
    `Version "${record.version}" of document ${record.id} is known but its content cannot be read here now`,
  );
}
