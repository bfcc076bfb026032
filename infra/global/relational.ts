/** The global database that the regions' clusters join, and the secret of its administrator. */
import { GlobalDatabase } from "../../components/data/global-database.ts";
import { ReplicatedSecret } from "../../components/security/replicated-secret.ts";
import type { GlobalOutputs, KeyArns } from "../contracts.ts";
import { providerOf } from "../providers.ts";
import { type GlobalContext, homeFirst } from "./context.ts";

export function relationalDatabase(
  { config, names, providers }: GlobalContext,
  keyArns: KeyArns,
): Pick<GlobalOutputs, "relationalIdentifier" | "relationalSecretArns"> {
  const { dataProtection, homeRegion, relational } = config;
  const opts = { provider: providerOf(providers, homeRegion) };
  const database = new GlobalDatabase(
    "relational",
    {
      globalClusterIdentifier: names.globalDatabase,
      engineVersion: relational.engineVersion,
      databaseName: relational.databaseName,
      dataProtection,
    },
    opts,
  );
  const secret = new ReplicatedSecret(
    "relational-administrator",
    {
      secretName: names.secret("relational-administrator"),
      description: "Administrator of the relational database",
      regions: homeFirst(config),
      kmsKeyArns: keyArns.secrets,
      generatePassword: true,
      dataProtection,
    },
    opts,
  );
  return { relationalIdentifier: database.globalClusterIdentifier, relationalSecretArns: secret.arns };
}
