import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { wholeNumberProblem } from "../argument-problems.ts";
import { at, type ByRegion, orderedPairs, regionProblems } from "../data/regions.ts";
import { refuse } from "../edge/arguments.ts";
import { type ReplicationMetric, replicationMetrics, replicationRuleId } from "./replication-metrics.ts";

export interface ReplicationAlarmsArgs {
  /** Name of each region's bucket, by region, as given to the buckets. */
  readonly bucketNames: ByRegion<pulumi.Input<string>>;
  /** Regions whose buckets replicate to each other. */
  readonly regions: readonly string[];
  /** A provider for every region. */
  readonly providers: ByRegion<aws.Provider>;
  /** Topics of each region that are told of every change. */
  readonly topicArns: ByRegion<pulumi.Input<pulumi.Input<string>[]>>;
  /** Seconds that a destination may be behind. @default 900, what S3 Replication Time Control promises */
  readonly latencySeconds?: number | undefined;
  /** Bytes that may wait for 15 minutes. @default 10737418240 (10 GiB) */
  readonly pendingBytes?: number | undefined;
}

/**
 * Tells people when a bucket's replication to a peer is late, piles up or fails, for every ordered pair of regions
 * (STOR-07, DR-12, DR-14, DR-16).
 *
 * An alarm is in the region that has its metric: lateness and backlog at the destination, failures at the source. When a
 * region is lost the peer's alarms on failures remain. No data is no alarm: S3 measures while there is something to
 * replicate. Three alarms for each pair cost 0.30 USD a month, the metrics 0.90.
 */
export class ReplicationAlarms extends pulumi.ComponentResource {
  readonly #name: string;
  readonly #args: ReplicationAlarmsArgs;

  constructor(name: string, args: ReplicationAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:storage:ReplicationAlarms", name, {}, opts);
    this.#name = name;
    this.#args = args;
    const limits = {
      latencySeconds: args.latencySeconds ?? 900,
      pendingBytes: args.pendingBytes ?? 10 * 1024 ** 3,
    };
    refuse(`ReplicationAlarms ${name}`, [
      ...regionProblems(args.regions, {
        bucketNames: args.bucketNames,
        providers: args.providers,
        topicArns: args.topicArns,
      }),
      ...wholeNumberProblem("latencySeconds", limits.latencySeconds, {
        from: 60,
        to: 86_400,
        fix: "900 is what S3 promises",
      }),
      ...wholeNumberProblem("pendingBytes", limits.pendingBytes, {
        from: 0,
        to: Number.MAX_SAFE_INTEGER,
        fix: "give what may wait for 15 minutes",
      }),
    ]);
    for (const { from, to } of orderedPairs(args.regions)) {
      for (const metric of replicationMetrics(limits)) this.#createAlarm(from, to, metric);
    }
    this.registerOutputs({});
  }

  #createAlarm(from: string, to: string, metric: ReplicationMetric): void {
    const { bucketNames, providers, topicArns } = this.#args;
    const region = metric.publishedBy === "source" ? from : to;
    new aws.cloudwatch.MetricAlarm(
      `${this.#name}-${from}-to-${to}-${metric.key}`,
      {
        alarmDescription: `Replication from ${from} to ${to}: ${metric.meaning}`,
        namespace: "AWS/S3",
        metricName: metric.metricName,
        dimensions: {
          SourceBucket: at(bucketNames, from),
          DestinationBucket: at(bucketNames, to),
          RuleId: replicationRuleId(to),
        },
        statistic: metric.statistic,
        comparisonOperator: "GreaterThanThreshold",
        threshold: metric.threshold,
        period: 300,
        evaluationPeriods: metric.periods,
        treatMissingData: "notBreaching",
        alarmActions: at(topicArns, region),
        okActions: at(topicArns, region),
      },
      { parent: this, provider: at(providers, region) },
    );
  }
}
