import assert from "node:assert/strict";
import { describeCache } from "../../ports/cache.contract.ts";
import { recordOf } from "../../ports/metadata-store.contract.ts";
import { EmbeddedCache } from "./embedded-cache.ts";

describeCache("EmbeddedCache", async (ttlSeconds) => {
  let now = 1;
  return {
    cache: new EmbeddedCache({ ttlSeconds, capacityBytes: 1024 * 1024 }, { now: () => now }),
    advance: async (seconds) => {
      now += seconds * 1000;
    },
  };
});

describe("EmbeddedCache", () => {
  it("stays within its capacity and drops what was not used longest", async () => {
    const cache = new EmbeddedCache({ ttlSeconds: 60, capacityBytes: 1024 * 1024 });
    const content = Buffer.alloc(100 * 1024);
    for (let i = 0; i < 20; i++) {
      await cache.put({ record: recordOf(`d${i}`, 1), content });
      await cache.get("d0");
    }
    const held = await Promise.all(Array.from({ length: 20 }, (_, i) => cache.get(`d${i}`)));
    assert.deepEqual(
      held.flatMap((entry, i) => (entry ? [i] : [])),
      [0, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    );
  });
});
