import assert from "node:assert/strict";
import type { Cache } from "../ports/cache.ts";
import { StoreUnavailable } from "../ports/errors.ts";
import { recordOf } from "../ports/metadata-store.contract.ts";
import type { Fault } from "../testing/faults.ts";
import { createHarness, get, type Harness, put } from "../testing/harness.ts";

const faults: Fault[] = ["down", "throws", "hangs"];

describe("the service and its dependencies", () => {
  let service: Harness;
  afterEach(() => service.app.close());

  async function health(path = "/health") {
    const { statusCode, headers, body } = await service.app.inject({ url: path });
    return { statusCode, cacheControl: headers["cache-control"], body };
  }

  describe("health", () => {
    beforeEach(() => {
      service = createHarness({ PROBE_TIMEOUT_MS: "30" });
    });

    it("DOC-03: GET /health asks the store and the cache", async () => {
      await health();
      assert.deepEqual(service.takeJournal().sort(), ["cache.probe", "metadata.probe"]);
    });

    it("DOC-04: the body of a healthy service is exactly the documented one", async () => {
      assert.deepEqual(await health(), {
        statusCode: 200,
        cacheControl: "no-store",
        body: '{"status":"healthy","storage":"ok","cache":"ok"}',
      });
    });

    it("DOC-06: reachable again, both count as healthy", async () => {
      service.faults.metadata.inject("down");
      service.faults.cache.inject("down");
      assert.equal((await health()).statusCode, 503);
      service.faults.metadata.heal();
      service.faults.cache.heal();
      assert.equal((await health()).body, '{"status":"healthy","storage":"ok","cache":"ok"}');
    });

    for (const fault of faults) {
      it(`DOC-05: a store that ${fault} is unhealthy with 503, in bounded time`, async () => {
        service.faults.metadata.inject(fault);
        const { statusCode, body } = await health();
        assert.equal(statusCode, 503);
        assert.equal(body, '{"status":"unhealthy","storage":"down","cache":"ok"}');
      });

      it(`DOC-07: a cache that ${fault} is degraded with 200, in bounded time`, async () => {
        service.faults.cache.inject(fault);
        const { statusCode, body } = await health();
        assert.equal(statusCode, 200);
        assert.equal(body, '{"status":"degraded","storage":"ok","cache":"down"}');
      });
    }

    it("DOC-05: with neither the store nor the cache the service is unhealthy and says both", async () => {
      service.faults.metadata.inject("hangs");
      service.faults.cache.inject("hangs");
      assert.deepEqual(await health(), {
        statusCode: 503,
        cacheControl: "no-store",
        body: '{"status":"unhealthy","storage":"down","cache":"down"}',
      });
    });

    it("C-18: /livez asks no dependency", async () => {
      service.faults.metadata.inject("hangs");
      service.faults.cache.inject("hangs");
      assert.deepEqual(await health("/livez"), {
        statusCode: 200,
        cacheControl: "no-store",
        body: '{"status":"alive"}',
      });
      assert.deepEqual(service.takeJournal(), []);
    });
  });

  describe("the write path", () => {
    for (const [mode, call] of [
      ["update", "cache.put"],
      ["invalidate", "cache.invalidate"],
    ] as const) {
      it(`DOC-08: content first, then metadata, then the cache (${mode})`, async () => {
        service = createHarness({ CACHE_WRITE_MODE: mode });
        assert.equal((await put(service, "d", "one")).statusCode, 201);
        const writes = service.takeJournal().filter((entry) => !entry.endsWith(".read"));
        assert.deepEqual(writes, ["content.write", "metadata.commit", call]);
      });
    }

    it("DOC-12: in update mode the next read is answered from the cache", async () => {
      service = createHarness({ CACHE_WRITE_MODE: "update" });
      await put(service, "d", "one");
      await put(service, "d", "two");
      service.takeJournal();
      assert.equal((await get(service, "d")).body, "two");
      assert.deepEqual(service.takeJournal(), ["cache.get"]);
    });

    it("DOC-12: in invalidate mode the next read goes to the store and finds the new version", async () => {
      service = createHarness({ CACHE_WRITE_MODE: "invalidate" });
      await put(service, "d", "one");
      await get(service, "d");
      await put(service, "d", "two");
      service.takeJournal();
      assert.equal((await get(service, "d")).body, "two");
      assert.deepEqual(service.takeJournal(), ["cache.get", "metadata.read", "content.open", "cache.put"]);
    });

    it("a store that is down before the upload is answered with 503 and Retry-After, and takes no content", async () => {
      service = createHarness();
      for (const fault of ["down", "hangs"] as const) {
        service.faults.metadata.inject(fault);
        const answer = await put(service, "d", "one");
        assert.equal(answer.statusCode, 503);
        assert.equal(answer.headers["retry-after"], "1");
        assert.equal(answer.json().type, "urn:document-service:problem:storage-unavailable");
      }
      assert.ok(!service.takeJournal().includes("content.write"));
    });

    it("a write that a condition refuses is refused before its content is taken", async () => {
      service = createHarness();
      await put(service, "d", "one");
      service.takeJournal();
      await put(service, "d", "two", { headers: { "if-none-match": "*" } });
      assert.deepEqual(service.takeJournal(), ["metadata.read"]);
    });

    it("Last-Modified moves forward with each write, also when the clock is set back", async () => {
      service = createHarness();
      const future = Date.now() + 3_600_000;
      await service.metadata.commit(recordOf("d", 1, { modifiedAt: future }));
      assert.equal((await put(service, "d", "two")).json().modifiedAt, new Date(future + 1).toISOString());
    });

    it("content that cannot be written is answered with 503 and leaves the former version", async () => {
      service = createHarness();
      await put(service, "d", "one");
      service.faults.content.inject("down", { method: "write" });
      assert.equal((await put(service, "d", "two")).statusCode, 503);
      assert.equal((await get(service, "d")).body, "one");
    });

    it("DATA-32: a commit whose answer is lost is found by a strong read and acknowledged", async () => {
      service = createHarness();
      service.faults.metadata.inject("answer-lost", { method: "commit", times: 1 });
      const answer = await put(service, "d", "one");
      assert.equal(answer.statusCode, 201);
      assert.equal((await get(service, "d")).headers.etag, answer.headers.etag);
      assert.equal((await service.metadata.read("d"))?.sequence, 1);
    });

    it("a commit that failed for certain is made again", async () => {
      service = createHarness();
      service.faults.metadata.inject("down", { method: "commit", times: 2 });
      assert.equal((await put(service, "d", "one")).statusCode, 201);
      assert.equal((await get(service, "d")).body, "one");
    });

    it("DATA-32: a commit that nobody can settle is answered as unknown and its content is kept", async () => {
      service = createHarness();
      service.faults.metadata.inject("hangs", { method: "commit" });
      const answer = await put(service, "d", "one");
      assert.equal(answer.statusCode, 503);
      assert.equal(answer.json().type, "urn:document-service:problem:outcome-unknown");
      assert.equal(service.content.keys.length, 1);
    });
  });

  describe("a write in doubt", () => {
    it("DATA-32: is not hidden by what the cache held before it", async () => {
      service = createHarness({ CACHE_WRITE_MODE: "update" });
      await put(service, "d", "one");
      const commit = service.metadata.commit.bind(service.metadata);
      service.metadata.commit = async (next) => {
        await commit(next);
        service.faults.metadata.inject("down");
        throw new StoreUnavailable("The answer was lost");
      };
      const answer = await put(service, "d", "two");
      assert.equal(answer.json().type, "urn:document-service:problem:outcome-unknown");
      service.faults.metadata.heal();
      assert.equal((await get(service, "d")).body, "two");
    });
  });

  describe("the read path", () => {
    beforeEach(() => {
      service = createHarness({ CACHE_WRITE_MODE: "invalidate", CACHE_TTL_SECONDS: "60" });
    });

    it("DOC-09: a miss reads metadata, then content, and fills the cache; a hit reads nothing else", async () => {
      await put(service, "d", "one");
      service.takeJournal();
      await get(service, "d");
      assert.deepEqual(service.takeJournal(), ["cache.get", "metadata.read", "content.open", "cache.put"]);
      assert.equal((await get(service, "d")).body, "one");
      assert.deepEqual(service.takeJournal(), ["cache.get"]);
    });

    it("DOC-10: a miss is answered although the cache never knew the document", async () => {
      await put(service, "d", "one");
      assert.equal((await get(service, "d")).body, "one");
    });

    it("DOC-11: the service fills and refreshes the cache itself; a document nobody reads is not in it", async () => {
      await put(service, "d", "one");
      assert.ok(!service.takeJournal().includes("cache.put"));
      await get(service, "d");
      assert.ok(service.takeJournal().includes("cache.put"));
    });

    it("DOC-13: an entry expires after CACHE_TTL_SECONDS and is read anew", async () => {
      await put(service, "d", "one");
      await get(service, "d");
      service.takeJournal();
      service.advance(59);
      await get(service, "d");
      assert.deepEqual(service.takeJournal(), ["cache.get"]);
      service.advance(2);
      await get(service, "d");
      assert.deepEqual(service.takeJournal(), ["cache.get", "metadata.read", "content.open", "cache.put"]);
    });

    it("DOC-13: an old version that an invalidation missed is shown no longer than the time to live", async () => {
      await put(service, "d", "one");
      await get(service, "d");
      service.faults.cache.inject("down", { method: "invalidate", times: 1 });
      await put(service, "d", "two");
      service.advance(61);
      assert.equal((await get(service, "d")).body, "two");
    });

    it("DOC-14: a large document is read in two steps, and its record is cached all the same", async () => {
      await put(service, "d", Buffer.alloc(70_000));
      service.takeJournal();
      await get(service, "d");
      assert.deepEqual(service.takeJournal(), ["cache.get", "metadata.read", "cache.put", "content.open"]);
      await get(service, "d");
      assert.deepEqual(service.takeJournal(), ["cache.get", "content.open"]);
    });

    it("HEAD of a cached record reads no content", async () => {
      await put(service, "d", Buffer.alloc(70_000));
      await get(service, "d");
      service.takeJournal();
      await service.app.inject({ method: "HEAD", url: "/documents/d" });
      assert.deepEqual(service.takeJournal(), ["cache.get"]);
    });

    it("DATA-24: a hundred reads of one document cost one metadata read", async () => {
      await put(service, "d", "one");
      service.takeJournal();
      for (let i = 0; i < 100; i++) await get(service, "d");
      assert.equal(service.takeJournal().filter((call) => call === "metadata.read").length, 1);
    });

    it("DATA-24: readers who come together at a cold cache share one read", async () => {
      await put(service, "d", "one");
      service.takeJournal();
      const answers = await Promise.all(Array.from({ length: 50 }, () => get(service, "d")));
      assert.ok(answers.every((answer) => answer.body === "one"));
      assert.equal(service.takeJournal().filter((call) => call === "metadata.read").length, 1);
    });

    it("a document whose content is missing is 503, never 404, and is not cached", async () => {
      await put(service, "d", "one");
      await service.content.remove(service.content.keys[0] ?? "");
      for (let round = 0; round < 2; round++) {
        const answer = await get(service, "d");
        assert.equal(answer.statusCode, 503);
        assert.equal(answer.json().type, "urn:document-service:problem:content-unavailable");
      }
      assert.ok(!service.takeJournal().includes("cache.put"));
    });

    it("DATA-32: content that no longer matches its hash is not served", async () => {
      await put(service, "d", "one");
      service.content.corrupt(service.content.keys[0] ?? "");
      assert.equal((await get(service, "d")).statusCode, 503);
    });

    it("a cached record whose content has been collected leads to the current version", async () => {
      const old = Buffer.alloc(70_000, "old");
      const current = Buffer.alloc(70_000, "new");
      await put(service, "d", old);
      await get(service, "d");
      const [oldKey = ""] = service.content.keys;
      service.faults.cache.inject("down", { method: "invalidate", times: 1 });
      await put(service, "d", current);
      await service.content.remove(oldKey);
      assert.deepEqual((await get(service, "d")).rawPayload, current);
    });

    it("a store that is down is 503 for what is not cached; what is cached is still served", async () => {
      await put(service, "cached", "one");
      await put(service, "cold", "two");
      await get(service, "cached");
      service.faults.metadata.inject("down");
      service.faults.content.inject("down");
      assert.equal((await get(service, "cached")).body, "one");
      const answer = await get(service, "cold");
      assert.equal(answer.statusCode, 503);
      assert.equal(answer.headers["retry-after"], "1");
    });
  });

  describe("a broken cache", () => {
    for (const fault of faults) {
      it(`DOC-07: reads and writes go on, from the store, when the cache ${fault}`, async () => {
        service = createHarness();
        service.faults.cache.inject(fault);
        assert.equal((await put(service, "d", "one")).statusCode, 201);
        assert.equal((await put(service, "d", "two")).statusCode, 200);
        assert.equal((await get(service, "d")).body, "two");
        assert.equal((await get(service, "absent")).statusCode, 404);
      });
    }

    it("DOC-07: after a few timeouts a hung cache is left alone, /health says so, and it is used again later", async () => {
      service = createHarness();
      await put(service, "d", "one");
      service.faults.cache.inject("hangs");
      for (let i = 0; i < 3; i++) await get(service, "d");
      service.takeJournal();
      await get(service, "d");
      assert.deepEqual(service.takeJournal(), ["metadata.read", "content.open"]);
      service.faults.cache.heal();
      const during = await health();
      assert.equal(during.statusCode, 200);
      assert.equal(during.body, '{"status":"degraded","storage":"ok","cache":"down"}');
      await new Promise((resolve) => setTimeout(resolve, 1050));
      assert.equal((await health()).body, '{"status":"healthy","storage":"ok","cache":"ok"}');
      service.takeJournal();
      await get(service, "d");
      assert.deepEqual(service.takeJournal(), ["cache.get"]);
    });
  });

  it("DATA-32: with a cache that forgets everything at once every document is still there", async () => {
    const forgetful: Cache = {
      get: async () => undefined,
      put: async () => undefined,
      invalidate: async () => undefined,
      probe: async () => undefined,
      close: async () => undefined,
    };
    service = createHarness({}, { cache: forgetful });
    for (const id of ["a", "b", "c"]) await put(service, id, `content of ${id}`);
    for (const id of ["a", "b", "c"]) assert.equal((await get(service, id)).body, `content of ${id}`);
  });
});
