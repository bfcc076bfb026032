/** The global database that the regions' clusters join, and the secret of its administrator. */
import { GlobalDatabase } from "../../components/data/global-database.ts";
import { ReplicatedSecret } from "../../components/security/replicated-secret.ts";
import type { KeyArns } from "../contracts.ts";
import { providerOf } from "../providers.ts";
import { type GlobalContext, primaryFirst } from "./context.ts";

export function relationalDatabase({ config, names, providers }: GlobalContext, keyArns: KeyArns): void {
  const { dataProtection, primaryRegion, relational } = config;
  const opts = { provider: providerOf(providers, primaryRegion) };
  new GlobalDatabase(
    "relational",
    {
      globalClusterIdentifier: names.globalDatabase,
      engineVersion: relational.engineVersion,
      databaseName: relational.databaseName,
      dataProtection,
    },
    opts,
  );
  new ReplicatedSecret(
    "relational-administrator",
    {
      secretName: names.secret("relational-administrator"),
      description: "Administrator of the relational database",
      regions: primaryFirst(config),
      kmsKeyArns: keyArns.secrets,
      generateForUsername: relational.administrator,
      dataProtection,
    },
    opts,
  );
}
