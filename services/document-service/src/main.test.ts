import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { failToStart, type ServiceProcess, startService } from "./testing/service-process.ts";

describe("the service as a process", () => {
  let directory: string;
  let service: ServiceProcess | undefined;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "document-service-"));
  });
  afterEach(async () => {
    service?.kill("SIGKILL");
    await service?.ended;
    service = undefined;
    await rm(directory, { recursive: true });
  });

  /** An upload that has begun and not ended. */
  async function beginUpload(url: string) {
    const upload = request(`${url}/documents/slow`, {
      method: "PUT",
      headers: { "content-type": "text/plain" },
    });
    upload.write("begun ");
    while ((await readdir(join(directory, "incoming"))).length === 0) await setTimeout(10);
    return upload;
  }

  it("DOC-22: on SIGTERM it takes no new connection, ends what is under way, and exits with 0", async () => {
    service = await startService({ DATA_DIR: directory, SHUTDOWN_GRACE_SECONDS: "10" });
    await (await fetch(`${service.url}/livez`)).text();
    const upload = await beginUpload(service.url);
    service.kill("SIGTERM");
    while (!service.lines.some((line) => line.includes('"Draining"'))) await setTimeout(10);
    await assert.rejects(fetch(`${service.url}/livez`));
    service.kill("SIGTERM");
    upload.end("and ended");
    const [answer] = await once(upload, "response");
    assert.equal(answer.statusCode, 201);
    await text(answer);
    const drained = performance.now();
    assert.equal(await service.ended, 0);
    assert.ok(performance.now() - drained < 2000, "an idle connection held up the end");

    service = await startService({ DATA_DIR: directory });
    assert.equal(await (await fetch(`${service.url}/documents/slow`)).text(), "begun and ended");
  });

  it("cuts off at the deadline what does not end, and exits with 1", async () => {
    service = await startService({ DATA_DIR: directory, SHUTDOWN_GRACE_SECONDS: "1" });
    const upload = await beginUpload(service.url);
    const cut = once(upload, "error");
    service.kill("SIGINT");
    assert.equal(await service.ended, 1);
    await cut;
  });

  it("a client that goes away in the middle of an upload leaves nothing behind", async () => {
    service = await startService({ DATA_DIR: directory });
    const upload = await beginUpload(service.url);
    upload.on("error", () => undefined).destroy();
    while ((await readdir(join(directory, "incoming"))).length > 0) await setTimeout(10);
    assert.deepEqual(await readdir(join(directory, "content")), []);
    assert.equal((await fetch(`${service.url}/documents/slow`)).status, 404);
  });

  it("keeps its files to its user, and logs JSON without content, query or health checks", async () => {
    service = await startService({ DATA_DIR: directory });
    const { url, lines } = service;
    const headers = { "content-type": "text/plain" };
    await fetch(`${url}/documents/d?token=hidden`, { method: "PUT", headers, body: "confidential" });
    for (const path of ["/documents/d", "/health", "/livez"]) await (await fetch(url + path)).text();
    service.kill("SIGTERM");
    await service.ended;
    assert.equal((await stat(join(directory, "metadata.sqlite"))).mode & 0o777, 0o600);
    const messages = lines.map((line) => JSON.parse(line));
    assert.deepEqual(
      messages
        .filter(({ msg }) => msg === "Request")
        .map(({ method, path, status }) => [method, path, status]),
      [
        ["PUT", "/documents/d", 201],
        ["GET", "/documents/d", 200],
      ],
    );
    assert.doesNotMatch(lines.join("\n"), /confidential|hidden/);
  });

  it("lists everything that is wrong with the environment and exits with 2", async () => {
    const { code, errors } = await failToStart({
      DATA_DIR: directory,
      PORT: "http",
      CACHE_TTL_SECONDS: "-1",
    });
    assert.equal(code, 2);
    assert.match(errors, /^The environment has 2 errors\n\n {2}PORT {2}"http" is not allowed\n/);
  });

  it("says which setting to change when the port is taken or the directory is a file, and exits with 2", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    assert.ok(address !== null && typeof address === "object");
    const file = join(directory, "file");
    await writeFile(file, "");
    const [taken, blocked] = await Promise.all([
      failToStart({ DATA_DIR: directory, PORT: String(address.port) }),
      failToStart({ DATA_DIR: file }),
    ]);
    other.close();
    assert.equal(taken.code, 2);
    assert.match(taken.errors, /address already in use.*\n {2}fix: set PORT to another port/);
    assert.equal(blocked.code, 2);
    assert.match(blocked.errors, /fix: set DATA_DIR to a directory/);
  });
});
