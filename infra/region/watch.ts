/** What watches the region from outside: a canary against the public name, and alarms on its entry. */
import { IngressAlarms } from "../../components/edge/ingress-alarms.ts";
import type { RegionIngress } from "../../components/edge/region-ingress.ts";
import type { RegionNetwork } from "../../components/network/region-network.ts";
import { Canary } from "../../components/observability/canary.ts";
import { ofRegion, type RegionContext, topicsBySeverity } from "./context.ts";

export function watch(context: RegionContext, vpc: RegionNetwork, entry: RegionIngress): void {
  const { config, names, provider, global } = context;
  const { accountId, alerts, dataProtection, domain, edge, region } = config;
  const topicArns = topicsBySeverity(context);

  new IngressAlarms(
    "ingress-alarms",
    {
      loadBalancerArnSuffix: entry.loadBalancerArnSuffix,
      targetGroupArns: entry.targetGroupArns,
      natGatewayIds: vpc.natGatewayIds,
      topicArns,
    },
    { provider },
  );
  if (alerts.canaryMinutes > 0) {
    new Canary("canary", {
      region,
      provider,
      accountId,
      partition: names.partition,
      artifactsBucketName: names.bucket("canary", region),
      kmsKeyArn: ofRegion(context, global.keyArns.logs),
      // Behind CloudFront a load balancer admits nobody else; without it, users call the health-checked name.
      targets: {
        public: `https://${edge.cloudfront ? domain : names.origin}${config.traffic.healthCheck.path}`,
      },
      intervalMinutes: alerts.canaryMinutes,
      topicArns,
      dataProtection,
    });
  }
}
