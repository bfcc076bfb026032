/** Policy documents of replicated buckets: what a bucket refuses, who may deliver logs to it, what its replication may do. */
import { type Json, sortedJson } from "../json.ts";

type Statement = { readonly [key: string]: Json };

/** AWS services that write logs into a bucket of this account. */
export const LOG_WRITERS = ["cloudtrail", "load-balancer", "log-delivery", "s3-access"] as const;
export type LogWriter = (typeof LOG_WRITERS)[number];

export interface BucketPolicyInput {
  readonly partition: string;
  readonly accountId: string;
  readonly bucket: string;
  /** Key that objects must be encrypted with; absent for a bucket that S3 encrypts with its own key. */
  readonly kmsKeyArn?: string | undefined;
  readonly logWriters: readonly LogWriter[];
}

export function bucketArn(partition: string, bucket: string): string {
  return `arn:${partition}:s3:::${bucket}`;
}

/** Refuses plain and outdated transport and foreign encryption; admits the named log writers of the own account. */
export function bucketPolicy(input: BucketPolicyInput): string {
  const arn = bucketArn(input.partition, input.bucket);
  const writers = [...new Set(input.logWriters)].sort();
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      deny("TlsOnly", "s3:*", [arn, `${arn}/*`], { Bool: { "aws:SecureTransport": "false" } }),
      deny("Tls12OrNewer", "s3:*", [arn, `${arn}/*`], { NumericLessThan: { "s3:TlsVersion": "1.2" } }),
      ...encryptionStatements(arn, input.kmsKeyArn),
      ...writers.flatMap((writer) => writerStatements(writer, arn, input)),
    ],
  });
}

/**
 * A request without these headers takes the bucket's default, which is right. A negated operator also matches an absent
 * header, so `Null` limits each statement to requests that ask for something else.
 */
function encryptionStatements(arn: string, kmsKeyArn: string | undefined): Statement[] {
  const algorithm = "s3:x-amz-server-side-encryption";
  const key = "s3:x-amz-server-side-encryption-aws-kms-key-id";
  if (kmsKeyArn === undefined) return [];
  return [
    deny("OnlyKms", "s3:PutObject", [`${arn}/*`], {
      Null: { [algorithm]: "false" },
      StringNotEquals: { [algorithm]: "aws:kms" },
    }),
    deny("OnlyOwnKey", "s3:PutObject", [`${arn}/*`], {
      Null: { [key]: "false" },
      StringNotEquals: { [key]: kmsKeyArn },
    }),
  ];
}

function deny(sid: string, action: string, resources: string[], condition: Json): Statement {
  return {
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resources,
    Condition: condition,
  };
}

interface WriterGrant {
  readonly sid: string;
  readonly service: string;
  /** Whether the service reads the bucket's ACL before it writes. */
  readonly checksAcl: boolean;
  /** The ARNs, or the account, that the service must be writing for. */
  readonly condition: (input: BucketPolicyInput) => Json;
}

const ownAccount = ({ accountId }: BucketPolicyInput): Json => ({
  StringEquals: { "aws:SourceAccount": accountId },
});
const ownArns =
  (service: string, resource: string) =>
  ({ accountId, partition }: BucketPolicyInput): Json => ({
    ArnLike: { "aws:SourceArn": `arn:${partition}:${service}:*:${accountId}:${resource}` },
  });

const WRITERS: Readonly<Record<LogWriter, WriterGrant>> = {
  cloudtrail: {
    sid: "CloudTrail",
    service: "cloudtrail.amazonaws.com",
    checksAcl: true,
    condition: ownArns("cloudtrail", "trail/*"),
  },
  "load-balancer": {
    sid: "LoadBalancer",
    service: "logdelivery.elasticloadbalancing.amazonaws.com",
    checksAcl: false,
    condition: ownArns("elasticloadbalancing", "loadbalancer/*"),
  },
  "log-delivery": {
    sid: "LogDelivery",
    service: "delivery.logs.amazonaws.com",
    checksAcl: true,
    condition: ownAccount,
  },
  "s3-access": {
    sid: "S3Access",
    service: "logging.s3.amazonaws.com",
    checksAcl: false,
    condition: ownAccount,
  },
};

function writerStatements(writer: LogWriter, arn: string, input: BucketPolicyInput): Statement[] {
  const { sid, service, checksAcl, condition } = WRITERS[writer];
  const allow = (what: string, action: string, resource: string): Statement => ({
    Sid: `${sid}${what}`,
    Effect: "Allow",
    Principal: { Service: service },
    Action: action,
    Resource: resource,
    Condition: condition(input),
  });
  const write = allow("Writes", "s3:PutObject", `${arn}/*`);
  return checksAcl ? [allow("ChecksBucket", "s3:GetBucketAcl", arn), write] : [write];
}

/**
 * Trust of a replication role. S3 names no source condition for replication, and a trust that asks for one would stop
 * replication without a word; what bounds the role is its policy, one bucket and its peers.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
 */
export const REPLICATION_TRUST = sortedJson({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "s3.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

export interface ReplicationEnd {
  readonly bucket: string;
  readonly region: string;
  /** Absent when S3 encrypts with its own key. */
  readonly kmsKeyArn?: string | undefined;
}

/** What the replication of one bucket to its peers needs, and nothing else. */
export function replicationPolicy(input: {
  readonly partition: string;
  readonly source: ReplicationEnd;
  readonly destinations: readonly ReplicationEnd[];
}): string {
  const arnOf = (end: ReplicationEnd) => bucketArn(input.partition, end.bucket);
  const allow = (sid: string, action: string[], resource: string[], condition?: Json): Statement => ({
    Sid: sid,
    Effect: "Allow",
    Action: action,
    Resource: resource,
    ...(condition === undefined ? {} : { Condition: condition }),
  });
  const useKey = (sid: string, action: string[], end: ReplicationEnd): Statement[] =>
    end.kmsKeyArn === undefined
      ? []
      : [
          allow(sid, action, [end.kmsKeyArn], {
            StringEquals: { "kms:ViaService": `s3.${end.region}.amazonaws.com` },
            // With a bucket key the context is the bucket, for an object written before it the object.
            StringLike: { "kms:EncryptionContext:aws:s3:arn": [arnOf(end), `${arnOf(end)}/*`] },
          }),
        ];
  const source = arnOf(input.source);
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      allow("ReadRules", ["s3:GetReplicationConfiguration", "s3:ListBucket"], [source]),
      allow(
        "ReadVersions",
        ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"],
        [`${source}/*`],
      ),
      allow(
        "WriteReplicas",
        ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
        input.destinations.map((end) => `${arnOf(end)}/*`),
      ),
      ...useKey("DecryptSource", ["kms:Decrypt"], input.source),
      ...input.destinations.flatMap((end) =>
        useKey(`EncryptIn${end.region.replaceAll("-", "")}`, ["kms:Encrypt", "kms:GenerateDataKey"], end),
      ),
    ],
  });
}
