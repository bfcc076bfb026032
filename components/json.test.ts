import assert from "node:assert/strict";
import fc from "fast-check";
import { type Json, sortedJson } from "./json.ts";

describe("JSON for AWS", () => {
  it("is the same text for the same value, whatever the order of its keys", () => {
    const shuffled = (value: Json): Json => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (value === null || typeof value !== "object") return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, child]) => [key, shuffled(child)]),
      );
    };
    const json = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("value")),
        fc.dictionary(
          fc.string().filter((key) => key !== "__proto__"),
          tie("value"),
        ),
      ),
    })).value;
    fc.assert(
      fc.property(json, (value) => {
        assert.equal(sortedJson(shuffled(value)), sortedJson(value));
        assert.deepEqual(JSON.parse(sortedJson(value)), JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
