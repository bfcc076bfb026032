import { cases, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { rdsDeletionGuard } from "./rds-deletion-guard.ts";

const unguarded = (value: string) =>
  `deletionProtection is ${value}; it must be true. Set deletionProtection: true; it costs nothing and can be turned off in an update of its own.`;
const skipped =
  "skipFinalSnapshot is true; it must be false. Remove skipFinalSnapshot, so that a deletion leaves a last snapshot.";
const unnamed =
  "finalSnapshotIdentifier is not set; it must be the name of the last snapshot. Set finalSnapshotIdentifier; without it AWS refuses the deletion half-way through a destroy.";

describe("rds-deletion-guard", () => {
  for (const type of ["aws:rds/cluster:Cluster", "aws:rds/instance:Instance"] as const) {
    cases(rdsDeletionGuard, type, { deletionProtection: true, finalSnapshotIdentifier: "records-final" }, [
      ["refuses no protection", { deletionProtection: false }, [unguarded("false")]],
      ["refuses protection that is not set", { deletionProtection: undefined }, [unguarded("not set")]],
      ["takes an explicit false for skipFinalSnapshot", { skipFinalSnapshot: false }, []],
      ["refuses to skip the last snapshot", { skipFinalSnapshot: true }, [skipped]],
      ["refuses a last snapshot without a name", { finalSnapshotIdentifier: undefined }, [unnamed]],
      ["takes a name that is not known yet", { finalSnapshotIdentifier: UNKNOWN }, []],
      [
        "reports the rest when protection is not known yet",
        { deletionProtection: UNKNOWN, skipFinalSnapshot: true },
        [skipped, undecided("deletionProtection")],
      ],
    ]);
  }
  cases(
    rdsDeletionGuard,
    "aws:rds/instance:Instance",
    { deletionProtection: true, replicateSourceDb: "records" },
    [["still protects a read replica", { deletionProtection: false }, [unguarded("false")]]],
  );
  cases(rdsDeletionGuard, "aws:rds/globalCluster:GlobalCluster", { deletionProtection: true }, [
    [
      "refuses a global cluster without protection",
      { deletionProtection: undefined },
      [unguarded("not set")],
    ],
  ]);
});
