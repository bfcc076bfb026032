/** Figures of the benchmark, from many runs to one table. Pure. */
import { table } from "../terminal/output.ts";
import type { Measured, Planner } from "./run.ts";

/** Medians over several processes. */
export interface Sample {
  readonly coldSeconds: number;
  readonly warmSeconds: number;
  readonly againSeconds: number;
  readonly resources: number;
  readonly peakMiB: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

export function summary(cold: readonly Measured[], warm: readonly Measured[]): Sample {
  return {
    coldSeconds: median(cold.map((run) => run.firstSeconds)),
    warmSeconds: median(warm.map((run) => run.firstSeconds)),
    againSeconds: median(warm.map((run) => run.againSeconds)),
    resources: median(warm.map((run) => run.resources)),
    peakMiB: median([...cold, ...warm].map((run) => run.peakMiB)),
  };
}

export interface MeasuredStack extends Sample {
  readonly stack: string;
  readonly planner: Planner;
}

/** The figures as a table, and the ratio over the stacks that both planners ran. */
export function report(samples: readonly MeasuredStack[]): string {
  const right = { align: "right" } as const;
  const head = ["stack", "planner", "resources", "cold s", "warm s", "again s", "peak MiB"];
  const rows = samples.map(
    ({ stack, planner, resources, coldSeconds, warmSeconds, againSeconds, peakMiB }) => [
      stack,
      planner,
      String(resources),
      ...[coldSeconds, warmSeconds, againSeconds].map((seconds) => seconds.toFixed(2)),
      peakMiB.toFixed(0),
    ],
  );
  const lines = table([head, ...rows], [{}, {}, right, right, right, right, right]);
  const byStack = Map.groupBy(samples, ({ stack }) => stack);
  const ratios = [...byStack.values()].flatMap((both) => {
    const own = both.find(({ planner }) => planner === "platform");
    const mocks = both.find(({ planner }) => planner === "setMocks");
    return own === undefined || mocks === undefined ? [] : [own.warmSeconds / mocks.warmSeconds];
  });
  if (ratios.length === 0) {
    return lines.join("\n");
  }
  return [
    ...lines,
    "",
    `platform takes ${median(ratios).toFixed(2)} times as long as setMocks (warm)`,
    "setMocks answers registrations and does nothing else; platform checks inputs, resolves providers,",
    "aliases, transforms and secrets, expands remote components, and returns the whole plan.",
  ].join("\n");
}
