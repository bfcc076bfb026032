/** The permission boundary: the most that any role of the platform can ever be granted (SEC-04). */
import { allow, deny, policyText, type Statement } from "./policy-statements.ts";

/**
 * Services that roles of the platform use. A service that is missing here is denied to all of them, whatever their policies
 * say. IAM is not among them as a whole.
 */
export const BOUNDARY_SERVICES = [
  "acm",
  "aps",
  "arc-zonal-shift",
  "autoscaling",
  "backup",
  "cloudwatch",
  "codebuild",
  "cognito-idp",
  "dynamodb",
  "ec2",
  "ec2messages",
  "ecr",
  "eks",
  "eks-auth",
  "elasticache",
  "elasticfilesystem",
  "elasticloadbalancing",
  "es",
  "events",
  "kafka",
  "kafka-cluster",
  "kms",
  "lambda",
  "logs",
  "pricing",
  "rds",
  "rds-db",
  "route53",
  "s3",
  "scheduler",
  "secretsmanager",
  "shield",
  "sns",
  "sqs",
  "ssm",
  "ssmmessages",
  "sts",
  "tag",
  "wafv2",
  "xray",
] as const;

/** Of services that are not open as a whole. In IAM: handing roles to services, and Karpenter's instance profiles. */
const SINGLE_ACTIONS = [
  "iam:AddRoleToInstanceProfile",
  "iam:CreateInstanceProfile",
  "iam:CreateServiceLinkedRole",
  "iam:DeleteInstanceProfile",
  "iam:Get*",
  "iam:List*",
  "iam:PassRole",
  "iam:RemoveRoleFromInstanceProfile",
  "iam:TagInstanceProfile",
  // The agent of GuardDuty's runtime monitoring reports with the node's role.
  "guardduty:SendSecurityTelemetry",
];

/** Services that answer in us-east-1 or in no region, where a limit to regions would stop them. */
const GLOBAL_SERVICES = ["iam:*", "pricing:*", "route53:*", "shield:*", "sts:*", "wafv2:*"];

export interface BoundaryInput {
  readonly partition: string;
  readonly accountId: string;
  readonly policyName: string;
  /** Regions that roles may work in; empty for any. */
  readonly regions: readonly string[];
  /** Services beyond `BOUNDARY_SERVICES`, by the prefix of their actions. */
  readonly furtherServices: readonly string[];
}

export function boundaryPolicy(input: BoundaryInput): string {
  const services = [...new Set([...BOUNDARY_SERVICES, ...input.furtherServices])].sort();
  return policyText([
    allow(
      "PlatformServices",
      services.map((service) => `${service}:*`),
      ["*"],
    ),
    allow("SingleActions", SINGLE_ACTIONS, ["*"]),
    ...(input.regions.length === 0 ? [] : [onlyIn(input.regions)]),
    deny("NoWayRoundTheGuards", GUARDS, ["*"]),
    deny("NoWideningOfThis", ["iam:*PolicyVersion", "iam:DeletePolicy"], [boundaryArn(input)]),
    deny("NoOtherAccountsRoles", ["sts:AssumeRole"], ["*"], {
      StringNotEquals: { "aws:ResourceAccount": input.accountId },
    }),
  ]);
}

export function boundaryArn({
  accountId,
  partition,
  policyName,
}: Pick<BoundaryInput, "accountId" | "partition" | "policyName">): string {
  return `arn:${partition}:iam::${accountId}:policy/${policyName}`;
}

function onlyIn(regions: readonly string[]): Statement {
  return {
    Sid: "OwnRegions",
    Effect: "Deny",
    NotAction: GLOBAL_SERVICES,
    Resource: "*",
    Condition: { StringNotEquals: { "aws:RequestedRegion": [...regions].sort() } },
  };
}

/**
 * Most of this is not among the allowed services; it is denied all the same, so that a service that is added some day opens
 * none of it.
 */
const GUARDS = [
  "access-analyzer:DeleteAnalyzer",
  "account:*",
  "cloudtrail:DeleteTrail",
  "cloudtrail:PutEventSelectors",
  "cloudtrail:StopLogging",
  "cloudtrail:UpdateTrail",
  "config:DeleteConfig*",
  "config:DeleteDeliveryChannel",
  "config:PutConfigurationRecorder",
  "config:StopConfigurationRecorder",
  "ec2:DisableEbsEncryptionByDefault",
  "ec2:DisableImageBlockPublicAccess",
  "ec2:DisableSnapshotBlockPublicAccess",
  "ec2:ModifyInstanceMetadataDefaults",
  "guardduty:Delete*",
  "guardduty:Disassociate*",
  "guardduty:Stop*",
  "guardduty:Update*",
  "iam:Attach*",
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:CreateRole",
  "iam:CreateUser",
  "iam:DeleteRolePermissionsBoundary",
  "iam:DeleteUserPermissionsBoundary",
  "iam:Put*",
  "iam:Update*",
  "inspector2:Disable",
  "kms:DisableKey",
  "kms:PutKeyPolicy",
  "kms:ScheduleKeyDeletion",
  "macie2:DisableMacie",
  "organizations:*",
  "s3:BypassGovernanceRetention",
  "s3:PutAccountPublicAccessBlock",
  "securityhub:BatchDisableStandards",
  "securityhub:Delete*",
  "securityhub:Disable*",
];

/** What IAM takes for a managed policy, counted without white space. */
export const POLICY_CHARACTERS = 6144;

/** Every reason why the boundary cannot be made. */
export function boundaryProblems(input: BoundaryInput): string[] {
  const found: string[] = [];
  if (!/^[\w+=,.@-]{1,128}$/.test(input.policyName)) {
    found.push(`policyName: "${input.policyName}" is no policy's name; use letters, digits and +=,.@_-`);
  }
  for (const service of input.furtherServices) {
    if (!/^[a-z0-9-]+$/.test(service) || service === "iam" || service === "organizations") {
      found.push(
        `furtherServices: "${service}" cannot be opened; name the prefix of a service's actions, such as mq, but not iam or organizations`,
      );
    }
  }
  const length = boundaryPolicy(input).length;
  if (length > POLICY_CHARACTERS) {
    found.push(
      `furtherServices: the policy has ${length} characters and IAM takes ${POLICY_CHARACTERS}; name fewer services`,
    );
  }
  return found;
}
