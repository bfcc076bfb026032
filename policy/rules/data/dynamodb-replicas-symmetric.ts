import { iso27001, soc2 } from "../../core/controls.ts";
import { resourceRule } from "../../core/rule.ts";

export const dynamodbReplicasSymmetric = resourceRule({
  id: "dynamodb-replicas-symmetric",
  title: "All copies of a global table are set up alike",
  why: "A region that takes over must find the same table; a replica with other settings is noticed only on the day it counts.",
  severity: "medium",
  level: "mandatory",
  controls: [...soc2("A1.2"), ...iso27001("A.8.14")],
  requirements: ["DATA-13"],
  remediation:
    "Give every replica the same options, name each region once and turn on streams with both images.",
  url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GlobalTables.html",
  config: {},
  checks: {
    "aws:dynamodb/table:Table": (table, inspection) => {
      const replicas = table.replicas ?? [];
      if (replicas.length === 0) return;
      for (const property of [
        "consistencyMode",
        "propagateTags",
        "pointInTimeRecovery",
        "deletionProtectionEnabled",
      ] as const) {
        replicas.forEach((replica, at) => {
          inspection.must({
            property: `replicas[${at}].${property}`,
            read: () => [replica[property], replicas[0]?.[property]],
            is: ([own, first]) => own === first,
            allowed: `the same as replicas[0].${property}`,
            fix: "Build all replicas from one list of regions.",
          });
        });
      }
      inspection.must({
        property: "replicas[].regionName",
        read: () => replicas.map(({ regionName }) => regionName),
        is: (regions) => new Set(regions).size === regions.length,
        allowed: "a different region for each replica",
        fix: "Remove the region that is named twice.",
      });
      inspection.must({
        property: "streamEnabled and streamViewType",
        read: () => [table.streamEnabled, table.streamViewType],
        is: ([enabled, view]) => enabled === true && view === "NEW_AND_OLD_IMAGES",
        allowed: 'true and "NEW_AND_OLD_IMAGES"',
        fix: "Set both; replication reads the stream.",
      });
    },
  },
});
