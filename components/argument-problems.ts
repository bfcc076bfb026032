/** Checks of arguments that components share: every problem is a sentence, all are reported at once by `refuse`. */

const REGION_NAME = /^[a-z]{2}(-[a-z]+)+-\d+$/;
const HOST_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

export const isRegionName = (text: string): boolean => REGION_NAME.test(text);
/** A DNS name of at least two labels, lower case, no trailing dot, no wildcard. */
export const isHostName = (text: string): boolean => HOST_NAME.test(text);

export function unknownRegion(argument: string, region: string): string {
  return `${argument}: "${region}" is not an AWS region name; write it like us-east-1`;
}

export function unknownRegionProblems(argument: string, regions: readonly string[]): string[] {
  return regions.filter((region) => !isRegionName(region)).map((region) => unknownRegion(argument, region));
}

/** One sentence when `value` is not a whole number of the range, else nothing. */
export function wholeNumberProblem(
  argument: string,
  value: number,
  allowed: { readonly from: number; readonly to: number; readonly fix: string },
): string[] {
  if (Number.isInteger(value) && value >= allowed.from && value <= allowed.to) return [];
  return [
    `${argument}: ${value} is not a whole number from ${allowed.from} to ${allowed.to}; ${allowed.fix}`,
  ];
}
