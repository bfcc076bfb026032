import assert from "node:assert/strict";
import { createHash, randomInt } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type ServiceProcess, startService } from "./testing/service-process.ts";

const rounds = 3;
const writers = 8;
const documentsPerWriter = 3;

describe("the service, killed", () => {
  let directory: string;
  let service: ServiceProcess | undefined;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "document-service-"));
  });
  afterEach(async () => {
    service?.kill("SIGKILL");
    await service?.ended;
    await rm(directory, { recursive: true });
  });

  it("DOC-22: returns every acknowledged write byte for byte after kill -9 at random moments", async () => {
    const history = new Map<string, Writes>();
    let acknowledged = 0;
    for (let round = 0; round < rounds; round++) {
      service = await startService({ DATA_DIR: directory, LOG_LEVEL: "info" });
      await verify(service.url, history);
      const writing = Promise.all(
        Array.from({ length: writers }, (_, writer) => writeUntilDead(service?.url ?? "", writer, history)),
      );
      await setTimeout(randomInt(150, 500));
      service.kill("SIGKILL");
      assert.equal(await service.ended, "SIGKILL");
      acknowledged += (await writing).reduce((sum, count) => sum + count, 0);
    }
    service = await startService({ DATA_DIR: directory });
    await verify(service.url, history);
    assert.ok(acknowledged > rounds * writers, `only ${acknowledged} writes were acknowledged`);
  });

  it("DATA-32: killed between content and commit it shows nothing of the write, keeps the former version, and sweeps", async () => {
    for (const id of ["kept", "new"]) {
      service = await startService({ DATA_DIR: directory }, "testing/crash-before-commit.ts");
      if (id === "kept") assert.equal((await put(service.url, id, Buffer.from("former"))).status, 201);
      await assert.rejects(put(service.url, id, Buffer.from("never acknowledged")));
      assert.equal(await service.ended, "SIGKILL");
    }
    assert.equal((await readdir(join(directory, "content"))).length, 3);

    service = await startService({
      DATA_DIR: directory,
      ORPHAN_GRACE_SECONDS: "1",
      CLEANUP_INTERVAL_SECONDS: "1",
    });
    assert.equal(await (await fetch(`${service.url}/documents/kept`)).text(), "former");
    assert.equal((await fetch(`${service.url}/documents/new`)).status, 404);
    while ((await readdir(join(directory, "content"))).length > 1) await setTimeout(50);
    assert.equal(await (await fetch(`${service.url}/documents/kept`)).text(), "former");
  });
});

/** The writes of one document by number; 0 stands for none. */
interface Writes {
  /** The one that must be found, unless the one under way is. */
  current: number;
  underWay?: number;
  sent: number;
}

/** One after the other, each document with this one writer, so that what may be found afterwards is known exactly. */
async function writeUntilDead(url: string, writer: number, history: Map<string, Writes>): Promise<number> {
  for (let count = 0; ; count++) {
    const id = `w${writer}-${count % documentsPerWriter}`;
    const writes = history.get(id) ?? { current: 0, sent: 0 };
    history.set(id, writes);
    writes.underWay = ++writes.sent;
    const answer = await put(url, id, contentOf(id, writes.sent)).catch(() => undefined);
    if (answer === undefined) return count;
    assert.ok(answer.status === 201 || answer.status === 200, `PUT answered ${answer.status}`);
    writes.current = writes.sent;
    writes.underWay = undefined;
  }
}

async function verify(url: string, history: Map<string, Writes>): Promise<void> {
  for (const [id, writes] of history) {
    const answer = await fetch(`${url}/documents/${id}`);
    const body = Buffer.from(await answer.arrayBuffer());
    // A write that was cut off may have happened, whole, or not at all.
    const possible = [writes.current, writes.underWay ?? writes.current];
    const found = possible.find((write) =>
      write === 0 ? answer.status === 404 : answer.status === 200 && body.equals(contentOf(id, write)),
    );
    assert.ok(
      found !== undefined,
      `${id}: ${answer.status}, ${body.byteLength} bytes, is none of ${possible}`,
    );
    writes.current = found;
    writes.underWay = undefined;
  }
}

/** Different for each write, from a few bytes to larger than the cache takes. */
function contentOf(id: string, write: number): Buffer {
  const seed = createHash("sha256").update(`${id} ${write}`).digest();
  return Buffer.alloc(1 + ((seed.readUInt32BE() * 7) % 150_000), seed);
}

function put(url: string, id: string, body: Buffer): Promise<Response> {
  return fetch(`${url}/documents/${id}`, {
    method: "PUT",
    headers: { "content-type": "application/octet-stream" },
    body: new Uint8Array(body),
  });
}
