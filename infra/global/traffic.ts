/** Zone, health checks and weighted records; in front of them CloudFront with its web ACL and certificate. */

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Cdn } from "../../components/edge/cdn.ts";
import { Certificate } from "../../components/edge/certificate.ts";
import { DnsZone } from "../../components/edge/dns-zone.ts";
import { GlobalTraffic } from "../../components/edge/global-traffic.ts";
import { WebAcl } from "../../components/edge/web-acl.ts";
import { ReplicatedSecret } from "../../components/security/replicated-secret.ts";
import type { GlobalOutputs, KeyArns } from "../contracts.ts";
import { ORIGIN_HEADER } from "../names.ts";
import { CONTROL_PLANE_REGION, providerOf } from "../providers.ts";
import { type GlobalContext, homeFirst } from "./context.ts";

export function traffic(
  context: GlobalContext,
  keyArns: KeyArns,
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
  new GlobalTraffic(
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
  const { dataProtection, domain, edge, homeRegion } = config;
  const opts = { provider: providerOf(providers, CONTROL_PLANE_REGION) };
  const home = { provider: providerOf(providers, homeRegion) };
  const regions = homeFirst(config);

  const secret = new ReplicatedSecret(
    "origin-header",
    {
      secretName: names.secret("origin-header-value"),
      description: "Header that CloudFront sends to the load balancers",
      regions,
      kmsKeyArns: keyArns.secrets,
      generatePassword: true,
      dataProtection,
    },
    home,
  );
  const value = aws.secretsmanager.getSecretVersionOutput(
    { secretId: secret.arns[homeRegion] ?? names.secret("origin-header-value") },
    home,
  );
  const { webAclArn } = new WebAcl("edge-firewall", { scope: "CLOUDFRONT", rateLimit: edge.rateLimit }, opts);
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
      originHeaderValue: pulumi.secret(value.secretString),
      minimumTls: edge.minimumTls,
      priceClass: edge.priceClass,
      shieldAdvanced: edge.shieldAdvanced,
    },
    opts,
  );
  return secret.arns;
}

/** A failing read was most likely sent to a region of greater weight, so the second try goes to the one of the least. */
function leastLoaded({ regions }: GlobalContext["config"]): string {
  const byWeight = Object.entries(regions).sort(([, a], [, b]) => a.weight - b.weight);
  return byWeight[0]?.[0] ?? "";
}
