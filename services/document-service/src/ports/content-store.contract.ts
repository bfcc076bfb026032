import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { ContentStore, StoredContent } from "./content-store.ts";
import { ContentMissing } from "./errors.ts";

/** What every content adapter must do. An adapter's test hands in how to open an empty store. */
export function describeContentStore(adapter: string, open: () => Promise<ContentStore>): void {
  describe(`${adapter} as a content store`, () => {
    let store: ContentStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    const read = async (key: string) => Buffer.concat(await (await store.open(key)).toArray());
    const list = async (writtenBefore: number) => {
      const found: StoredContent[] = [];
      for await (const content of store.list({ writtenBefore })) found.push(content);
      return found;
    };
    const later = () => Date.now() + 60_000;

    for (const [what, chunks] of [
      ["nothing at all", []],
      ["one byte", [Buffer.from([0])]],
      ["several megabytes in uneven chunks", [1, 65_536, 3_000_000, 7].map((size) => randomBytes(size))],
    ] as const) {
      it(`DATA-32: returns ${what} byte for byte`, async () => {
        await store.write("d/v1", from(chunks));
        assert.deepEqual(await read("d/v1"), Buffer.concat(chunks));
      });
    }

    it("says that content is missing before the first byte", async () => {
      await assert.rejects(store.open("d/absent"), (error) => {
        assert.ok(error instanceof ContentMissing);
        assert.equal(error.key, "d/absent");
        return true;
      });
    });

    it("shows nothing of a write under way", async () => {
      const body = controlled();
      const write = store.write("d/v1", body.chunks);
      await body.taken;
      await assert.rejects(store.open("d/v1"), ContentMissing);
      body.end();
      await write;
      assert.equal((await read("d/v1")).toString(), "half");
    });

    it("keeps nothing of a body that fails, and gives that very error back", async () => {
      const failure = new Error("the client went away");
      const failing = (async function* () {
        yield Buffer.from("half");
        throw failure;
      })();
      await assert.rejects(store.write("d/v1", failing), (error) => error === failure);
      await assert.rejects(store.open("d/v1"), ContentMissing);
      assert.deepEqual(await list(later()), []);
    });

    it("keeps keys apart, also those that differ in case or begin alike", async () => {
      const keys = ["a/v1", "A/v1", "a/v11", "a.b/v1", `${"x".repeat(128)}/${"0".repeat(36)}`];
      await Promise.all(keys.map((key) => store.write(key, from([Buffer.from(key)]))));
      for (const key of keys) assert.equal((await read(key)).toString(), key);
      assert.deepEqual((await list(later())).map(({ key }) => key).sort(), [...keys].sort());
    });

    it("removes content, twice without complaint", async () => {
      await store.write("d/v1", from([Buffer.from("x")]));
      await store.write("d/v2", from([Buffer.from("y")]));
      for (let round = 0; round < 2; round++) await store.remove("d/v1");
      await assert.rejects(store.open("d/v1"), ContentMissing);
      assert.equal((await read("d/v2")).toString(), "y");
    });

    it("lists what was written before a time, with the time", async () => {
      const before = Date.now() - 1000;
      await store.write("d/v1", from([Buffer.from("x")]));
      assert.deepEqual(await list(before), []);
      const [found] = await list(later());
      assert.equal(found?.key, "d/v1");
      assert.ok(found.writtenAt > before && found.writtenAt < later());
    });

    it("takes many writes at once", async () => {
      const bodies = Array.from({ length: 20 }, (_, i) => ({
        key: `d${i}/v1`,
        content: randomBytes(10_000),
      }));
      await Promise.all(bodies.map(({ key, content }) => store.write(key, from([content]))));
      for (const { key, content } of bodies) assert.deepEqual(await read(key), content);
    });
  });
}

async function* from(chunks: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

/** A body that has given its one chunk and waits to be ended. */
function controlled() {
  const taken = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  const chunks = (async function* () {
    yield Buffer.from("half");
    await setImmediate();
    taken.resolve();
    await ended.promise;
  })();
  return { chunks, taken: taken.promise, end: ended.resolve };
}
