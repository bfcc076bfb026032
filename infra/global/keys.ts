/** One multi-region key for each kind of data, with the AWS services that use it by themselves. */
import { EncryptionKey, type EncryptionKeyArgs } from "../../components/security/encryption-key.ts";
import { KEY_PURPOSES, type KeyArns, type KeyPurpose } from "../contracts.ts";
import { CONTROL_PLANE_REGION } from "../providers.ts";
import { type GlobalContext, homeFirst } from "./context.ts";

const USES: Readonly<Record<KeyPurpose, Pick<EncryptionKeyArgs, "description" | "services">>> = {
  documents: { description: "Documents: bucket and table", services: ["macie"] },
  relational: { description: "Relational database: storage, snapshots, insights" },
  cluster: { description: "Kubernetes secrets and volumes of nodes and pods", services: ["autoscaling"] },
  logs: { description: "Log groups", services: ["logs"] },
  secrets: { description: "Secrets Manager" },
  audit: {
    description: "Audit trail and recorded configuration",
    services: ["cloudtrail", "config", "logs"],
  },
  alerts: { description: "Alert topics", services: ["cloudwatch", "events"] },
  messaging: {
    description: "Brokers, queues and topics",
    services: ["cloudwatch", "events", "log-delivery", "sns"],
  },
  backup: { description: "Backup vaults" },
};

export function keys({ config, providers }: GlobalContext): KeyArns {
  const { accountId, dataProtection, name } = config;
  const regions = homeFirst(config);
  // Sign-ins of root and changes of IAM are reported in us-east-1, wherever the platform runs.
  const alerted = [...new Set([...regions, CONTROL_PLANE_REGION])];
  return Object.fromEntries(
    KEY_PURPOSES.map((purpose) => {
      const key = new EncryptionKey(`key-${purpose}`, {
        aliasName: `${name}-${purpose}`,
        ...USES[purpose],
        regions: purpose === "alerts" ? alerted : regions,
        providers,
        accountId,
        dataProtection,
      });
      return [purpose, key.arns];
    }),
  ) as KeyArns;
}
