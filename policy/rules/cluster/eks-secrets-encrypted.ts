import { gdpr, iso27001, pciDss, soc2 } from "../../core/controls.ts";
import { resourceRule } from "../../core/rule.ts";

export const eksSecretsEncrypted = resourceRule({
  id: "eks-secrets-encrypted",
  title: "Kubernetes secrets are envelope encrypted with a customer managed key",
  why: "Whoever gets a copy of the cluster's store then still needs the key, and the key can be withdrawn.",
  severity: "high",
  level: "mandatory",
  controls: [...soc2("CC6.1"), ...iso27001("A.8.24"), ...pciDss("3.6.1"), ...gdpr("Art. 32(1)(a)")],
  requirements: ["SEC-12"],
  remediation:
    'Set encryptionConfig {resources: ["secrets"], provider: {keyArn}} when the cluster is created.',
  url: "https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html",
  config: {},
  checks: {
    "aws:eks/cluster:Cluster": (cluster, inspection) => {
      inspection.must({
        property: "encryptionConfig.resources",
        read: () => cluster.encryptionConfig?.resources,
        is: (resources) => resources?.includes("secrets") === true,
        allowed: '["secrets"]',
        fix: "Set it; once on, it cannot be turned off without a new cluster.",
      });
      inspection.mustBeSet({
        property: "encryptionConfig.provider.keyArn",
        read: () => cluster.encryptionConfig?.provider?.keyArn,
        allowed: "the ARN of a customer managed key",
        fix: "Set it to the cluster's key.",
      });
    },
  },
});
