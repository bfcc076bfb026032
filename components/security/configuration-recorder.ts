import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import type { DataProtection } from "../data/protection.ts";
import { at, type ByRegion, mapRegions, regionProblems } from "../data/regions.ts";
import { AuditBucket } from "./audit-bucket.ts";
import { accountProblems } from "./policy-statements.ts";

export interface ConfigurationRecorderArgs {
  /**
   * Regions that are recorded, the first also for types that are in no region (IAM). Leave out a region that an
   * organisation or Control Tower records already: AWS allows one recorder in a region and refuses the second.
   */
  readonly regions: readonly string[];
  /** A provider for every region. */
  readonly providers: ByRegion<aws.Provider>;
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /** Bucket of each region for snapshots and history. Replaces the bucket. */
  readonly bucketNames: ByRegion<string>;
  /** Key of each region whose policy admits `config`. @default S3's own key (SSE-S3) */
  readonly kmsKeyArns?: ByRegion<pulumi.Input<string>> | undefined;
  /**
   * `existing` for an account that has used AWS Config before: it has the service-linked role, of which there can be one.
   * @default "create"
   */
  readonly serviceLinkedRole?: "create" | "existing" | undefined;
  /** `DAILY` costs less where most resources are short-lived; rules then see a change the day after. @default "CONTINUOUS" */
  readonly recordingFrequency?: "CONTINUOUS" | "DAILY" | undefined;
  /** Days until a history file is gone. @default 2557, seven years */
  readonly expirationDays?: number | undefined;
  /** `retain` protects the buckets; `release` lets destroy delete them with their content. */
  readonly dataProtection: DataProtection;
}

/** The only name that AWS gives by itself; a recorder of another name would look like a second one. */
const NAME = "default";

/**
 * What every resource of the account looks like and looked like, recorded by AWS Config in each region for itself (GOV-05).
 * Belongs to the `global` stack.
 *
 * Under failure: each region writes to its own bucket, so a lost region stops only its own record. Types that are in no
 * region are recorded in the first only, lest each change is recorded, and paid, once for each region. 0.003 USD a change.
 */
export class ConfigurationRecorder extends pulumi.ComponentResource {
  /** Bucket name by region. */
  readonly bucketNames: ByRegion<pulumi.Output<string>>;
  /** What must exist in a region before a rule, by region: rules need a recorder that records. */
  readonly ready: ByRegion<readonly pulumi.Resource[]>;

  readonly #name: string;
  readonly #args: ConfigurationRecorderArgs;

  constructor(name: string, args: ConfigurationRecorderArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:security:ConfigurationRecorder", name, {}, opts);
    refuse(this, `ConfigurationRecorder ${name}`, problems(args));
    this.#name = name;
    this.#args = args;

    const role = this.#serviceLinkedRole();
    const buckets = mapRegions(args.regions, (region) => this.#createBucket(region));
    this.ready = mapRegions(args.regions, (region) => [
      this.#createRecorder(region, at(buckets, region), role),
    ]);
    this.bucketNames = mapRegions(args.regions, (region) => at(buckets, region).bucketName);
    this.registerOutputs({ bucketNames: this.bucketNames });
  }

  #serviceLinkedRole(): pulumi.Output<string> {
    const { accountId, partition = "aws", providers, regions, serviceLinkedRole = "create" } = this.#args;
    const service = "config.amazonaws.com";
    if (serviceLinkedRole === "existing") {
      return pulumi.output(
        `arn:${partition}:iam::${accountId}:role/aws-service-role/${service}/AWSServiceRoleForConfig`,
      );
    }
    return new aws.iam.ServiceLinkedRole(
      `${this.#name}-role`,
      { awsServiceName: service },
      { parent: this, provider: at(providers, regions[0] ?? "") },
    ).arn;
  }

  #createBucket(region: string): AuditBucket {
    const { accountId, bucketNames, dataProtection, expirationDays, kmsKeyArns, partition, providers } =
      this.#args;
    return new AuditBucket(
      `${this.#name}-${region}`,
      {
        bucketName: at(bucketNames, region),
        accountId,
        partition,
        writer: "config",
        sourceArn: `arn:${partition ?? "aws"}:config:${region}:${accountId}:*`,
        kmsKeyArn: kmsKeyArns === undefined ? undefined : at(kmsKeyArns, region),
        lockMode: "none",
        expirationDays,
        dataProtection,
      },
      { parent: this, provider: at(providers, region) },
    );
  }

  #createRecorder(region: string, bucket: AuditBucket, roleArn: pulumi.Input<string>): pulumi.Resource {
    const { kmsKeyArns, providers, recordingFrequency, regions } = this.#args;
    const options = { parent: this, provider: at(providers, region) };
    const recorder = new aws.cfg.Recorder(
      `${this.#name}-recorder-${region}`,
      {
        name: NAME,
        roleArn,
        recordingGroup: {
          allSupported: true,
          includeGlobalResourceTypes: region === regions[0],
          recordingStrategies: [{ useOnly: "ALL_SUPPORTED_RESOURCE_TYPES" }],
        },
        recordingMode: { recordingFrequency: recordingFrequency ?? "CONTINUOUS" },
      },
      options,
    );
    const channel = new aws.cfg.DeliveryChannel(
      `${this.#name}-channel-${region}`,
      {
        name: NAME,
        s3BucketName: bucket.bucketName,
        ...(kmsKeyArns === undefined ? {} : { s3KmsKeyArn: at(kmsKeyArns, region) }),
        snapshotDeliveryProperties: { deliveryFrequency: "TwentyFour_Hours" },
      },
      { ...options, dependsOn: [recorder, ...bucket.ready] },
    );
    return new aws.cfg.RecorderStatus(
      `${this.#name}-status-${region}`,
      { name: recorder.name, isEnabled: true },
      // A recorder does not start without a channel, and its channel cannot be deleted while it records.
      { ...options, dependsOn: [channel] },
    );
  }
}

function problems(args: ConfigurationRecorderArgs): string[] {
  const { bucketNames, kmsKeyArns, providers, regions } = args;
  return [
    ...regionProblems(regions, {
      providers,
      bucketNames,
      ...(kmsKeyArns === undefined ? {} : { kmsKeyArns }),
    }),
    ...accountProblems(args.accountId),
  ];
}
