import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StoreUnavailable } from "../../ports/errors.ts";
import { describeMetadataStore, recordOf } from "../../ports/metadata-store.contract.ts";
import { SqliteMetadataStore } from "./sqlite-metadata-store.ts";

describeMetadataStore("SqliteMetadataStore", async () => new SqliteMetadataStore(":memory:"));

describe("SqliteMetadataStore", () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "document-service-"));
    path = join(directory, "metadata.sqlite");
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("DOC-22: keeps its records when it is closed and opened again", async () => {
    const first = new SqliteMetadataStore(path);
    await first.commit(recordOf("d", 1));
    await first.commit(recordOf("d", 2));
    await first.close();
    const second = new SqliteMetadataStore(path);
    assert.deepEqual(await second.read("d"), recordOf("d", 2));
    assert.equal((await second.superseded({ before: 100, limit: 1 }))[0]?.version, "d-v1");
    await second.close();
  });

  it("DOC-22: two processes' stores on one file see each other and never commit the same sequence twice", async () => {
    const [one, two] = [new SqliteMetadataStore(path), new SqliteMetadataStore(path)];
    assert.equal(await one.commit(recordOf("d", 1)), "committed");
    assert.equal(await two.commit(recordOf("d", 1, { version: "other" })), "conflict");
    assert.deepEqual(await two.read("d"), recordOf("d", 1));
    assert.equal(await two.commit(recordOf("d", 2)), "committed");
    assert.deepEqual(await one.read("d"), recordOf("d", 2));
    await Promise.all([one.close(), two.close()]);
  });

  it("rejects as unavailable when the file is locked by another or the database is closed", async () => {
    const store = new SqliteMetadataStore(path, { busyTimeoutMs: 20 });
    const other = new DatabaseSync(path);
    other.exec("BEGIN EXCLUSIVE");
    await assert.rejects(store.commit(recordOf("d", 1)), StoreUnavailable);
    other.exec("ROLLBACK");
    other.close();
    assert.equal(await store.commit(recordOf("d", 1)), "committed");
    await store.close();
    await assert.rejects(store.read("d"), StoreUnavailable);
    await assert.rejects(store.probe(), StoreUnavailable);
  });
});
