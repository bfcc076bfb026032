import assert from "node:assert/strict";
import { coverage, type Rows, repositoryRoot, strayTests, testsIn, titledTests } from "./coverage.ts";
import { requirementsPage } from "./page.ts";
import data from "./rows.json" with { type: "json" };

const small: Rows = {
  areas: [{ prefix: "NET", title: "Network" }],
  rows: [
    { id: "NET-01", area: "NET", title: "One", decisions: ["C-01"] },
    { id: "NET-02", area: "NET", title: "Two" },
  ],
  decisions: [{ id: "C-01", topic: "Range", verdict: "one" }],
  gaps: [{ id: "GAP-01", title: "Name" }],
};

describe("requirement rows", () => {
  it("holds 407 rows with unique ids, each of a known area, numbered without gaps", () => {
    assert.equal(data.rows.length, 407);
    assert.equal(new Set(data.rows.map((row) => row.id)).size, 407);
    for (const area of data.areas) {
      const own = data.rows.filter((row) => row.area === area.prefix);
      const expected = own.map((_, index) => `${area.prefix}-${String(index + 1).padStart(2, "0")}`);
      assert.deepEqual(
        own.map((row) => row.id),
        expected,
      );
    }
    assert.equal(data.areas.length, 18);
    assert.ok(data.rows.every((row) => data.areas.some((area) => area.prefix === row.area)));
  });

  it("gives every row a title of its own and names only decisions that exist", () => {
    const decisions = new Set(data.decisions.map((decision) => decision.id));
    assert.equal(decisions.size, 60);
    const rows: Rows["rows"] = data.rows;
    assert.ok(rows.every((row) => row.title.length > 0 && row.title.length <= 80));
    assert.deepEqual(
      rows.flatMap((row) => row.decisions ?? []).filter((id) => !decisions.has(id)),
      [],
    );
  });

  it("is named by tests only with ids that exist", () => {
    assert.deepEqual(strayTests(data, testsIn(repositoryRoot)), []);
  });
});

describe("titled tests", () => {
  it("finds one id, several ids and the line", () => {
    const source = [
      "",
      '  it("NET-01: one", () => {',
      "  it(",
      "    'NET-01, NET-02 and NET-03: more',",
      ");",
    ].join("\n");
    assert.deepEqual(titledTests("a.test.ts", source), [
      { file: "a.test.ts", line: 2, title: "NET-01: one", ids: ["NET-01"] },
      {
        file: "a.test.ts",
        line: 3,
        title: "NET-01, NET-02 and NET-03: more",
        ids: ["NET-01", "NET-02", "NET-03"],
      },
    ]);
  });

  it("ignores comments, groups, and titles that name an id later or not at all", () => {
    const source = [
      '// it("NET-01: off", () => {});',
      'describe("NET-01: group", () => {',
      'it("proves NET-01", () => {});',
      'it("UTF-8 text", () => {});',
      'it("NET-01b: other", () => {});',
    ].join("\n");
    assert.deepEqual(titledTests("a.test.ts", source), []);
  });

  it("names tests whose id no row has", () => {
    const tests = titledTests(
      "a.test.ts",
      ['it("NET-09: x")', 'it("NET-02: y")', 'it("C-01: z")', 'it("GAP-01: g")'].join("\n"),
    );
    assert.deepEqual(
      strayTests(small, tests).map((test) => test.title),
      ["NET-09: x"],
    );
  });
});

describe("coverage", () => {
  const tests = titledTests("net.test.ts", ['it("NET-01: a")', 'it("NET-01: b")'].join("\n"));

  it("hands each row its tests and keeps rows without one", () => {
    assert.deepEqual(
      coverage(small, tests).map((row) => [row.id, row.tests.map((test) => test.line)]),
      [
        ["NET-01", [1, 2]],
        ["NET-02", []],
      ],
    );
  });

  it("becomes a page that counts, links each file once and lists the decisions", () => {
    const page = requirementsPage(small, coverage(small, tests));
    assert.match(page, /^1 of 2 rows are proved/m);
    assert.match(page, /^\| Network \| NET \| 2 \| 1 \|$/m);
    assert.match(page, /^\| NET-01 \| One \| C-01 \| \[net\.test\.ts\]\(\.\.\/net\.test\.ts\) \|$/m);
    assert.match(page, /^\| NET-02 \| Two \| {2}\| {2}\|$/m);
    assert.match(page, /^\| C-01 \| Range \| one \|$/m);
  });
});
