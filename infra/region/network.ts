/** The production VPC of the region. */
import { RegionNetwork } from "../../components/network/region-network.ts";
import { ofRegion, type RegionContext } from "./context.ts";

export function network(context: RegionContext): { vpc: RegionNetwork } {
  const { config, names, provider, global } = context;
  const { cidr, zones } = ofRegion(context, config.regions);
  const vpc = new RegionNetwork(
    "network",
    {
      cidr,
      zones: zones.map((zone) => `${config.region}${zone}`),
      natGateways: config.network.natGateways,
      clusterNames: [names.cluster],
      accountId: config.accountId,
      flowLogRetentionDays: config.network.flowLogRetentionDays,
      logsKmsKeyArn: ofRegion(context, global.keyArns.logs),
    },
    { provider },
  );
  return { vpc };
}
