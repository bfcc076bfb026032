import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type DataProtection, protectionOptions } from "../data/protection.ts";
import { at, type ByRegion, mapRegions, regionProblems } from "../data/regions.ts";
import { refuse } from "../edge/arguments.ts";
import { type LifecycleInput, lifecycleProblems, lifecycleRules } from "./bucket-lifecycle.ts";
import {
  bucketArn,
  bucketPolicy,
  type LogWriter,
  REPLICATION_TRUST,
  replicationPolicy,
} from "./bucket-policies.ts";
import { replicationRuleId } from "./replication-metrics.ts";

export interface ReplicatedBucketsArgs extends LifecycleInput {
  /** Name of each region's bucket, by region; other stacks and the service know them. Replaces the bucket. */
  readonly bucketNames: ByRegion<string>;
  /** Regions that have a bucket. */
  readonly regions: readonly string[];
  /** A provider for every region. */
  readonly providers: ByRegion<aws.Provider>;
  /** Account that owns the buckets. */
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /**
   * Key of each region. A bucket that load balancers or S3 access logs write to must have none: they can write only to
   * a bucket that S3 encrypts with its own key.
   * @default S3's own key (SSE-S3)
   */
  readonly kmsKeyArns?: ByRegion<pulumi.Input<string>> | undefined;
  /** Whether every bucket replicates to every other (STOR-07). @default true */
  readonly replicated?: boolean | undefined;
  /** AWS services that deliver logs into the buckets. @default none */
  readonly logWriters?: readonly LogWriter[] | undefined;
  /** Name of each region's bucket that takes this one's access logs; it needs the log writer `s3-access`. @default none */
  readonly accessLogBuckets?: ByRegion<pulumi.Input<string>> | undefined;
  /**
   * `retain` protects the buckets and refuses to delete a bucket with objects; `release` lets destroy delete the buckets
   * with every version of every object.
   */
  readonly dataProtection: DataProtection;
}

/** The only time that S3 Replication Time Control knows; it is the RPO of files (C-04, DR-14). */
const REPLICATION_MINUTES = 15;

/**
 * One bucket in every region for one purpose, versioned, private, encrypted, and replicated from each to each other
 * within 15 minutes (STOR-01 to STOR-08, STOR-16).
 *
 * Every region reads and writes its own bucket, so a region's loss takes no bucket with it; what was written there in the
 * last minutes arrives when the region is back. Replicas are not replicated again, hence a rule for each ordered pair.
 * Deletions of the current version replicate as delete markers, deletions of one version do not. Objects that are older
 * than a rule are not replicated: BatchReplication brings them, ReplicationAlarms tells when copies are late or fail.
 */
export class ReplicatedBuckets extends pulumi.ComponentResource {
  /** Name by region, known when the bucket is there. */
  readonly bucketNames: ByRegion<pulumi.Output<string>>;
  readonly bucketArns: ByRegion<pulumi.Output<string>>;

  readonly #name: string;
  readonly #args: ReplicatedBucketsArgs;
  readonly #partition: string;

