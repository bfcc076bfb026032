import assert from "node:assert/strict";
import { SqliteMetadataStore } from "../adapters/embedded/sqlite-metadata-store.ts";
import type { DocumentRecord } from "../ports/metadata-store.ts";
import { withFaults } from "../testing/faults.ts";
import { MemoryContentStore } from "../testing/memory-content-store.ts";
import { contentKey } from "./document-id.ts";
import { Janitor } from "./janitor.ts";
import { silentLog } from "./log.ts";

const minute = 60_000;

describe("the janitor", () => {
  let time: number;
  let content: MemoryContentStore;
  let metadata: ReturnType<typeof withFaults<SqliteMetadataStore>>;
  let janitor: Janitor;

  beforeEach(() => {
    time = 1_000_000;
    content = new MemoryContentStore(() => time);
    metadata = withFaults("metadata", new SqliteMetadataStore(":memory:"), []);
    janitor = new Janitor({
      metadata: metadata.port,
      content,
      supersededGraceMs: 10 * minute,
      orphanGraceMs: 60 * minute,
      now: () => time,
      log: silentLog,
    });
  });

  async function write(id: string, version: string): Promise<void> {
    await content.write(contentKey({ id, version }), bytes(version));
  }

  async function commit(id: string, version: string, sequence: number): Promise<void> {
    const record: DocumentRecord = {
      id,
      version,
      sequence,
      contentType: "text/plain",
      size: version.length,
      sha256: "",
      modifiedAt: time,
      originRegion: "local",
    };
    assert.equal(await metadata.port.commit(record), "committed");
  }

  it("keeps a replaced version through its grace, then removes it, and never the current one", async () => {
    await write("d", "v1");
    await commit("d", "v1", 1);
    time += 100 * minute;
    await write("d", "v2");
    await commit("d", "v2", 2);
    time += 10 * minute;
    await janitor.clean();
    assert.deepEqual(content.keys, ["d/v1", "d/v2"]);
    time += 1;
    assert.equal(await janitor.collectSuperseded(), 1);
    assert.deepEqual(content.keys, ["d/v2"]);
    time += 1000 * minute;
    await janitor.clean();
    assert.deepEqual(content.keys, ["d/v2"]);
  });

  it("collects more than one batch in a round", async () => {
    for (let i = 1; i <= 251; i++) {
      await write("d", `v${i}`);
      await commit("d", `v${i}`, i);
    }
    time += 11 * minute;
    assert.equal(await janitor.collectSuperseded(), 250);
    assert.deepEqual(content.keys, ["d/v251"]);
  });

  it("sweeps content that no record knows, but only when it is old enough", async () => {
    await write("d", "v1");
    await commit("d", "v1", 1);
    await write("d", "orphan");
    await write("never", "orphan");
    time += 60 * minute;
    assert.equal(await janitor.sweepOrphans(), 0);
    time += 1;
    assert.equal(await janitor.sweepOrphans(), 2);
    assert.deepEqual(content.keys, ["d/v1"]);
  });

  it("stops between two objects when it is told to", async () => {
    await write("d", "v1");
    await commit("d", "v1", 1);
    await write("d", "v2");
    await commit("d", "v2", 2);
    await write("d", "orphan");
    time += 1000 * minute;
    janitor.stop();
    await janitor.clean();
    assert.equal(content.keys.length, 3);
  });

  it("leaves alone what lies under a key of another make", async () => {
    await content.write("backup", bytes("x"));
    await content.write("a/b/c", bytes("x"));
    time += 1000 * minute;
    assert.equal(await janitor.sweepOrphans(), 0);
    assert.deepEqual(content.keys, ["backup", "a/b/c"]);
  });

  it("removes nothing while the metadata cannot be asked, and goes on when it can", async () => {
    await write("d", "orphan");
    time += 1000 * minute;
    metadata.faults.inject("down");
    await janitor.clean();
    assert.deepEqual(content.keys, ["d/orphan"]);
    metadata.faults.heal();
    await janitor.clean();
    assert.deepEqual(content.keys, []);
  });
});

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
