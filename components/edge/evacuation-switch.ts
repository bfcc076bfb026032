import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { unknownRegionProblems } from "../argument-problems.ts";
import type { DataProtection } from "../data/protection.ts";
import { refuse } from "./arguments.ts";
import { evacuationKey, evacuationNotice, switchBucketPolicy } from "./evacuation.ts";

export interface EvacuationSwitchArgs {
  /** AWS partition of the region, for example `aws`. */
  readonly partition: string;
  /** The region that holds this switch. */
  readonly region: string;
  /** `switchBucketName(...)`; the health checks in `global` know the bucket by this name. Replaces the bucket. */
  readonly bucketName: string;
  /** All other regions that take traffic. */
  readonly peers: readonly string[];
  /** Peers to take out of DNS now (DR-17). @default [] */
  readonly evacuates?: readonly string[];
  /** Who evacuates, for example the stack's name; written into the object. */
  readonly declaredBy: string;
  /** Why; written into the object. @default "declared by stack config" */
  readonly reason?: string;
  /** IPv4 ranges of Route 53's health checkers: `edgePrefixLists(region).healthCheckerCidrs`. */
  readonly healthCheckerCidrs: pulumi.Input<readonly string[]>;
  /** `release` lets destroy delete the bucket with whatever is in it. @default "retain" */
  readonly dataProtection?: DataProtection;
}

/**
 * The switch with which a region takes its peers out of DNS: a bucket of its own region, in which the object
 * `evacuate/<peer>` means "send nobody to that peer". Inverted health checks of the `global` stack watch for it.
 *
 * Under failure: only this region's S3 is called, so a peer is evacuated while the peer, the Route 53 control plane and
 * us-east-1 as a whole are down. No object, no bucket or no answer mean "do not evacuate", so the loss of this region
 * never evacuates another. To undo: empty `evacuates`.
 *
 * Checkers send no credentials. The bucket is still not public: its policy admits a fixed set of address ranges, which S3
 * counts as not public, so Block Public Access stays on. Objects are encrypted with SSE-S3, because a key of KMS is never
 * available to an anonymous reader; the policy refuses a switch written with any other, which would stay unseen.
 *
 * The bucket is protected but not kept on destroy: it holds no data, and a bucket left behind would make the next `up` fail
 * on its name.
 */
export class EvacuationSwitch extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>;
  /** Peers that are out of DNS by this switch. */
  readonly evacuates: pulumi.Output<string[]>;

  constructor(name: string, args: EvacuationSwitchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:edge:EvacuationSwitch", name, {}, opts);
    const evacuates = args.evacuates ?? [];
    refuse(`EvacuationSwitch "${name}"`, switchProblems(args, evacuates));

    const released = args.dataProtection === "release";
    const bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { bucket: args.bucketName, bucketNamespace: "account-regional", forceDestroy: released },
      { parent: this, protect: !released },
    );
    this.secure(name, args, bucket);
    for (const peer of evacuates) {
      new aws.s3.BucketObjectv2(
        `${name}-evacuate-${peer}`,
        {
          bucket: bucket.bucket,
          key: evacuationKey(peer),
          content: evacuationNotice({
            evacuated: peer,
            heldIn: args.region,
            declaredBy: args.declaredBy,
            reason: args.reason ?? "declared by stack config",
          }),
          contentType: "application/json",
          cacheControl: "no-store",
          serverSideEncryption: "AES256",
          // An S3 object takes ten tags at most; a platform's default tags must never be what stops an evacuation.
          overrideProvider: { defaultTags: { tags: {} } },
        },
        { parent: this },
      );
    }
    this.bucketName = bucket.bucket;
    this.evacuates = pulumi.output([...evacuates]);
    this.registerOutputs({ bucketName: this.bucketName, evacuates: this.evacuates });
  }

  private secure(name: string, args: EvacuationSwitchArgs, bucket: aws.s3.Bucket): void {
    const opts = { parent: this };
    const block = new aws.s3.BucketPublicAccessBlock(
      `${name}-public-access`,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      opts,
    );
    new aws.s3.BucketOwnershipControls(
      `${name}-ownership`,
      { bucket: bucket.bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
      opts,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket: bucket.bucket,
        rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
      },
      opts,
    );
    const versioning = new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
      opts,
    );
    // A switch that a person removes by hand leaves its old version: a trace, kept for a quarter.
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        bucket: bucket.bucket,
        rules: [
          {
            id: "expire-history",
            status: "Enabled",
            filter: { prefix: "evacuate/" },
            noncurrentVersionExpiration: { noncurrentDays: 90 },
            expiration: { expiredObjectDeleteMarker: true },
          },
        ],
      },
      { ...opts, dependsOn: [versioning] },
    );
    new aws.s3.BucketPolicy(
      `${name}-policy`,
      {
        bucket: bucket.bucket,
        policy: pulumi
          .output(args.healthCheckerCidrs)
          .apply((cidrs) =>
            switchBucketPolicy({ partition: args.partition, bucketName: args.bucketName, cidrs }),
          ),
      },
      { ...opts, dependsOn: [block] },
    );
  }
}

function switchProblems(args: EvacuationSwitchArgs, evacuates: readonly string[]): string[] {
  const problems = [
    ...unknownRegionProblems("region", [args.region]),
    ...unknownRegionProblems("peers", args.peers),
  ];
  if (!new RegExp(`-\\d{12}-${args.region}-an$`).test(args.bucketName)) {
    problems.push(
      `bucketName: "${args.bucketName}" is not of the account's own namespace; use switchBucketName(...)`,
    );
  }
  if (args.peers.includes(args.region)) {
    problems.push(`peers: "${args.region}" is this region; list only the others`);
  }
  for (const peer of evacuates.filter((region) => !args.peers.includes(region))) {
    const fix =
      peer === args.region
        ? "a region cannot evacuate itself, do it from a peer"
        : "use a region that takes traffic";
    problems.push(
      `evacuates: "${peer}" is not a peer of ${args.region} (peers: ${args.peers.join(", ") || "none"}); ${fix}`,
    );
  }
  if (new Set(evacuates).size < evacuates.length) problems.push("evacuates: name every region once");
  return problems;
}
