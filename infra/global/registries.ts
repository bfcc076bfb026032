/** Container images, in every region. */
import { ContainerRegistry } from "../../components/delivery/container-registry.ts";
import type { GlobalOutputs } from "../contracts.ts";
import { type GlobalContext, homeFirst } from "./context.ts";

const DOCUMENT_SERVICE = "document-service";

export function registries({
  config,
  providers,
}: GlobalContext): Pick<GlobalOutputs, "documentImageRepository"> {
  const registry = new ContainerRegistry("images", {
    prefix: config.name,
    images: [DOCUMENT_SERVICE],
    regions: homeFirst(config),
    providers,
    accountId: config.accountId,
    dataProtection: config.dataProtection,
  });
  return { documentImageRepository: registry.repositoryUrls[DOCUMENT_SERVICE] ?? {} };
}
