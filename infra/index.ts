/** The program: configuration, then the scopes of the stack: what spans regions, one region, or the links between regions. */
import { tagForBackup } from "./aspects.ts";
import { loadConfig, regionConfig } from "./config/index.ts";
import { type GlobalOutputs, type RegionOutputs, readGlobal } from "./contracts.ts";
import { globalScope } from "./global/index.ts";
import { linkScope } from "./link.ts";
import { makeNames } from "./names.ts";
import { regionProviders } from "./providers.ts";
import { regionScope } from "./region/index.ts";

interface StackOutputs {
  global?: GlobalOutputs;
  region?: RegionOutputs;
}

/** Pulumi calls the default export of its entry module; what it returns are the stack's outputs. */
export default function platform(): StackOutputs {
  const config = loadConfig();
  const names = makeNames(config);
  const providers = regionProviders(config);
  const outputs: StackOutputs = {};
  if (config.backup.enabled) {
    tagForBackup();
  }

  if (config.scopes.includes("global")) {
    outputs.global = globalScope({ config, names, providers });
  }
  if (config.scopes.includes("region")) {
    const global = outputs.global ?? readGlobal(config);
    outputs.region = regionScope({ config: regionConfig(config), names, providers, global });
  }
  if (config.scopes.includes("link")) {
    linkScope(config, providers);
  }
  return outputs;
}
