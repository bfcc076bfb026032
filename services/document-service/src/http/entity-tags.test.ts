import assert from "node:assert/strict";
import fc from "fast-check";
import { parseEntityTags } from "./entity-tags.ts";

describe("entity tags", () => {
  it("reads what it should, also with odd spacing, empty list elements and commas inside a tag", () => {
    assert.equal(parseEntityTags(" * "), "*");
    assert.deepEqual(parseEntityTags('"a"'), [{ value: "a", weak: false }]);
    assert.deepEqual(parseEntityTags('W/"a" ,, "b,c",""'), [
      { value: "a", weak: true },
      { value: "b,c", weak: false },
      { value: "", weak: false },
    ]);
  });

  for (const header of ["", " ", ",", "a", '"a', 'a"', '"a" "b"', '*, "a"', 'w/"a"', 'XW/"a"', '"a"b']) {
    it(`refuses ${JSON.stringify(header)}`, () => assert.equal(parseEntityTags(header), undefined));
  }

  it("reads back any list of tags", () => {
    const value = fc.string({
      unit: fc
        .integer({ min: 0x21, max: 0x7e })
        .filter((c) => c !== 0x22)
        .map((c) => String.fromCharCode(c)),
    });
    const tags = fc.array(fc.record({ value, weak: fc.boolean() }, { noNullPrototype: true }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(tags, fc.constantFrom(",", ", ", " , "), (list, separator) => {
        const header = list.map(({ value, weak }) => `${weak ? "W/" : ""}"${value}"`).join(separator);
        assert.deepEqual(parseEntityTags(header), list);
      }),
    );
  });

  it("takes linear time for whatever a client sends", () => {
    const started = performance.now();
    for (const part of [" ,", '"', ", ", 'W/"', '"a",', "\t"])
      parseEntityTags(`${part.repeat(16_000 / part.length)}x`);
    assert.ok(performance.now() - started < 1000);
  });
});
