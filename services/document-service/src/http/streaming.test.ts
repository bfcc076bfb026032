import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import { createHarness, type Harness } from "../testing/harness.ts";

const mebibyte = 1024 * 1024;

describe("uploads over a socket", () => {
  let service: Harness;
  let socket: Socket;

  async function open(environment: Record<string, string> = {}): Promise<void> {
    service = createHarness(environment);
    const { port } = new URL(await service.app.listen({ host: "127.0.0.1", port: 0 }));
    socket = connect(Number(port), "127.0.0.1");
    await once(socket, "connect");
  }
  afterEach(async () => {
    socket.destroy();
    // A write that hangs would hold its connection, and with it the server, for ever.
    service.app.server.closeAllConnections();
    await service.app.close();
  });

  function beginPut(framing: string): void {
    socket.write(`PUT /documents/d HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n${framing}\r\n\r\n`);
  }

  it("DOC-01: reads no faster than it stores, so memory does not grow with the document", async () => {
    await open();
    service.faults.content.inject("hangs", { method: "write" });
    beginPut(`Content-Length: ${20 * mebibyte}`);
    socket.write(Buffer.alloc(20 * mebibyte));
    const [accepted] = await Promise.all([acceptedSocket(service), setTimeout(300)]);
    assert.ok(accepted.bytesRead < mebibyte, `${accepted.bytesRead} bytes were read into memory`);
  });

  it("DOC-01: refuses a body of unknown length at the limit, tells the client, and keeps the connection usable", async () => {
    await open({ MAX_DOCUMENT_BYTES: "1000" });
    beginPut("Transfer-Encoding: chunked");
    const answers: string[] = [];
    socket.setEncoding("utf8").on("data", (chunk: string) => answers.push(chunk));
    const chunk = `1000\r\n${"x".repeat(0x1000)}\r\n`;
    socket.write(chunk.repeat(100));
    while (!answers.join("").includes("\r\n\r\n{")) await setTimeout(10);
    assert.match(answers.splice(0).join(""), /^HTTP\/1.1 413 /);
    assert.deepEqual(service.content.keys, []);
    socket.write(`${chunk.repeat(100)}0\r\n\r\nGET /livez HTTP/1.1\r\nHost: x\r\n\r\n`);
    while (!answers.join("").includes('{"status":"alive"}')) await setTimeout(10);
    assert.match(answers.join(""), /^HTTP\/1.1 200 /);
  });

  it("DOC-01: a document of exactly the limit is accepted, one byte more is not", async () => {
    await open({ MAX_DOCUMENT_BYTES: "1000" });
    for (const [size, status] of [
      [1000, 201],
      [1001, 413],
    ] as const) {
      beginPut("Transfer-Encoding: chunked");
      socket.write(`${size.toString(16)}\r\n${"x".repeat(size)}\r\n0\r\n\r\n`);
      const [answer] = await once(socket, "data");
      assert.match(String(answer), new RegExp(`^HTTP/1.1 ${status} `));
    }
  });
});

function acceptedSocket(service: Harness): Promise<Socket> {
  return new Promise((resolve) => {
    service.app.server.once("request", ({ socket }) => resolve(socket));
  });
}
