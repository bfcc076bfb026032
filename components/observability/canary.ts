import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { unknownRegionProblems, wholeNumberProblem } from "../argument-problems.ts";
import type { DataProtection } from "../data/protection.ts";
import { refuse } from "../edge/arguments.ts";
import type { AlertSeverity } from "../security/alert-rules.ts";
import { accountProblems } from "../security/policy-statements.ts";
import { ReplicatedBuckets } from "../storage/replicated-buckets.ts";
import { canaryAlarms } from "./canary-alarms.ts";
import { CANARY_TRUST, canaryCode, canaryCodeKey, canaryPolicy } from "./canary-code.ts";
import { AVAILABILITY_PERCENT, objectiveProblems } from "./slo.ts";

export interface CanaryArgs {
  /** The region that the canary runs in. */
  readonly region: string;
  /** The region's provider. */
  readonly provider: aws.Provider;
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string;
  /** Bucket for what runs leave behind. Replaces the bucket. */
  readonly artifactsBucketName: string;
  /** Key of the region; encrypts what runs leave behind. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /**
   * What is asked with GET and must answer 200, by a stable name: the public name, and the region's own origin where it admits
   * anybody. Behind CloudFront it admits CloudFront and Route 53's checkers only (C-49), and those checkers watch it.
   */
  readonly targets: Readonly<Record<string, string>>;
  /** Address of a document of the canary's own, written and read back in every run. Needs `tokenSecretArn`. @default none */
  readonly documentUrl?: string;
  /** Secret in this region with the bearer token that may write the document; its value is read by a run only. @default none */
  readonly tokenSecretArn?: pulumi.Input<string>;
  /** Key of that secret. @default AWS's own key for secrets */
  readonly tokenKeyArn?: pulumi.Input<string>;
  /** Minutes between two runs, 1 to 60; a run costs 0.0012 USD, so one a minute is about 52 USD a month. @default 1 */
  readonly intervalMinutes?: number;
  /** Percent of runs that shall succeed (OBS-29). @default 99.9 */
  readonly availabilityPercent?: number;
  /**
   * Milliseconds that 95 of 100 answers shall stay under. @default 500: the 200 of the objective (OBS-30, judged where they are
   * exact, at the load balancer), and what a user pays who comes anew: name, two handshakes, the way to the farther region
   */
  readonly latencyMilliseconds?: number;
  /** Boundary of the role (SEC-04). @default none */
  readonly permissionsBoundaryArn?: pulumi.Input<string>;
  /** Topic of the region by severity; the alarms' targets. */
  readonly topicArns: Readonly<Record<AlertSeverity, pulumi.Input<string>>>;
  /** Version of the Synthetics runtime; AWS deprecates one about a year after its successor. @default "syn-nodejs-puppeteer-16.1" (Node 22) */
  readonly runtimeVersion?: string;
  /** `release` lets destroy delete the artifacts. */
  readonly dataProtection: DataProtection;
}

/** Its runtime for Node without a browser allows less memory than Lambda needs for it, and is meant for blueprints. */
const RUNTIME = "syn-nodejs-puppeteer-16.1";

/**
 * A user that never sleeps: asks the platform from outside every minute, and writes and reads a document where it has a token
 * (OBS-28, GAP-16). Not in a VPC, so that it comes the way of users.
 *
 * Every region runs one against the public name. Under failure: when a region is lost its canary is lost with it, and the
 * canaries of the others tell whether users notice. A canary that stops running is an outage as well.
 *
 * AWS makes its log group, `/aws/lambda/cwsyn-<name>-<id>`, by itself and leaves it behind on destroy.
 */
export class Canary extends pulumi.ComponentResource {
  readonly canaryName: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: CanaryArgs;

  constructor(name: string, args: CanaryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:observability:Canary", name, {}, opts);
    refuse(`Canary "${name}"`, problems(name, args));
    this.#name = name;
    this.#args = args;
    const bucketName = this.#createBucket();
    const canary = this.#createCanary(bucketName);
    this.#createAlarms(canary.name);
    this.canaryName = canary.name;
    this.registerOutputs({ canaryName: this.canaryName });
  }

