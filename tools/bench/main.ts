/**
 * `npm run bench`: what planning a stack costs, beside the SDK's own `setMocks` under the same program.
 *
 * Every figure is the median of several fresh processes, the planners taking turns. `cold`: without a compile cache, as
 * after a clone. `warm`: with one, as `platform` runs. `again`: a second plan in the same process, as in tests.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { planStacks } from "../plan/index.ts";
import { print, table } from "../terminal/output.ts";
import { median, type Sample, summary } from "./median.ts";
import type { Measured, Planner } from "./run.ts";

const planners: readonly Planner[] = ["platform", "setMocks"];
const usage = `Usage: npm run bench -- [stack...] [--runs <number>]

Examples:
  npm run bench
  npm run bench -- prod --runs 7`;

function child(planner: Planner, stack: string, folder: string, compileCache: string | undefined): Measured {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--stack-trace-limit=8", join(import.meta.dirname, "run.ts"), planner, stack, folder],
    {
      encoding: "utf8",
      env: {
        ...process.env,
        ...(compileCache === undefined
          ? { NODE_DISABLE_COMPILE_CACHE: "1" }
          : { NODE_COMPILE_CACHE: compileCache }),
      },
    },
  );
  if (status !== 0) {
    throw new Error(`${planner} could not plan ${stack}:\n${stderr}`);
  }
  return JSON.parse(stdout);
}

function sample(stack: string, runs: number, folder: string): Map<Planner, Sample> {
  const measured = new Map<Planner, { cold: Measured[]; warm: Measured[] }>(
    planners.map((planner) => [planner, { cold: [], warm: [] }]),
  );
  const cache = join(folder, "compile-cache");
  for (const planner of planners) {
    // Fills the cache.
    child(planner, stack, folder, cache);
  }
  for (let run = 0; run < runs; run++) {
    for (const planner of planners) {
      measured.get(planner)?.cold.push(child(planner, stack, folder, undefined));
      measured.get(planner)?.warm.push(child(planner, stack, folder, cache));
    }
  }
  return new Map([...measured].map(([planner, { cold, warm }]) => [planner, summary(cold, warm)]));
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: "string", default: "3" }, help: { type: "boolean" } },
  });
  const runs = Number(values.runs);
  if (values.help === true || !Number.isInteger(runs) || runs < 1) {
    print(usage);
    process.exitCode = values.help === true ? 0 : 2;
    return;
  }
  const stacks = positionals.length === 0 ? ["global", "prod", "dr"] : positionals;
  const folder = mkdtempSync(join(tmpdir(), "platform-bench-"));
  try {
    for (const [stack, plan] of await planStacks([...new Set(["global", ...stacks])])) {
      writeFileSync(join(folder, `${stack}.json`), JSON.stringify(plan));
    }
    const rows = stacks.flatMap((stack) =>
      [...sample(stack, runs, folder)].map(([planner, found]) => row(stack, planner, found)),
    );
    const right = { align: "right" } as const;
    const head = ["stack", "planner", "resources", "cold s", "warm s", "again s", "peak MiB"];
    print(
      table([head, ...rows.map(({ cells }) => cells)], [{}, {}, right, right, right, right, right]).join(
        "\n",
      ),
    );
    const warm = (planner: Planner) =>
      rows.filter((entry) => entry.planner === planner).map((entry) => entry.warm);
    const ratios = warm("platform").map(
      (seconds, index) => seconds / (warm("setMocks")[index] ?? Number.NaN),
    );
    print(
      `\nplatform takes ${median(ratios).toFixed(2)} times as long as setMocks (warm, median of ${stacks.length} stacks, ${runs} runs each)`,
    );
    print(
      "setMocks answers registrations and does nothing else; platform checks inputs, resolves providers,\naliases, transforms and secrets, expands remote components, and returns the whole plan.",
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function row(
  stack: string,
  planner: Planner,
  found: Sample,
): { planner: Planner; warm: number; cells: string[] } {
  const seconds = [found.coldSeconds, found.warmSeconds, found.againSeconds].map((value) => value.toFixed(2));
  return {
    planner,
    warm: found.warmSeconds,
    cells: [stack, planner, String(found.resources), ...seconds, found.peakMiB.toFixed(0)],
  };
}

await main();
