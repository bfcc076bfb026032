import { iso27001, soc2 } from "../../core/controls.ts";
import { type Inspection, isSet } from "../../core/inspection.ts";
import { resourceRule } from "../../core/rule.ts";

interface Guarded {
  readonly deletionProtection?: boolean;
  readonly skipFinalSnapshot?: boolean;
  readonly finalSnapshotIdentifier?: string;
}

function refusesDeletion(
  { deletionProtection }: { deletionProtection: () => unknown },
  inspection: Inspection,
): void {
  inspection.must({
    property: "deletionProtection",
    read: deletionProtection,
    is: (value) => value === true,
    allowed: "true",
    fix: "Set deletionProtection: true; it costs nothing and can be turned off in an update of its own.",
  });
}

function leavesSnapshot(database: Guarded, inspection: Inspection): void {
  inspection.must({
    property: "skipFinalSnapshot",
    read: () => database.skipFinalSnapshot,
    is: (value) => value !== true,
    allowed: "false",
    fix: "Remove skipFinalSnapshot, so that a deletion leaves a last snapshot.",
  });
  inspection.mustBeSet({
    property: "finalSnapshotIdentifier",
    read: () => database.finalSnapshotIdentifier,
    allowed: "the name of the last snapshot",
    fix: "Set finalSnapshotIdentifier; without it AWS refuses the deletion half-way through a destroy.",
  });
}

function guarded(database: Guarded, inspection: Inspection): void {
  refusesDeletion({ deletionProtection: () => database.deletionProtection }, inspection);
  leavesSnapshot(database, inspection);
}

export const rdsDeletionGuard = resourceRule({
  id: "rds-deletion-guard",
  title: "Relational databases refuse deletion and leave a last snapshot",
  why: "One mistaken replacement or destroy deletes every record together with the automated backups.",
  severity: "high",
  level: "mandatory",
  controls: [...soc2("A1.2"), ...iso27001("A.8.13", "A.8.32")],
  requirements: ["GOV-07", "GOV-08"],
  remediation: "Set deletionProtection: true and finalSnapshotIdentifier, and leave skipFinalSnapshot out.",
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DeleteCluster.html",
  config: {},
  checks: {
    "aws:rds/cluster:Cluster": guarded,
    "aws:rds/globalCluster:GlobalCluster": (globalCluster, inspection) =>
      refusesDeletion({ deletionProtection: () => globalCluster.deletionProtection }, inspection),
    "aws:rds/instance:Instance": (instance, inspection) => {
      refusesDeletion({ deletionProtection: () => instance.deletionProtection }, inspection);
      // AWS takes no last snapshot of a read replica.
      if (!isSet(() => instance.replicateSourceDb)) leavesSnapshot(instance, inspection);
    },
  },
});
