/** The global database that the regions' clusters join, and the secret of its administrator. */
import { GlobalDatabase } from "../../components/data/global-database.ts";
import { ReplicatedSecret } from "../../components/security/replicated-secret.ts";
import type { GlobalOutputs, KeyArns } from "../contracts.ts";
import { providerOf } from "../providers.ts";
import { type GlobalContext, primaryFirst } from "./context.ts";

export function relationalDatabase(
  { config, names, providers }: GlobalContext,
  keyArns: KeyArns,
): Pick<GlobalOutputs, "relationalIdentifier" | "relationalSecretArns"> {
  const { dataProtection, primaryRegion, relational } = config;
  const opts = { provider: providerOf(providers, primaryRegion) };
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
      regions: primaryFirst(config),
      kmsKeyArns: keyArns.secrets,
      generatePassword: true,
      dataProtection,
    },
    opts,
  );
  return { relationalIdentifier: database.globalClusterIdentifier, relationalSecretArns: secret.arns };
}
