import { gdpr, iso27001, pciDss, soc2 } from "../../core/controls.ts";
import { resourceRule } from "../../core/rule.ts";

const ownKey = "the ARN of a customer managed key of that region";

export const dynamodbEncrypted = resourceRule({
  id: "dynamodb-encrypted",
  title: "DynamoDB tables and every replica are encrypted with a customer managed key",
  why: "A replica does not take over the table's key: left out, that region's copy falls back to a key of AWS.",
  severity: "critical",
  level: "mandatory",
  controls: [...soc2("CC6.1"), ...iso27001("A.8.24"), ...pciDss("3.5.1"), ...gdpr("Art. 32(1)(a)")],
  requirements: ["SEC-01", "GOV-07"],
  remediation:
    "Set serverSideEncryption {enabled: true, kmsKeyArn} on the table and kmsKeyArn on each replica.",
  url: "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html",
  config: {},
  checks: {
    "aws:dynamodb/table:Table": (table, inspection) => {
      inspection.must({
        property: "serverSideEncryption.enabled",
        read: () => table.serverSideEncryption?.enabled,
        is: (value) => value === true,
        allowed: "true",
        fix: "Set serverSideEncryption.enabled: true; false means a key that DynamoDB owns.",
      });
      inspection.mustBeSet({
        property: "serverSideEncryption.kmsKeyArn",
        read: () => table.serverSideEncryption?.kmsKeyArn,
        allowed: ownKey,
        fix: "Set it to the region's data key.",
      });
      inspection.attempt(() => {
        (table.replicas ?? []).forEach((_, at) => {
          inspection.mustBeSet({
            property: `replicas[${at}].kmsKeyArn`,
            read: () => table.replicas?.[at]?.kmsKeyArn,
            allowed: ownKey,
            fix: "Set it to the replica of the multi-region key in that region.",
          });
        });
      });
    },
    "aws:dynamodb/tableReplica:TableReplica": (replica, inspection) =>
      inspection.mustBeSet({
        property: "kmsKeyArn",
        read: () => replica.kmsKeyArn,
        allowed: ownKey,
        fix: "Set it to the replica of the multi-region key in that region.",
      }),
  },
});
