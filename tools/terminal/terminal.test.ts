import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import picocolors from "picocolors";
import { endingOf, exitCode, Mistake } from "./exit.ts";
import { plural, table, writeWhole } from "./output.ts";

describe("ending of a command", () => {
  it("tells a mistake in its own words, also when another error wraps it", () => {
    assert.deepEqual(endingOf(new Mistake("no stack x"), "platform plan x"), {
      code: exitCode.mistake,
      text: "no stack x",
    });
    const wrapped = new Error("outer", { cause: new Mistake("inner") });
    assert.deepEqual(endingOf(wrapped, "platform plan"), { code: 2, text: "inner" });
  });

  it("takes everything else for a fault and says what to report", () => {
    const { code, text } = endingOf(new TypeError("x is undefined"), "platform plan prod");
    assert.equal(code, 70);
    assert.match(
      text,
      /not your mistake[\s\S]*platform plan prod[\s\S]*node +v\d+[\s\S]*TypeError: x is undefined[\s\S]*terminal\.test\.ts/,
    );
    assert.match(endingOf("thrown text", "platform").text, /thrown text/);
  });
});

describe("table", () => {
  it("lines columns up whatever their colours, and leaves no space at the end", () => {
    const { red } = picocolors.createColors(true);
    const cell = fc.string({ unit: fc.constantFrom("a", "b", "é") });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 3, maxLength: 3 })), (plain) => {
        const coloured = plain.map((row) => row.map((text) => (text === "" ? text : red(text))));
        assert.deepEqual(table(coloured).map(stripVTControlCharacters), table(plain));
      }),
    );
    assert.deepEqual(
      table(
        [
          ["a", "1"],
          ["bb", "22"],
        ],
        [{}, { align: "right" }],
      ),
      ["a    1", "bb  22"],
    );
    assert.deepEqual(
      table([
        ["a", ""],
        ["b", "x"],
      ]),
      ["a", "b  x"],
    );
  });

  it("counts in plain words", () => {
    assert.equal(plural(1, "rule"), "1 rule");
    assert.equal(plural(0, "rule"), "0 rules");
  });
});

describe("writing a file whole", () => {
  it("replaces the old one, makes folders, and leaves nothing beside it when it fails", () => {
    const folder = mkdtempSync(join(tmpdir(), "platform-"));
    try {
      const path = join(folder, "deep", "report.html");
      writeWhole(path, "one");
      writeWhole(path, "two");
      assert.equal(readFileSync(path, "utf8"), "two");
      writeFileSync(join(folder, "file"), "");
      assert.throws(() => writeWhole(join(folder, "file", "below"), "x"));
      assert.throws(() => writeWhole(join(folder, "deep"), "x"));
      assert.deepEqual(readdirSync(folder).sort(), ["deep", "file"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
