import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import { ACCOUNT, EAST, WEST } from "../data/planned-data.ts";
import { MODES, named, ofType, pick, planIn, refusal, sources } from "../edge/planned-edge.ts";
import { ObjectiveAlarms, type ObjectiveAlarmsArgs } from "./objective-alarms.ts";
import { OBJECTIVES, objectiveLines } from "./objectives.ts";

const ALARM = "cloudwatch/metricAlarm:MetricAlarm";
const TOPICS = [`arn:aws:sns:${WEST}:${ACCOUNT}:alarms`];
const argsWith = (change: Partial<ObjectiveAlarmsArgs> = {}): ObjectiveAlarmsArgs => ({
  region: WEST,
  peerRegions: [EAST],
  clusterIdentifier: "platform-relational-us-west-2",
  tableNames: ["platform-documents"],
  incomingBucketRules: [
    { sourceBucket: "documents-east", destinationBucket: "documents-west", ruleId: "to-us-west-2" },
  ],
  outgoingBucketRules: [
    { sourceBucket: "documents-west", destinationBucket: "documents-east", ruleId: "to-us-east-1" },
  ],
  vaultName: "platform",
  alarmTopicArns: TOPICS,
  ...change,
});
const planAlarms = (mode: PlanMode, change: Partial<ObjectiveAlarmsArgs> = {}) =>
  planIn(WEST, mode, (opts) => {
    new ObjectiveAlarms("objectives", argsWith(change), opts);
  });
const MEASURED = [
  "namespace",
  "metricName",
  "dimensions",
  "statistic",
  "comparisonOperator",
  "threshold",
  "period",
  "evaluationPeriods",
  "treatMissingData",
];

describe("recovery objectives", () => {
  it("DR-05, DR-06, DR-07, DR-08 and DR-09: times to recover, in the order in which a failover meets them", () => {
    const seconds = Object.fromEntries(Object.entries(OBJECTIVES.time).map(([tier, o]) => [tier, o.seconds]));
    assert.deepEqual(seconds, { traffic: 30, database: 60, application: 300, region: 900, restore: 14_400 });
  });

  it("DR-10, DR-11, DR-12, DR-13 and DR-14: what may be lost, for each tier", () => {
    const seconds = Object.fromEntries(
      Object.entries(OBJECTIVES.point).map(([tier, o]) => [tier, o.seconds]),
    );
    assert.deepEqual(seconds, {
      database: 1,
      state: 1,
      files: 900,
      sharedFiles: 900,
      configuration: 0,
      restore: 86_400,
    });
  });

  it("the steps of a regional failover fit into its own time one after the other", () => {
    const { application, database, region, traffic } = OBJECTIVES.time;
    assert.ok(application.seconds + database.seconds + traffic.seconds <= region.seconds);
  });

  it("every objective names the rows that ask for it, and reads as a line", () => {
    const lines = objectiveLines();
    assert.equal(lines.length, 11);
    for (const line of lines) assert.match(line, /^RTO|RPO \w+: \d+ (s|min|h) \(DR-\d\d(, DR-\d\d)*\): \S/);
    assert.equal(lines[0], "RTO traffic: 30 s (DR-07): new requests go to the healthy region");
    assert.ok(lines.includes("RPO database: 1 s (DR-10): Aurora global database"));
  });
});

