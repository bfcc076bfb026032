import type { Measured } from "./run.ts";

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
