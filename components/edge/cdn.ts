import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { isHostName } from "../argument-problems.ts";
import { refuse } from "./arguments.ts";

export interface CdnArgs {
  /** Public names of the platform; each gets a record. All are names of the certificate. */
  readonly aliases: readonly string[];
  /** Hosted zone of the aliases. */
  readonly zoneId: pulumi.Input<string>;
  /** Certificate of the aliases, in us-east-1. */
  readonly certificateArn: pulumi.Input<string>;
  /** Web ACL of scope CLOUDFRONT. */
  readonly webAclArn: pulumi.Input<string>;
  /** The name that Route 53 answers with a healthy region: `GlobalTraffic.originName`. */
  readonly healthCheckedOrigin: pulumi.Input<string>;
  /**
   * Name of one region, `regionOriginName(...)`, at which a read is repeated when the health-checked origin fails it
   * (EDGE-15): the one that takes the smaller share, so that most failing reads find another region there.
   * @default none: reads are not repeated
   */
  readonly fallbackOrigin?: string;
  /** Header by which the load balancers know this distribution. */
  readonly originHeaderName: string;
  /** Its value, kept secret. */
  readonly originHeaderValue: pulumi.Input<string>;
  /** Paths that take every method (C-10); all others are read-only. @default ["/documents*"] */
  readonly writePaths?: readonly string[];
  /** Oldest TLS that viewers may use; `TLSv1.3_2025` when all clients speak it (C-48). @default "TLSv1.2_2021" */
  readonly minimumTls?: "TLSv1.2_2021" | "TLSv1.3_2025";
  /** Edge locations to pay for. @default "PriceClass_100" (North America, Europe) */
  readonly priceClass?: "PriceClass_100" | "PriceClass_200" | "PriceClass_All";
  /** Bucket that takes access logs and admits delivery.logs.amazonaws.com. @default none */
  readonly accessLogsBucketArn?: pulumi.Input<string>;
  /** Shield Advanced, for accounts that subscribe to it (USD 3,000 a month). Shield Standard is always on. @default false */
  readonly shieldAdvanced?: boolean;
}

/**
 * CloudFront, the first hop of every user (EDGE-14). Belongs to the `global` stack; its provider must be in us-east-1.
 *
 * Two ways to survive a region (C-10). Every path has the origin that Route 53 steers, so shares and evacuations hold for
 * all of them. Until DNS has caught up with a region that fails, CloudFront repeats a request at a second origin at once,
 * but only reads, and it refuses a behaviour that has both an origin group and a writing method: so paths that take
 * writes go to the steered origin alone, and all others through a group of it and one region.
 *
 * Under failure: serving needs no control plane; a region's loss needs no change here.
 */
export class Cdn extends pulumi.ComponentResource {
  readonly distributionId: pulumi.Output<string>;
  readonly distributionArn: pulumi.Output<string>;
  /** CloudFront's own name for the distribution. */
  readonly domainName: pulumi.Output<string>;

  constructor(name: string, args: CdnArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:edge:Cdn", name, {}, opts);
    refuse(`Cdn "${name}"`, cdnProblems(args));
    const { fallbackOrigin } = args;

    const cachePolicy = new aws.cloudfront.CachePolicy(
      `${name}-origin-decides`,
      {
        comment: "Nothing is cached unless the service says so, and never one user's answer for another",
        minTtl: 0,
        defaultTtl: 0,
        maxTtl: 86400,
        parametersInCacheKeyAndForwardedToOrigin: {
          cookiesConfig: { cookieBehavior: "none" },
          headersConfig: { headerBehavior: "whitelist", headers: { items: ["Authorization"] } },
          queryStringsConfig: { queryStringBehavior: "all" },
          enableAcceptEncodingBrotli: true,
          enableAcceptEncodingGzip: true,
        },
      },
      { parent: this },
    );
    const origin = (originId: string, domainName: pulumi.Input<string>) => ({
      originId,
      domainName,
      // 2 x 2 s instead of 3 x 10 s: the second try may meet another zone, a dead region must not hold a request for long.
      connectionAttempts: 2,
      connectionTimeout: 2,
      customHeaders: [{ name: args.originHeaderName, value: pulumi.secret(args.originHeaderValue) }],
      customOriginConfig: {
        httpPort: 80,
        httpsPort: 443,
        originProtocolPolicy: "https-only",
        originSslProtocols: ["TLSv1.2"],
        originReadTimeout: 30,
        originKeepaliveTimeout: 5,
      },
    });
    const distribution = new aws.cloudfront.Distribution(
      `${name}-distribution`,
      {
        enabled: true,
        comment: `Documents, ${args.aliases.join(", ")}`,
        aliases: [...args.aliases],
        httpVersion: "http2and3",
        isIpv6Enabled: true,
        priceClass: args.priceClass ?? "PriceClass_100",
        webAclId: args.webAclArn,
        viewerCertificate: {
          acmCertificateArn: args.certificateArn,
          minimumProtocolVersion: args.minimumTls ?? "TLSv1.2_2021",
          sslSupportMethod: "sni-only",
        },
        restrictions: { geoRestriction: { restrictionType: "none" } },
        origins: [
          origin(STEERED, args.healthCheckedOrigin),
          ...(fallbackOrigin === undefined ? [] : [origin(FALLBACK, fallbackOrigin)]),
        ],
        originGroups: fallbackOrigin === undefined ? [] : [READ_FAILOVER],
        defaultCacheBehavior: {
          ...EVERY_BEHAVIOUR,
          targetOriginId: fallbackOrigin === undefined ? STEERED : READ_FAILOVER.originId,
          allowedMethods: READ_METHODS,
          cachePolicyId: cachePolicy.id,
        },
        orderedCacheBehaviors: (args.writePaths ?? ["/documents*"]).map((pathPattern) => ({
          ...EVERY_BEHAVIOUR,
          pathPattern,
          targetOriginId: STEERED,
          allowedMethods: ALL_METHODS,
          cachePolicyId: MANAGED_CACHING_DISABLED,
        })),
        tags: { Name: name },
      },
      { parent: this },
    );
    this.publish(name, args, distribution);
    this.distributionId = distribution.id;
    this.distributionArn = distribution.arn;
    this.domainName = distribution.domainName;
    this.registerOutputs({
      distributionId: this.distributionId,
      distributionArn: this.distributionArn,
      domainName: this.domainName,
    });
  }

