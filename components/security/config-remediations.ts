/**
 * Which violations AWS Config mends by itself, how, and what that needs. Only what is safe to do to a resource without asking
 * its owner: closing, encrypting, keeping versions. Nothing here deletes or restarts.
 *
 * Runbooks: https://docs.aws.amazon.com/systems-manager-automation-runbooks/latest/userguide/automation-runbook-reference.html
 */
import type { ConfigRule } from "./config-rule-catalogue.ts";
import { allow, policyText, type Statement } from "./policy-statements.ts";

export interface Remediation {
  /** Systems Manager runbook of AWS. */
  readonly runbook: string;
  readonly resourceType?: string;
  /** Parameter that takes the resource's id; none for a setting of the account. */
  readonly resourceParameter?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly actions: readonly string[];
  /** ARN parts after `arn:<partition>:` that the actions work on. */
  readonly resources: (accountId: string) => readonly string[];
  /** Actions that IAM cannot limit to a resource. */
  readonly lookups?: readonly string[];
}

const BUCKETS = () => ["s3:::*"];
const GROUPS = (accountId: string) => [`ec2:*:${accountId}:security-group/*`];
const GROUP = "AWS::EC2::SecurityGroup";
const BUCKET = "AWS::S3::Bucket";

const REMEDIATIONS = {
  "s3-bucket-private": {
    runbook: "AWSConfigRemediation-ConfigureS3BucketPublicAccessBlock",
    resourceType: BUCKET,
    resourceParameter: "BucketName",
    actions: ["s3:GetBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock"],
    resources: BUCKETS,
  },
  "s3-encrypted": {
    runbook: "AWS-EnableS3BucketEncryption",
    resourceType: BUCKET,
    resourceParameter: "BucketName",
    parameters: { SSEAlgorithm: "AES256" },
    actions: ["s3:GetEncryptionConfiguration", "s3:PutEncryptionConfiguration"],
    resources: BUCKETS,
  },
  "s3-versioned": {
    runbook: "AWS-ConfigureS3BucketVersioning",
    resourceType: BUCKET,
    resourceParameter: "BucketName",
    parameters: { VersioningState: "Enabled" },
    actions: ["s3:GetBucketVersioning", "s3:PutBucketVersioning"],
    resources: BUCKETS,
  },
  // Not AWS-DisablePublicAccessForSecurityGroup: that one fails on a group of any VPC but the default one, unless the group
  // has four open rules at once.
  "no-open-ssh": {
    runbook: "AWS-DisableIncomingSSHOnPort22",
    resourceType: GROUP,
    resourceParameter: "SecurityGroupIds",
    actions: ["ec2:RevokeSecurityGroupIngress"],
    resources: GROUPS,
    lookups: ["ec2:DescribeSecurityGroups"],
  },
  "default-group-closed": {
    runbook: "AWSConfigRemediation-RemoveVPCDefaultSecurityGroupRules",
    resourceType: GROUP,
    resourceParameter: "GroupId",
    actions: ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"],
    resources: GROUPS,
    lookups: ["ec2:DescribeSecurityGroups"],
  },
  "ebs-encryption-by-default": {
    runbook: "AWSConfigRemediation-EnableEbsEncryptionByDefault",
    actions: [],
    resources: () => [],
    lookups: ["ec2:EnableEbsEncryptionByDefault", "ec2:GetEbsEncryptionByDefault"],
  },
  "kms-rotation": {
    runbook: "AWSConfigRemediation-EnableKeyRotation",
    resourceType: "AWS::KMS::Key",
    resourceParameter: "KeyId",
    actions: ["kms:EnableKeyRotation", "kms:GetKeyRotationStatus"],
    resources: (accountId) => [`kms:*:${accountId}:key/*`],
  },
  "dynamodb-recoverable": {
    runbook: "AWSConfigRemediation-EnablePITRForDynamoDbTable",
    resourceType: "AWS::DynamoDB::Table",
    resourceParameter: "TableName",
    actions: ["dynamodb:DescribeContinuousBackups", "dynamodb:UpdateContinuousBackups"],
    resources: (accountId) => [`dynamodb:*:${accountId}:table/*`],
  },
} as const satisfies { readonly [R in ConfigRule]?: Remediation };

export type RemediableRule = keyof typeof REMEDIATIONS;
export const REMEDIABLE_RULES = Object.keys(REMEDIATIONS) as RemediableRule[];

export function remediationOf(rule: ConfigRule): Remediation | undefined {
  const known: { readonly [R in ConfigRule]?: Remediation } = REMEDIATIONS;
  return known[rule];
}

/** What the runbooks of these rules do, on resources of this account only. */
export function remediationPolicy(input: {
  readonly partition: string;
  readonly accountId: string;
  readonly rules: readonly RemediableRule[];
}): string {
  const { accountId, partition } = input;
  const own = { StringEquals: { "aws:ResourceAccount": accountId } };
  const remediations = input.rules.flatMap((rule) => {
    const remediation = remediationOf(rule);
    return remediation === undefined ? [] : [{ rule, remediation }];
  });
  const lookups = [...new Set(remediations.flatMap(({ remediation }) => remediation.lookups ?? []))].sort();
  const mend = remediations
    .filter(({ remediation }) => remediation.actions.length > 0)
    .map(({ rule, remediation }) =>
      allow(
        camelCase(rule),
        remediation.actions,
        remediation.resources(accountId).map((resource) => `arn:${partition}:${resource}`),
        own,
      ),
    );
  const runbooks: Statement = allow(
    "Runbooks",
    ["ssm:GetAutomationExecution", "ssm:StartAutomationExecution"],
    [
      `arn:${partition}:ssm:*:${accountId}:automation-execution/*`,
      ...remediations.map(
        ({ remediation }) => `arn:${partition}:ssm:*::automation-definition/${remediation.runbook}:*`,
      ),
    ],
  );
  return policyText([...mend, ...(lookups.length > 0 ? [allow("Lookups", lookups, ["*"])] : []), runbooks]);
}

function camelCase(rule: string): string {
  return rule.replace(/(^|-)([a-z0-9])/g, (_match, _dash, letter: string) => letter.toUpperCase());
}
