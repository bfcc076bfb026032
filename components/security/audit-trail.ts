import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { isRegionName, unknownRegion } from "../argument-problems.ts";
import { refuse } from "../arguments.ts";
import { type DataProtection, protectionOptions } from "../data/protection.ts";
import { AuditBucket, type LockMode } from "./audit-bucket.ts";
import { accountProblems, serviceTrust } from "./policy-statements.ts";
import { eventSelectors, logDeliveryPolicy, trailArn } from "./trail-events.ts";

export interface AuditTrailArgs {
  /** Name of the trail; policies name its ARN. Replaces the trail. */
  readonly trailName: string;
  /** Region of the trail, its bucket and its provider. */
  readonly region: string;
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /** Bucket that the trail makes for itself. Replaces the bucket. */
  readonly bucketName: string;
  /** Key of the region whose policy admits `cloudtrail` and `logs`. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** @default "governance" */
  readonly lockMode?: LockMode | undefined;
  /** Days that every log file is locked for. @default 365 */
  readonly lockDays?: number | undefined;
  /** Days until a log file moves to Glacier. @default 90 */
  readonly glacierDays?: number | undefined;
  /** Days until a log file is gone. @default 2557, seven years */
  readonly expirationDays?: number | undefined;
  /** Days that events stay in CloudWatch Logs, for queries; one of the periods it knows. @default 90 */
  readonly logRetentionDays?: pulumi.Input<number> | undefined;
  /** Buckets whose object reads and writes are recorded, 0.10 USD for 100,000 events. @default none */
  readonly dataEventBucketArns?: readonly pulumi.Input<string>[] | undefined;
  /** Tables, of every region, whose item reads and writes are recorded. @default none */
  readonly dataEventTableArns?: readonly pulumi.Input<string>[] | undefined;
  /** Which data events. @default "all" */
  readonly dataEvents?: "all" | "write" | undefined;
  /** Whether CloudTrail looks for unusual rates of calls and errors, 0.35 USD for 100,000 events. @default false */
  readonly insights?: boolean | undefined;
  readonly permissionsBoundaryArn?: pulumi.Input<string> | undefined;
  /** `retain` protects trail and bucket; `release` lets destroy delete them. */
  readonly dataProtection: DataProtection;
}

/**
 * Every API call of the account in every region, in one locked bucket, with digests that prove the files whole (SEC-20).
 * Belongs to the `global` stack. An account may have several trails: the first copy of management events costs nothing, a
 * further trail, such as one of the organisation, makes this one 2 USD for 100,000 events; leave this component out then.
 *
 * Under failure: CloudTrail records in each region by itself and delivers late, for 30 days, when the bucket's region is
 * lost; `aws cloudtrail lookup-events` shows 90 days in each region without the bucket.
 */
export class AuditTrail extends pulumi.ComponentResource {
  readonly trailArn: pulumi.Output<string>;
  readonly bucketName: pulumi.Output<string>;
  readonly logGroupName: pulumi.Output<string>;

  constructor(name: string, args: AuditTrailArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:security:AuditTrail", name, {}, opts);
    refuse(this, `AuditTrail ${name}`, problems(args));
    const { accountId, partition = "aws", region, trailName } = args;
    const sourceArn = trailArn({ partition, region, accountId, trailName });

    const bucket = new AuditBucket(
      `${name}-logs`,
      {
        bucketName: args.bucketName,
        accountId,
        partition,
        writer: "cloudtrail",
        sourceArn,
        kmsKeyArn: args.kmsKeyArn,
        lockMode: args.lockMode ?? "governance",
        lockDays: args.lockDays,
        glacierDays: args.glacierDays,
        expirationDays: args.expirationDays,
        dataProtection: args.dataProtection,
      },
      { parent: this },
    );
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-log-group`,
      { kmsKeyId: args.kmsKeyArn, retentionInDays: args.logRetentionDays ?? 90 },
      { parent: this },
    );
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: `Delivery of the trail ${trailName} to CloudWatch Logs`,
        assumeRolePolicy: serviceTrust({ service: "cloudtrail.amazonaws.com", accountId, sourceArn }),
        permissionsBoundary: args.permissionsBoundaryArn,
      },
      { parent: this },
    );
    const rolePolicy = new aws.iam.RolePolicy(
      `${name}-role-policy`,
      { role: role.name, policy: logGroup.arn.apply((arn) => logDeliveryPolicy(arn, accountId)) },
      { parent: this },
    );
    const trail = new aws.cloudtrail.Trail(
      `${name}-trail`,
      {
        name: trailName,
        s3BucketName: bucket.bucketName,
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        kmsKeyId: args.kmsKeyArn,
        cloudWatchLogsGroupArn: pulumi.interpolate`${logGroup.arn}:*`,
        cloudWatchLogsRoleArn: role.arn,
        advancedEventSelectors: pulumi
          .all([
            pulumi.all([...(args.dataEventBucketArns ?? [])]),
            pulumi.all([...(args.dataEventTableArns ?? [])]),
          ])
          .apply(([bucketArns, tableArns]) =>
            eventSelectors({ bucketArns, tableArns, record: args.dataEvents ?? "all" }),
          ),
        ...(args.insights === true
          ? {
              insightSelectors: [
                { insightType: "ApiCallRateInsight" },
                { insightType: "ApiErrorRateInsight" },
              ],
            }
          : {}),
      },
      // CloudTrail tries the bucket and the role before it accepts the trail.
      { parent: this, dependsOn: [...bucket.ready, rolePolicy], ...protectionOptions(args.dataProtection) },
    );
    this.trailArn = trail.arn;
    this.bucketName = bucket.bucketName;
    this.logGroupName = logGroup.name;
    this.registerOutputs({
      trailArn: this.trailArn,
      bucketName: this.bucketName,
      logGroupName: this.logGroupName,
    });
  }
}

function problems(args: AuditTrailArgs): string[] {
  const found = accountProblems(args.accountId);
  if (!isRegionName(args.region)) found.push(unknownRegion("region", args.region));
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$/.test(args.trailName)) {
    found.push(
      `trailName: "${args.trailName}" is no trail name; use 3 to 128 letters, digits, dots, _ and -, a letter or digit at each end`,
    );
  }
  return found;
}
