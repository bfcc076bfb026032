/** What the stores of all regions share: the passwords of their clients, and roles that services need once an account. */
import { ServiceLinkedRoles } from "../../components/data/service-linked-roles.ts";
import { ReplicatedSecret } from "../../components/security/replicated-secret.ts";
import { type GlobalOutputs, type KeyArns, PASSWORD_PURPOSES } from "../contracts.ts";
import { providerOf } from "../providers.ts";
import { type GlobalContext, homeFirst } from "./context.ts";

export function storePasswords(
  { config, names, providers }: GlobalContext,
  keyArns: KeyArns,
): Pick<GlobalOutputs, "passwordSecretArns"> {
  const secrets = PASSWORD_PURPOSES.map((purpose) => {
    const secret = new ReplicatedSecret(
      `${purpose}-clients`,
      {
        secretName: names.secret(`${purpose}-password`),
        description: `Password of the clients of ${purpose}`,
        regions: homeFirst(config),
        kmsKeyArns: keyArns.secrets,
        generatePassword: true,
        dataProtection: config.dataProtection,
      },
      { provider: providerOf(providers, config.homeRegion) },
    );
    return [purpose, secret.arns] as const;
  });
  return { passwordSecretArns: Object.fromEntries(secrets) as GlobalOutputs["passwordSecretArns"] };
}

export function serviceLinkedRoles({ config, names, providers }: GlobalContext): void {
  const { accountId, existingServiceRoles, homeRegion } = config;
  new ServiceLinkedRoles(
    "service-roles",
    {
      accountId,
      partition: names.partition,
      services: ["autoscaling", "opensearch", "spot"],
      adopt: existingServiceRoles,
    },
    { provider: providerOf(providers, homeRegion) },
  );
}
