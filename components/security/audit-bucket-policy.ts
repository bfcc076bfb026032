/** Policies of buckets that hold evidence: who may write, and that nobody deletes. */

import type { Json } from "../json.ts";
import { allow, deny, policyText, type Statement } from "./policy-statements.ts";

/** AWS services that write evidence by themselves. */
export const AUDIT_WRITERS = ["cloudtrail", "config"] as const;
export type AuditWriter = (typeof AUDIT_WRITERS)[number];

export interface AuditBucketPolicyInput {
  readonly partition: string;
  readonly accountId: string;
  readonly bucket: string;
  readonly writer: AuditWriter;
  /** ARN, wildcards allowed, of the trail or recorder that the service writes for. */
  readonly sourceArn: string;
  /** Whether deletion is refused to everyone; must end before the bucket can be destroyed. */
  readonly sealed: boolean;
}

/**
 * No statement asks for the bucket's key: CloudTrail encrypts logs with the key it is given and digests with S3's own, and a
 * refused digest ends the chain that proves the logs whole.
 */
export function auditBucketPolicy(input: AuditBucketPolicyInput): string {
  const arn = `arn:${input.partition}:s3:::${input.bucket}`;
  const forEveryone = (statement: Statement): Statement => ({ ...statement, Principal: "*" });
  return policyText([
    forEveryone(deny("TlsOnly", ["s3:*"], [arn, `${arn}/*`], { Bool: { "aws:SecureTransport": "false" } })),
    forEveryone(
      deny("Tls12OrNewer", ["s3:*"], [arn, `${arn}/*`], { NumericLessThan: { "s3:TlsVersion": "1.2" } }),
    ),
    ...(input.sealed ? sealed(arn).map(forEveryone) : []),
    ...writerStatements(input, arn),
  ]);
}

/** S3's own lifecycle is not a request and not stopped by this. */
function sealed(arn: string): Statement[] {
  return [
    deny("NobodyDeletes", ["s3:DeleteBucket"], [arn]),
    deny(
      "NobodyDeletesObjects",
      ["s3:BypassGovernanceRetention", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:PutObjectRetention"],
      [`${arn}/*`],
    ),
  ];
}

const WRITERS: Readonly<
  Record<AuditWriter, { readonly sid: string; readonly bucketActions: string[]; readonly folder: string }>
> = {
  cloudtrail: { sid: "CloudTrail", bucketActions: ["s3:GetBucketAcl"], folder: "" },
  config: { sid: "Config", bucketActions: ["s3:GetBucketAcl", "s3:ListBucket"], folder: "Config/" },
};

function writerStatements(input: AuditBucketPolicyInput, arn: string): Statement[] {
  const { sid, bucketActions, folder } = WRITERS[input.writer];
  const service = (statement: Statement): Statement => ({
    ...statement,
    Principal: { Service: `${input.writer}.amazonaws.com` },
  });
  const source: Json = { ArnLike: { "aws:SourceArn": input.sourceArn } };
  return [
    service(allow(`${sid}ChecksBucket`, bucketActions, [arn], source)),
    service(
      allow(`${sid}Writes`, ["s3:PutObject"], [`${arn}/AWSLogs/${input.accountId}/${folder}*`], {
        ...source,
        StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" },
      }),
    ),
  ];
}
