/** What spans regions: one function a layer, in the order in which they need each other. */
import type { GlobalOutputs } from "../contracts.ts";
import { alertTopics } from "./alerts.ts";
import { backupVaults } from "./backup.ts";
import type { GlobalContext } from "./context.ts";
import { documentStores } from "./documents.ts";
import { keys } from "./keys.ts";
import { registries } from "./registries.ts";
import { relationalDatabase } from "./relational.ts";
import { accountSecurity, roleBoundary } from "./security.ts";
import { serviceLinkedRoles, storePasswords } from "./stores.ts";
import { traffic } from "./traffic.ts";

export function globalScope(context: GlobalContext): GlobalOutputs {
  roleBoundary(context);
  const keyArns = keys(context);
  const { alertTopicArns } = alertTopics(context, keyArns);
  accountSecurity(context, keyArns, alertTopicArns);
  backupVaults(context, keyArns);
  serviceLinkedRoles(context);
  return {
    keyArns,
    ...traffic(context, keyArns, alertTopicArns),
    ...documentStores(context, keyArns),
    ...relationalDatabase(context, keyArns),
    ...storePasswords(context, keyArns),
    ...registries(context),
    alertTopicArns,
  };
}
