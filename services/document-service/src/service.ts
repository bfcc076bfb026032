import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { EmbeddedCache } from "./adapters/embedded/embedded-cache.ts";
import { FileContentStore } from "./adapters/embedded/file-content-store.ts";
import { SqliteMetadataStore } from "./adapters/embedded/sqlite-metadata-store.ts";
import type { Config } from "./config.ts";
import { Documents } from "./documents/documents.ts";
import { GuardedCache } from "./documents/guarded-cache.ts";
import { checkHealth } from "./documents/health.ts";
import { Janitor } from "./documents/janitor.ts";
import type { Log } from "./documents/log.ts";
import { createApp, type UseCases } from "./http/app.ts";
import type { Cache } from "./ports/cache.ts";
import type { ContentStore } from "./ports/content-store.ts";
import type { MetadataStore } from "./ports/metadata-store.ts";

export interface Adapters {
  readonly metadata: MetadataStore;
  readonly content: ContentStore;
  readonly cache: Cache;
}

/** The adapters that the configuration asks for. */
export async function openAdapters(config: Config): Promise<Adapters> {
  const content = await FileContentStore.open(config.dataDir);
  const metadata = new SqliteMetadataStore(join(config.dataDir, "metadata.sqlite"));
  const cache = new EmbeddedCache({
    ttlSeconds: config.cacheTtlSeconds,
    capacityBytes: config.cacheCapacityBytes,
  });
  return { metadata, content, cache };
}

export interface Service {
  readonly app: FastifyInstance;
  readonly janitor: Janitor;
}

/** Puts the parts together; opens nothing and starts nothing. The adapters stay the caller's to close. */
export function createService(config: Config, adapters: Adapters): Service {
  const { metadata, content } = adapters;
  const app = createApp(config, (log) => createUseCases(config, adapters, log));
  const janitor = new Janitor({
    metadata,
    content,
    supersededGraceMs: config.supersededGraceSeconds * 1000,
    orphanGraceMs: config.orphanGraceSeconds * 1000,
    now: Date.now,
    log: app.log,
  });
  return { app, janitor };
}

function createUseCases(config: Config, adapters: Adapters, log: Log): UseCases {
  const { metadata, content } = adapters;
  const cache = new GuardedCache(adapters.cache, {
    timeoutMs: config.cacheTimeoutMs,
    failuresToOpen: 5,
    restMs: 1000,
    now: () => performance.now(),
    log,
  });
  const documents = new Documents({
    metadata,
    content,
    cache,
    cacheWriteMode: config.cacheWriteMode,
    cacheMaxDocumentBytes: config.cacheMaxDocumentBytes,
    maxDocumentBytes: config.maxDocumentBytes,
    storageTimeoutMs: config.storageTimeoutMs,
    region: config.region,
    now: Date.now,
    newVersion: () => randomUUID(),
    log,
  });
  return {
    documents,
    checkHealth: () => checkHealth({ metadata, cache, probeTimeoutMs: config.probeTimeoutMs }),
  };
}
