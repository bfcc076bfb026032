/** The program: configuration, then what spans regions, then one region. A stack has one scope or both. */
import { loadConfig, regionConfig } from "./config/index.ts";
import { readGlobal } from "./contracts.ts";
import { globalScope } from "./global/index.ts";
import { makeNames } from "./names.ts";
import { regionProviders } from "./providers.ts";
import { regionScope } from "./region/index.ts";

const config = loadConfig();
const names = makeNames(config);
const providers = regionProviders(config);

export const global = config.scopes.includes("global")
  ? globalScope({ config, names, providers })
  : undefined;

export const region = config.scopes.includes("region")
  ? regionScope({ config: regionConfig(config), names, providers, global: global ?? readGlobal(config) })
  : undefined;
