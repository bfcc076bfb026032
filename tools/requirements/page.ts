/** The requirements matrix as a Markdown page. Files without lines, so that the page changes only when coverage does. */
import type { CoveredRow, Rows } from "./coverage.ts";

export function requirementsPage(data: Rows, rows: readonly CoveredRow[]): string {
  const proved = rows.filter((row) => row.tests.length > 0).length;
  return [
    "# Requirements",
    "",
    "<!-- Written by `platform requirements --write`. -->",
    "",
    `${proved} of ${rows.length} rows are proved by a test whose title begins with the row's ID. A row that sources tell in`,
    "different ways names the decision that settles it; decisions are listed at the end.",
    "",
    ...overview(data, rows),
    ...data.areas.flatMap((area) => section(area, rows)),
    "## Decisions",
    "",
    "| ID | Topic | Verdict |",
    "|---|---|---|",
    ...data.decisions.map((decision) => `| ${decision.id} | ${decision.topic} | ${decision.verdict} |`),
    "",
    "## Chosen here",
    "",
    "No source states these; the project's configuration does.",
    "",
    "| ID | What |",
    "|---|---|",
    ...data.gaps.map((gap) => `| ${gap.id} | ${gap.title} |`),
    "",
  ].join("\n");
}

function overview(data: Rows, rows: readonly CoveredRow[]): string[] {
  const lines = data.areas.map((area) => {
    const own = rows.filter((row) => row.area === area.prefix);
    const proved = own.filter((row) => row.tests.length > 0).length;
    return `| ${area.title} | ${area.prefix} | ${own.length} | ${proved} |`;
  });
  return ["| Area | Prefix | Rows | Proved |", "|---|---|---|---|", ...lines, ""];
}

function section(area: Rows["areas"][number], rows: readonly CoveredRow[]): string[] {
  const lines = rows
    .filter((row) => row.area === area.prefix)
    .map((row) => `| ${row.id} | ${row.title} | ${(row.decisions ?? []).join(", ")} | ${proofs(row)} |`);
  return [
    `## ${area.title}`,
    "",
    "| ID | Requirement | Decisions | Proved in |",
    "|---|---|---|---|",
    ...lines,
    "",
  ];
}

function proofs(row: CoveredRow): string {
  const files = [...new Set(row.tests.map((test) => test.file))];
  return files.map((file) => `[${file.split("/").at(-1)}](../${file})`).join(", ");
}
