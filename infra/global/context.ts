import type { PlatformConfig } from "../config/index.ts";
import type { Names } from "../names.ts";
import type { RegionProviders } from "../providers.ts";

/** What every global layer works with. */
export interface GlobalContext {
  readonly config: PlatformConfig;
  readonly names: Names;
  readonly providers: RegionProviders;
}

/**
 * All regions, the one that is primary by design first. Multi-region keys, secrets and tables have their home in the first
 * region; a failover never changes which one that is.
 */
export function primaryFirst({ primaryRegion, regions }: PlatformConfig): string[] {
  return [primaryRegion, ...Object.keys(regions).filter((region) => region !== primaryRegion)];
}
