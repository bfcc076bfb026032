import { iso27001, soc2 } from "../../core/controls.ts";
import { anyTypeRule } from "../../core/rule.ts";

/** Types whose deletion loses data or a key to data. Instances, replicas and snapshots of these are not among them. */
const stateful = [
  "aws:backup/vault:Vault",
  "aws:docdb/cluster:Cluster",
  "aws:docdb/globalCluster:GlobalCluster",
  "aws:dynamodb/table:Table",
  "aws:ecr/repository:Repository",
  "aws:efs/fileSystem:FileSystem",
  "aws:kms/key:Key",
  "aws:kms/replicaKey:ReplicaKey",
  "aws:opensearch/domain:Domain",
  "aws:rds/cluster:Cluster",
  "aws:rds/globalCluster:GlobalCluster",
  "aws:rds/instance:Instance",
  "aws:route53/zone:Zone",
  "aws:s3/bucket:Bucket",
  "aws:secretsmanager/secret:Secret",
];

export const dataProtected = anyTypeRule({
  id: "data-protected",
  title: "Resources that hold data carry protect",
  why: "A renamed component or a changed property then stops the preview instead of replacing the store.",
  severity: "high",
  level: "mandatory",
  controls: [...soc2("A1.2", "CC8.1"), ...iso27001("A.8.13", "A.8.32")],
  requirements: ["GOV-08", "GOV-11"],
  remediation: "Set the resource option protect: true where the resource is declared.",
  url: "https://www.pulumi.com/docs/iac/concepts/options/protect/",
  types: stateful,
  config: {},
  check: (_, inspection, { options }) =>
    inspection.must({
      property: "the resource option protect",
      read: () => options.protect,
      is: (protect) => protect,
      allowed: "true",
      fix: "Set protect: true; to delete the resource on purpose, turn it off in an update of its own.",
    }),
});
