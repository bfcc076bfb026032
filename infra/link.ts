/** Private connections between the production VPCs of the regions; nothing waits for them. */
import { RegionPeering } from "../components/network/region-peering.ts";
import type { PlatformConfig } from "./config/index.ts";
import { readRegionNetwork } from "./contracts.ts";
import { providerOf, type RegionProviders } from "./providers.ts";

export function linkScope(config: PlatformConfig, providers: RegionProviders): void {
  const sides = Object.entries(config.regions).map(([region, { cidr, podCidr, stack = region, zones }]) => {
    const { vpcId, privateRouteTableIds } = readRegionNetwork(stack, region, zones);
    return {
      region,
      provider: providerOf(providers, region),
      cidr,
      podCidr,
      vpcId,
      routeTableIds: privateRouteTableIds,
    };
  });
  sides.forEach((requester, index) => {
    for (const accepter of sides.slice(index + 1)) {
      new RegionPeering(`peering-${requester.region}-${accepter.region}`, { requester, accepter });
    }
  });
}
