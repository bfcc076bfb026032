/** The networks of the region: production, shared services, what joins them, and the ways out. */
import { HybridConnectivity } from "../../components/network/hybrid-connectivity.ts";
import { InterfaceEndpoints } from "../../components/network/interface-endpoints.ts";
import { NetworkAcls } from "../../components/network/network-acls.ts";
import { RegionNetwork } from "../../components/network/region-network.ts";
import { STORE_PORTS } from "../../components/network/security-rules.ts";
import { SharedServicesNetwork } from "../../components/network/shared-services-network.ts";
import { TransitHub } from "../../components/network/transit-hub.ts";
import { ofRegion, type RegionContext } from "./context.ts";

export function network(context: RegionContext): { vpc: RegionNetwork } {
  const { config, names, provider, global } = context;
  const { cidr, podCidr, zones } = ofRegion(context, config.regions);
  const { natGateways, interfaceEndpoints, peerRegions, flowLogRetentionDays } = config.network;
  const opts = { provider };

  const vpc = new RegionNetwork(
    "network",
    {
      cidr,
      podCidr,
      zones: zones.map((zone) => `${config.region}${zone}`),
      natGateways,
      clusterNames: Object.keys(config.cluster.slots).map(names.cluster),
      accountId: config.accountId,
      flowLogRetentionDays,
      logsKmsKeyArn: ofRegion(context, global.keyArns.logs),
    },
    opts,
  );
  const peers = Object.entries(config.regions).filter(([region]) => region !== config.region);
  new NetworkAcls(
    "network-acl",
    {
      network: vpc,
      databasePorts: Object.values(STORE_PORTS).map(({ port }) => port),
      peerCidrs: peerRegions ? peers.map(([, peer]) => peer.cidr) : [],
    },
    opts,
  );
  if (interfaceEndpoints.length > 0) {
    new InterfaceEndpoints(
      "network-endpoints",
      {
        vpcId: vpc.vpcId,
        region: config.region,
        subnetIds: vpc.privateSubnetIds,
        clientCidrs: podCidr === undefined ? [cidr] : [cidr, podCidr],
        services: interfaceEndpoints,
      },
      opts,
    );
  }
  joinNetworks(context, vpc);
  return { vpc };
}

/** Shared services and data centres, joined to production by the region's transit gateway. */
function joinNetworks(context: RegionContext, vpc: RegionNetwork): void {
  const { config, provider, global } = context;
  const { cidr, sharedCidr, transitAsn } = ofRegion(context, config.regions);
  const { hybrid, interfaceEndpoints, flowLogRetentionDays } = config.network;
  // The configuration requires the ASN wherever a transit gateway has something to join.
  if (transitAsn === undefined || (sharedCidr === undefined && hybrid === undefined)) {
    return;
  }
  const opts = { provider };
  const shared =
    sharedCidr === undefined
      ? undefined
      : new SharedServicesNetwork(
          "shared",
          {
            cidr: sharedCidr,
            zones: vpc.plan.zones.map(({ zone }) => zone),
            productionCidr: cidr,
            accountId: config.accountId,
            flowLogRetentionDays,
            logsKmsKeyArn: ofRegion(context, global.keyArns.logs),
            interfaceServices: interfaceEndpoints,
          },
          opts,
        );
  const hub = new TransitHub(
    "transit",
    {
      amazonSideAsn: transitAsn,
      spokes: {
        production: { network: vpc },
        ...(shared === undefined ? {} : { shared: { network: shared.network, offersStores: true } }),
      },
      links: shared === undefined ? [] : [["production", "shared"]],
    },
    opts,
  );
  if (hybrid !== undefined) {
    new HybridConnectivity("hybrid", { hub, reaches: hub.spokes.map(({ key }) => key), ...hybrid }, opts);
  }
}
