/** Policies of backups: who may delete one, who may make and restore one, and which failures are told. */
import { sortedJson } from "../json.ts";

/** Nobody deletes a backup or shortens its life; AWS Backup itself does, when its time is over. */
export function vaultPolicy(): string {
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "NobodyDeletes",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: [
          "backup:DeleteBackupVault",
          "backup:DeleteRecoveryPoint",
          "backup:DisassociateRecoveryPoint",
          "backup:DisassociateRecoveryPointFromParent",
          "backup:UpdateRecoveryPointLifecycle",
        ],
        Resource: "*",
      },
    ],
  });
}

/** For AWS Backup in the own account. */
export function backupTrust(accountId: string): string {
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AwsBackup",
        Effect: "Allow",
        Principal: { Service: "backup.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      },
    ],
  });
}

/** AWS keeps these up to date with the services that AWS Backup covers. */
export function managedPolicies(partition: string): Readonly<Record<string, string>> {
  const arn = (name: string) => `arn:${partition}:iam::aws:policy/${name}`;
  return {
    backup: arn("service-role/AWSBackupServiceRolePolicyForBackup"),
    restore: arn("service-role/AWSBackupServiceRolePolicyForRestores"),
    "s3-backup": arn("AWSBackupServiceRolePolicyForS3Backup"),
    "s3-restore": arn("AWSBackupServiceRolePolicyForS3Restore"),
  };
}

/** Jobs that ended without a backup, a copy or a restore. Backup and copy jobs call it state, restore jobs status. */
export function failedJobs(): string {
  const ends = ["ABORTED", "EXPIRED", "FAILED", "PARTIAL"];
  return sortedJson({
    source: ["aws.backup"],
    "detail-type": ["Backup Job State Change", "Copy Job State Change", "Restore Job State Change"],
    detail: { $or: [{ state: ends }, { status: ends }] },
  });
}
