import assert from "node:assert/strict";
import { EmbeddedCache } from "../adapters/embedded/embedded-cache.ts";
import { recordOf } from "../ports/metadata-store.contract.ts";
import { withFaults } from "../testing/faults.ts";
import { GuardedCache } from "./guarded-cache.ts";
import { silentLog } from "./log.ts";

describe("the guard around the cache", () => {
  const journal: string[] = [];
  const log: string[] = [];
  let now: number;
  let inner: ReturnType<typeof withFaults<EmbeddedCache>>;
  let guarded: GuardedCache;

  beforeEach(async () => {
    now = 0;
    inner = withFaults("cache", new EmbeddedCache({ ttlSeconds: 60, capacityBytes: 2 ** 20 }), journal);
    guarded = new GuardedCache(inner.port, {
      timeoutMs: 10,
      failuresToOpen: 3,
      restMs: 1000,
      now: () => now,
      log: {
        ...silentLog,
        info: (message) => log.push(String(message)),
        warn: (_, message) => log.push(message),
      },
    });
    await guarded.put({ record: recordOf("d", 1) });
    journal.length = log.length = 0;
  });

  async function reads(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await guarded.get("d");
  }

  it("DOC-07: asks a cache that failed three times in a row only once in each rest", async () => {
    inner.faults.inject("down");
    await reads(10);
    assert.equal(journal.length, 3);
    now = 1000;
    await reads(10);
    assert.equal(journal.length, 4);
    assert.equal(await guarded.answers(10), false);
  });

  it("DOC-07: is not put off by failures that are not in a row", async () => {
    for (let i = 0; i < 10; i++) {
      inner.faults.inject("down", { times: 2 });
      await reads(3);
    }
    assert.equal(journal.length, 30);
    assert.equal(await guarded.answers(10), true);
    assert.deepEqual(log, []);
  });

  it("says once that the cache is gone and once that it is back", async () => {
    inner.faults.inject("down");
    await reads(10);
    now = 1000;
    await reads(10);
    inner.faults.heal();
    now = 2000;
    assert.equal((await guarded.get("d"))?.record.sequence, 1);
    await reads(10);
    assert.deepEqual(log, ["The cache does not answer: working without it", "The cache answers again"]);
  });
});
