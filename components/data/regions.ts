/** Arguments that are given for every region of a component that spans regions. */
import { isRegionName, unknownRegion } from "../argument-problems.ts";

export type ByRegion<T> = Readonly<Record<string, T>>;

/**
 * Every reason why `regions` cannot be used, or why one of `given` (argument name to its value by region) lacks a region
 * of it. Entries for further regions are no mistake: providers are handed round for all of them.
 */
export function regionProblems(
  regions: readonly string[],
  given: Readonly<Record<string, ByRegion<unknown>>>,
): string[] {
  if (regions.length === 0) return ["regions: [] is empty; name at least one region"];
  const problems = regions
    .filter((region) => !isRegionName(region))
    .map((region) => unknownRegion("regions", region));
  const repeated = new Set(regions.filter((region, index) => regions.indexOf(region) !== index));
  for (const region of repeated) problems.push(`regions: "${region}" is named twice; name every region once`);
  for (const [argument, values] of Object.entries(given)) {
    const missing = regions.filter((region) => !Object.hasOwn(values, region));
    for (const region of missing) {
      problems.push(`${argument}: nothing is given for "${region}"; give a value for every one of regions`);
    }
  }
  return problems;
}

/** The value of a region that `regionProblems` has found to be there. */
export function at<T>(values: ByRegion<T>, region: string): T {
  const value = values[region];
  if (value === undefined) throw new Error(`nothing is given for region "${region}"`);
  return value;
}

/** One value for every region, in their order. */
export function mapRegions<T>(regions: readonly string[], make: (region: string) => T): Record<string, T> {
  return Object.fromEntries(regions.map((region) => [region, make(region)]));
}

/** Every region with each other region as its peer: what replication in all directions needs. */
export function orderedPairs(regions: readonly string[]): { readonly from: string; readonly to: string }[] {
  return regions.flatMap((from) => regions.filter((to) => to !== from).map((to) => ({ from, to })));
}
