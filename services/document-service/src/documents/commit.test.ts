import assert from "node:assert/strict";
import { SqliteMetadataStore } from "../adapters/embedded/sqlite-metadata-store.ts";
import { StoreUnavailable } from "../ports/errors.ts";
import { recordOf } from "../ports/metadata-store.contract.ts";
import type { DocumentRecord, MetadataStore } from "../ports/metadata-store.ts";
import { commit } from "./commit.ts";
import { DocumentError } from "./errors.ts";

const timeoutMs = 20;
const mine = recordOf("d", 2, { version: "mine" });
const theirs = recordOf("d", 2, { version: "theirs" });

describe("a commit whose outcome is in doubt", () => {
  let store: SqliteMetadataStore;
  beforeEach(async () => {
    store = new SqliteMetadataStore(":memory:");
    await store.commit(recordOf("d", 1));
  });
  afterEach(() => store.close());

  /** The store, with the first commits replaced by what these do; later ones are real. */
  function scripted(...script: (() => Promise<void>)[]): MetadataStore {
    return new Proxy<MetadataStore>(store, {
      get(real, property) {
        if (property === "commit") return (next: DocumentRecord) => act(next);
        const member: unknown = Reflect.get(real, property);
        return typeof member === "function" ? member.bind(real) : member;
      },
    });
    async function act(next: DocumentRecord) {
      const step = script.shift();
      if (step === undefined) return store.commit(next);
      await step();
      throw new StoreUnavailable("The answer was lost");
    }
  }

  const current = async () => (await store.read("d"))?.version;

  it("is committed if it had reached the store", async () => {
    const outcome = await commit(
      scripted(async () => void (await store.commit(mine))),
      mine,
      timeoutMs,
    );
    assert.equal(outcome, "committed");
    assert.equal(await current(), "mine");
  });

  it("is made once more if it had not", async () => {
    assert.equal(
      await commit(
        scripted(async () => {}),
        mine,
        timeoutMs,
      ),
      "committed",
    );
    assert.equal(await current(), "mine");
  });

  it("is a conflict if another holds its sequence", async () => {
    const outcome = await commit(
      scripted(async () => void (await store.commit(theirs))),
      mine,
      timeoutMs,
    );
    assert.equal(outcome, "conflict");
    assert.equal(await current(), "theirs");
  });

  it("is committed if it arrives late, between the read that did not find it and its repetition", async () => {
    const metadata = scripted(async () => {});
    const repeated = metadata.commit.bind(metadata);
    let calls = 0;
    const late = new Proxy(metadata, {
      get(target, property) {
        if (property !== "commit") return Reflect.get(target, property);
        return async (next: DocumentRecord) => {
          if (++calls === 2) await store.commit(mine);
          return repeated(next);
        };
      },
    });
    assert.equal(await commit(late, mine, timeoutMs), "committed");
    assert.equal(calls, 2);
  });

  it("stays in doubt if later writes cover its trace, or if the store never answers", async () => {
    const covered = scripted(async () => {
      await store.commit(theirs);
      await store.commit(recordOf("d", 3));
    });
    await assert.rejects(commit(covered, mine, timeoutMs), isUnknown);

    const silent = scripted(...Array.from({ length: 3 }, () => () => new Promise<void>(() => undefined)));
    await assert.rejects(commit(silent, recordOf("d", 4, { version: "mine" }), timeoutMs), isUnknown);
  });

  it("is a plain conflict, without another look, if the store said so at once", async () => {
    await store.commit(theirs);
    assert.equal(await commit(store, mine, timeoutMs), "conflict");
  });
});

function isUnknown(error: unknown): boolean {
  return error instanceof DocumentError && error.code === "outcome-unknown";
}
