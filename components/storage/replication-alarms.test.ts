import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import {
  ACCOUNT,
  EAST,
  keyArn,
  keyArns,
  planAcross,
  refusalOf,
  THREE,
  TWO,
  WEST,
} from "../data/planned-data.ts";
import { mapRegions, orderedPairs } from "../data/regions.ts";
import { MODES, named, ofType, pick } from "../edge/planned-edge.ts";
import { ReplicatedBuckets } from "./replicated-buckets.ts";
import { ReplicationAlarms, type ReplicationAlarmsArgs } from "./replication-alarms.ts";

const ALARM = "cloudwatch/metricAlarm:MetricAlarm";
const bucketName = (region: string) => `documents-${region}`;
const topicArn = (region: string) => `arn:aws:sns:${region}:${ACCOUNT}:alerts`;
const planAlarms = (mode: PlanMode, regions: string[], change: Partial<ReplicationAlarmsArgs> = {}) =>
  planAcross(regions, mode, ({ providers }) => {
    const bucketNames = mapRegions(regions, bucketName);
    new ReplicatedBuckets("documents", {
      bucketNames,
      regions,
      providers,
      accountId: ACCOUNT,
      kmsKeyArns: keyArns(regions),
      dataProtection: "retain",
    });
    new ReplicationAlarms("replication", {
      bucketNames,
      regions,
      providers,
      topicArns: mapRegions(regions, (region) => [topicArn(region)]),
      ...change,
    });
  });

for (const mode of MODES) {
  describe(`ReplicationAlarms, ${mode}`, () => {
    it("STOR-07 and DR-14: lateness beyond 15 minutes is told in the region that waits for the objects", async () => {
      const alarm = named(await planAlarms(mode, TWO), ALARM, "replication-us-east-1-to-us-west-2-late");
      assert.equal(alarm.region, WEST);
      const { name: _, ...inputs } = alarm.inputs;
      assert.deepEqual(inputs, {
        alarmActions: [topicArn(WEST)],
        alarmDescription:
          "Replication from us-east-1 to us-west-2: objects arrive more than 900 s late, beyond the RPO of files",
        comparisonOperator: "GreaterThanThreshold",
        dimensions: {
          DestinationBucket: "documents-us-west-2",
          RuleId: "to-us-west-2",
          SourceBucket: "documents-us-east-1",
        },
        evaluationPeriods: 1,
        metricName: "ReplicationLatency",
        namespace: "AWS/S3",
        okActions: [topicArn(WEST)],
        period: 300,
        statistic: "Maximum",
        threshold: 900,
        treatMissingData: "notBreaching",
      });
    });

    it("DR-12: a backlog is told at the destination, failures at the source", async () => {
      const plan = await planAlarms(mode, TWO);
      const pending = named(plan, ALARM, "replication-us-east-1-to-us-west-2-pending");
      assert.equal(pending.region, WEST);
      assert.deepEqual(pick(pending, "evaluationPeriods", "metricName", "statistic", "threshold"), {
        evaluationPeriods: 3,
        metricName: "BytesPendingReplication",
        statistic: "Maximum",
        threshold: 10_737_418_240,
      });
      const failed = named(plan, ALARM, "replication-us-east-1-to-us-west-2-failed");
      assert.equal(failed.region, EAST);
      assert.deepEqual(
        pick(failed, "alarmActions", "evaluationPeriods", "metricName", "statistic", "threshold"),
        {
          alarmActions: [topicArn(EAST)],
          evaluationPeriods: 1,
          metricName: "OperationsFailedReplication",
          statistic: "Sum",
          threshold: 0,
        },
      );
    });

    it("DR-16: every ordered pair has its three alarms, on rules that the buckets have", async () => {
      const plan = await planAlarms(mode, THREE);
      const alarms = ofType(plan, ALARM);
      assert.deepEqual(
        alarms.map(({ name }) => name).sort(),
        orderedPairs(THREE)
          .flatMap(({ from, to }) =>
            ["failed", "late", "pending"].map((key) => `replication-${from}-to-${to}-${key}`),
          )
          .sort(),
      );
      const rules = ofType(plan, "s3/bucketReplicationConfig:BucketReplicationConfig").flatMap(
        ({ region = "", inputs }) =>
          (inputs["rules"] as { id: string; destination: { bucket: string } }[]).map(
            ({ destination, id }) => `${bucketName(region)} ${destination.bucket.split(":").at(-1)} ${id}`,
          ),
      );
      const watched = alarms.map(({ inputs }) => {
        const on = inputs["dimensions"] as Record<string, string>;
        return `${on["SourceBucket"]} ${on["DestinationBucket"]} ${on["RuleId"]}`;
      });
      assert.deepEqual([...new Set(watched)].sort(), rules.sort());
    });

    it("has nothing to say of a single region", async () => {
      assert.deepEqual(ofType(await planAlarms(mode, [EAST]), ALARM), []);
    });

    it("takes other limits", async () => {
      const plan = await planAlarms(mode, TWO, { latencySeconds: 1800, pendingBytes: 0 });
      const threshold = (key: string) =>
        named(plan, ALARM, `replication-us-west-2-to-us-east-1-${key}`).inputs["threshold"];
      assert.deepEqual([threshold("late"), threshold("pending"), threshold("failed")], [1800, 0, 0]);
    });
  });
}

describe("ReplicationAlarms", () => {
  it("refuses bad arguments all at once, with what is wrong and how to mend it", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ providers }) =>
          new ReplicationAlarms("r", {
            bucketNames: { [EAST]: "a" },
            regions: TWO,
            providers,
            topicArns: { [WEST]: [keyArn(WEST)] },
            latencySeconds: 1.5,
            pendingBytes: -1,
          }),
      ),
      [
        "ReplicationAlarms r:",
        'bucketNames: nothing is given for "us-west-2"; give a value for every one of regions',
        'topicArns: nothing is given for "us-east-1"; give a value for every one of regions',
        "latencySeconds: 1.5 is not a whole number from 60 to 86400; 900 is what S3 promises",
        "pendingBytes: -1 is not a whole number from 0 to 9007199254740991; give what may wait for 15 minutes",
      ],
    );
  });
});
