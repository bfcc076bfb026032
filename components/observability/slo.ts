/** Arithmetic of service level objectives (OBS-29 to OBS-31). Pure. */

/** Share of good requests or runs that the platform promises, in percent (OBS-29). */
export const AVAILABILITY_PERCENT = 99.9;
/** Answer time that 95 of 100 requests stay under, in milliseconds (OBS-30). */
export const LATENCY_MILLISECONDS = 200;

/**
 * How fast an error budget may burn: at 14.4 a budget of 30 days is gone in two days, at 6 in five.
 * https://sre.google/workbook/alerting-on-slos/
 */
export const FAST_BURN = 14.4;
export const SLOW_BURN = 6;

/** Percent of bad events at which a budget burns at `rate`; rounded, so that an alarm's threshold reads well. */
export function badPercentAt(objectivePercent: number, rate: number): number {
  return Math.round((100 - objectivePercent) * rate * 1000) / 1000;
}

/** Percent of good events below which a budget burns faster than `rate`. */
export function goodPercentAt(objectivePercent: number, rate: number): number {
  return Math.round((100 - badPercentAt(objectivePercent, rate)) * 1000) / 1000;
}

/** One sentence when the objective is none, else nothing. */
export function objectiveProblems(argument: string, percent: number): string[] {
  // Below 90 the fast burn would be more than everything.
  return percent >= 90 && percent < 100
    ? []
    : [`${argument}: ${percent} is no objective; give a percentage from 90 to below 100, such as 99.9`];
}
