/** How each objective shows in CloudWatch: a metric, its limit, and what silence means. */
import { BACKUP_GRACE_HOURS, OBJECTIVES } from "./objectives.ts";

/** The parts of an alarm that say what is measured. `D` is the type of an identifier, which only AWS may know yet. */
export interface ObjectiveMetric<D = string> {
  /** Names the alarm; stable as long as it watches the same. */
  readonly key: string;
  readonly description: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, D>>;
  readonly statistic: "Average" | "Maximum" | "Sum";
  readonly comparisonOperator: "GreaterThanThreshold" | "LessThanThreshold";
  readonly threshold: number;
  /** Seconds. */
  readonly period: number;
  readonly evaluationPeriods: number;
  readonly treatMissingData: "breaching" | "notBreaching";
}

/**
 * Lag of this region's Aurora cluster behind the writer. A writer reports none, so silence is no breach: whether this
 * region holds the writer is not asked, and a failover changes no alarm.
 */
export function databaseLag(clusterIdentifier: string): ObjectiveMetric {
  return {
    key: "database-lag",
    description: `RPO database: ${clusterIdentifier} is more than ${OBJECTIVES.point.database.seconds} s behind the writer`,
    namespace: "AWS/RDS",
    metricName: "AuroraGlobalDBReplicationLag",
    dimensions: { DBClusterIdentifier: clusterIdentifier },
    statistic: "Average",
    comparisonOperator: "GreaterThanThreshold",
    // Milliseconds.
    threshold: OBJECTIVES.point.database.seconds * 1000,
    period: 60,
    evaluationPeriods: 3,
    treatMissingData: "notBreaching",
  };
}

/** Time that this region's writes to a table need to a peer. A table without writes reports none. */
export function tableLatency(tableName: string, peerRegion: string): ObjectiveMetric {
  return {
    key: `table-latency-${tableName}-${peerRegion}`,
    description: `RPO state: writes to ${tableName} reach ${peerRegion} later than ${OBJECTIVES.point.state.seconds} s`,
    namespace: "AWS/DynamoDB",
    metricName: "ReplicationLatency",
    dimensions: { ReceivingRegion: peerRegion, TableName: tableName },
    statistic: "Average",
    comparisonOperator: "GreaterThanThreshold",
    threshold: OBJECTIVES.point.state.seconds * 1000,
    period: 60,
    // One second is what replication usually takes, so a single slow minute is no news.
    evaluationPeriods: 5,
    treatMissingData: "notBreaching",
  };
}

export interface ReplicatedBucketRule {
  readonly sourceBucket: string;
  readonly destinationBucket: string;
  readonly ruleId: string;
}

/** How late a rule is and what waits. S3 reports both in the destination's region. */
export function incomingFiles(rule: ReplicatedBucketRule, maximumPendingBytes: number): ObjectiveMetric[] {
  return [
    {
      ...filesMetric(rule, "latency"),
      description: `RPO files: ${routeOf(rule)} is more than ${OBJECTIVES.point.files.seconds / 60} min behind`,
      metricName: "ReplicationLatency",
      statistic: "Maximum",
      threshold: OBJECTIVES.point.files.seconds,
      evaluationPeriods: 1,
    },
    {
      ...filesMetric(rule, "pending"),
      description: `RPO files: ${routeOf(rule)} has more than ${maximumPendingBytes} bytes waiting`,
      metricName: "BytesPendingReplication",
      statistic: "Maximum",
      threshold: maximumPendingBytes,
      evaluationPeriods: OBJECTIVES.point.files.seconds / 60,
    },
  ];
}

/** What a rule gave up. S3 reports it in the source's region, also when the destination is gone. */
export function outgoingFiles(rule: ReplicatedBucketRule): ObjectiveMetric {
  return {
    ...filesMetric(rule, "failed"),
    description: `RPO files: ${routeOf(rule)} gave objects up; S3 Batch Replication brings them`,
    metricName: "OperationsFailedReplication",
    statistic: "Sum",
    threshold: 0,
    evaluationPeriods: 1,
  };
}

const routeOf = ({ destinationBucket, sourceBucket }: ReplicatedBucketRule) =>
  `${sourceBucket} to ${destinationBucket}`;

function filesMetric({ destinationBucket, ruleId, sourceBucket }: ReplicatedBucketRule, what: string) {
  return {
    key: `files-${what}-${sourceBucket}-${destinationBucket}`,
    namespace: "AWS/S3",
    dimensions: { DestinationBucket: destinationBucket, RuleId: ruleId, SourceBucket: sourceBucket },
    comparisonOperator: "GreaterThanThreshold",
    period: 60,
    // Without anything to replicate S3 is silent.
    treatMissingData: "notBreaching",
  } as const;
}

/** Replication of a file system is behind. EFS reports the age of the last synchronisation of the source, in seconds. */
export function fileSystemAge<D>(fileSystemId: D, destinationFileSystemId: D): ObjectiveMetric<D> {
  return {
    key: "shared-files-age",
    description: `RPO shared files: they were last synchronised more than ${OBJECTIVES.point.sharedFiles.seconds / 60} min ago`,
    namespace: "AWS/EFS",
    metricName: "TimeSinceLastSync",
    dimensions: { DestinationFileSystemId: destinationFileSystemId, FileSystemId: fileSystemId },
    statistic: "Maximum",
    comparisonOperator: "GreaterThanThreshold",
    threshold: OBJECTIVES.point.sharedFiles.seconds,
    period: 60,
    evaluationPeriods: 3,
    treatMissingData: "notBreaching",
  };
}

/** No backup was completed in a day and the time that one takes. Here silence is the breach. */
export function backupAge<D>(vaultName: D): ObjectiveMetric<D> {
  const hours = OBJECTIVES.point.restore.seconds / 3600 + BACKUP_GRACE_HOURS;
  return {
    key: "backup-age",
    description: `RPO restore: no backup was completed for ${hours} h`,
    namespace: "AWS/Backup",
    metricName: "NumberOfBackupJobsCompleted",
    dimensions: { BackupVaultName: vaultName },
    statistic: "Sum",
    comparisonOperator: "LessThanThreshold",
    threshold: 1,
    period: 3600,
    evaluationPeriods: hours,
    treatMissingData: "breaching",
  };
}