  constructor(name: string, args: ReplicatedBucketsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:storage:ReplicatedBuckets", name, {}, opts);
    refuse(`ReplicatedBuckets ${name}`, problems(args));
    this.#name = name;
    this.#args = args;
    this.#partition = args.partition ?? "aws";

    const buckets = mapRegions(args.regions, (region) => this.#createBucket(region));
    const versioning = mapRegions(args.regions, (region) =>
      this.#createVersioning(region, at(buckets, region)),
    );
    for (const region of args.regions) {
      this.#createProtections(region, at(buckets, region));
      this.#createLifecycle(region, at(versioning, region));
      if (args.replicated ?? true) this.#createReplication(region, versioning);
    }
    this.bucketNames = mapRegions(args.regions, (region) => at(buckets, region).bucket);
    this.bucketArns = mapRegions(args.regions, (region) => at(buckets, region).arn);
    this.registerOutputs({ bucketNames: this.bucketNames, bucketArns: this.bucketArns });
  }

  #createBucket(region: string): aws.s3.Bucket {
    const { bucketNames, dataProtection } = this.#args;
    return new aws.s3.Bucket(
      `${this.#name}-${region}`,
      { bucket: at(bucketNames, region), forceDestroy: dataProtection === "release" },
      { ...this.#in(region), ...protectionOptions(dataProtection) },
    );
  }

  #createVersioning(region: string, bucket: aws.s3.Bucket): aws.s3.BucketVersioning {
    return new aws.s3.BucketVersioning(
      `${this.#name}-versioning-${region}`,
      { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      // Suspending it would let the next overwrite destroy what it replaces.
      { ...this.#in(region), ...protectionOptions(this.#args.dataProtection) },
    );
  }

  #createProtections(region: string, bucket: aws.s3.Bucket): void {
    const { accessLogBuckets, accountId, kmsKeyArns, logWriters = [] } = this.#args;
    const options = this.#in(region);
    const key = kmsKeyArns === undefined ? undefined : at(kmsKeyArns, region);
    const access = new aws.s3.BucketPublicAccessBlock(
      `${this.#name}-private-${region}`,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      options,
    );
    new aws.s3.BucketOwnershipControls(
      `${this.#name}-ownership-${region}`,
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      options,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${this.#name}-encryption-${region}`,
      {
        bucket: bucket.bucket,
        rules: [
          {
            applyServerSideEncryptionByDefault:
              key === undefined
                ? { sseAlgorithm: "AES256" }
                : { sseAlgorithm: "aws:kms", kmsMasterKeyId: key },
            ...(key === undefined ? {} : { bucketKeyEnabled: true }),
            // What S3 sets by itself since 2026; said here, so that a refresh finds no difference.
            blockedEncryptionTypes: ["SSE-C"],
          },
        ],
      },
      options,
    );
    new aws.s3.BucketPolicy(
      `${this.#name}-policy-${region}`,
      {
        bucket: bucket.bucket,
        policy: pulumi.output(key).apply((kmsKeyArn) =>
          bucketPolicy({
            partition: this.#partition,
            accountId,
            bucket: at(this.#args.bucketNames, region),
            kmsKeyArn,
            logWriters,
          }),
        ),
      },
      // S3 answers 409 when both settings of a new bucket change at once.
      { ...options, dependsOn: [access] },
    );
    if (accessLogBuckets !== undefined) {
      new aws.s3.BucketLogging(
        `${this.#name}-access-log-${region}`,
        {
          bucket: bucket.bucket,
          targetBucket: at(accessLogBuckets, region),
          targetPrefix: `s3/${at(this.#args.bucketNames, region)}/`,
        },
        options,
      );
    }
  }

  #createLifecycle(region: string, versioning: aws.s3.BucketVersioning): void {
    new aws.s3.BucketLifecycleConfiguration(
      `${this.#name}-lifecycle-${region}`,
      // By way of the versioning: rules for replaced versions need versions.
      { bucket: versioning.bucket, rules: lifecycleRules(this.#args) },
      this.#in(region),
    );
  }

  #createReplication(region: string, versioning: ByRegion<aws.s3.BucketVersioning>): void {
    const { bucketNames, kmsKeyArns, regions } = this.#args;
    const peers = regions.filter((peer) => peer !== region);
    if (peers.length === 0) return;
    const options = this.#in(region);
    const partition = this.#partition;
    const role = new aws.iam.Role(
      `${this.#name}-replication-${region}`,
      { assumeRolePolicy: REPLICATION_TRUST },
      options,
    );
    const ends = pulumi.all(
      [region, ...peers].map((end) => ({
        bucket: at(bucketNames, end),
        region: end,
        kmsKeyArn: kmsKeyArns === undefined ? undefined : at(kmsKeyArns, end),
      })),
    );
    const policy = new aws.iam.RolePolicy(
      `${this.#name}-replication-${region}`,
      {
        role: role.name,
        policy: ends.apply(([source, ...destinations]) => {
          if (source === undefined) throw new Error(`no bucket for ${region}`);
          return replicationPolicy({ partition, source, destinations });
        }),
      },
      options,
    );
    new aws.s3.BucketReplicationConfig(
      `${this.#name}-replication-${region}`,
      {
        bucket: at(versioning, region).bucket,
        role: role.arn,
        rules: peers.map((peer, index) => this.#rule(peer, index)),
      },
      // Every bucket must keep versions before a rule may name it, and S3 tries the role at once.
      { ...options, dependsOn: [policy, ...Object.values(versioning)] },
    );
  }

  #rule(peer: string, priority: number): aws.types.input.s3.BucketReplicationConfigRule {
    const { bucketNames, kmsKeyArns } = this.#args;
    const key = kmsKeyArns === undefined ? undefined : at(kmsKeyArns, peer);
    return {
      id: replicationRuleId(peer),
      priority,
      status: "Enabled",
      // An empty filter makes it a V2 rule, the only kind that replicates delete markers.
      filter: {},
      deleteMarkerReplication: { status: "Enabled" },
      sourceSelectionCriteria: {
        // Without it a changed tag on a replica would stay in one region.
        replicaModifications: { status: "Enabled" },
        ...(key === undefined ? {} : { sseKmsEncryptedObjects: { status: "Enabled" } }),
      },
      destination: {
        bucket: bucketArn(this.#partition, at(bucketNames, peer)),
        ...(key === undefined ? {} : { encryptionConfiguration: { replicaKmsKeyId: key } }),
        metrics: { status: "Enabled", eventThreshold: { minutes: REPLICATION_MINUTES } },
        replicationTime: { status: "Enabled", time: { minutes: REPLICATION_MINUTES } },
      },
    };
  }

  #in(region: string): pulumi.CustomResourceOptions {
    return { parent: this, provider: at(this.#args.providers, region) };
  }
}

const BUCKET_NAME = /^(?!xn--)(?!.*(-s3alias|--ol-s3)$)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

function problems(args: ReplicatedBucketsArgs): string[] {
  const { accessLogBuckets, bucketNames, kmsKeyArns, logWriters = [], providers, regions } = args;
  const found = regionProblems(regions, {
    providers,
    bucketNames,
    ...(kmsKeyArns === undefined ? {} : { kmsKeyArns }),
    ...(accessLogBuckets === undefined ? {} : { accessLogBuckets }),
  });
  for (const [region, bucket] of Object.entries(bucketNames)) {
    if (BUCKET_NAME.test(bucket)) continue;
    found.push(
      `bucketNames.${region}: "${bucket}" is no bucket name; use 3 to 63 lower-case letters, digits and hyphens`,
    );
  }
  if (!/^\d{12}$/.test(args.accountId))
    found.push(`accountId: "${args.accountId}" is no account; write its 12 digits`);
  const plain = logWriters.filter((writer) => writer === "load-balancer" || writer === "s3-access");
  if (kmsKeyArns !== undefined && plain.length > 0) {
    found.push(
      `logWriters: ${plain.join(" and ")} cannot write to a bucket with a KMS key; leave kmsKeyArns out of this bucket`,
    );
  }
  return [...found, ...lifecycleProblems(args)];
}
