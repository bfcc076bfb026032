import { readConfig } from "../config.ts";
import { serve } from "../serve.ts";
import { openAdapters } from "../service.ts";

// The service, except that all but the first write of the document "kept" kill it at the worst moment: content on
// disk, nothing committed.
const config = readConfig(process.env);
const adapters = await openAdapters(config);
const commit = adapters.metadata.commit.bind(adapters.metadata);
adapters.metadata.commit = async (next) => {
  if (next.id === "kept" && next.sequence === 1) return commit(next);
  process.kill(process.pid, "SIGKILL");
  return new Promise(() => undefined);
};
await serve(config, adapters);
