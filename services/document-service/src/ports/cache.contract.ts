import assert from "node:assert/strict";
import type { Cache, CacheEntry } from "./cache.ts";
import { recordOf } from "./metadata-store.contract.ts";

export interface OpenedCache {
  readonly cache: Cache;
  /** Lets that much time pass for the cache: by its clock, or truly. */
  advance(seconds: number): Promise<void>;
}

/** What every cache adapter must do. An adapter's test hands in how to open an empty one. */
export function describeCache(adapter: string, open: (ttlSeconds: number) => Promise<OpenedCache>): void {
  describe(`${adapter} as a cache`, () => {
    const ttlSeconds = 2;
    let cache: Cache;
    let advance: OpenedCache["advance"];
    beforeEach(async () => {
      ({ cache, advance } = await open(ttlSeconds));
    });
    afterEach(() => cache.close());

    const entry = (sequence: number): CacheEntry => ({
      record: recordOf("d", sequence),
      content: Buffer.from([0, 255, sequence]),
    });

    it("DATA-24: knows nothing at first, then what was put, with its record and its bytes", async () => {
      await cache.probe();
      assert.equal(await cache.get("d"), undefined);
      await cache.put(entry(1));
      assert.deepEqual(await cache.get("d"), entry(1));
      assert.equal(await cache.get("D"), undefined);
    });

    it("keeps a record without content, and an empty content as content", async () => {
      await cache.put({ record: recordOf("large", 1) });
      await cache.put({ record: recordOf("empty", 1), content: Buffer.alloc(0) });
      assert.equal((await cache.get("large"))?.content, undefined);
      assert.deepEqual((await cache.get("empty"))?.content, Buffer.alloc(0));
    });

    it("DOC-11: never goes back to an older version", async () => {
      await cache.put(entry(2));
      await cache.put(entry(1));
      assert.deepEqual(await cache.get("d"), entry(2));
      await cache.put(entry(3));
      assert.deepEqual(await cache.get("d"), entry(3));
    });

    it("DOC-12: an invalidation drops what is older and refuses it from then on", async () => {
      await cache.put(entry(1));
      await cache.invalidate("d", 2);
      assert.equal(await cache.get("d"), undefined);
      await cache.put(entry(1));
      assert.equal(await cache.get("d"), undefined);
      await cache.put(entry(2));
      assert.deepEqual(await cache.get("d"), entry(2));
    });

    it("an invalidation that comes late leaves what is as new or newer", async () => {
      await cache.put(entry(3));
      await cache.invalidate("d", 2);
      await cache.invalidate("d", 3);
      assert.deepEqual(await cache.get("d"), entry(3));
    });

    it("DOC-13: an entry expires, and so does the memory of an invalidation", async () => {
      await cache.put(entry(1));
      await cache.invalidate("other", 9);
      await advance(ttlSeconds - 1);
      assert.deepEqual(await cache.get("d"), entry(1));
      await advance(1.1);
      assert.equal(await cache.get("d"), undefined);
      await cache.put({ record: recordOf("other", 1) });
      assert.deepEqual((await cache.get("other"))?.record, recordOf("other", 1));
    });

    it("DOC-13: reading an entry does not prolong it", async () => {
      await cache.put(entry(1));
      for (const seconds of [1, 0.8, 0.4]) {
        await cache.get("d");
        await advance(seconds);
      }
      assert.equal(await cache.get("d"), undefined);
    });
  });
}
