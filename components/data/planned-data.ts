/** How the tests of data, storage and keys plan a component that spans regions, and what they give it. */
import * as aws from "@pulumi/aws";
import {
  type Plan,
  PlanError,
  type PlanMode,
  type PlannedResource,
  planProgram,
} from "../../tools/plan/index.ts";
import { type ByRegion, mapRegions } from "./regions.ts";

export const EAST = "us-east-1";
export const WEST = "us-west-2";
export const OHIO = "us-east-2";
export const TWO = [EAST, WEST];
export const THREE = [EAST, WEST, OHIO];
export const ACCOUNT = "111122223333";

export const keyArn = (region: string) => `arn:aws:kms:${region}:${ACCOUNT}:key/mrk-1`;
export const keyArns = (regions: readonly string[]) => mapRegions(regions, keyArn);

export interface Hands {
  readonly providers: ByRegion<aws.Provider>;
  /** Options of a component that has one region: the first. */
  readonly opts: { readonly provider: aws.Provider | undefined };
}

/** Plans what `build` declares with a provider for each region; what it returns becomes the stack's outputs. */
export function planAcross(
  regions: readonly string[],
  mode: PlanMode,
  build: (hands: Hands) => unknown,
): Promise<Plan> {
  return planProgram(
    () => {
      const providers = mapRegions(regions, (region) => new aws.Provider(region, { region }));
      return build({ providers, opts: { provider: providers[regions[0] ?? ""] } });
    },
    { mode },
  );
}

/** The lines, without indent, of the one error that a program was refused with. */
export async function refusalOf(build: (hands: Hands) => unknown): Promise<string[]> {
  const error: unknown = await planAcross(TWO, "preview", build).then(
    () => new Error("the program was not refused"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof PlanError)) throw error;
  return error.failures.flatMap(({ message }) => message.split("\n")).map((line) => line.trim());
}

/** The inputs of every resource by URN: what two plans must have in common to be the same deployment. */
export function inputsByUrn(plan: Plan): Record<string, unknown> {
  return Object.fromEntries(plan.resources.map(({ urn, inputs, options }) => [urn, { inputs, options }]));
}

/** What guards a resource against deletion. */
export function protectionOf({ options }: PlannedResource): { protect?: boolean; retainOnDelete?: boolean } {
  const { protect, retainOnDelete } = options;
  return {
    ...(protect === undefined ? {} : { protect }),
    ...(retainOnDelete === undefined ? {} : { retainOnDelete }),
  };
}
