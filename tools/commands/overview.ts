/** `platform overview`: plans all production stacks, judges them, tells what matters and writes the report page. */
import { join, relative } from "node:path";
import { Command } from "commander";
import type { Plan } from "../plan/plan.ts";
import { differences, type Side } from "../report/differences.ts";
import {
  declaredKinds,
  guardrailWords,
  type Overview,
  type RegionPair,
  type StackReport,
  undeclared,
} from "../report/overview.ts";
import { page } from "../report/page.ts";
import { STEERING_OBJECTIVE_SECONDS, steering } from "../report/steering.ts";
import { summarise } from "../report/summary.ts";
import { coverage, repositoryRoot, testsIn } from "../requirements/coverage.ts";
import requirementRows from "../requirements/rows.json" with { type: "json" };
import { exitCode, Mistake } from "../terminal/exit.ts";
import { coloursFor, indent, plural, print, printJson, table, writeWhole } from "../terminal/output.ts";
import { plansOf } from "./planning.ts";
import { type StackFile, stackFiles, stackNames } from "./stacks.ts";

interface Options {
  readonly json?: true;
  readonly report: string;
}

const REPORT = ".platform/report.html";

const examples = `
Examples:
  platform overview
  platform overview --report /tmp/platform.html
  platform overview --json | jq '.stacks[] | {stack, resources}'`;

export function command(): Command {
  return new Command("overview")
    .description("Plans all production stacks, judges them and writes the report page.")
    .option("--report <file>", "where the page is written", REPORT)
    .option("--json", "machine-readable")
    .addHelpText("after", examples)
    .action(run);
}

async function run(options: Options): Promise<void> {
  const started = performance.now();
  const files = (await stackFiles(repositoryRoot, stackNames(repositoryRoot))).filter(
    ({ values }) => values.environment === "production",
  );
  if (files.length === 0) {
    throw new Mistake("no stack file has platform:environment production, so there is nothing to show");
  }
  const stacks = files.map(({ stack }) => stack);
  const plans = await plansOf(stacks, "update");
  const seconds = (performance.now() - started) / 1000;
  const overview = await overviewOf(files, plans);
  writeWhole(options.report === REPORT ? join(repositoryRoot, REPORT) : options.report, page(overview));
  if (options.json === true) {
    printJson(asJson(overview, seconds));
  } else {
    print(asText(overview, seconds, options.report));
  }
  if (overview.stacks.some(({ verdict }) => !verdict.ok)) {
    process.exitCode = exitCode.against;
  }
}

async function overviewOf(files: readonly StackFile[], plans: ReadonlyMap<string, Plan>): Promise<Overview> {
  const { checkPlans } = await import("../check/index.ts");
  const verdicts = new Map(
    (await checkPlans([...plans.values()])).map((verdict) => [verdict.stack, verdict]),
  );
  const stacks = [...plans.values()].flatMap((plan): StackReport[] => {
    const verdict = verdicts.get(plan.stack);
    return verdict === undefined ? [] : [{ plan, summary: summarise(plan), verdict }];
  });
  const tests = testsIn(repositoryRoot);
  return {
    stacks,
    ...pairOf(files, plans),
    steering: [...plans.values()].flatMap(steering).sort((a, b) => b.seconds - a.seconds),
    requirements: { data: requirementRows, rows: coverage(requirementRows, tests) },
    day: new Date().toISOString().slice(0, 10),
  };
}

/** The two stacks that own one region each, the primary first; other numbers of regions are not compared. */
function pairOf(files: readonly StackFile[], plans: ReadonlyMap<string, Plan>): { pair?: RegionPair } {
  const sides = files.flatMap(({ stack, values }): Side[] => {
    const plan = plans.get(stack);
    const { region, role, regions } = values;
    return plan === undefined || region === undefined || role === undefined
      ? []
      : [{ plan, region, role, regions }];
  });
  const [left, right, ...others] = sides.sort((a, b) => a.role.localeCompare(b.role));
  if (left === undefined || right === undefined || others.length > 0) {
    return {};
  }
  const named = ({ plan: { stack }, region, role }: Side) => ({ stack, region, role });
  return { pair: { left: named(left), right: named(right), differences: differences(left, right) } };
}

