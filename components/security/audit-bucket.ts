import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { wholeNumberProblem } from "../argument-problems.ts";
import { refuse } from "../arguments.ts";
import { type DataProtection, protectionOptions } from "../data/protection.ts";
import { lifecycleProblems, lifecycleRules } from "../storage/bucket-lifecycle.ts";
import { type AuditWriter, auditBucketPolicy } from "./audit-bucket-policy.ts";
import { accountProblems } from "./policy-statements.ts";

/**
 * `governance`: nobody deletes or shortens by an ordinary request, a principal with s3:BypassGovernanceRetention can.
 * `compliance`: nobody can, the account's root included, until the days are over. `none`: no lock.
 */
export type LockMode = "none" | "governance" | "compliance";

export interface AuditBucketArgs {
  /** Replaces the bucket. */
  readonly bucketName: string;
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /** AWS service that writes here. */
  readonly writer: AuditWriter;
  /** ARN, wildcards allowed, of the trail or recorder that writes. */
  readonly sourceArn: string;
  /** Key of the bucket's region, whose policy admits the writer. @default S3's own key (SSE-S3) */
  readonly kmsKeyArn?: pulumi.Input<string> | undefined;
  /** From `none` to a lock replaces the bucket. A writer of AWS Config needs `none`: it cannot write under a default lock. */
  readonly lockMode: LockMode;
  /** Days that every new object is locked for. @default 365 */
  readonly lockDays?: number | undefined;
  /** Days until an object moves to Glacier. @default 90 */
  readonly glacierDays?: number | undefined;
  /** Days until an object is gone. @default 2557, seven years */
  readonly expirationDays?: number | undefined;
  /** `retain` refuses every deletion; `release` lets destroy delete the bucket with its objects, save compliance-locked ones. */
  readonly dataProtection: DataProtection;
}

const DEFAULT_LOCK_DAYS = 365;
const DEFAULT_GLACIER_DAYS = 90;
const DEFAULT_EXPIRATION_DAYS = 2557;
/** Long enough to notice that something was hidden under a delete marker. */
const HIDDEN_DAYS = 90;

/**
 * A bucket for evidence in one region: versioned, private, encrypted, locked, TLS only, deletion denied to everyone, moved to
 * Glacier as it ages (SEC-20).
 *
 * With `release`, objects under governance go with the bucket. A bucket under compliance cannot be emptied by anybody, so
 * destroy leaves it in AWS and finishes; a later `up` needs another name.
 */
export class AuditBucket extends pulumi.ComponentResource {
  /** Name, known when the bucket is there. */
  readonly bucketName: pulumi.Output<string>;
  readonly bucketArn: pulumi.Output<string>;
  /** What must exist before the service may be told to write here. */
  readonly ready: readonly pulumi.Resource[];

  readonly #name: string;

  constructor(name: string, args: AuditBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:security:AuditBucket", name, {}, opts);
    refuse(this, `AuditBucket ${name}`, problems(args));
    this.#name = name;
    const { bucketName, dataProtection, lockMode } = args;
    const locked = lockMode !== "none";
    const released = dataProtection === "release";
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { bucket: bucketName, objectLockEnabled: locked, forceDestroy: released && lockMode !== "compliance" },
      {
        parent: this,
        ...protectionOptions(dataProtection),
        ...(lockMode === "compliance" ? { retainOnDelete: true } : {}),
      },
    );
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      // S3 never suspends the versions of a locked bucket; the setting goes with the bucket.
      { parent: this, protect: !released, retainOnDelete: locked || !released },
    );
    if (locked) {
      new aws.s3.BucketObjectLockConfiguration(
        `${name}-lock`,
        {
          bucket: versioning.bucket,
          rule: {
            defaultRetention: {
              mode: lockMode.toUpperCase(),
              days: args.lockDays ?? DEFAULT_LOCK_DAYS,
            },
          },
        },
        { parent: this },
      );
    }
    this.ready = this.#secure(args, bucket);
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { bucket: versioning.bucket, rules: lifecycleRules(lifecycle(args)) },
      { parent: this },
    );
    this.bucketName = bucket.bucket;
    this.bucketArn = bucket.arn;
    this.registerOutputs({ bucketName: this.bucketName, bucketArn: this.bucketArn });
  }

  #secure(args: AuditBucketArgs, bucket: aws.s3.Bucket): pulumi.Resource[] {
    const options = { parent: this };
    const access = new aws.s3.BucketPublicAccessBlock(
      `${this.#name}-private`,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      options,
    );
    const ownership = new aws.s3.BucketOwnershipControls(
      `${this.#name}-ownership`,
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      options,
    );
    const encryption = new aws.s3.BucketServerSideEncryptionConfiguration(
      `${this.#name}-encryption`,
      {
        bucket: bucket.bucket,
        rules: [
          args.kmsKeyArn === undefined
            ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
            : {
                applyServerSideEncryptionByDefault: {
                  sseAlgorithm: "aws:kms",
                  kmsMasterKeyId: args.kmsKeyArn,
                },
                bucketKeyEnabled: true,
              },
        ],
      },
      options,
    );
    const policy = new aws.s3.BucketPolicy(
      `${this.#name}-policy`,
      {
        bucket: bucket.bucket,
        policy: auditBucketPolicy({
          partition: args.partition ?? "aws",
          accountId: args.accountId,
          bucket: args.bucketName,
          writer: args.writer,
          sourceArn: args.sourceArn,
          sealed: args.dataProtection === "retain",
        }),
      },
      // S3 answers 409 when both settings of a new bucket change at once.
      { ...options, dependsOn: [access] },
    );
    return [policy, ownership, encryption];
  }
}

function lifecycle(args: AuditBucketArgs) {
  return {
    glacierDays: args.glacierDays ?? DEFAULT_GLACIER_DAYS,
    expirationDays: args.expirationDays ?? DEFAULT_EXPIRATION_DAYS,
    noncurrentExpirationDays: HIDDEN_DAYS,
  };
}

function problems(args: AuditBucketArgs): string[] {
  const { bucketName, lockDays = DEFAULT_LOCK_DAYS, lockMode } = args;
  const found = [...accountProblems(args.accountId), ...lifecycleProblems(lifecycle(args))];
  if (!/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucketName)) {
    found.push(
      `bucketName: "${bucketName}" is no bucket name; use 3 to 63 lower-case letters, digits and hyphens`,
    );
  }
  if (lockMode !== "none") {
    found.push(
      ...wholeNumberProblem("lockDays", lockDays, {
        from: 1,
        to: 36500,
        fix: 'give days, or lockMode: "none"',
      }),
    );
    const { expirationDays } = lifecycle(args);
    if (expirationDays < lockDays) {
      found.push(
        `expirationDays: ${expirationDays} is less than lockDays ${lockDays}, and S3 keeps a locked object; raise it to ${lockDays}`,
      );
    }
    if (args.writer === "config") {
      found.push(
        `lockMode: "${lockMode}" stops AWS Config, which cannot write under a default lock; use "none"`,
      );
    }
  }
  return found;
}
