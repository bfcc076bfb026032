import { LRUCache } from "lru-cache";
import type { Cache, CacheEntry } from "../../ports/cache.ts";

/** What an entry costs beyond its content: the record, the key and the map's own bookkeeping. Bytes. */
const overheadBytes = 1024;

interface Slot {
  readonly sequence: number;
  /** Absent where an invalidation holds the place against fills that are older than it. */
  readonly entry?: CacheEntry;
}

/** The cache in this process's memory, bounded in bytes, least recently used out first. */
export class EmbeddedCache implements Cache {
  readonly #slots: LRUCache<string, Slot>;

  /** @param clock milliseconds, monotonic; @default performance */
  constructor(
    { ttlSeconds, capacityBytes }: { readonly ttlSeconds: number; readonly capacityBytes: number },
    clock: { now(): number } = performance,
  ) {
    this.#slots = new LRUCache({
      ttl: ttlSeconds * 1000,
      maxSize: capacityBytes,
      sizeCalculation: (slot) => overheadBytes + (slot.entry?.content?.byteLength ?? 0),
      // Asks the clock each time: remembering it for a millisecond would need a timer.
      ttlResolution: 0,
      perf: clock,
    });
  }

  async get(id: string): Promise<CacheEntry | undefined> {
    return this.#slots.get(id)?.entry;
  }

  async put(entry: CacheEntry): Promise<void> {
    const { id, sequence } = entry.record;
    if ((this.#slots.peek(id)?.sequence ?? 0) <= sequence) this.#slots.set(id, { sequence, entry });
  }

  async invalidate(id: string, sequence: number): Promise<void> {
    if ((this.#slots.peek(id)?.sequence ?? 0) < sequence) this.#slots.set(id, { sequence });
  }

  async probe(): Promise<void> {}

  async close(): Promise<void> {
    this.#slots.clear();
  }
}
