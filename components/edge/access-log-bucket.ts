import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { unknownRegionProblems } from "../argument-problems.ts";
import type { DataProtection } from "../data/protection.ts";
import { ReplicatedBuckets } from "../storage/replicated-buckets.ts";
import { refuse } from "./arguments.ts";

export interface AccessLogBucketArgs {
  readonly region: string;
  /** The region's provider. */
  readonly provider: aws.Provider;
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string;
  /** `accessLogBucketName(...)`. Replaces the bucket. */
  readonly bucketName: string;
  /** Days that a log is kept, at least 30. @default 365 */
  readonly retentionDays?: number;
  /** `retain` keeps the bucket and its logs on destroy; `release` lets destroy delete them. */
  readonly dataProtection: DataProtection;
}

/**
 * Where a region's access logs go, each under a prefix of its own: load balancers, web firewalls, S3 buckets, and in us-east-1
 * CloudFront (STOR-06). Logs go to Intelligent-Tiering at once and are gone after a year.
 *
 * S3's own key encrypts, because load balancers and S3 write to no bucket with a KMS key. Not replicated: a region's logs are
 * about that region. Under failure: when the bucket cannot be written to, logs are lost and requests are served.
 */
export class AccessLogBucket extends pulumi.ComponentResource {
  /**
   * Known when the services may write, which a load balancer tries at once: for `RegionIngressArgs.accessLogsBucket` and
   * `ReplicatedBucketsArgs.accessLogBuckets`.
   */
  readonly bucketName: pulumi.Output<string>;
  /** The same for `CdnArgs.accessLogsBucketArn` and `WebAclArgs.logDestinationArn`. */
  readonly bucketArn: pulumi.Output<string>;

  constructor(name: string, args: AccessLogBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:edge:AccessLogBucket", name, {}, opts);
    refuse(`AccessLogBucket "${name}"`, problems(args));
    const { accountId, bucketName, dataProtection, partition = "aws", provider, region } = args;
    const logs = new ReplicatedBuckets(
      `${name}-logs`,
      {
        regions: [region],
        providers: { [region]: provider },
        bucketNames: { [region]: bucketName },
        replicated: false,
        accountId,
        partition,
        logWriters: ["load-balancer", "log-delivery", "s3-access"],
        intelligentTiering: true,
        expirationDays: args.retentionDays ?? 365,
        // Nobody overwrites a log; what is deleted by mistake can be brought back for a month.
        noncurrentExpirationDays: 30,
        dataProtection,
      },
      { parent: this },
    );
    // The component's URN stands for all of its resources, the bucket's policy among them.
    this.bucketName = logs.urn.apply(() => bucketName);
    this.bucketArn = logs.urn.apply(() => `arn:${partition}:s3:::${bucketName}`);
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }
}

/** WAF writes to no bucket whose name begins otherwise. */
const WAF_PREFIX = "aws-waf-logs-";

/** Bucket names are global to AWS; account and region keep one apart from everybody else's. */
export function accessLogBucketName(of: {
  readonly prefix: string;
  readonly accountId: string;
  readonly region: string;
}): string {
  return `${WAF_PREFIX}${of.prefix}-${of.accountId}-${of.region}`;
}

function problems({ bucketName, region, retentionDays }: AccessLogBucketArgs): string[] {
  const found = unknownRegionProblems("region", [region]);
  if (!bucketName.startsWith(WAF_PREFIX)) {
    found.push(
      `bucketName: "${bucketName}" must begin with ${WAF_PREFIX}, or WAF refuses it; use accessLogBucketName(...)`,
    );
  }
  // Intelligent-Tiering needs 30 days before it saves anything.
  if (retentionDays !== undefined && !(Number.isInteger(retentionDays) && retentionDays >= 30)) {
    found.push(`retentionDays: ${retentionDays} is no whole number from 30; use 365`);
  }
  return found;
}
