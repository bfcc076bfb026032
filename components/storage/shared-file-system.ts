import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { isRegionName, unknownRegion, wholeNumberProblem } from "../argument-problems.ts";
import { type DataProtection, protectionOptions } from "../data/protection.ts";
import { refuse } from "../edge/arguments.ts";
import { StoreSecurityGroups } from "../network/store-security-groups.ts";
import { fileSystemPolicy } from "./file-system-policy.ts";

export interface SharedFileSystemArgs {
  readonly vpcId: pulumi.Input<string>;
  /** A subnet in each zone whose clients mount the file system, by zone. Replaces the mount target of its zone. */
  readonly subnetIds: Readonly<Record<string, pulumi.Input<string>>>;
  /** Security groups that may mount, by a stable name. */
  readonly clientSecurityGroupIds: Readonly<Record<string, pulumi.Input<string>>>;
  /** Key of this region. Replaces the file system. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Directory of each access point, by name, for example `{ raw: "/raw" }`. Replaces the access point, not its files. */
  readonly accessPoints: Readonly<Record<string, string>>;
  /** User and group id that clients of the access points act as, from 1: root is not to be had. @default 1000 */
  readonly ownerId?: number | undefined;
  /**
   * Region with a read-only copy that is minutes behind (C-04). The copy stays when this is left out again or destroyed:
   * delete it by hand. @default none
   */
  readonly replicaRegion?: string | undefined;
  /** Key of `replicaRegion`. @default the key that EFS owns there */
  readonly replicaKmsKeyArn?: pulumi.Input<string> | undefined;
  /** `retain` protects the file system; `release` lets destroy delete it with its files. */
  readonly dataProtection: DataProtection;
}

/**
 * The EFS file system of one region, which every pod of every zone shares while it processes raw images and documents
 * (STOR-09 to STOR-11): encrypted, mounted over TLS only, never as root.
 *
 * A zone's loss leaves it in use in the others. It belongs to its region: the other has its own, and what is finished is
 * in the replicated buckets. Storage and throughput are paid as used, 0.30 USD a GiB and month, less when not read.
 */
export class SharedFileSystem extends pulumi.ComponentResource {
  readonly fileSystemId: pulumi.Output<string>;
  readonly fileSystemArn: pulumi.Output<string>;
  /** By the names of `accessPoints`; known when clients can mount. */
  readonly accessPointIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: SharedFileSystemArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:storage:SharedFileSystem", name, {}, opts);
    refuse(`SharedFileSystem ${name}`, problems(args));
    const fileSystem = new aws.efs.FileSystem(
      name,
      {
        encrypted: true,
        kmsKeyId: args.kmsKeyArn,
        throughputMode: "elastic",
        lifecyclePolicies: [
          { transitionToIa: "AFTER_30_DAYS" },
          { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" },
        ],
      },
      { parent: this, ...protectionOptions(args.dataProtection) },
    );
    new aws.efs.FileSystemPolicy(
      name,
      { fileSystemId: fileSystem.id, policy: fileSystem.arn.apply(fileSystemPolicy) },
      { parent: this },
    );
    this.securityGroupId = new StoreSecurityGroups(
      `${name}-access`,
      { vpcId: args.vpcId, stores: ["efs"], clientGroupIds: args.clientSecurityGroupIds },
      { parent: this },
    ).idOf("efs");
    const targets = this.#createMountTargets(name, args, fileSystem);
    if (args.replicaRegion !== undefined) this.#createReplica(name, args, fileSystem);

    this.fileSystemId = fileSystem.id;
    this.fileSystemArn = fileSystem.arn;
    this.accessPointIds = this.#createAccessPoints(name, args, targets);
    this.registerOutputs({
      fileSystemId: this.fileSystemId,
      fileSystemArn: this.fileSystemArn,
      accessPointIds: this.accessPointIds,
      securityGroupId: this.securityGroupId,
    });
  }

  #createMountTargets(
    name: string,
    { subnetIds }: SharedFileSystemArgs,
    fileSystem: aws.efs.FileSystem,
  ): aws.efs.MountTarget[] {
    return Object.entries(subnetIds).map(
      ([zone, subnetId]) =>
        new aws.efs.MountTarget(
          `${name}-${zone}`,
          { fileSystemId: fileSystem.id, subnetId, securityGroups: [this.securityGroupId] },
          { parent: this },
        ),
    );
  }

  #createAccessPoints(
    name: string,
    { accessPoints, ownerId = 1000 }: SharedFileSystemArgs,
    targets: aws.efs.MountTarget[],
  ): Record<string, pulumi.Output<string>> {
    return Object.fromEntries(
      Object.entries(accessPoints).map(([key, path]) => {
        const point = new aws.efs.AccessPoint(
          `${name}-${key}`,
          {
            fileSystemId: this.fileSystemId,
            posixUser: { uid: ownerId, gid: ownerId },
            rootDirectory: {
              path,
              creationInfo: { ownerUid: ownerId, ownerGid: ownerId, permissions: "0750" },
            },
          },
          // So that who waits for the access point can mount it.
          { parent: this, dependsOn: targets },
        );
        return [key, point.id];
      }),
    );
  }

  #createReplica(name: string, args: SharedFileSystemArgs, fileSystem: aws.efs.FileSystem): void {
    const { replicaKmsKeyArn, replicaRegion } = args;
    new aws.efs.ReplicationConfiguration(
      `${name}-replica`,
      {
        sourceFileSystemId: fileSystem.id,
        destination: {
          region: replicaRegion,
          ...(replicaKmsKeyArn === undefined ? {} : { kmsKeyId: replicaKmsKeyArn }),
        },
      },
      { parent: this },
    );
  }
}

function problems(args: SharedFileSystemArgs): string[] {
  const { accessPoints, ownerId = 1000, replicaKmsKeyArn, replicaRegion, subnetIds } = args;
  const found: string[] = [];
  if (Object.keys(subnetIds).length === 0) {
    found.push("subnetIds: {} is empty, so nobody could mount; give a subnet for each zone");
  }
  for (const [key, path] of Object.entries(accessPoints)) {
    if (/^(\/[\w.-]+){1,4}$/.test(path) && path.length <= 100) continue;
    found.push(
      `accessPoints.${key}: "${path}" is no directory; write it like /raw, four levels deep at most`,
    );
  }
  if (replicaRegion !== undefined && !isRegionName(replicaRegion)) {
    found.push(unknownRegion("replicaRegion", replicaRegion));
  }
  if (replicaRegion === undefined && replicaKmsKeyArn !== undefined) {
    found.push("replicaKmsKeyArn: there is no replicaRegion for it; name one or leave it out");
  }
  const allowed = { from: 1, to: 4_294_967_295, fix: "0 is root" };
  return [...found, ...wholeNumberProblem("ownerId", ownerId, allowed)];
}
