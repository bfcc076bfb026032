/**
 * The rules that AWS Config holds deployed resources to. They are the third of four layers: a CrossGuard rule refuses the
 * preview, Kyverno refuses at admission, Config finds what changed after the deployment, Falco what happens at run time
 * (C-51). `guardrail` names the CrossGuard rule of the same control.
 *
 * Identifiers, triggers and parameters: https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html
 */

export interface RuleSettings {
  /** Oldest Kubernetes version that is allowed, for example `1.34`. */
  readonly oldestKubernetesVersion: string;
}

export interface ManagedRule {
  /** Name of the rule in AWS Config. */
  readonly identifier: string;
  readonly description: string;
  /** `change` judges a resource when it changes, `periodic` all of them once a day. */
  readonly trigger: "change" | "periodic";
  /** Whether it judges what is in no region; such a rule exists once. @default false */
  readonly global?: true;
  /** Identifier of the CrossGuard rule for the same control. */
  readonly guardrail?: string;
  readonly parameters?: (settings: RuleSettings) => Readonly<Record<string, string>>;
}

export const CONFIG_RULES = {
  "ebs-volumes-encrypted": {
    identifier: "ENCRYPTED_VOLUMES",
    description: "Attached volumes are encrypted",
    trigger: "change",
    guardrail: "ebs-gp3-encrypted",
  },
  "ebs-encryption-by-default": {
    identifier: "EC2_EBS_ENCRYPTION_BY_DEFAULT",
    description: "New volumes are encrypted without asking",
    trigger: "periodic",
  },
  "instance-metadata-v2": {
    identifier: "EC2_IMDSV2_CHECK",
    description: "Instances answer only IMDSv2",
    trigger: "change",
    guardrail: "instance-metadata-v2",
  },
  "s3-account-private": {
    identifier: "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC",
    description: "The account blocks public buckets",
    trigger: "periodic",
    global: true,
  },
  "s3-bucket-private": {
    identifier: "S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED",
    description: "Every bucket blocks public access itself",
    trigger: "change",
    guardrail: "s3-public-access-blocked",
  },
  "s3-encrypted": {
    identifier: "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED",
    description: "Buckets encrypt what is written",
    trigger: "change",
    guardrail: "s3-encrypted",
  },
  "s3-versioned": {
    identifier: "S3_BUCKET_VERSIONING_ENABLED",
    description: "Buckets keep versions",
    trigger: "change",
    guardrail: "s3-versioned",
  },
  "s3-tls-only": {
    identifier: "S3_BUCKET_SSL_REQUESTS_ONLY",
    description: "Buckets refuse requests without TLS",
    trigger: "change",
    guardrail: "s3-tls-only",
  },
  "rds-encrypted": {
    identifier: "RDS_STORAGE_ENCRYPTED",
    description: "Databases are encrypted",
    trigger: "change",
    guardrail: "rds-encrypted",
  },
  "rds-backup": {
    identifier: "DB_INSTANCE_BACKUP_ENABLED",
    description: "Databases keep 30 days of backups or more",
    trigger: "change",
    guardrail: "rds-backup-retention",
    parameters: () => ({ backupRetentionMinimum: "30" }),
  },
  "rds-private": {
    identifier: "RDS_INSTANCE_PUBLIC_ACCESS_CHECK",
    description: "Databases have no public address",
    trigger: "change",
  },
  "rds-deletion-guard": {
    identifier: "RDS_CLUSTER_DELETION_PROTECTION_ENABLED",
    description: "Database clusters refuse deletion",
    trigger: "change",
    guardrail: "rds-deletion-guard",
  },
  "dynamodb-recoverable": {
    identifier: "DYNAMODB_PITR_ENABLED",
    description: "Tables can be restored to any second",
    trigger: "change",
    guardrail: "dynamodb-recoverable",
  },
  "dynamodb-encrypted": {
    identifier: "DYNAMODB_TABLE_ENCRYPTED_KMS",
    description: "Tables are encrypted with a KMS key",
    trigger: "change",
    guardrail: "dynamodb-encrypted",
  },
  "efs-encrypted": {
    identifier: "EFS_ENCRYPTED_CHECK",
    description: "File systems are encrypted",
    trigger: "periodic",
  },
  "cache-encrypted": {
    identifier: "ELASTICACHE_REPL_GRP_ENCRYPTED_AT_REST",
    description: "Caches are encrypted",
    trigger: "periodic",
  },
  "search-encrypted": {
    identifier: "OPENSEARCH_ENCRYPTED_AT_REST",
    description: "Search domains are encrypted",
    trigger: "change",
  },
  "kms-rotation": {
    identifier: "CMK_BACKING_KEY_ROTATION_ENABLED",
    description: "Keys rotate every year",
    trigger: "periodic",
    guardrail: "kms-rotation",
  },
  "eks-endpoint-private": {
    identifier: "EKS_ENDPOINT_NO_PUBLIC_ACCESS",
    description: "Clusters have no public endpoint",
    trigger: "periodic",
    guardrail: "eks-endpoint-private",
  },
  "eks-secrets-encrypted": {
    identifier: "EKS_SECRETS_ENCRYPTED",
    description: "Kubernetes secrets are encrypted with a KMS key",
    trigger: "periodic",
    guardrail: "eks-secrets-encrypted",
  },
  "eks-version": {
    identifier: "EKS_CLUSTER_SUPPORTED_VERSION",
    description: "Clusters run a version that is still supported",
    trigger: "change",
    guardrail: "eks-version",
    parameters: ({ oldestKubernetesVersion }) => ({ oldestVersionSupported: oldestKubernetesVersion }),
  },
  "ecr-tags-immutable": {
    identifier: "ECR_PRIVATE_TAG_IMMUTABILITY_ENABLED",
    description: "An image tag names one image for ever",
    trigger: "change",
  },
  "no-open-ssh": {
    identifier: "INCOMING_SSH_DISABLED",
    description: "No security group admits SSH from everywhere",
    trigger: "change",
    guardrail: "no-open-ingress",
  },
  "no-open-ports": {
    identifier: "VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS",
    description: "Nothing but HTTPS is open to everywhere",
    trigger: "change",
    guardrail: "no-open-ingress",
    parameters: () => ({ authorizedTcpPorts: "443" }),
  },
  "default-group-closed": {
    identifier: "VPC_DEFAULT_SECURITY_GROUP_CLOSED",
    description: "The default security group of a VPC admits nothing",
    trigger: "change",
  },
  "vpc-flow-logs": {
    identifier: "VPC_FLOW_LOGS_ENABLED",
    description: "VPCs log their traffic",
    trigger: "periodic",
  },
  "trail-in-every-region": {
    identifier: "MULTI_REGION_CLOUD_TRAIL_ENABLED",
    description: "A trail records every region",
    trigger: "periodic",
    global: true,
  },
  "trail-validated": {
    identifier: "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED",
    description: "Trails prove their files whole",
    trigger: "periodic",
    global: true,
  },
  "root-mfa": {
    identifier: "ROOT_ACCOUNT_MFA_ENABLED",
    description: "The root user has MFA",
    trigger: "periodic",
    global: true,
  },
  "root-no-keys": {
    identifier: "IAM_ROOT_ACCESS_KEY_CHECK",
    description: "The root user has no access key",
    trigger: "periodic",
    global: true,
  },
  "user-mfa": {
    identifier: "MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS",
    description: "Users with a password have MFA",
    trigger: "periodic",
    global: true,
  },
  "user-keys-rotated": {
    identifier: "ACCESS_KEYS_ROTATED",
    description: "No access key is older than 90 days",
    trigger: "periodic",
    global: true,
    parameters: () => ({ maxAccessKeyAge: "90" }),
  },
  "no-administrator-policy": {
    identifier: "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
    description: "No policy of the account allows everything",
    trigger: "change",
    global: true,
    guardrail: "no-full-access",
  },
} as const satisfies Readonly<Record<string, ManagedRule>>;

export type ConfigRule = keyof typeof CONFIG_RULES;

/** The rules of a region: rules about what is in no region exist once, where such types are recorded. */
export function rulesOf(input: {
  readonly home: boolean;
  readonly excluded: readonly ConfigRule[];
}): (readonly [ConfigRule, ManagedRule])[] {
  return (Object.entries(CONFIG_RULES) as [ConfigRule, ManagedRule][]).filter(
    ([key, { global }]) => !input.excluded.includes(key) && (input.home || global !== true),
  );
}
