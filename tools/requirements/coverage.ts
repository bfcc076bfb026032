/** Which tests prove which requirement row, found by reading test titles. Pure except `testsIn`, which reads files. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const repositoryRoot = join(import.meta.dirname, "../..");

export interface Row {
  readonly id: string;
  /** Prefix of the area, for example `NET`. */
  readonly area: string;
  readonly title: string;
  /** Decisions (C-nn) that settled how sources that disagree are met. */
  readonly decisions?: readonly string[];
}

export interface Rows {
  readonly areas: readonly { readonly prefix: string; readonly title: string }[];
  readonly rows: readonly Row[];
  readonly decisions: readonly { readonly id: string; readonly topic: string; readonly verdict: string }[];
  /** What no source states and the project had to choose; tests may name them, coverage does not count them. */
  readonly gaps: readonly { readonly id: string; readonly title: string }[];
}

export interface RowTest {
  /** Path from the repository's root. */
  readonly file: string;
  readonly line: number;
  readonly title: string;
}

export interface TitledTest extends RowTest {
  /** IDs that the title begins with; never empty. */
  readonly ids: readonly string[];
}

export interface CoveredRow extends Row {
  readonly tests: readonly RowTest[];
}

const idPattern = "[A-Z]+-\\d{2,}";
const titledTest = /^[ \t]*(?:it|test|specify)\(\s*(["'`])((?:\\.|(?!\1)[^\\])*)\1/gm;
const leadingIds = new RegExp(`^${idPattern}(?:\\s*(?:,|and|\\+)\\s*${idPattern})*(?=[\\s:]|$)`);

/** Tests of one file whose title begins with requirement IDs: `it("NET-03, NET-04: ..."`. */
export function titledTests(file: string, source: string): TitledTest[] {
  return [...source.matchAll(titledTest)].flatMap((match) => {
    const title = match[2] ?? "";
    const lead = leadingIds.exec(title)?.[0];
    if (lead === undefined) {
      return [];
    }
    const line = source.slice(0, match.index).split("\n").length;
    return [{ file, line, title, ids: lead.match(new RegExp(idPattern, "g")) ?? [] }];
  });
}

/** Every titled test under the root, in every tier. */
export function testsIn(root: string): TitledTest[] {
  const files = globSync("{infra,components,policy,services,tools,test,deploy}/**/*.test.ts", {
    cwd: root,
    exclude: (name) => name === "node_modules",
  });
  return files.sort().flatMap((file) => titledTests(file, readFileSync(join(root, file), "utf8")));
}

export function coverage(data: Rows, tests: readonly TitledTest[]): CoveredRow[] {
  const byId = new Map<string, RowTest[]>();
  for (const { ids, file, line, title } of tests) {
    for (const id of ids) {
      byId.set(id, [...(byId.get(id) ?? []), { file, line, title }]);
    }
  }
  return data.rows.map((row) => ({ ...row, tests: byId.get(row.id) ?? [] }));
}

/** Tests that name a row, decision or gap that does not exist: a typing mistake in a title. */
export function strayTests(data: Rows, tests: readonly TitledTest[]): TitledTest[] {
  const known = new Set([data.rows, data.decisions, data.gaps].flatMap((list) => list.map(({ id }) => id)));
  return tests.filter((test) => test.ids.some((id) => !known.has(id)));
}
