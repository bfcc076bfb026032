import assert from "node:assert/strict";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import type { InjectOptions } from "fastify";
import { createHarness, type Harness } from "../testing/harness.ts";

const textPlain = { "content-type": "text/plain" };
const idRule =
  "1 to 128 characters: letters, digits, dot, underscore and hyphen, beginning with a letter or a digit";

interface Case {
  readonly what: string;
  readonly request: InjectOptions;
  readonly status: number;
  readonly type: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const invalidIds = ["-a", ".a", "a%2Fb", "a%20b", "%C3%A9", `a${"b".repeat(128)}`, "a%00"];

const cases: Case[] = [
  {
    what: "a path that is no route",
    request: { url: "/nothing" },
    status: 404,
    type: "route-not-found",
    detail: "The service has /documents/{id}, /health and /livez",
  },
  {
    what: "a document that does not exist",
    request: { url: "/documents/absent" },
    status: 404,
    type: "document-not-found",
    detail: "There is no document absent",
  },
  {
    what: "a method that a document does not have",
    request: { method: "DELETE", url: "/documents/a" },
    status: 405,
    type: "method-not-allowed",
    detail: "DELETE is not one of GET, HEAD, PUT",
    headers: { allow: "GET, HEAD, PUT" },
  },
  {
    what: "a write to /health",
    request: { method: "POST", url: "/health", headers: textPlain, payload: "x" },
    status: 405,
    type: "method-not-allowed",
    detail: "POST is not one of GET, HEAD",
    headers: { allow: "GET, HEAD" },
  },
  {
    what: "a body that is announced as too large",
    request: { method: "PUT", url: "/documents/a", headers: textPlain, payload: "x".repeat(101) },
    status: 413,
    type: "document-too-large",
    detail: "A document may have at most 100 bytes",
  },
  {
    what: "a content type that is not in the list",
    request: { method: "PUT", url: "/documents/a", headers: { "content-type": "text/html" }, payload: "x" },
    status: 415,
    type: "content-type-not-allowed",
    detail: "text/html is not allowed. Allowed: text/plain, image/png",
  },
  {
    what: "a body without a content type",
    request: { method: "PUT", url: "/documents/a", payload: Buffer.from("x") },
    status: 415,
    type: "content-type-not-allowed",
    detail: "Content-Type is missing or malformed. Allowed: text/plain, image/png",
  },
  {
    what: "a malformed content type",
    request: { method: "PUT", url: "/documents/a", headers: { "content-type": "text" }, payload: "x" },
    status: 415,
    type: "content-type-not-allowed",
    detail: "Content-Type is malformed",
  },
  {
    what: "an encoded body",
    request: {
      method: "PUT",
      url: "/documents/a",
      headers: { ...textPlain, "content-encoding": "gzip" },
      payload: "x",
    },
    status: 415,
    type: "content-not-storable",
    detail: "Content-Encoding gzip is not supported: send it unencoded",
  },
  {
    what: "a part of a body",
    request: {
      method: "PUT",
      url: "/documents/a",
      headers: { ...textPlain, "content-range": "bytes 0-0/2" },
      payload: "x",
    },
    status: 400,
    type: "request-invalid",
    detail: "Content-Range is not supported: send it whole",
  },
  {
    what: "a condition that is not an entity tag",
    request: { url: "/documents/a", headers: { "if-none-match": "abc" } },
    status: 400,
    type: "request-invalid",
    detail: 'if-none-match: must be * or quoted entity tags such as "abc", "def"',
  },
  ...invalidIds.map((id) => ({
    what: `the id ${id.slice(0, 10)}`,
    request: { url: `/documents/${id}` },
    status: 400,
    type: "request-invalid",
    detail: `id: ${idRule}`,
  })),
];

describe("problem details", () => {
  let service: Harness;
  beforeEach(() => {
    service = createHarness({ MAX_DOCUMENT_BYTES: "100", ALLOWED_CONTENT_TYPES: "text/plain, image/png" });
  });
  afterEach(() => service.app.close());

  for (const { what, request, status, type, detail, headers = {} } of cases) {
    it(`${what} is answered with ${status} as application/problem+json`, async () => {
      const answer = await service.app.inject(request);
      assert.equal(answer.statusCode, status);
      assert.equal(answer.headers["content-type"], "application/problem+json");
      assert.equal(answer.headers["cache-control"], "no-store");
      const { title, requestId, ...problem } = answer.json();
      assert.deepEqual(problem, { type: `urn:document-service:problem:${type}`, status, detail });
      assert.match(requestId, /^[0-9a-f-]{36}$/);
      assert.ok(title.length > 0);
      for (const [name, value] of Object.entries(headers)) assert.equal(answer.headers[name], value);
      assert.equal(service.content.keys.length, 0);
    });
  }

  it("a path that cannot be decoded is answered with 400", async () => {
    const answer = await service.app.inject({ url: "/documents/%zz" });
    assert.equal(answer.statusCode, 400);
    assert.equal(answer.headers["content-type"], "application/problem+json");
    assert.equal(answer.json().detail, "'/documents/%zz' is not a valid url component");
  });

  it("an error that nobody foresaw is answered with 500 and tells nothing of the inside", async () => {
    service.faults.metadata.inject("throws");
    const answer = await service.app.inject({ url: "/documents/a" });
    assert.equal(answer.statusCode, 500);
    assert.equal(answer.headers["content-type"], "application/problem+json");
    assert.doesNotMatch(answer.body, /threw/);
  });

  it("bytes that are not HTTP are answered with 400", async () => {
    const { port } = new URL(await service.app.listen({ host: "127.0.0.1", port: 0 }));
    const socket = connect(Number(port), "127.0.0.1");
    socket.write("GARBAGE\r\n\r\n");
    const [head = "", body = ""] = (await text(socket)).split("\r\n\r\n");
    assert.match(head, /^HTTP\/1.1 400 Bad Request\r\n/);
    assert.match(head, /Content-Type: application\/problem\+json/);
    assert.equal(JSON.parse(body).status, 400);
  });
});
