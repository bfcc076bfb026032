/**
 * `npm run bench`: what planning a stack costs, beside the SDK's own `setMocks` under the same program.
 *
 * `setMocks` cannot run a stack with remote components (eks.Cluster, CertManager): their outputs are resources that only a
 * provider can make. Such stacks are measured alone, and the ratio comes from the others.
 *
 * Every figure is the median of several fresh processes, the planners taking turns. `cold`: without a compile cache, as
 * after a clone. `warm`: with one, as `platform` runs. `again`: a second plan in the same process, as in tests.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Plan, planStacks } from "../plan/index.ts";
import { print } from "../terminal/output.ts";
import { report, type Sample, summary } from "./figures.ts";
import type { Measured, Planner } from "./run.ts";

/** A component that is not the platform's own comes from a package that makes its children elsewhere. */
function plannersFor(plan: Plan): Planner[] {
  const remote = plan.resources.some(({ custom, type }) => !custom && !/^(platform|pulumi):/.test(type));
  return remote ? ["platform"] : ["platform", "setMocks"];
}

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

function sample(plan: Plan, runs: number, folder: string): Map<Planner, Sample> {
  const { stack } = plan;
  const planners = plannersFor(plan);
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
    const plans = await planStacks([...new Set(["global", ...stacks])]);
    for (const [stack, plan] of plans) {
      writeFileSync(join(folder, `${stack}.json`), JSON.stringify(plan));
    }
    const chosen = [...plans.values()].filter(({ stack }) => stacks.includes(stack));
    print(
      report(
        chosen.flatMap((plan) =>
          [...sample(plan, runs, folder)].map(([planner, found]) => ({
            stack: plan.stack,
            planner,
            ...found,
          })),
        ),
      ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
