import assert from "node:assert/strict";
import type { DocumentRecord, MetadataStore } from "./metadata-store.ts";

/** What every metadata adapter must do. An adapter's test hands in how to open an empty store. */
export function describeMetadataStore(adapter: string, open: () => Promise<MetadataStore>): void {
  describe(`${adapter} as a metadata store`, () => {
    let store: MetadataStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    it("knows nothing at first", async () => {
      assert.equal(await store.read("d"), undefined);
      assert.equal(await store.refersTo({ id: "d", version: "v1" }), false);
      assert.deepEqual(await store.superseded({ before: Number.MAX_SAFE_INTEGER, limit: 10 }), []);
      await store.probe();
    });

    it("DATA-32: returns exactly what was committed", async () => {
      const record = recordOf("a.B-c_9", 1, {
        contentType: 'text/plain;charset="ü"',
        size: 5 * 1024 ** 3,
        modifiedAt: 1_795_000_000_123,
      });
      assert.equal(await store.commit(record), "committed");
      assert.deepEqual(await store.read("a.B-c_9"), record);
    });

    it("tells ids apart that differ in case only", async () => {
      await store.commit(recordOf("a", 1));
      await store.commit(recordOf("A", 1, { size: 2 }));
      assert.equal((await store.read("a"))?.size, 1);
      assert.equal((await store.read("A"))?.size, 2);
    });

    it("commits only the next sequence, and a refused commit changes nothing", async () => {
      assert.equal(await store.commit(recordOf("d", 2)), "conflict");
      assert.equal(await store.read("d"), undefined);
      await store.commit(recordOf("d", 1));
      for (const sequence of [0, 1, 3]) {
        assert.equal(await store.commit(recordOf("d", sequence, { version: "other" })), "conflict");
      }
      assert.deepEqual(await store.read("d"), recordOf("d", 1));
      assert.equal(await store.refersTo({ id: "d", version: "other" }), false);
      assert.deepEqual(await store.superseded({ before: Number.MAX_SAFE_INTEGER, limit: 10 }), []);
    });

    it("lets exactly one of many racing commits through", async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, i) => store.commit(recordOf("d", 1, { version: `racer-${i}` }))),
      );
      assert.equal(outcomes.filter((outcome) => outcome === "committed").length, 1);
      assert.equal((await store.read("d"))?.version, `racer-${outcomes.indexOf("committed")}`);
    });

    it("notes the replaced version with the time of its successor, in the same step", async () => {
      await store.commit(recordOf("d", 1, { modifiedAt: 100 }));
      await store.commit(recordOf("d", 2, { modifiedAt: 200 }));
      assert.deepEqual(await store.superseded({ before: 201, limit: 10 }), [
        { id: "d", version: "d-v1", supersededAt: 200 },
      ]);
      assert.equal(await store.refersTo({ id: "d", version: "d-v1" }), true);
      assert.equal(await store.refersTo({ id: "d", version: "d-v2" }), true);
    });

    it("lists superseded versions oldest first, before the time asked and up to the limit", async () => {
      for (const [id, at] of Object.entries({ c: 300, a: 100, b: 200 })) {
        await store.commit(recordOf(id, 1, { modifiedAt: at - 1 }));
        await store.commit(recordOf(id, 2, { modifiedAt: at }));
      }
      const listed = async (before: number, limit: number) =>
        (await store.superseded({ before, limit })).map(({ id }) => id);
      assert.deepEqual(await listed(1000, 10), ["a", "b", "c"]);
      assert.deepEqual(await listed(1000, 2), ["a", "b"]);
      assert.deepEqual(await listed(300, 10), ["a", "b"]);
    });

    it("forgets a superseded version, twice without complaint, and never the current one", async () => {
      await store.commit(recordOf("d", 1));
      await store.commit(recordOf("d", 2));
      for (let round = 0; round < 2; round++) await store.forget({ id: "d", version: "d-v1" });
      await store.forget({ id: "d", version: "d-v2" });
      assert.equal(await store.refersTo({ id: "d", version: "d-v1" }), false);
      assert.deepEqual(await store.read("d"), recordOf("d", 2));
    });
  });
}

export function recordOf(id: string, sequence: number, change: Partial<DocumentRecord> = {}): DocumentRecord {
  return {
    id,
    version: `${id}-v${sequence}`,
    sequence,
    contentType: "text/plain",
    size: 1,
    sha256: "5".repeat(64),
    modifiedAt: sequence,
    originRegion: "us-east-1",
    ...change,
  };
}
