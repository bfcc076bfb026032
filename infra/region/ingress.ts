/** The load balancer of the region and the name by which `global` knows it. */
import { RegionIngress } from "../../components/edge/region-ingress.ts";
import type { RegionNetwork } from "../../components/network/region-network.ts";
import { DOCUMENT_SERVICE_PORT } from "../../components/workload/document-service.ts";
import type { RegionContext } from "./context.ts";

export function ingress(context: RegionContext, vpc: RegionNetwork): { entry: RegionIngress } {
  const { config, provider, global } = context;
  const entry = new RegionIngress(
    "ingress",
    {
      region: config.region,
      domain: config.domain,
      zoneId: global.zoneId,
      vpcId: vpc.vpcId,
      publicSubnetIds: vpc.publicSubnetIds,
      targetCidrs: [vpc.cidr],
      exposure: "internet",
      targetPort: DOCUMENT_SERVICE_PORT,
      targetProtocol: "HTTP",
      healthCheckPath: config.traffic.healthCheck.path,
      deletionProtection: config.dataProtection === "retain",
    },
    { provider },
  );
  return { entry };
}
