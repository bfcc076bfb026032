import { z } from "zod";
import { gdpr, iso27001, soc2 } from "../../core/controls.ts";
import { type Inspection, isSet } from "../../core/inspection.ts";
import { resourceRule } from "../../core/rule.ts";

const config = {
  minimumDays: z.int().min(1).max(35).default(30).describe("Shortest retention that is accepted, in days"),
  exactDays: z
    .int()
    .min(1)
    .max(35)
    .optional()
    .describe("The only retention that is accepted, in days; production sets 35"),
};

interface Limits {
  readonly minimumDays: number;
  readonly exactDays?: number;
}

function keptLongEnough(
  read: () => number | undefined,
  inspection: Inspection,
  { minimumDays, exactDays }: Limits,
): void {
  inspection.must({
    property: "backupRetentionPeriod",
    read,
    is: (days) => days !== undefined && (exactDays === undefined ? days >= minimumDays : days === exactDays),
    allowed: exactDays === undefined ? `at least ${minimumDays} days` : `${exactDays} days`,
    fix: `Set backupRetentionPeriod: ${exactDays ?? minimumDays}; AWS keeps one day when it is not set.`,
  });
}

export const rdsBackupRetention = resourceRule({
  id: "rds-backup-retention",
  title: "Relational databases keep their automated backups long enough",
  why: "Corruption that is noticed late can only be undone while a backup from before it still exists.",
  severity: "high",
  level: "mandatory",
  controls: [...soc2("A1.2"), ...iso27001("A.8.13"), ...gdpr("Art. 32(1)(c)")],
  requirements: ["DR-21", "DR-22"],
  remediation: "Set backupRetentionPeriod to 35 days in production and to at least 30 elsewhere.",
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Backups.html",
  config,
  checks: {
    "aws:rds/cluster:Cluster": (cluster, inspection, { config: limits }) =>
      keptLongEnough(() => cluster.backupRetentionPeriod, inspection, limits),
    "aws:rds/instance:Instance": (instance, inspection, { config: limits }) => {
      // A read replica is rebuilt from its source, which this rule sees by itself.
      if (isSet(() => instance.replicateSourceDb)) return;
      keptLongEnough(() => instance.backupRetentionPeriod, inspection, limits);
    },
  },
});