for (const mode of MODES) {
  describe(`ObjectiveAlarms, ${mode}`, () => {
    it("DR-10: rings when this region's database is more than a second behind, and not when it is the writer", async () => {
      assert.deepEqual(pick(named(await planAlarms(mode), ALARM, "objectives-database-lag"), ...MEASURED), {
        namespace: "AWS/RDS",
        metricName: "AuroraGlobalDBReplicationLag",
        dimensions: { DBClusterIdentifier: "platform-relational-us-west-2" },
        statistic: "Average",
        comparisonOperator: "GreaterThanThreshold",
        threshold: 1000,
        period: 60,
        evaluationPeriods: 3,
        treatMissingData: "notBreaching",
      });
    });

    it("DR-11 and DR-16: rings when a table's writes reach a peer later than a second", async () => {
      const plan = await planAlarms(mode);
      assert.deepEqual(
        pick(named(plan, ALARM, "objectives-table-latency-platform-documents-us-east-1"), ...MEASURED),
        {
          namespace: "AWS/DynamoDB",
          metricName: "ReplicationLatency",
          dimensions: { ReceivingRegion: EAST, TableName: "platform-documents" },
          statistic: "Average",
          comparisonOperator: "GreaterThanThreshold",
          threshold: 1000,
          period: 60,
          evaluationPeriods: 5,
          treatMissingData: "notBreaching",
        },
      );
    });

    it("DR-12 and DR-14: rings when files are 15 minutes late, pile up, or were given up", async () => {
      const files = ofType(await planAlarms(mode), ALARM).filter(({ name }) => name.includes("-files-"));
      const [dimensions, back] = ["west", "east"].map((side) => ({
        DestinationBucket: `documents-${side}`,
        RuleId: side === "west" ? "to-us-west-2" : "to-us-east-1",
        SourceBucket: `documents-${side === "west" ? "east" : "west"}`,
      }));
      assert.deepEqual(
        files.map((alarm) => pick(alarm, "metricName", "dimensions", "threshold", "evaluationPeriods")),
        [
          { metricName: "OperationsFailedReplication", dimensions: back, threshold: 0, evaluationPeriods: 1 },
          { metricName: "ReplicationLatency", dimensions, threshold: 900, evaluationPeriods: 1 },
          { metricName: "BytesPendingReplication", dimensions, threshold: 2 ** 30, evaluationPeriods: 15 },
        ],
      );
    });

    it("DR-16: rings when the shared files' copy is 15 minutes old", async () => {
      const plan = await planAlarms(mode, { fileSystem: { id: "fs-west", destinationId: "fs-east" } });
      assert.deepEqual(
        pick(named(plan, ALARM, "objectives-shared-files-age"), "metricName", "dimensions", "threshold"),
        {
          metricName: "TimeSinceLastSync",
          dimensions: { DestinationFileSystemId: "fs-east", FileSystemId: "fs-west" },
          threshold: 900,
        },
      );
    });

    it("DR-18: rings when no backup was completed for 26 hours, and silence counts as none", async () => {
      assert.deepEqual(pick(named(await planAlarms(mode), ALARM, "objectives-backup-age"), ...MEASURED), {
        namespace: "AWS/Backup",
        metricName: "NumberOfBackupJobsCompleted",
        dimensions: { BackupVaultName: "platform" },
        statistic: "Sum",
        comparisonOperator: "LessThanThreshold",
        threshold: 1,
        period: 3600,
        evaluationPeriods: 26,
        treatMissingData: "breaching",
      });
    });

    it("every alarm tells the given topics when it rings and when it is over, and watches in its own region", async () => {
      for (const alarm of ofType(await planAlarms(mode), ALARM)) {
        assert.deepEqual(pick(alarm, "alarmActions", "okActions"), {
          alarmActions: TOPICS,
          okActions: TOPICS,
        });
        assert.equal(alarm.region, WEST);
        assert.deepEqual(sources(alarm, "alarmActions"), []);
      }
    });
  });
}

describe("ObjectiveAlarms refuses", () => {
  it("itself as a peer, sizes that are none, and nothing to watch", async () => {
    const change = {
      peerRegions: [WEST, "oregon"],
      clusterIdentifier: undefined,
      tableNames: [],
      incomingBucketRules: [],
      outgoingBucketRules: [],
      vaultName: undefined,
      maximumPendingBytes: -1,
    };
    const lines = await refusal((opts) => new ObjectiveAlarms("objectives", argsWith(change), opts));
    assert.deepEqual(
      lines.map((line) => line.trim()),
      [
        "ObjectiveAlarms objectives:",
        'peerRegions: "oregon" is not an AWS region name; write it like us-east-1',
        'peerRegions: "us-west-2" is the region itself; name the others',
        "maximumPendingBytes: -1 is no number of bytes",
        "nothing is watched: give clusterIdentifier, tableNames, bucket rules, fileSystem or vaultName",
      ],
    );
  });
});
