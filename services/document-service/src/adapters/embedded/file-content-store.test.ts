import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeContentStore } from "../../ports/content-store.contract.ts";
import { StoreUnavailable } from "../../ports/errors.ts";
import { MemoryContentStore } from "../../testing/memory-content-store.ts";
import { FileContentStore } from "./file-content-store.ts";

const directories: string[] = [];

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "document-service-"));
  directories.push(directory);
  return directory;
}

after(() => Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true }))));

describeContentStore("FileContentStore", async () => FileContentStore.open(await newDirectory()));
describeContentStore("MemoryContentStore", async () => new MemoryContentStore());

describe("FileContentStore", () => {
  it("DOC-22: finds again what an earlier process stored", async () => {
    const directory = join(await newDirectory(), "made", "on", "demand");
    await (await FileContentStore.open(directory)).write("d/v1", one("kept"));
    const again = await FileContentStore.open(directory);
    assert.equal(Buffer.concat(await (await again.open("d/v1")).toArray()).toString(), "kept");
  });

  it("keeps content where only its own user can read it", async () => {
    const directory = await newDirectory();
    await (await FileContentStore.open(directory)).write("d/v1", one("secret"));
    for (const name of ["content", "incoming"]) {
      assert.equal((await stat(join(directory, name))).mode & 0o777, 0o700);
    }
    const [name = ""] = await readdir(join(directory, "content"));
    assert.equal((await stat(join(directory, "content", name))).mode & 0o777, 0o600);
  });

  it("clears away what a crashed write left, once it is old", async () => {
    const directory = await newDirectory();
    const store = await FileContentStore.open(directory);
    const incoming = join(directory, "incoming");
    for (const name of ["old", "new"]) await writeFile(join(incoming, name), "half");
    await utimes(join(incoming, "old"), 1000, 1000);
    for await (const { key } of store.list({ writtenBefore: Date.now() - 60_000 })) assert.fail(key);
    assert.deepEqual(await readdir(incoming), ["new"]);
  });

  it("rejects as unavailable when its directory is gone", async () => {
    const directory = await newDirectory();
    const store = await FileContentStore.open(directory);
    await rm(directory, { recursive: true });
    await assert.rejects(store.write("d/v1", one("x")), StoreUnavailable);
  });
});

async function* one(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
