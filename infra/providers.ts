/** The explicit AWS providers of a stack. Default providers are disabled for the whole project. */
import * as aws from "@pulumi/aws";
import type { PlatformConfig } from "./config/index.ts";

/** Region of the control planes of Route 53 and CloudFront. */
export const CONTROL_PLANE_REGION = "us-east-1";

export type RegionProviders = Readonly<Record<string, aws.Provider>>;

/**
 * One provider for each region that the stack works in: all of them in the global scope, its own in the region scope. Each
 * works in one account only, and tags what it makes.
 */
export function regionProviders(config: PlatformConfig): RegionProviders {
  const regions = [
    ...(spansRegions(config) ? [...Object.keys(config.regions), CONTROL_PLANE_REGION] : []),
    ...(config.region === undefined ? [] : [config.region]),
  ];
  return Object.fromEntries([...new Set(regions)].map((region) => [region, regionProvider(config, region)]));
}

function spansRegions({ scopes }: PlatformConfig): boolean {
  return scopes.includes("global") || scopes.includes("link");
}

function regionProvider(
  { tags, environment, stack, accountId }: PlatformConfig,
  region: string,
): aws.Provider {
  return new aws.Provider(`aws-${region}`, {
    region,
    allowedAccountIds: [accountId],
    defaultTags: { tags: { ...tags, environment, stack, managedBy: "pulumi" } },
  });
}

export function providerOf(providers: RegionProviders, region: string): aws.Provider {
  const provider = providers[region];
  if (provider === undefined) {
    throw new Error(`this stack has no provider for ${region}; it has ${Object.keys(providers).join(", ")}`);
  }
  return provider;
}