  private publish(name: string, args: CdnArgs, distribution: aws.cloudfront.Distribution): void {
    const opts = { parent: this };
    const target = {
      name: distribution.domainName,
      zoneId: distribution.hostedZoneId,
      evaluateTargetHealth: false,
    };
    for (const alias of args.aliases) {
      for (const type of ["A", "AAAA"]) {
        new aws.route53.Record(
          `${name}-${alias}-${type}`,
          { zoneId: args.zoneId, name: alias, type, aliases: [target] },
          opts,
        );
      }
    }
    if (args.shieldAdvanced === true) {
      new aws.shield.Protection(`${name}-shield`, { resourceArn: distribution.arn }, opts);
    }
    if (args.accessLogsBucketArn === undefined) return;
    const source = new aws.cloudwatch.LogDeliverySource(
      `${name}-log`,
      { name: `${name}-access`, logType: "ACCESS_LOGS", resourceArn: distribution.arn },
      opts,
    );
    const destination = new aws.cloudwatch.LogDeliveryDestination(
      `${name}-log`,
      {
        name: `${name}-access`,
        outputFormat: "json",
        deliveryDestinationConfiguration: { destinationResourceArn: args.accessLogsBucketArn },
      },
      opts,
    );
    new aws.cloudwatch.LogDelivery(
      `${name}-log`,
      { deliverySourceName: source.name, deliveryDestinationArn: destination.arn },
      opts,
    );
  }
}

const STEERED = "steered";
const FALLBACK = "fallback";
const READ_FAILOVER = {
  originId: "read-failover",
  failoverCriteria: { statusCodes: [500, 502, 503, 504] },
  members: [{ originId: STEERED }, { originId: FALLBACK }],
};
const READ_METHODS = ["GET", "HEAD", "OPTIONS"];
const ALL_METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

// Policies of AWS's own, which have the same id in every account.
const MANAGED_CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const MANAGED_ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
const MANAGED_SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03";

const EVERY_BEHAVIOUR = {
  cachedMethods: ["GET", "HEAD"],
  compress: true,
  // Not the viewer's Host: the load balancer's certificate is for the origin's name.
  originRequestPolicyId: MANAGED_ALL_VIEWER_EXCEPT_HOST,
  responseHeadersPolicyId: MANAGED_SECURITY_HEADERS,
  viewerProtocolPolicy: "redirect-to-https",
};

function cdnProblems(args: CdnArgs): string[] {
  const problems: string[] = [];
  if (args.aliases.length === 0) problems.push("aliases: empty; give the public name");
  for (const alias of args.aliases.filter((name) => !isHostName(name))) {
    problems.push(`aliases: "${alias}" is not a DNS name; write it like docs.example.com`);
  }
  for (const path of (args.writePaths ?? []).filter((pattern) => !pattern.startsWith("/"))) {
    problems.push(`writePaths: "${path}" must begin with /; write it like /documents*`);
  }
  if (args.fallbackOrigin !== undefined && !isHostName(args.fallbackOrigin)) {
    problems.push(
      `fallbackOrigin: "${args.fallbackOrigin}" is not a DNS name; use regionOriginName(region, domain)`,
    );
  }
  return problems;
}
