import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { unknownRegionProblems } from "../argument-problems.ts";
import { refuse } from "../edge/arguments.ts";
import {
  backupAge,
  databaseLag,
  fileSystemAge,
  incomingFiles,
  type ObjectiveMetric,
  outgoingFiles,
  type ReplicatedBucketRule,
  tableLatency,
} from "./objective-metrics.ts";

export interface ObjectiveAlarmsArgs {
  /** Region of the provider. */
  readonly region: string;
  /** Regions that this one replicates with. */
  readonly peerRegions: readonly string[];
  /** This region's cluster of the Aurora global database. @default none */
  readonly clusterIdentifier?: string | undefined;
  /** Global tables. @default none */
  readonly tableNames?: readonly string[] | undefined;
  /** Replication rules into buckets of this region: whether they are late. @default none */
  readonly incomingBucketRules?: readonly ReplicatedBucketRule[] | undefined;
  /** Replication rules out of buckets of this region: whether they gave something up. @default none */
  readonly outgoingBucketRules?: readonly ReplicatedBucketRule[] | undefined;
  /** Bytes that may wait for a quarter of an hour. @default 1073741824, a GiB */
  readonly maximumPendingBytes?: number | undefined;
  /** File system of this region that is replicated to another. @default none */
  readonly fileSystem?:
    | { readonly id: pulumi.Input<string>; readonly destinationId: pulumi.Input<string> }
    | undefined;
  /** Backup vault of this region. @default none */
  readonly vaultName?: pulumi.Input<string> | undefined;
  /** Topics of this region that alarms tell. */
  readonly alarmTopicArns: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * An alarm for each recovery objective that can be measured while all is well (DR-10 to DR-14, DR-16, DR-18): lag of the
 * database, of tables, of files, and the age of the last backup. The limits are those of `OBJECTIVES`.
 *
 * Each alarm is where AWS reports: databases and late files where they arrive, tables and lost files where they leave. The
 * loss of a region takes its alarms with it; the surviving region's fall silent, because nothing arrives that could be
 * late. 0.10 USD a month for each alarm.
 */
export class ObjectiveAlarms extends pulumi.ComponentResource {
  /** ARN by what is watched. */
  readonly alarmArns: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: ObjectiveAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:backup:ObjectiveAlarms", name, {}, opts);
    refuse(`ObjectiveAlarms ${name}`, problems(args));
    this.alarmArns = Object.fromEntries(
      metricsOf(args).map(({ description, key, ...metric }) => {
        const alarm = new aws.cloudwatch.MetricAlarm(
          `${name}-${key}`,
          {
            ...metric,
            alarmDescription: description,
            alarmActions: args.alarmTopicArns,
            okActions: args.alarmTopicArns,
          },
          { parent: this },
        );
        return [key, alarm.arn];
      }),
    );
    this.registerOutputs({ alarmArns: this.alarmArns });
  }
}

function metricsOf(args: ObjectiveAlarmsArgs): ObjectiveMetric<pulumi.Input<string>>[] {
  const { clusterIdentifier, fileSystem, tableNames = [], vaultName } = args;
  const pending = args.maximumPendingBytes ?? 2 ** 30;
  return [
    ...(clusterIdentifier === undefined ? [] : [databaseLag(clusterIdentifier)]),
    ...tableNames.flatMap((table) => args.peerRegions.map((peer) => tableLatency(table, peer))),
    ...(args.incomingBucketRules ?? []).flatMap((rule) => incomingFiles(rule, pending)),
    ...(args.outgoingBucketRules ?? []).map(outgoingFiles),
    ...(fileSystem === undefined ? [] : [fileSystemAge(fileSystem.id, fileSystem.destinationId)]),
    ...(vaultName === undefined ? [] : [backupAge(vaultName)]),
  ];
}

function problems(args: ObjectiveAlarmsArgs): string[] {
  const found = unknownRegionProblems("region", [args.region]);
  found.push(...unknownRegionProblems("peerRegions", args.peerRegions));
  if (args.peerRegions.includes(args.region)) {
    found.push(`peerRegions: "${args.region}" is the region itself; name the others`);
  }
  const pending = args.maximumPendingBytes;
  if (pending !== undefined && !(Number.isInteger(pending) && pending >= 0)) {
    found.push(`maximumPendingBytes: ${pending} is no number of bytes`);
  }
  if (metricsOf(args).length === 0) {
    found.push(
      "nothing is watched: give clusterIdentifier, tableNames, bucket rules, fileSystem or vaultName",
    );
  }
  return found;
}
