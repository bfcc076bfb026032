/**
 * Evacuation switches: names, contents and admission. Pure; the components, the failover command and the drill all use
 * these, so that a switch is written where it is watched.
 */

import { isRegionName, unknownRegion } from "../argument-problems.ts";
import { refuse } from "./arguments.ts";

/** The object whose presence in another region's switch bucket takes `region` out of DNS. */
export function evacuationKey(region: string): string {
  return `evacuate/${region}`;
}

/**
 * Name of a region's switch bucket, in the account's own S3 namespace: nobody else can make a bucket of this name, so
 * nobody else can own the switch of a region before it is deployed.
 */
export function switchBucketName(owner: { prefix: string; accountId: string; region: string }): string {
  const name = `${owner.prefix}-switch-${owner.accountId}-${owner.region}-an`;
  const problems: string[] = [];
  if (!/^\d{12}$/.test(owner.accountId)) {
    problems.push(`accountId: "${owner.accountId}" is not an AWS account id; give its 12 digits`);
  }
  if (!isRegionName(owner.region)) problems.push(unknownRegion("region", owner.region));
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(owner.prefix)) {
    problems.push(`prefix: "${owner.prefix}" may hold only lower-case letters, digits and inner hyphens`);
  }
  if (name.length > 63) {
    problems.push(`prefix: "${name}" has ${name.length} characters, S3 allows 63; shorten the prefix`);
  }
  refuse("switch bucket", problems);
  return name;
}

/** Where the checkers find a switch bucket: its regional endpoint, so that no other region is involved in the answer. */
export function switchBucketHost(bucket: string, region: string): string {
  return `${bucket}.s3.${region}.amazonaws.com`;
}

/** The regions whose switch buckets can evacuate `region`: all but itself, in the order given. */
export function switchHolders<R extends { readonly region: string }>(
  region: string,
  regions: readonly R[],
): R[] {
  return regions.filter((other) => other.region !== region);
}

/** What a switch object says to whoever finds it; the checkers look at its presence only. */
export function evacuationNotice(notice: {
  evacuated: string;
  heldIn: string;
  declaredBy: string;
  reason: string;
}): string {
  const { declaredBy, evacuated, heldIn, reason } = notice;
  return `${JSON.stringify({ declaredBy, evacuated, heldIn, reason }, null, 2)}\n`;
}

/** Anyone in `cidrs` may read a switch, over TLS only; a switch must be encrypted so that such a reader can read it. */
export function switchBucketPolicy(bucket: {
  partition: string;
  bucketName: string;
  cidrs: readonly string[];
}): string {
  const arn = `arn:${bucket.partition}:s3:::${bucket.bucketName}`;
  // S3 counts a range wider than /8 as the public, and Block Public Access would refuse the policy.
  const tooWide = bucket.cidrs.filter((cidr) => !(Number(cidr.split("/")[1]) >= 8));
  refuse("switch bucket policy", [
    ...(bucket.cidrs.length > 0
      ? []
      : ["healthCheckerCidrs: no range given; look the checkers' prefix list up"]),
    ...tooWide.map((cidr) => `healthCheckerCidrs: "${cidr}" is not a range of /8 or narrower`),
  ]);
  return JSON.stringify({
    Statement: [
      {
        Action: "s3:*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
        Effect: "Deny",
        Principal: "*",
        Resource: [arn, `${arn}/*`],
        Sid: "TlsOnly",
      },
      {
        Action: "s3:PutObject",
        // A writer who names no encryption gets the bucket's own; only another choice is refused.
        Condition: {
          Null: { "s3:x-amz-server-side-encryption": "false" },
          StringNotEquals: { "s3:x-amz-server-side-encryption": "AES256" },
        },
        Effect: "Deny",
        Principal: "*",
        Resource: `${arn}/${evacuationKey("*")}`,
        Sid: "ReadableByCheckers",
      },
      {
        Action: "s3:GetObject",
        Condition: { IpAddress: { "aws:SourceIp": bucket.cidrs } },
        Effect: "Allow",
        Principal: "*",
        Resource: `${arn}/${evacuationKey("*")}`,
        Sid: "HealthCheckers",
      },
    ],
    Version: "2012-10-17",
  });
}
