import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { at, type ByRegion, mapRegions, regionProblems } from "../data/regions.ts";
import { refuse } from "../edge/arguments.ts";
import {
  BATCH_REPLICATION_TRUST,
  type BatchReplicationJob,
  batchReplicationCommand,
  batchReplicationPolicy,
} from "./batch-replication-policy.ts";

export interface BatchReplicationArgs {
  /** Name of each region's bucket, by region, as given to the buckets. */
  readonly bucketNames: ByRegion<pulumi.Input<string>>;
  /** Name of each region's bucket for reports, by region; one that does not replicate, such as the logs'. */
  readonly reportBucketNames: ByRegion<pulumi.Input<string>>;
  /** Key of each region's report bucket. @default S3's own key (SSE-S3) */
  readonly reportKmsKeyArns?: ByRegion<pulumi.Input<string>> | undefined;
  /** Regions whose buckets replicate to each other. */
  readonly regions: readonly string[];
  /** A provider for every region. */
  readonly providers: ByRegion<aws.Provider>;
  /** Account that owns the buckets. */
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
}

/**
 * All that a person needs to bring objects to the peers that replication did not: those from before a rule, and those
 * whose copy failed (STOR-07, DR-16).
 *
 * A job is an act, not a resource, so none is declared: for each region there is a role and the command that starts a job
 * with it, which finds what is missing by itself. Run it after a region was added and after a long outage; running it
 * twice copies nothing twice. It needs the region of the bucket only. Roles are free; a job costs 0.25 USD, a USD for a
 * million objects, and the transfer.
 */
export class BatchReplication extends pulumi.ComponentResource {
  readonly roleArns: ByRegion<pulumi.Output<string>>;
  /** AWS CLI command by the region whose objects it brings to the others. */
  readonly commands: ByRegion<pulumi.Output<string>>;

  constructor(name: string, args: BatchReplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:storage:BatchReplication", name, {}, opts);
    refuse(`BatchReplication ${name}`, problems(args));
    const jobs = mapRegions(args.regions, (region) => jobIn(region, args));
    const roles = mapRegions(args.regions, (region) => {
      const options = { parent: this, provider: at(args.providers, region) };
      const role = new aws.iam.Role(
        `${name}-${region}`,
        { assumeRolePolicy: BATCH_REPLICATION_TRUST },
        options,
      );
      const policy = new aws.iam.RolePolicy(
        `${name}-${region}`,
        { role: role.name, policy: at(jobs, region).apply(batchReplicationPolicy) },
        options,
      );
      // Of use only with its policy, so what is handed out waits for both.
      return pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
    });
    this.roleArns = roles;
    this.commands = mapRegions(args.regions, (region) =>
      pulumi
        .all([at(jobs, region), at(roles, region)])
        .apply(([job, roleArn]) => batchReplicationCommand(job, roleArn)),
    );
    this.registerOutputs({ roleArns: this.roleArns, commands: this.commands });
  }
}

function jobIn(region: string, args: BatchReplicationArgs): pulumi.Output<BatchReplicationJob> {
  const { accountId, bucketNames, partition = "aws", reportBucketNames, reportKmsKeyArns } = args;
  return pulumi
    .all([
      at(bucketNames, region),
      at(reportBucketNames, region),
      reportKmsKeyArns === undefined ? undefined : at(reportKmsKeyArns, region),
    ])
    .apply(([bucket, reportBucket, reportKmsKeyArn]) => ({
      partition,
      accountId,
      region,
      bucket,
      reportBucket,
      reportKmsKeyArn,
    }));
}

function problems(args: BatchReplicationArgs): string[] {
  const { accountId, bucketNames, providers, regions, reportBucketNames, reportKmsKeyArns } = args;
  const found = regionProblems(regions, {
    bucketNames,
    reportBucketNames,
    providers,
    ...(reportKmsKeyArns === undefined ? {} : { reportKmsKeyArns }),
  });
  if (/^\d{12}$/.test(accountId)) return found;
  return [...found, `accountId: "${accountId}" is no account; write its 12 digits`];
}
