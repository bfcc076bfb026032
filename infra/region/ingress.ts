/** The load balancer of the region, its web ACL, and the name by which `global` knows it. */
import { AccessLogBucket, accessLogBucketName } from "../../components/edge/access-log-bucket.ts";
import { edgePrefixLists } from "../../components/edge/edge-prefix-lists.ts";
import { acceptedOriginHeaderValues } from "../../components/edge/origin-header-values.ts";
import { RegionIngress, type RegionIngressArgs } from "../../components/edge/region-ingress.ts";
import { WebAcl } from "../../components/edge/web-acl.ts";
import type { RegionNetwork } from "../../components/network/region-network.ts";
import { DOCUMENT_SERVICE_PORT } from "../../components/workload/document-service.ts";
import { ORIGIN_HEADER } from "../names.ts";
import { ofRegion, type RegionContext } from "./context.ts";

export function ingress(context: RegionContext, vpc: RegionNetwork): { entry: RegionIngress } {
  const { config, names, provider, global } = context;
  const { edge, region } = config;
  const logs = new AccessLogBucket("access-logs", {
    region,
    provider,
    accountId: config.accountId,
    partition: names.partition,
    bucketName: accessLogBucketName({ prefix: config.name, accountId: config.accountId, region }),
    retentionDays: edge.accessLogDays,
    dataProtection: config.dataProtection,
  });
  const { webAclArn } = new WebAcl(
    "firewall",
    {
      scope: "REGIONAL",
      rateLimit: edge.rateLimit,
      logDestinationArn: logs.bucketArn,
      // Behind CloudFront every connection is CloudFront's own.
      rateKey: edge.cloudfront ? "forwarded" : "source",
    },
    { provider },
  );
  const entry = new RegionIngress(
    "ingress",
    {
      region,
      domain: config.domain,
      zoneId: global.zoneId,
      vpcId: vpc.vpcId,
      publicSubnetIds: vpc.publicSubnetIds,
      targetCidrs: vpc.podCidr === undefined ? [vpc.cidr] : [vpc.cidr, vpc.podCidr],
      targetPort: DOCUMENT_SERVICE_PORT,
      targetProtocol: "HTTP",
      healthCheckPath: config.traffic.healthCheck.path,
      slots: Object.entries(config.cluster.slots).map(([name, weight]) => ({ name, weight })),
      webAclArn,
      accessLogsBucket: logs.bucketName,
      deletionProtection: config.dataProtection === "retain",
      ...(edge.cloudfront ? behindCloudFront(context) : { exposure: "internet" }),
    },
    // A load balancer with public addresses needs the internet gateway: made after it, gone before it.
    { provider, dependsOn: [vpc] },
  );
  return { entry };
}

/** Admits CloudFront by address and by a header that only the platform's own distribution sends. */
function behindCloudFront(context: RegionContext): Partial<RegionIngressArgs> {
  const { config, provider, global } = context;
  const { cloudfrontPrefixListId, healthCheckersPrefixListId } = edgePrefixLists(config.region, { provider });
  return {
    exposure: "cloudfront",
    cloudfrontPrefixListId,
    healthCheckersPrefixListId,
    originHeaderName: ORIGIN_HEADER,
    originHeaderValues: acceptedOriginHeaderValues(ofRegion(context, global.originHeaderSecretArns), {
      provider,
    }),
  };
}
