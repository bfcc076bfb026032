import { deepEqual } from "node:assert/strict";
import { cases, runRule, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { rdsEncrypted } from "./rds-encrypted.ts";

const key = "arn:aws:kms:us-east-1:111122223333:key/mrk-1";
const open = (value: string) =>
  `storageEncrypted is ${value}; it must be true. Set storageEncrypted: true before the first deployment.`;
const noKey =
  "kmsKeyId is not set; it must be the ARN of a customer managed key. Give it the region's data key; AWS cannot encrypt or re-key a database in place, it is restored into a new one.";

describe("rds-encrypted", () => {
  for (const type of ["aws:rds/cluster:Cluster", "aws:rds/instance:Instance"] as const) {
    cases(rdsEncrypted, type, { storageEncrypted: true, kmsKeyId: key }, [
      ["refuses storage that says nothing", { storageEncrypted: undefined }, [open("not set")]],
      ["refuses plain storage", { storageEncrypted: false }, [open("false")]],
      ["refuses the key of AWS", { kmsKeyId: undefined }, [noKey]],
      ["refuses an empty key", { kmsKeyId: "" }, [noKey]],
      ["names both at once", { storageEncrypted: false, kmsKeyId: undefined }, [open("false"), noKey]],
      ["takes a key that is not known yet", { kmsKeyId: UNKNOWN }, []],
      [
        "still checks the key when encryption is not known yet",
        { storageEncrypted: UNKNOWN, kmsKeyId: undefined },
        [noKey, undecided("storageEncrypted")],
      ],
    ]);
  }

  const globalOpen = (value: string) =>
    `storageEncrypted is ${value}; it must be true. Set storageEncrypted: true; every cluster that joins must then be encrypted.`;
  cases(
    rdsEncrypted,
    "aws:rds/globalCluster:GlobalCluster",
    { globalClusterIdentifier: "records", storageEncrypted: true },
    [
      ["refuses a plain global cluster", { storageEncrypted: false }, [globalOpen("false")]],
      [
        "refuses a global cluster that says nothing",
        { storageEncrypted: undefined },
        [globalOpen("not set")],
      ],
      [
        "leaves a global cluster made from a cluster to that cluster",
        {
          storageEncrypted: undefined,
          sourceDbClusterIdentifier: "arn:aws:rds:us-east-1:111122223333:cluster:a",
        },
        [],
      ],
    ],
  );

  it("leaves other types alone", () => {
    deepEqual(runRule(rdsEncrypted, { type: "aws:s3/bucket:Bucket", props: {} }), [
      "not applicable: looks at aws:rds/cluster:Cluster, aws:rds/instance:Instance, aws:rds/globalCluster:GlobalCluster",
    ]);
  });
});
