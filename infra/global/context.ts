import type { PlatformConfig } from "../config/index.ts";
import type { Names } from "../names.ts";
import type { RegionProviders } from "../providers.ts";

/** What every global layer works with. */
export interface GlobalContext {
  readonly config: PlatformConfig;
  readonly names: Names;
  readonly providers: RegionProviders;
}

/** All regions, the home first: it holds the originals of multi-region keys, secrets and tables. */
export function homeFirst({ homeRegion, regions }: PlatformConfig): string[] {
  return [homeRegion, ...Object.keys(regions).filter((region) => region !== homeRegion)];
}
