import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createHarness, get, type Harness, put } from "../testing/harness.ts";

const large = Buffer.alloc(70_000, "large ");

describe("the documents API", () => {
  let service: Harness;
  beforeEach(() => {
    service = createHarness();
  });
  afterEach(() => service.app.close());

  it("DOC-01: PUT /documents/{id} stores data: 201 and a Location first, 200 and another ETag after", async () => {
    const first = await put(service, "report", "one");
    assert.equal(first.statusCode, 201);
    assert.equal(first.headers.location, "/documents/report");
    const second = await put(service, "report", "two");
    assert.equal(second.statusCode, 200);
    assert.equal(second.headers.location, undefined);
    assert.notEqual(second.headers.etag, first.headers.etag);
    assert.equal((await get(service, "report")).body, "two");
  });

  it("DOC-01: the answer to PUT describes what was stored", async () => {
    const { headers, ...answer } = await put(service, "report", "one", { type: "Text/Plain;charset=UTF-8" });
    const { version, modifiedAt, ...rest } = answer.json();
    assert.equal(headers.etag, `"${version}"`);
    assert.equal(headers["last-modified"], new Date(modifiedAt).toUTCString());
    assert.deepEqual(rest, {
      id: "report",
      contentType: "text/plain;charset=UTF-8",
      size: 3,
      sha256: createHash("sha256").update("one").digest("hex"),
    });
  });

  for (const [what, content] of [
    ["an empty document", Buffer.alloc(0)],
    ["a small binary document", Buffer.from([0, 255, 10, 13, 0])],
    ["a document too large to cache", large],
  ] as const) {
    it(`DOC-02: GET /documents/{id} returns ${what} byte for byte, twice`, async () => {
      const { headers } = await put(service, "d", content, { type: "application/octet-stream" });
      for (let round = 0; round < 2; round++) {
        const found = await get(service, "d");
        assert.equal(found.statusCode, 200);
        assert.deepEqual(found.rawPayload, content);
        assert.equal(found.headers["content-type"], "application/octet-stream");
        assert.equal(found.headers["content-length"], String(content.byteLength));
        assert.equal(found.headers.etag, headers.etag);
        assert.equal(found.headers["last-modified"], headers["last-modified"]);
        assert.equal(
          found.headers["repr-digest"],
          `sha-256=:${createHash("sha256").update(content).digest("base64")}:`,
        );
        assert.equal(found.headers["x-content-type-options"], "nosniff");
      }
    });
  }

  it("DOC-02: HEAD has the headers of GET and no body", async () => {
    await put(service, "d", large);
    const { date: _, ...expected } = (await get(service, "d")).headers;
    const head = await service.app.inject({ method: "HEAD", url: "/documents/d" });
    const { date: __, ...actual } = head.headers;
    assert.equal(head.statusCode, 200);
    assert.equal(head.body, "");
    assert.deepEqual(actual, expected);
  });

  describe("conditions", () => {
    it("DOC-02: If-None-Match with the current ETag answers 304 without a body, weak or in a list too", async () => {
      const etag = String((await put(service, "d", "one")).headers.etag);
      for (const value of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
        const answer = await get(service, "d", { "if-none-match": value });
        assert.equal(answer.statusCode, 304, value);
        assert.equal(answer.body, "");
        assert.equal(answer.headers.etag, etag);
      }
      assert.equal((await get(service, "d", { "if-none-match": '"other"' })).statusCode, 200);
    });

    it("DOC-01: If-Match lets a write through on the current version only, and never by a weak tag", async () => {
      const etag = String((await put(service, "d", "one")).headers.etag);
      const refused = [`W/${etag}`, '"other"'];
      for (const value of refused) {
        const answer = await put(service, "d", "two", { headers: { "if-match": value } });
        assert.equal(answer.statusCode, 412, value);
      }
      assert.equal((await get(service, "d")).body, "one");
      assert.equal((await put(service, "d", "two", { headers: { "if-match": etag } })).statusCode, 200);
      assert.equal((await put(service, "d", "three", { headers: { "if-match": etag } })).statusCode, 412);
      assert.equal((await get(service, "d")).body, "two");
    });

    it("DOC-01: If-None-Match * creates and never replaces; If-Match * replaces and never creates", async () => {
      assert.equal((await put(service, "d", "one", { headers: { "if-match": "*" } })).statusCode, 412);
      assert.equal((await put(service, "d", "one", { headers: { "if-none-match": "*" } })).statusCode, 201);
      assert.equal((await put(service, "d", "two", { headers: { "if-none-match": "*" } })).statusCode, 412);
      assert.equal((await put(service, "d", "three", { headers: { "if-match": "*" } })).statusCode, 200);
      assert.equal((await get(service, "d")).body, "three");
    });

    it("DOC-01: a refused write leaves no content behind", async () => {
      await put(service, "d", "one");
      await put(service, "d", "two", { headers: { "if-none-match": "*" } });
      assert.equal(service.content.keys.length, 1);
    });

    it("DOC-02: GET with an If-Match that does not hold answers 412", async () => {
      await put(service, "d", "one");
      assert.equal((await get(service, "d", { "if-match": '"other"' })).statusCode, 412);
    });

    it("C-15: of several writers that saw the same version exactly one replaces it", async () => {
      const etag = String((await put(service, "d", "zero")).headers.etag);
      const answers = await Promise.all(
        ["a", "b", "c", "d", "e"].map((body) => put(service, "d", body, { headers: { "if-match": etag } })),
      );
      assert.deepEqual(answers.map((answer) => answer.statusCode).sort(), [200, 412, 412, 412, 412]);
      const winner = answers.findIndex((answer) => answer.statusCode === 200);
      assert.equal((await get(service, "d")).body, "abcde"[winner]);
      assert.equal(service.content.keys.length, 2);
    });

    it("C-15: unconditional writers all succeed and the last commit is what remains", async () => {
      const answers = await Promise.all([..."abcdefgh"].map((body) => put(service, "d", body)));
      assert.deepEqual(
        answers.map((answer) => answer.statusCode).sort(),
        [200, 200, 200, 200, 200, 200, 200, 201],
      );
      const record = await service.metadata.read("d");
      assert.equal(record?.sequence, 8);
      const last = answers.findIndex((answer) => answer.json().version === record?.version);
      assert.equal((await get(service, "d")).body, "abcdefgh"[last]);
    });
  });
});
