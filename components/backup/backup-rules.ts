/** When backups are made, how long they are kept, and which resources they cover. */
import { wholeNumberProblem } from "../argument-problems.ts";

/** The tag by which a resource joins the daily backups. */
export const BACKUP_TAG = { key: "backup", value: "daily" } as const;
export const BACKUP_TAGS: Readonly<Record<string, string>> = { [BACKUP_TAG.key]: BACKUP_TAG.value };

/**
 * Pulumi types that hold data of their own and that AWS Backup covers. What it does not cover takes its own snapshots:
 * ElastiCache (`snapshotRetentionLimit`), OpenSearch (hourly, by the service); and MSK and Amazon MQ hold nothing that
 * has no other source. Volumes of pods are made by the EBS driver, which gets the tag in their storage class.
 */
export const TAGGED_TYPES: readonly string[] = [
  "aws:dynamodb/table:Table",
  "aws:ebs/volume:Volume",
  "aws:efs/fileSystem:FileSystem",
  "aws:rds/cluster:Cluster",
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
];

export interface TaggedResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** URNs of planned resources that the daily backups should cover and do not. */
export function withoutBackup(resources: readonly TaggedResource[]): string[] {
  return resources
    .filter(({ inputs, type }) => {
      const tags = inputs["tags"];
      const value = typeof tags === "object" && tags !== null ? Reflect.get(tags, BACKUP_TAG.key) : undefined;
      return TAGGED_TYPES.includes(type) && value !== BACKUP_TAG.value;
    })
    .map(({ urn }) => urn);
}

export type VaultLock = "none" | "governance" | "compliance";

/** AWS keeps a backup in cold storage for at least this long. */
const COLD_DAYS = 90;
/** What point-in-time recovery by AWS Backup can keep. */
const CONTINUOUS_DAYS = 35;

export interface RetentionShape {
  readonly retentionDays: number;
  /** 0: none is kept for longer. */
  readonly archiveRetentionDays: number;
  readonly coldStorageAfterDays: number;
}

/** Every reason why AWS Backup would refuse to keep backups so. */
export function retentionProblems(shape: RetentionShape): string[] {
  const { archiveRetentionDays, coldStorageAfterDays, retentionDays } = shape;
  const found = wholeNumberProblem("retentionDays", retentionDays, {
    from: 1,
    to: CONTINUOUS_DAYS,
    fix: "35 is what production keeps; for longer there is the monthly archive",
  });
  if (archiveRetentionDays === 0) return found;
  found.push(
    ...wholeNumberProblem("coldStorageAfterDays", coldStorageAfterDays, {
      from: 1,
      to: 3650,
      fix: "90 is the proposed age",
    }),
    ...wholeNumberProblem("archiveRetentionDays", archiveRetentionDays, {
      from: coldStorageAfterDays + COLD_DAYS,
      to: 36_500,
      fix: `a backup stays in cold storage for ${COLD_DAYS} days at least; 0 keeps no archive`,
    }),
  );
  return found;
}

/** `cron` expressions of AWS: daily, and on the first of each month an hour earlier, so that both do not meet. */
export function schedules(hourUtc: number): { readonly daily: string; readonly monthly: string } {
  return { daily: `cron(0 ${hourUtc} * * ? *)`, monthly: `cron(0 ${(hourUtc + 23) % 24} 1 * ? *)` };
}

export interface Lifecycle {
  readonly deleteAfter: number;
  readonly coldStorageAfter?: number;
  readonly optInToArchiveForSupportedResources?: boolean;
}

/** Backups that are deleted before they could leave cold storage never go there. */
export function dailyLifecycle({ retentionDays }: RetentionShape): Lifecycle {
  return { deleteAfter: retentionDays };
}

export function archiveLifecycle({ archiveRetentionDays, coldStorageAfterDays }: RetentionShape): Lifecycle {
  return {
    deleteAfter: archiveRetentionDays,
    coldStorageAfter: coldStorageAfterDays,
    // EBS snapshots move only when they are told to.
    optInToArchiveForSupportedResources: true,
  };
}

export const vaultArn = (input: {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly vaultName: string;
}) => `arn:${input.partition}:backup:${input.region}:${input.accountId}:backup-vault:${input.vaultName}`;

/** Names of vaults. https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html */
export function vaultNameProblems(argument: string, name: string): string[] {
  if (/^[a-zA-Z0-9_-]{2,50}$/.test(name)) return [];
  return [
    `${argument}: "${name}" is no name of a vault; use 2 to 50 letters, digits, hyphens and underscores`,
  ];
}
