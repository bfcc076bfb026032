/** What S3 measures of a replication rule, in which region it says so, and when that is worth waking someone. */

/** Id of the rule that replicates a bucket to its peer; metrics carry it. */
export function replicationRuleId(peer: string): string {
  return `to-${peer}`;
}

export interface ReplicationLimits {
  /** Seconds that a destination may be behind. */
  readonly latencySeconds: number;
  /** Bytes that may wait for a destination. */
  readonly pendingBytes: number;
}

export interface ReplicationMetric {
  /** Stable part of the alarm's name. */
  readonly key: "failed" | "late" | "pending";
  readonly metricName: "BytesPendingReplication" | "OperationsFailedReplication" | "ReplicationLatency";
  /** End of the rule in whose region S3 publishes the metric. */
  readonly publishedBy: "destination" | "source";
  readonly statistic: "Maximum" | "Sum";
  /** The alarm goes off above it. */
  readonly threshold: number;
  /** Five-minute periods in a row that must be above it. */
  readonly periods: number;
  readonly meaning: string;
}

/**
 * Which region publishes what: https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html. So the loss of a
 * destination silences two alarms of three, and the failures are what the source's region still tells.
 */
export function replicationMetrics(limits: ReplicationLimits): ReplicationMetric[] {
  return [
    {
      key: "late",
      metricName: "ReplicationLatency",
      publishedBy: "destination",
      statistic: "Maximum",
      threshold: limits.latencySeconds,
      periods: 1,
      meaning: `objects arrive more than ${limits.latencySeconds} s late, beyond the RPO of files`,
    },
    {
      key: "pending",
      metricName: "BytesPendingReplication",
      publishedBy: "destination",
      statistic: "Maximum",
      threshold: limits.pendingBytes,
      periods: 3,
      meaning: `more than ${limits.pendingBytes} bytes have waited for 15 minutes`,
    },
    {
      key: "failed",
      metricName: "OperationsFailedReplication",
      publishedBy: "source",
      statistic: "Sum",
      threshold: 0,
      periods: 1,
      meaning: "S3 gave up on operations; Batch Replication brings them when the cause is gone",
    },
  ];
}
