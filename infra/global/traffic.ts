/** Zone, health checks and weighted records; in front of them CloudFront with its web ACL and certificate. */

import type * as pulumi from "@pulumi/pulumi";
import { AccessLogBucket, accessLogBucketName } from "../../components/edge/access-log-bucket.ts";
import { Cdn } from "../../components/edge/cdn.ts";
import { Certificate } from "../../components/edge/certificate.ts";
import { DnsZone } from "../../components/edge/dns-zone.ts";
import { GlobalTraffic } from "../../components/edge/global-traffic.ts";
import { HealthAlarms } from "../../components/edge/health-alarms.ts";
import { OriginHeader } from "../../components/edge/origin-header.ts";
import { WebAcl } from "../../components/edge/web-acl.ts";
import type { GlobalOutputs, KeyArns } from "../contracts.ts";
import { ORIGIN_HEADER } from "../names.ts";
import { CONTROL_PLANE_REGION, providerOf } from "../providers.ts";
import { type GlobalContext, homeFirst } from "./context.ts";

export function traffic(
  context: GlobalContext,
  keyArns: KeyArns,
  topics: GlobalOutputs["alertTopicArns"],
): Pick<GlobalOutputs, "zoneId" | "originHeaderSecretArns"> {
  const { config, names, providers } = context;
  const { domain, hostedZoneId, regions, dataProtection, edge } = config;
  const { routingPolicy, ttlSeconds, healthCheck } = config.traffic;
  const opts = { provider: providerOf(providers, CONTROL_PLANE_REGION) };

  const { zoneId } = new DnsZone(
    "zone",
    { partition: names.partition, domain, hostedZoneId, dataProtection },
    opts,
  );
  // Also proves the names that the regions' certificates share.
  const { certificateArn } = new Certificate(
    "edge-certificate",
    { domainName: domain, subjectAlternativeNames: [`*.${domain}`], zoneId },
    opts,
  );
  const steering = new GlobalTraffic(
    "traffic",
    {
      zoneId,
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
  new HealthAlarms(
    "region-health",
    {
      healthCheckIds: steering.regionHealthCheckIds,
      topicArns: topics.page[CONTROL_PLANE_REGION] === undefined ? [] : [topics.page[CONTROL_PLANE_REGION]],
    },
    opts,
  );
  const originHeaderSecretArns = edge.cloudfront ? cdn(context, keyArns, { zoneId, certificateArn }) : {};
  return { zoneId, originHeaderSecretArns };
}

interface PublicName {
  readonly zoneId: pulumi.Output<string>;
  readonly certificateArn: pulumi.Output<string>;
}

/** CloudFront on the public name. Returns the secret by which the load balancers recognise it. */
function cdn(
  { config, names, providers }: GlobalContext,
  keyArns: KeyArns,
  { zoneId, certificateArn }: PublicName,
): GlobalOutputs["originHeaderSecretArns"] {
  const { accountId, dataProtection, domain, edge, homeRegion, name } = config;
  const opts = { provider: providerOf(providers, CONTROL_PLANE_REGION) };
  const home = { provider: providerOf(providers, homeRegion) };
  const regions = homeFirst(config);

  const header = new OriginHeader(
    "origin-header",
    {
      secretName: names.secret("origin-header"),
      regions,
      kmsKeyArns: keyArns.secrets,
      ...edge.originHeader,
      dataProtection,
    },
    home,
  );
  const logs = new AccessLogBucket("edge-logs", {
    region: CONTROL_PLANE_REGION,
    ...opts,
    accountId,
    partition: names.partition,
    bucketName: accessLogBucketName({ prefix: `${name}-edge`, accountId, region: CONTROL_PLANE_REGION }),
    retentionDays: edge.accessLogDays,
    dataProtection,
  });
  const { webAclArn } = new WebAcl(
    "edge-firewall",
    { scope: "CLOUDFRONT", rateLimit: edge.rateLimit, logDestinationArn: logs.bucketArn },
    opts,
  );
  new Cdn(
    "cdn",
    {
      aliases: [domain],
      zoneId,
      certificateArn,
      webAclArn,
      healthCheckedOrigin: names.origin,
      fallbackOrigin: names.regionalOrigin(leastLoaded(config)),
      originHeaderName: ORIGIN_HEADER,
      originHeaderValue: header.sentValue,
      accessLogsBucketArn: logs.bucketArn,
      minimumTls: edge.minimumTls,
      priceClass: edge.priceClass,
      shieldAdvanced: edge.shieldAdvanced,
    },
    opts,
  );
  return header.secretArns;
}

/** A failing read was most likely sent to a region of greater weight, so the second try goes to the one of the least. */
function leastLoaded({ regions }: GlobalContext["config"]): string {
  const byWeight = Object.entries(regions).sort(([, a], [, b]) => a.weight - b.weight);
  return byWeight[0]?.[0] ?? "";
}
