import { gdpr, iso27001, pciDss, soc2 } from "../../core/controls.ts";
import { type Inspection, isSet } from "../../core/inspection.ts";
import { resourceRule } from "../../core/rule.ts";

interface Encryptable {
  readonly storageEncrypted?: boolean;
  readonly kmsKeyId?: string;
}

const ownKey =
  "Give it the region's data key; AWS cannot encrypt or re-key a database in place, it is restored into a new one.";

function encryptedWithOwnKey(database: Encryptable, inspection: Inspection): void {
  inspection.must({
    property: "storageEncrypted",
    read: () => database.storageEncrypted,
    is: (value) => value === true,
    allowed: "true",
    fix: "Set storageEncrypted: true before the first deployment.",
  });
  inspection.mustBeSet({
    property: "kmsKeyId",
    read: () => database.kmsKeyId,
    allowed: "the ARN of a customer managed key",
    fix: ownKey,
  });
}

export const rdsEncrypted = resourceRule({
  id: "rds-encrypted",
  title: "Relational storage is encrypted with a customer managed key",
  why: "A snapshot that leaves the account is readable when the storage is not encrypted, and a key of AWS cannot be withdrawn or shared with the peer region.",
  severity: "critical",
  level: "mandatory",
  controls: [...soc2("CC6.1"), ...iso27001("A.8.24"), ...pciDss("3.5.1"), ...gdpr("Art. 32(1)(a)")],
  requirements: ["SEC-01", "GOV-07"],
  remediation:
    "Set storageEncrypted: true and kmsKeyId to the region's data key on the cluster (and storageEncrypted on the global cluster).",
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Overview.Encryption.html",
  config: {},
  checks: {
    "aws:rds/cluster:Cluster": encryptedWithOwnKey,
    "aws:rds/instance:Instance": encryptedWithOwnKey,
    "aws:rds/globalCluster:GlobalCluster": (globalCluster, inspection) => {
      // A global cluster made from an existing cluster takes over that cluster's encryption and accepts none itself.
      if (isSet(() => globalCluster.sourceDbClusterIdentifier)) return;
      inspection.must({
        property: "storageEncrypted",
        read: () => globalCluster.storageEncrypted,
        is: (value) => value === true,
        allowed: "true",
        fix: "Set storageEncrypted: true; every cluster that joins must then be encrypted.",
      });
    },
  },
});
