/** What an S3 Batch Replication job may do, and the command that starts one. */
import { type Json, sortedJson } from "../json.ts";
import { bucketArn } from "./bucket-policies.ts";

export interface BatchReplicationJob {
  readonly partition: string;
  readonly accountId: string;
  /** Region of the bucket whose objects are brought to its peers. */
  readonly region: string;
  readonly bucket: string;
  /** Bucket of the same region that takes the report of what failed. */
  readonly reportBucket: string;
  /** Key of the report bucket; absent when S3 encrypts it with its own key. */
  readonly reportKmsKeyArn?: string | undefined;
}

/** Where the reports of all jobs are, in the report bucket. */
const REPORT_PREFIX = "batch-replication";

/** AWS documents no source condition for these jobs, so none is asked for; what bounds the role is its policy. */
export const BATCH_REPLICATION_TRUST = sortedJson({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "batchoperations.s3.amazonaws.com" },
      Action: "sts:AssumeRole",
    },
  ],
});

/**
 * The job lists the bucket by itself and asks the bucket's own replication to copy, so it needs no access to objects or
 * peers. https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-batch-replication-policies.html
 */
export function batchReplicationPolicy(job: BatchReplicationJob): string {
  const source = bucketArn(job.partition, job.bucket);
  const report = bucketArn(job.partition, job.reportBucket);
  const allow = (sid: string, action: string[], resource: string[], condition?: Json): Json => ({
    Sid: sid,
    Effect: "Allow",
    Action: action,
    Resource: resource,
    ...(condition === undefined ? {} : { Condition: condition }),
  });
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      allow("Replicate", ["s3:InitiateReplication"], [`${source}/*`]),
      allow(
        "ListWhatIsMissing",
        ["s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"],
        [source],
      ),
      allow("WriteReport", ["s3:PutObject"], [`${report}/${REPORT_PREFIX}/*`]),
      ...(job.reportKmsKeyArn === undefined
        ? []
        : [
            allow("EncryptReport", ["kms:GenerateDataKey"], [job.reportKmsKeyArn], {
              StringEquals: { "kms:ViaService": `s3.${job.region}.amazonaws.com` },
            }),
          ]),
    ],
  });
}

/** AWS CLI command that brings every object to the peers that was never copied, or whose copy failed. */
export function batchReplicationCommand(job: BatchReplicationJob, roleArn: string): string {
  const json = (value: Json) => `'${sortedJson(value)}'`;
  return [
    "aws s3control create-job",
    `--region ${job.region}`,
    `--account-id ${job.accountId}`,
    `--operation ${json({ S3ReplicateObject: {} })}`,
    `--manifest-generator ${json({
      S3JobManifestGenerator: {
        ExpectedBucketOwner: job.accountId,
        SourceBucket: bucketArn(job.partition, job.bucket),
        EnableManifestOutput: false,
        Filter: { EligibleForReplication: true, ObjectReplicationStatuses: ["NONE", "FAILED"] },
      },
    })}`,
    `--report ${json({
      Bucket: bucketArn(job.partition, job.reportBucket),
      Prefix: REPORT_PREFIX,
      Format: "Report_CSV_20180820",
      Enabled: true,
      ReportScope: "FailedTasksOnly",
    })}`,
    "--priority 10",
    `--role-arn ${roleArn}`,
    "--no-confirmation-required",
  ].join(" ");
}
