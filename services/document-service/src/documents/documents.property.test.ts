import assert from "node:assert/strict";
import fc from "fast-check";
import { createHarness, get, type Harness, put } from "../testing/harness.ts";

interface Model {
  readonly documents: Map<string, { content: string; etag: string }>;
}

type Command = fc.AsyncCommand<Model, Harness>;

const id = fc.constantFrom("a", "b", "A");
/** Empty, small, and too large for the cache (64 bytes here). */
const content = fc.oneof(fc.string({ maxLength: 20 }), fc.string({ minLength: 65, maxLength: 200 }));
const condition = fc.constantFrom("none", "if-match current", "if-match stale", "if-none-match *");

class Put implements Command {
  readonly #id: string;
  readonly #content: string;
  readonly #condition: string;

  constructor(id: string, content: string, condition: string) {
    this.#id = id;
    this.#content = content;
    this.#condition = condition;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, service: Harness): Promise<void> {
    const before = model.documents.get(this.#id);
    const answer = await put(service, this.#id, this.#content, { headers: this.#headers(before?.etag) });
    const refused =
      this.#condition === "if-match stale" ||
      (this.#condition === "if-match current" && !before) ||
      (this.#condition === "if-none-match *" && before !== undefined);
    assert.equal(answer.statusCode, refused ? 412 : before ? 200 : 201);
    if (!refused) {
      const etag = String(answer.headers.etag);
      assert.notEqual(etag, before?.etag);
      model.documents.set(this.#id, { content: this.#content, etag });
    }
  }

  #headers(etag = '"none"'): Record<string, string> {
    switch (this.#condition) {
      case "if-match current":
        return { "if-match": etag };
      case "if-match stale":
        return { "if-match": '"stale"' };
      case "if-none-match *":
        return { "if-none-match": "*" };
      default:
        return {};
    }
  }

  toString(): string {
    return `put ${this.#id} ${JSON.stringify(this.#content)} (${this.#condition})`;
  }
}

class Get implements Command {
  readonly #id: string;
  readonly #conditional: boolean;

  constructor(id: string, conditional: boolean) {
    this.#id = id;
    this.#conditional = conditional;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, service: Harness): Promise<void> {
    const expected = model.documents.get(this.#id);
    const headers: Record<string, string> =
      this.#conditional && expected ? { "if-none-match": expected.etag } : {};
    const answer = await get(service, this.#id, headers);
    if (!expected) return assert.equal(answer.statusCode, 404);
    assert.equal(answer.statusCode, this.#conditional ? 304 : 200);
    assert.equal(answer.headers.etag, expected.etag);
    assert.equal(answer.body, this.#conditional ? "" : expected.content);
  }

  toString(): string {
    return `get ${this.#id}${this.#conditional ? " if changed" : ""}`;
  }
}

/** What the world does meanwhile. None of it may show in any answer. */
class Disturb implements Command {
  readonly #what: string;
  readonly #act: (service: Harness) => void | Promise<void>;

  constructor(what: string, act: (service: Harness) => void | Promise<void>) {
    this.#what = what;
    this.#act = act;
  }

  check(): boolean {
    return true;
  }

  async run(_model: Model, service: Harness): Promise<void> {
    await this.#act(service);
  }

  toString(): string {
    return this.#what;
  }
}

const disturbances = [
  new Disturb("the cache expires", (service) => service.advance(301)),
  new Disturb("the janitor cleans", (service) => service.janitor.clean()),
  new Disturb("the next commit's answer is lost", ({ faults }) =>
    faults.metadata.inject("answer-lost", { method: "commit", times: 1 }),
  ),
  new Disturb("the next commit fails", ({ faults }) =>
    faults.metadata.inject("down", { method: "commit", times: 1 }),
  ),
  new Disturb("the next cache read fails", ({ faults }) =>
    faults.cache.inject("down", { method: "get", times: 1 }),
  ),
];

describe("documents, whatever is done to them in whatever order", () => {
  for (const mode of ["update", "invalidate"]) {
    it(`DOC-02: every read returns the last write and every condition is judged on it (${mode})`, async () => {
      const commands = fc.commands(
        [
          fc.tuple(id, content, condition).map((args) => new Put(...args)),
          fc.tuple(id, fc.boolean()).map((args) => new Get(...args)),
          fc.constantFrom(...disturbances),
        ],
        { maxCommands: 40 },
      );
      await fc.assert(
        fc.asyncProperty(commands, async (sequence) => {
          const service = createHarness({ CACHE_WRITE_MODE: mode, CACHE_MAX_DOCUMENT_BYTES: "64" });
          try {
            await fc.asyncModelRun(() => ({ model: { documents: new Map() }, real: service }), sequence);
          } finally {
            await service.app.close();
          }
        }),
        { numRuns: 60 },
      );
    });
  }
});
