/** `platform requirements`: every requirement row with the tests that prove it; rows without a test come first. */
import { join } from "node:path";
import { Command } from "commander";
import { type CoveredRow, coverage, type Rows, repositoryRoot, testsIn } from "../requirements/coverage.ts";
import { requirementsPage } from "../requirements/page.ts";
import rows from "../requirements/rows.json" with { type: "json" };
import { coloursFor, plural, print, printJson, table, writeWhole } from "../terminal/output.ts";

interface Options {
  readonly json?: true;
  readonly missing?: true;
  readonly write?: true;
}

const examples = `
Examples:
  platform requirements              the whole matrix
  platform requirements --missing    only rows that no test proves yet
  platform requirements --write      bring docs/requirements.md up to date
  platform requirements --json | jq -r '.rows[] | select(.tests == []) | .id'

A test proves a row when its title begins with the row's ID: it("NET-03, NET-04: ...").`;

export function command(): Command {
  return new Command("requirements")
    .description("Every requirement row with the tests that prove it; rows without a test come first.")
    .option("--missing", "only rows without a test")
    .option("--write", "write the matrix to docs/requirements.md")
    .option("--json", "machine-readable: rows with id, title, area, decisions and tests")
    .addHelpText("after", examples)
    .action(run);
}

function run(options: Options): void {
  const all = coverage(rows, testsIn(repositoryRoot));
  const missing = all.filter((row) => row.tests.length === 0);
  const shown = options.missing === true ? missing : all;
  if (options.write === true) {
    writeWhole(join(repositoryRoot, "docs/requirements.md"), requirementsPage(rows, all));
  }
  if (options.json === true) {
    printJson({ covered: all.length - missing.length, total: all.length, rows: shown });
    return;
  }
  const covered = `${all.length - missing.length} of ${plural(all.length, "requirement row")} proved by a test`;
  if (options.write === true) {
    print(`docs/requirements.md written: ${covered}`);
    return;
  }
  print([...matrix(rows, shown), covered].join("\n"));
}

function matrix(data: Rows, shown: readonly CoveredRow[]): string[] {
  const colours = coloursFor(process.stdout);
  const sections = data.areas.map((area) => {
    const own = shown.filter((row) => row.area === area.prefix);
    const ordered = [
      ...own.filter((row) => row.tests.length === 0),
      ...own.filter((row) => row.tests.length > 0),
    ];
    const lines = table(
      ordered.map((row) => {
        const first = row.tests[0];
        const more = row.tests.length > 1 ? ` and ${row.tests.length - 1} more` : "";
        const proof = first === undefined ? colours.yellow("no test") : `${first.file}:${first.line}${more}`;
        return [`  ${row.id}`, row.title, proof];
      }),
    );
    return lines.length === 0 ? [] : [colours.bold(area.title), ...lines, ""];
  });
  return sections.flat();
}
