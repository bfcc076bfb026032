import { deepEqual, throws } from "node:assert/strict";
import { cases, runRule, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { rdsBackupRetention } from "./rds-backup-retention.ts";

const floor = (value: string) =>
  `backupRetentionPeriod is ${value}; it must be at least 30 days. Set backupRetentionPeriod: 30; AWS keeps one day when it is not set.`;

describe("rds-backup-retention", () => {
  for (const type of ["aws:rds/cluster:Cluster", "aws:rds/instance:Instance"] as const) {
    cases(rdsBackupRetention, type, { backupRetentionPeriod: 30 }, [
      ["DR-21: refuses 29 days", { backupRetentionPeriod: 29 }, [floor("29")]],
      ["refuses 0, which turns backups off", { backupRetentionPeriod: 0 }, [floor("0")]],
      ["refuses what is not set", { backupRetentionPeriod: undefined }, [floor("not set")]],
      [
        "does not decide on an unknown number",
        { backupRetentionPeriod: UNKNOWN },
        [undecided("backupRetentionPeriod")],
      ],
    ]);
  }

  cases(rdsBackupRetention, "aws:rds/instance:Instance", { replicateSourceDb: "records" }, [
    ["leaves a replica of an unknown source alone", { replicateSourceDb: UNKNOWN }, []],
  ]);

  const inProduction = (backupRetentionPeriod: number) =>
    runRule(
      rdsBackupRetention,
      { type: "aws:rds/cluster:Cluster", props: { backupRetentionPeriod } },
      { exactDays: 35 },
    );

  it("DR-22: production takes 35 days and nothing else", () => {
    deepEqual(inProduction(35), []);
    deepEqual(inProduction(30), [
      "backupRetentionPeriod is 30; it must be 35 days. Set backupRetentionPeriod: 35; AWS keeps one day when it is not set.",
    ]);
  });

  it("refuses a setting that AWS has no room for", () => {
    const settings = { minimumDays: 36 };
    const resource = { type: "aws:rds/cluster:Cluster", props: {} };
    throws(
      () => runRule(rdsBackupRetention, resource, settings),
      /rule rds-backup-retention failed on urn:.*\n?.*minimumDays/s,
    );
  });
});
