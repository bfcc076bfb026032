import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { EmbeddedCache } from "../adapters/embedded/embedded-cache.ts";
import { SqliteMetadataStore } from "../adapters/embedded/sqlite-metadata-store.ts";
import type { Cache, CacheEntry } from "../ports/cache.ts";
import { MemoryContentStore } from "../testing/memory-content-store.ts";
import { Documents } from "./documents.ts";
import { GuardedCache } from "./guarded-cache.ts";
import { silentLog } from "./log.ts";

interface Run {
  readonly mode: "update" | "invalidate";
  /** For each client what it does one after the other. */
  readonly clients: readonly (readonly ("read" | "write")[])[];
  /** How many turns of the event loop each port call waits before and after it acts, in turn. */
  readonly delays: readonly number[];
}

const run: fc.Arbitrary<Run> = fc.record({
  mode: fc.constantFrom("update", "invalidate"),
  clients: fc.array(fc.array(fc.constantFrom("read", "write"), { minLength: 1, maxLength: 6 }), {
    minLength: 2,
    maxLength: 4,
  }),
  delays: fc.array(fc.nat(4), { minLength: 50, maxLength: 50 }),
});

/** Forgets the guard of the Cache port: the last call wins. */
class NaiveCache extends EmbeddedCache {
  readonly #entries = new Map<string, CacheEntry>();
  override async get(id: string) {
    return this.#entries.get(id);
  }
  override async put(entry: CacheEntry) {
    this.#entries.set(entry.record.id, entry);
  }
  override async invalidate(id: string) {
    this.#entries.delete(id);
  }
}

const size = { ttlSeconds: 60, capacityBytes: 1024 * 1024 };

describe("readers and writers at the same time", () => {
  it("DOC-12: no read that begins after a write was acknowledged returns less, however calls interleave", async () => {
    await fc.assert(
      fc.asyncProperty(run, async (it) => {
        assert.equal(await firstStaleRead(it, new EmbeddedCache(size)), undefined);
      }),
      { numRuns: 300 },
    );
  });

  it("the check above finds a cache that lets a slow reader undo a write", async () => {
    const found = await fc.check(
      fc.asyncProperty(run, async (it) => {
        assert.equal(await firstStaleRead(it, new NaiveCache(size)), undefined);
      }),
      { numRuns: 2000, endOnFailure: true },
    );
    assert.equal(found.failed, true);
  });
});

/** Every read must see at least the highest sequence that was acknowledged or read before it began. */
async function firstStaleRead({ mode, clients, delays }: Run, cache: Cache): Promise<string | undefined> {
  let call = 0;
  const pause = async () => {
    for (let turn = delays[call++ % delays.length] ?? 0; turn > 0; turn--) await setImmediate();
  };
  const documents = documentsOver({ mode, cache, pause });
  await documents.put(writeOf("0"));
  let known = 1;
  let stale: string | undefined;
  await Promise.all(
    clients.map(async (actions) => {
      for (const action of actions) {
        const before = known;
        const { record } = action === "read" ? await documents.find("d") : await documents.put(writeOf("x"));
        if (record.sequence < before) stale ??= `${action} gave ${record.sequence} after ${before}`;
        known = Math.max(known, record.sequence);
      }
    }),
  );
  return stale;
}

function documentsOver(parts: { mode: "update" | "invalidate"; cache: Cache; pause: () => Promise<void> }) {
  let version = 0;
  return new Documents({
    metadata: slowed(new SqliteMetadataStore(":memory:"), parts.pause),
    content: slowed(new MemoryContentStore(), parts.pause),
    cache: new GuardedCache(slowed(parts.cache, parts.pause), {
      timeoutMs: 5000,
      failuresToOpen: 5,
      restMs: 1000,
      now: () => 0,
      log: silentLog,
    }),
    cacheWriteMode: parts.mode,
    cacheMaxDocumentBytes: 1000,
    maxDocumentBytes: 1000,
    storageTimeoutMs: 5000,
    region: "local",
    now: () => 1,
    newVersion: () => `v${version++}`,
    log: silentLog,
  });
}

function writeOf(text: string) {
  const body = (async function* () {
    yield Buffer.from(text);
  })();
  return { id: "d", contentType: "text/plain", body, preconditions: {} };
}

function slowed<Port extends object>(port: Port, pause: () => Promise<void>): Port {
  return new Proxy(port, {
    get(real, property) {
      const member: unknown = Reflect.get(real, property);
      if (typeof member !== "function") return member;
      return async (...args: unknown[]): Promise<unknown> => {
        await pause();
        const result: unknown = await Reflect.apply(member, real, args);
        await pause();
        return result;
      };
    },
  });
}
