/** Policies of KMS keys: the account's IAM decides, and named AWS services may use a key for this account only. */
import { type Json, sortedJson } from "../json.ts";

/**
 * AWS services that use a key by themselves, not on behalf of a caller. Stores (S3, DynamoDB, Aurora, Secrets Manager)
 * are not among them: they use the caller's own permission.
 */
export const KEY_SERVICES = [
  "autoscaling",
  "cloudfront",
  "cloudtrail",
  "cloudwatch",
  "config",
  "events",
  "log-delivery",
  "logs",
  "macie",
  "s3",
  "sns",
] as const;
export type KeyService = (typeof KEY_SERVICES)[number];

export interface KeyPolicyInput {
  readonly partition: string;
  readonly accountId: string;
  readonly region: string;
  readonly services: readonly KeyService[];
}

type Statement = { readonly [key: string]: Json };

const USE = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"];
const ENVELOPE = ["kms:Decrypt", "kms:GenerateDataKey*"];

/** The policy of the key of one region, as JSON. */
export function keyPolicy(input: KeyPolicyInput): string {
  const services = [...new Set(input.services)].sort();
  return sortedJson({
    Version: "2012-10-17",
    Statement: [iamDecides(input), ...services.flatMap((service) => STATEMENTS[service](input))],
  });
}

/** Without this statement nobody could mend the policy; it grants nothing that an IAM policy does not grant as well. */
function iamDecides({ partition, accountId }: KeyPolicyInput): Statement {
  return {
    Sid: "IamDecides",
    Effect: "Allow",
    Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
    Action: "kms:*",
    Resource: "*",
  };
}

function forAccount(sid: string, service: string, actions: string[], condition: Json): Statement {
  return {
    Sid: sid,
    Effect: "Allow",
    Principal: { Service: service },
    Action: actions,
    Resource: "*",
    Condition: condition,
  };
}

const STATEMENTS: Readonly<Record<KeyService, (input: KeyPolicyInput) => Statement | Statement[]>> = {
  autoscaling: (input) => autoScalingStatements(input),
  cloudfront: ({ partition, accountId }) =>
    forAccount(
      "CloudFrontOrigin",
      "cloudfront.amazonaws.com",
      ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"],
      {
        ArnLike: { "aws:SourceArn": `arn:${partition}:cloudfront::${accountId}:distribution/*` },
      },
    ),
  cloudtrail: ({ partition, accountId }) =>
    forAccount("CloudTrail", "cloudtrail.amazonaws.com", ["kms:DescribeKey", "kms:GenerateDataKey*"], {
      ArnLike: { "aws:SourceArn": `arn:${partition}:cloudtrail:*:${accountId}:trail/*` },
    }),
  cloudwatch: (input) =>
    forAccount("CloudWatchAlarms", "cloudwatch.amazonaws.com", ENVELOPE, ownAccount(input.accountId)),
  // https://docs.aws.amazon.com/config/latest/developerguide/s3-kms-key-policy.html
  config: (input) =>
    forAccount(
      "ConfigDelivery",
      "config.amazonaws.com",
      ["kms:Decrypt", "kms:GenerateDataKey"],
      ownAccount(input.accountId),
    ),
  events: (input) => forAccount("EventBridge", "events.amazonaws.com", ENVELOPE, ownAccount(input.accountId)),
  "log-delivery": (input) =>
    forAccount("LogDelivery", "delivery.logs.amazonaws.com", ENVELOPE, ownAccount(input.accountId)),
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
  logs: ({ partition, accountId, region }) =>
    forAccount("CloudWatchLogs", `logs.${region}.amazonaws.com`, USE, {
      ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${accountId}:*` },
    }),
  // By a condition, as for Auto Scaling: the role may not exist yet.
  // https://docs.aws.amazon.com/macie/latest/user/discovery-supported-encryption-types.html
  macie: ({ accountId, partition }) => ({
    Sid: "MacieReads",
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: ["kms:Decrypt"],
    Resource: "*",
    Condition: {
      ArnEquals: {
        "aws:PrincipalArn": `arn:${partition}:iam::${accountId}:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie`,
      },
      StringEquals: { "kms:CallerAccount": accountId },
    },
  }),
  s3: (input) => forAccount("S3Notifications", "s3.amazonaws.com", ENVELOPE, ownAccount(input.accountId)),
  sns: (input) => forAccount("SnsDelivery", "sns.amazonaws.com", ENVELOPE, ownAccount(input.accountId)),
};

/**
 * Encrypted volumes of nodes that Auto Scaling starts. Its service-linked role may not exist yet, and KMS refuses a policy
 * whose principal is absent; so the condition names it.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
 */
function autoScalingStatements({ accountId, partition }: KeyPolicyInput): Statement[] {
  const role = `arn:${partition}:iam::${accountId}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`;
  const allow = (sid: string, action: Json, condition: { readonly [key: string]: Json }): Statement => ({
    Sid: sid,
    Effect: "Allow",
    Principal: { AWS: "*" },
    Action: action,
    Resource: "*",
    Condition: {
      ArnEquals: { "aws:PrincipalArn": role },
      StringEquals: { "kms:CallerAccount": accountId },
      ...condition,
    },
  });
  return [
    allow("AutoScalingVolumes", USE, {}),
    allow("AutoScalingGrants", "kms:CreateGrant", { Bool: { "kms:GrantIsForAWSResource": "true" } }),
  ];
}

/** Refuses the service when it acts for a resource of another account. */
function ownAccount(accountId: string): Json {
  return { StringEquals: { "aws:SourceAccount": accountId } };
}
