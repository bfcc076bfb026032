import assert from "node:assert/strict";
import http from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

type Check = (response: http.IncomingMessage) => Promise<void>;
type Step = (
  name: string,
  request: http.RequestOptions & { body: string },
  check: Check,
  config: { readonly continueOnHttpStepFailure: boolean },
) => Promise<void>;
interface Probe {
  readonly probe: (input: {
    step: Step;
    targets: Record<string, string>;
    document?: { url: string; token: () => Promise<string> };
    now: () => number;
  }) => Promise<void>;
}
const { probe } = createRequire(import.meta.url)("./canary-probe.cjs") as Probe;

/**
 * A service with one document, and a step that does what the Synthetics library does: request, check, count, and throw unless it
 * is told to go on. `run` is the run's own result.
 */
async function run(
  answers: { health?: number; put?: number; keeps?: boolean; stored?: string },
  now = Date.parse("2026-11-21T12:00:00Z"),
): Promise<Record<string, string>> {
  let stored = answers.stored ?? "";
  const server = http.createServer(async (request, response) => {
    const allowed = request.headers["user-agent"] === "platform-canary";
    if (!allowed) return response.writeHead(403).end();
    if (request.url === "/health") return response.writeHead(answers.health ?? 200).end("{}");
    if (request.headers.authorization !== "Bearer hush") return response.writeHead(401).end();
    if (request.method !== "PUT") return response.writeHead(200).end(stored);
    assert.equal(request.headers["content-type"], "text/plain");
    const body = await text(request);
    if (answers.keeps !== false) stored = body;
    return response.writeHead(answers.put ?? 201).end("{}");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const results: Record<string, string> = {};
  const step: Step = async (name, request, check, { continueOnHttpStepFailure }) => {
    const response = await new Promise<http.IncomingMessage>((answered, failed) => {
      http.request(request, answered).on("error", failed).end(request.body);
    });
    results[name] = await check(response).then(
      () => "passed",
      (error: Error) => error.message,
    );
    if (results[name] !== "passed" && !continueOnHttpStepFailure) throw new Error(results[name]);
  };
  try {
    const finished = probe({
      step,
      targets: { public: `${origin}/health`, origin: `${origin}/health` },
      document: { url: `${origin}/documents/canary`, token: async () => "hush" },
      now: () => now,
    });
    results["run"] = await finished.then(
      () => "passed",
      (error: Error) => error.message,
    );
  } finally {
    server.close();
  }
  return results;
}

describe("canary probe", () => {
  const passed = {
    public: "passed",
    origin: "passed",
    "document-write": "passed",
    "document-read": "passed",
    run: "passed",
  };

  it("OBS-28: a healthy platform passes every step", async () => {
    assert.deepEqual(await run({}), passed);
  });

  it("OBS-28: an unhealthy answer fails its steps and hides no other, and the run has failed", async () => {
    const failed = "answered 503, expected 200";
    assert.deepEqual(await run({ health: 503 }), {
      ...passed,
      public: failed,
      origin: failed,
      run: `public: ${failed}; origin: ${failed}`,
    });
  });

  it("a refused write fails the run", async () => {
    const results = await run({ put: 500 });
    assert.equal(results["document-write"], "answered 500, expected 200 or 201");
    assert.equal(results["run"], "document-write: answered 500, expected 200 or 201");
  });

  it("a document that another region has not got yet may be the one of the run before, and no older", async () => {
    const read = async (stored: string) => (await run({ keeps: false, stored }))["document-read"];
    const stale = "the document is not the one that was written last";
    assert.equal(await read("2026-11-21T11:59:00.000Z"), "passed");
    assert.equal(await read("2026-11-21T11:56:00.000Z"), stale);
    assert.equal(await read("something else"), stale);
  });
});
