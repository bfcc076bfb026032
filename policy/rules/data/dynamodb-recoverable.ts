import { z } from "zod";
import { gdpr, iso27001, soc2 } from "../../core/controls.ts";
import type { Inspection } from "../../core/inspection.ts";
import { resourceRule } from "../../core/rule.ts";

const config = {
  minimumDays: z
    .int()
    .min(1)
    .max(35)
    .default(30)
    .describe("Shortest recovery window that is accepted, in days"),
};

function mustBeOn(property: string, read: () => boolean | undefined, inspection: Inspection): void {
  inspection.must({
    property,
    read,
    is: (value) => value === true,
    allowed: "true",
    fix: `Set ${property}: true; each region's copy has its own setting.`,
  });
}

export const dynamodbRecoverable = resourceRule({
  id: "dynamodb-recoverable",
  title: "DynamoDB tables and every replica keep point-in-time recovery and refuse deletion",
  why: "A mistaken write replicates to every region within a second; only point-in-time recovery undoes it.",
  severity: "high",
  level: "mandatory",
  controls: [...soc2("A1.2"), ...iso27001("A.8.13"), ...gdpr("Art. 32(1)(c)")],
  requirements: ["DATA-14", "DR-21", "DR-22"],
  remediation: "Turn on pointInTimeRecovery and deletionProtectionEnabled on the table and on each replica.",
  url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html",
  config,
  checks: {
    "aws:dynamodb/table:Table": (table, inspection, { config: { minimumDays } }) => {
      mustBeOn("pointInTimeRecovery.enabled", () => table.pointInTimeRecovery?.enabled, inspection);
      inspection.must({
        property: "pointInTimeRecovery.recoveryPeriodInDays",
        read: () => table.pointInTimeRecovery?.recoveryPeriodInDays,
        // AWS keeps 35 days when nothing is said.
        is: (days) => days === undefined || days >= minimumDays,
        allowed: `at least ${minimumDays} days`,
        fix: "Remove recoveryPeriodInDays for the full 35 days.",
      });
      mustBeOn("deletionProtectionEnabled", () => table.deletionProtectionEnabled, inspection);
      inspection.attempt(() => {
        (table.replicas ?? []).forEach((_, at) => {
          const replica = () => table.replicas?.[at];
          mustBeOn(`replicas[${at}].pointInTimeRecovery`, () => replica()?.pointInTimeRecovery, inspection);
          mustBeOn(
            `replicas[${at}].deletionProtectionEnabled`,
            () => replica()?.deletionProtectionEnabled,
            inspection,
          );
        });
      });
    },
    "aws:dynamodb/tableReplica:TableReplica": (replica, inspection) => {
      mustBeOn("pointInTimeRecovery", () => replica.pointInTimeRecovery, inspection);
      mustBeOn("deletionProtectionEnabled", () => replica.deletionProtectionEnabled, inspection);
    },
  },
});
