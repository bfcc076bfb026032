/** One multi-region key for each kind of data, with the AWS services that use it by themselves. */
import { EncryptionKey, type EncryptionKeyArgs } from "../../components/security/encryption-key.ts";
import { KEY_PURPOSES, type KeyArns, type KeyPurpose } from "../contracts.ts";
import { type GlobalContext, homeFirst } from "./context.ts";

const USES: Readonly<Record<KeyPurpose, Pick<EncryptionKeyArgs, "description" | "services">>> = {
  documents: { description: "Documents: bucket and table" },
  relational: { description: "Relational database: storage, snapshots, insights" },
  cluster: { description: "Kubernetes secrets and volumes of nodes and pods", services: ["autoscaling"] },
  logs: { description: "Log groups", services: ["logs"] },
  secrets: { description: "Secrets Manager" },
};

export function keys({ config, providers }: GlobalContext): KeyArns {
  const { accountId, dataProtection, name } = config;
  const regions = homeFirst(config);
  return Object.fromEntries(
    KEY_PURPOSES.map((purpose) => {
      const key = new EncryptionKey(`key-${purpose}`, {
        aliasName: `${name}-${purpose}`,
        ...USES[purpose],
        regions,
        providers,
        accountId,
        dataProtection,
      });
      return [purpose, key.arns];
    }),
  ) as KeyArns;
}