function asText(overview: Overview, seconds: number, report: string): string {
  const colours = coloursFor(process.stdout);
  const { stacks } = overview;
  const rows = stacks.map((stack) => [
    colours.bold(stack.plan.stack),
    stack.summary.regions[0]?.name ?? "",
    String(stack.summary.resources),
    String(stack.summary.components),
    stack.verdict.ok ? guardrailWords(stack.verdict) : colours.red(guardrailWords(stack.verdict)),
  ]);
  const heads = ["stack", "region", "resources", "components", "guardrails"].map(colours.dim);
  const right = { align: "right" } as const;
  const shown = table([heads, ...rows], [{}, {}, right, right]);
  const example = overview.pair?.left.stack ?? stacks[0]?.plan.stack ?? "";
  return [
    `${colours.bold("document-platform")}   ${plural(stacks.length, "stack")} planned offline in ${seconds.toFixed(1)} s (no cloud, no credentials)`,
    "",
    ...indent(shown),
    "",
    ...indent([...differenceLines(overview), ...steeringLines(overview), requirementLine(overview)]),
    "",
    ...indent(
      table([
        ["next:", `npx platform plan ${example}`, "the tree of one stack"],
        ["", "npx platform check", "every finding of the guardrails"],
        ["", `open ${relative(process.cwd(), report) || report}`, "everything above, with diagrams"],
      ]),
    ),
  ].join("\n");
}

function differenceLines({ pair }: Overview): string[] {
  if (pair === undefined) {
    return [];
  }
  const kinds = declaredKinds(pair);
  const strays = undeclared(pair);
  const named = kinds.slice(0, 4).join(", ") + (kinds.length > 4 ? " ..." : "");
  const line = `${pair.left.stack} and ${pair.right.stack} differ in ${plural(kinds.length, "declared way")} (${named})`;
  if (strays.length === 0) {
    return [line];
  }
  const { yellow } = coloursFor(process.stdout);
  return [
    line,
    yellow(
      `and in ${strays.length} that no configuration declares: ${strays.map(({ kind }) => kind).join(", ")}`,
    ),
  ];
}

function steeringLines({ steering: [slowest] }: Overview): string[] {
  if (slowest === undefined) {
    return [];
  }
  const { seconds, intervalSeconds, failureThreshold, ttlSeconds, silentSeconds } = slowest;
  const { red } = coloursFor(process.stdout);
  const line = `worst-case traffic steering ${seconds} s (${intervalSeconds} s x ${failureThreshold} checks + TTL ${ttlSeconds} s)   objective ${STEERING_OBJECTIVE_SECONDS} s`;
  return [
    seconds <= STEERING_OBJECTIVE_SECONDS ? line : red(line),
    `  ${silentSeconds} s when a region swallows packets instead of refusing them`,
  ];
}

function requirementLine({ requirements: { rows } }: Overview): string {
  return `${rows.filter((row) => row.tests.length > 0).length} of ${rows.length} requirement rows proved by a test`;
}

function asJson(
  { stacks, pair, steering: records, requirements: { rows } }: Overview,
  seconds: number,
): unknown {
  return {
    seconds: Number(seconds.toFixed(2)),
    stacks: stacks.map(({ summary, verdict }) => ({ ...summary, verdict })),
    pair:
      pair === undefined
        ? null
        : {
            ...pair,
            differences: pair.differences.map(({ kind, declared, places }) => ({
              kind,
              declared,
              places: places.length,
            })),
          },
    steering: records,
    requirements: { covered: rows.filter((row) => row.tests.length > 0).length, total: rows.length },
  };
}
