/** A preflight report for a terminal. */
import { type Colours, indent, plural } from "../terminal/output.ts";
import { type Finding, LEVELS, type Level } from "./finding.ts";
import type { PreflightReport, StackFindings } from "./preflight.ts";

const TITLES: Readonly<Record<Level, string>> = {
  stop: "will stop the up",
  unknown: "not known",
  note: "worth knowing",
  ok: "ok",
};

export interface RenderOptions {
  readonly colours: Colours;
  /** Every check that passed on a line of its own. */
  readonly all: boolean;
}

export function renderReport(report: PreflightReport, options: RenderOptions): string[] {
  const { colours } = options;
  const shared =
    report.shared.length === 0 ? [] : [colours.bold("every stack"), ...groups(report.shared, options), ""];
  return [
    `${colours.bold("preflight")}   account ${report.caller.accountId}   ${report.caller.arn}`,
    "",
    ...shared,
    ...report.stacks.flatMap((stack) => [
      [colours.bold(stack.stack), ...stack.regions].join("   "),
      ...groups(stack.findings, options),
      "",
    ]),
    ...report.stacks.map((stack) => verdict(stack, report.shared, colours)),
  ];
}

function groups(findings: readonly Finding[], options: RenderOptions): string[] {
  return LEVELS.flatMap((level) => {
    const own = findings.filter((finding) => finding.level === level);
    if (own.length === 0) {
      return [];
    }
    if (level === "ok" && !options.all) {
      return [`  ${options.colours.green("ok")}  ${folded(own)}`];
    }
    return [
      `  ${titled(level, options.colours)}`,
      ...indent(
        own.flatMap((finding) => lines(finding, options)),
        4,
      ),
    ];
  });
}

function titled(level: Level, colours: Colours): string {
  const paint = { stop: colours.red, unknown: colours.yellow, note: colours.cyan, ok: colours.green }[level];
  return paint(TITLES[level]);
}

/** Checks that passed, by name: `account, zone, quota (21)`. */
function folded(findings: readonly Finding[]): string {
  const names = Map.groupBy(findings, ({ check }) => check);
  return [...names].map(([name, { length }]) => (length === 1 ? name : `${name} (${length})`)).join(", ");
}

function lines({ level, check, about, is, needs, fix = [] }: Finding, { colours }: RenderOptions): string[] {
  const head = about === check ? about : `${check}: ${about}`;
  if (level === "ok" || level === "unknown") {
    return [`${head}  ${colours.dim(is)}`];
  }
  return [
    head,
    ...indent([
      is,
      ...(needs === undefined ? [] : [`needs  ${needs}`]),
      ...fix.map((each) => colours.bold(each)),
    ]),
  ];
}

function verdict({ stack, findings }: StackFindings, shared: readonly Finding[], colours: Colours): string {
  const all = [...shared, ...findings];
  const stops = all.filter(({ level }) => level === "stop").length;
  const unknown = all.filter(({ level }) => level === "unknown").length;
  const rest = unknown === 0 ? "" : `; ${plural(unknown, "fact")} not known`;
  return stops === 0
    ? `${stack}  ${colours.green("nothing found that would stop a first up")}${rest}`
    : `${stack}  ${colours.red(`${plural(stops, "problem")} would stop a first up`)}${rest}`;
}