  #createBucket(): pulumi.Output<string> {
    const { accountId, artifactsBucketName, dataProtection, kmsKeyArn, partition, provider, region } =
      this.#args;
    const { bucketNames } = new ReplicatedBuckets(
      `${this.#name}-artifacts`,
      {
        regions: [region],
        providers: { [region]: provider },
        bucketNames: { [region]: artifactsBucketName },
        replicated: false,
        kmsKeyArns: { [region]: kmsKeyArn },
        accountId,
        partition,
        // As long as Synthetics itself keeps the results that point there.
        expirationDays: RETENTION_DAYS,
        noncurrentExpirationDays: 1,
        dataProtection,
      },
      { parent: this },
    );
    return pulumi.output(bucketNames[region] ?? artifactsBucketName);
  }

  #createCanary(bucketName: pulumi.Output<string>): aws.synthetics.Canary {
    const { documentUrl, intervalMinutes = 1, runtimeVersion = RUNTIME, targets } = this.#args;
    const opts = { parent: this, provider: this.#args.provider };
    const code = canaryCode();
    const zip = new aws.s3.BucketObjectv2(
      `${this.#name}-code`,
      {
        bucket: bucketName,
        key: canaryCodeKey(code, runtimeVersion),
        source: new pulumi.asset.AssetArchive({ [code.path]: new pulumi.asset.StringAsset(code.text) }),
        contentType: "application/zip",
        // An S3 object takes ten tags at most, a platform may have more by default.
        overrideProvider: { defaultTags: { tags: {} } },
      },
      opts,
    );
    const { role, policy } = this.#createRole(bucketName);
    return new aws.synthetics.Canary(
      `${this.#name}-canary`,
      {
        name: this.#name,
        runtimeVersion,
        handler: code.handler,
        s3Bucket: bucketName,
        s3Key: zip.key,
        executionRoleArn: role.arn,
        artifactS3Location: pulumi.interpolate`s3://${bucketName}/runs`,
        artifactConfig: { s3Encryption: { encryptionMode: "SSE_KMS", kmsKeyArn: this.#args.kmsKeyArn } },
        schedule: { expression: `rate(${intervalMinutes} ${intervalMinutes === 1 ? "minute" : "minutes"})` },
        runConfig: {
          // Less than the shortest interval; the smallest memory that the runtime accepts.
          timeoutInSeconds: 50,
          memoryInMb: 960,
          activeTracing: false,
          environmentVariables: {
            TARGETS: JSON.stringify(targets),
            ...(documentUrl === undefined || this.#args.tokenSecretArn === undefined
              ? {}
              : { DOCUMENT_URL: documentUrl, TOKEN_SECRET_ARN: this.#args.tokenSecretArn }),
          },
        },
        successRetentionPeriod: RETENTION_DAYS,
        failureRetentionPeriod: RETENTION_DAYS,
        startCanary: true,
        // The function and its layer go with the canary.
        deleteLambda: true,
      },
      { ...opts, dependsOn: [policy] },
    );
  }

  #createRole(bucketName: pulumi.Output<string>): { role: aws.iam.Role; policy: aws.iam.RolePolicy } {
    const { accountId, partition = "aws", provider, region } = this.#args;
    const arns = [this.#args.kmsKeyArn, this.#args.tokenSecretArn, this.#args.tokenKeyArn] as const;
    const opts = { parent: this, provider };
    const role = new aws.iam.Role(
      `${this.#name}-runs`,
      {
        description: "Runs the canary",
        assumeRolePolicy: CANARY_TRUST,
        permissionsBoundary: this.#args.permissionsBoundaryArn,
      },
      opts,
    );
    const policy = new aws.iam.RolePolicy(
      `${this.#name}-may`,
      {
        role: role.name,
        policy: pulumi.all([bucketName, ...arns]).apply(([bucket, kmsKeyArn, tokenSecretArn, tokenKeyArn]) =>
          canaryPolicy({
            partition,
            region,
            accountId,
            bucketName: bucket,
            kmsKeyArn,
            tokenSecretArn,
            tokenKeyArn,
          }),
        ),
      },
      opts,
    );
    return { role, policy };
  }

  #createAlarms(canaryName: pulumi.Output<string>): void {
    const { documentUrl, provider, targets, topicArns } = this.#args;
    const alarms = canaryAlarms({
      steps: [
        ...Object.keys(targets),
        ...(documentUrl === undefined ? [] : ["document-write", "document-read"]),
      ],
      intervalMinutes: this.#args.intervalMinutes ?? 1,
      availabilityPercent: this.#args.availabilityPercent ?? AVAILABILITY_PERCENT,
      latencyMilliseconds: this.#args.latencyMilliseconds ?? 500,
    });
    for (const { key, settings, severity, step } of alarms) {
      new aws.cloudwatch.MetricAlarm(
        `${this.#name}-${key}`,
        {
          ...settings,
          namespace: "CloudWatchSynthetics",
          dimensions: { CanaryName: canaryName, ...(step === undefined ? {} : { StepName: step }) },
          alarmActions: [topicArns[severity]],
          okActions: [topicArns[severity]],
        },
        { parent: this, provider },
      );
    }
  }
}

const RETENTION_DAYS = 31;

function problems(name: string, args: CanaryArgs): string[] {
  const { availabilityPercent, documentUrl, intervalMinutes, latencyMilliseconds, targets } = args;
  const whole = (argument: string, value: number | undefined, from: number, to: number, fix: string) =>
    value === undefined ? [] : wholeNumberProblem(argument, value, { from, to, fix });
  const found = [...unknownRegionProblems("region", [args.region]), ...accountProblems(args.accountId)];
  if (!/^[0-9a-z_-]{1,255}$/.test(name)) {
    found.push(`name: "${name}" is no canary's name; use lower-case letters, digits, _ and -`);
  }
  if (Object.keys(targets).length === 0) found.push("targets: empty; give the address of the public name");
  for (const [key, address] of Object.entries(targets)) {
    if (!/^[a-z][a-z0-9-]{0,40}$/.test(key) || key.startsWith("document-")) {
      found.push(
        `targets.${key}: is no name; use lower-case letters, digits and -, not beginning with document-`,
      );
    }
    found.push(...urlProblems(`targets.${key}`, address));
  }
  if (documentUrl !== undefined) found.push(...urlProblems("documentUrl", documentUrl));
  if ((documentUrl === undefined) !== (args.tokenSecretArn === undefined)) {
    found.push("documentUrl, tokenSecretArn: a document needs both; give both or neither");
  }
  found.push(
    ...whole("intervalMinutes", intervalMinutes, 1, 60, "use 1"),
    ...whole("latencyMilliseconds", latencyMilliseconds, 50, 40_000, "use 500"),
    ...(availabilityPercent === undefined
      ? []
      : objectiveProblems("availabilityPercent", availabilityPercent)),
  );
  return found;
}

function urlProblems(argument: string, address: string): string[] {
  return URL.canParse(address) && address.startsWith("https://") && new URL(address).search === ""
    ? []
    : [
        `${argument}: "${address}" is no https address without a query; write it like https://example.com/health`,
      ];
}
