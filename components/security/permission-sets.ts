/** What people may do in the account, by task (SEC-02, SEC-04). */
import { allow, deny, policyText, type Statement } from "./policy-statements.ts";

export interface PermissionSetInput {
  readonly partition: string;
  readonly accountId: string;
  /** Prefix of the platform's physical names. */
  readonly prefix: string;
}

export interface PermissionSetSpec {
  readonly description: string;
  readonly sessionHours: number;
  /** AWS managed policies, by their path after `policy/`. */
  readonly managedPolicies: readonly string[];
  readonly statements: (input: PermissionSetInput) => readonly Statement[];
}

/** People sign in through IAM Identity Center; a user or a key would be a way round it that MFA does not guard. */
const NO_USERS = deny(
  "NoUsersNoKeys",
  ["iam:CreateAccessKey", "iam:CreateLoginProfile", "iam:CreateUser", "iam:UpdateLoginProfile"],
  ["*"],
);

/** Content of documents, secrets and items, as opposed to what a resource looks like; save the objects named. */
const noContent = (except: readonly string[] = []): Statement => {
  const { Resource, ...denial } = deny(
    "NoContent",
    [
      "dynamodb:BatchGetItem",
      "dynamodb:GetItem",
      "dynamodb:PartiQLSelect",
      "dynamodb:Query",
      "dynamodb:Scan",
      "kms:Decrypt",
      "s3:GetObject",
      "s3:GetObjectVersion",
      "secretsmanager:BatchGetSecretValue",
      "secretsmanager:GetSecretValue",
    ],
    ["*"],
  );
  return except.length === 0 ? { ...denial, Resource: Resource ?? "*" } : { ...denial, NotResource: except };
};

/** Objects that take a region out of DNS. */
const switches = ({ partition, prefix }: PermissionSetInput): string =>
  `arn:${partition}:s3:::${prefix}-*/evacuate/*`;

/** What kubectl needs from AWS; what it may do then is Kubernetes' own RBAC (SEC-05). */
const clusters = ({ accountId, partition }: PermissionSetInput): Statement =>
  allow(
    "Clusters",
    ["eks:AccessKubernetesApi", "eks:DescribeCluster"],
    [`arn:${partition}:eks:*:${accountId}:cluster/*`],
  );

const LIST_CLUSTERS = allow("ListClusters", ["eks:ListClusters"], ["*"]);

export const PERMISSION_SETS = {
  admin: {
    description: "Builds and changes the platform",
    sessionHours: 4,
    managedPolicies: ["PowerUserAccess"],
    statements: ({ accountId, partition, prefix }) => [
      allow(
        "RolesOfThePlatform",
        [
          "iam:AttachRolePolicy",
          "iam:CreateRole",
          "iam:DeleteRole",
          "iam:DeleteRolePolicy",
          "iam:DetachRolePolicy",
          "iam:GetRole",
          "iam:PassRole",
          "iam:PutRolePolicy",
          "iam:TagRole",
          "iam:UpdateAssumeRolePolicy",
          "iam:UpdateRole",
        ],
        [`arn:${partition}:iam::${accountId}:role/${prefix}-*`],
      ),
      allow("ReadIam", ["iam:Get*", "iam:List*"], ["*"]),
      NO_USERS,
    ],
  },
  operator: {
    description: "Runs the platform: failover, clusters, runbooks; reads no content",
    sessionHours: 8,
    managedPolicies: ["job-function/ViewOnlyAccess", "CloudWatchReadOnlyAccess"],
    statements: (input) => [
      allow("EvacuateRegions", ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], [switches(input)]),
      allow(
        "MoveWriters",
        ["rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster"],
        [
          `arn:${input.partition}:rds::${input.accountId}:global-cluster:${input.prefix}-*`,
          `arn:${input.partition}:rds:*:${input.accountId}:cluster:${input.prefix}-*`,
        ],
      ),
      allow(
        "MoveCache",
        ["elasticache:FailoverGlobalReplicationGroup"],
        [
          `arn:${input.partition}:elasticache::${input.accountId}:globalreplicationgroup:*`,
          `arn:${input.partition}:elasticache:*:${input.accountId}:replicationgroup:${input.prefix}-*`,
        ],
      ),
      allow(
        "Runbooks",
        ["ssm:GetAutomationExecution", "ssm:StartAutomationExecution"],
        [
          `arn:${input.partition}:ssm:*:${input.accountId}:automation-definition/${input.prefix}-*:*`,
          `arn:${input.partition}:ssm:*:${input.accountId}:automation-execution/*`,
        ],
      ),
      allow(
        "HandRoleToRunbook",
        ["iam:PassRole"],
        [`arn:${input.partition}:iam::${input.accountId}:role/${input.prefix}-isolate-*`],
        {
          StringEquals: { "iam:PassedToService": "ssm.amazonaws.com" },
        },
      ),
      clusters(input),
      LIST_CLUSTERS,
      noContent([switches(input)]),
      NO_USERS,
    ],
  },
  "developer-read": {
    description: "Sees resources, logs, metrics and traces; reads no content",
    sessionHours: 8,
    managedPolicies: ["job-function/ViewOnlyAccess", "CloudWatchReadOnlyAccess", "AWSXrayReadOnlyAccess"],
    statements: (input) => [clusters(input), LIST_CLUSTERS, noContent(), NO_USERS],
  },
  auditor: {
    description: "Reads configuration, findings and the audit trail; reads no content",
    sessionHours: 8,
    managedPolicies: ["SecurityAudit", "job-function/ViewOnlyAccess", "AWSSecurityHubReadOnlyAccess"],
    statements: () => [noContent(), NO_USERS],
  },
  "break-glass": {
    description: "Everything, for emergencies; every use pages",
    sessionHours: 1,
    managedPolicies: ["AdministratorAccess"],
    // It may make a user too: IAM Identity Center itself may be what has failed.
    statements: () => [],
  },
} as const satisfies Readonly<Record<string, PermissionSetSpec>>;

export type PermissionSetName = keyof typeof PERMISSION_SETS;
export const PERMISSION_SET_NAMES = Object.keys(PERMISSION_SETS) as PermissionSetName[];

/** The inline policy of a set; none for a set that has no statement. */
export function inlinePolicy(name: PermissionSetName, input: PermissionSetInput): string | undefined {
  const spec: PermissionSetSpec = PERMISSION_SETS[name];
  const statements = spec.statements(input);
  return statements.length === 0 ? undefined : policyText(statements);
}

/** ARN, with `*` for what IAM Identity Center adds, of the roles that it makes for a permission set. */
export function reservedRoleArn(input: {
  readonly partition: string;
  readonly accountId: string;
  readonly permissionSet: string;
}): string {
  return `arn:${input.partition}:iam::${input.accountId}:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_${input.permissionSet}_*`;
}
