/** Zone, the certificate names that regions share, health checks and weighted records. */

import { Certificate } from "../../components/edge/certificate.ts";
import { DnsZone } from "../../components/edge/dns-zone.ts";
import { GlobalTraffic } from "../../components/edge/global-traffic.ts";
import type { GlobalOutputs } from "../contracts.ts";
import { CONTROL_PLANE_REGION, providerOf } from "../providers.ts";
import type { GlobalContext } from "./context.ts";

export function traffic({ config, names, providers }: GlobalContext): Pick<GlobalOutputs, "zoneId"> {
  const { domain, hostedZoneId, regions } = config;
  const { routingPolicy, ttlSeconds, healthCheck } = config.traffic;
  const opts = { provider: providerOf(providers, CONTROL_PLANE_REGION) };

  const zone = new DnsZone("zone", { partition: names.partition, domain, hostedZoneId }, opts);
  new Certificate(
    "edge-certificate",
    { domainName: domain, subjectAlternativeNames: [`*.${domain}`], zoneId: zone.zoneId },
    opts,
  );
  new GlobalTraffic(
    "traffic",
    {
      zoneId: zone.zoneId,
      domain,
      originName: names.origin,
      regions: Object.entries(regions).map(([region, { weight }]) => ({
        region,
        weight,
        originHost: names.regionalOrigin(region),
        switchHost: names.switchHost(region),
      })),
      routingPolicy,
      ttlSeconds,
      healthCheckPath: healthCheck.path,
      healthCheckIntervalSeconds: healthCheck.intervalSeconds,
      healthCheckFailureThreshold: healthCheck.failureThreshold,
    },
    opts,
  );
  return { zoneId: zone.zoneId };
}
