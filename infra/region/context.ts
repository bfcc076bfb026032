import type * as aws from "@pulumi/aws";
import type { RegionConfig } from "../config/index.ts";
import type { GlobalOutputs } from "../contracts.ts";
import type { Names } from "../names.ts";
import type { Posture } from "../posture.ts";

/** What every layer of a region works with. */
export interface RegionContext {
  readonly config: RegionConfig;
  readonly names: Names;
  readonly provider: aws.Provider;
  readonly global: GlobalOutputs;
  readonly posture: Posture;
}

/** The value of this region in something that `global` made for every region. */
export function ofRegion<T>({ config }: RegionContext, byRegion: Readonly<Record<string, T>>): T {
  const value = byRegion[config.region];
  if (value === undefined) {
    throw new Error(
      `stack ${config.globalStack} knows no region ${config.region}: run \`pulumi up --stack ${config.globalStack}\` first`,
    );
  }
  return value;
}
