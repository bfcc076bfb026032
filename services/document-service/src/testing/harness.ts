import type { FastifyInstance } from "fastify";
import { EmbeddedCache } from "../adapters/embedded/embedded-cache.ts";
import { SqliteMetadataStore } from "../adapters/embedded/sqlite-metadata-store.ts";
import { readConfig } from "../config.ts";
import type { Janitor } from "../documents/janitor.ts";
import type { Cache } from "../ports/cache.ts";
import type { MetadataStore } from "../ports/metadata-store.ts";
import { createService } from "../service.ts";
import { type Faults, withFaults } from "./faults.ts";
import { MemoryContentStore } from "./memory-content-store.ts";

export interface Harness {
  readonly app: FastifyInstance;
  readonly janitor: Janitor;
  readonly content: MemoryContentStore;
  readonly metadata: MetadataStore;
  readonly faults: Readonly<Record<"metadata" | "content" | "cache", Faults>>;
  /** Port calls since the last look, in order. */
  takeJournal(): string[];
  /** Moves the cache's clock. */
  advance(seconds: number): void;
}

/** The whole service in memory, with ports that fail on demand. */
export function createHarness(
  environment: Readonly<Record<string, string>> = {},
  replace: { readonly cache?: Cache } = {},
): Harness {
  const config = readConfig({
    LOG_LEVEL: "silent",
    CACHE_TIMEOUT_MS: "20",
    STORAGE_TIMEOUT_MS: "100",
    ...environment,
  });
  const journal: string[] = [];
  let time = 1;
  const embedded = () =>
    new EmbeddedCache(
      { ttlSeconds: config.cacheTtlSeconds, capacityBytes: config.cacheCapacityBytes },
      { now: () => time },
    );
  const stores = { metadata: new SqliteMetadataStore(":memory:"), content: new MemoryContentStore() };
  const metadata = withFaults<MetadataStore>("metadata", stores.metadata, journal);
  const content = withFaults("content", stores.content, journal);
  const cache = withFaults<Cache>("cache", replace.cache ?? embedded(), journal);
  const { app, janitor } = createService(config, {
    metadata: metadata.port,
    content: content.port,
    cache: cache.port,
  });
  return {
    app,
    janitor,
    ...stores,
    faults: { metadata: metadata.faults, content: content.faults, cache: cache.faults },
    takeJournal: () => journal.splice(0),
    advance: (seconds) => {
      time += seconds * 1000;
    },
  };
}

export interface PutOptions {
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function put(
  { app }: Pick<Harness, "app">,
  id: string,
  payload: string | Buffer,
  { type = "text/plain", headers = {} }: PutOptions = {},
) {
  return app.inject({
    method: "PUT",
    url: `/documents/${id}`,
    headers: { "content-type": type, ...headers },
    payload,
  });
}

export function get(
  { app }: Pick<Harness, "app">,
  id: string,
  headers: Readonly<Record<string, string>> = {},
) {
  return app.inject({ method: "GET", url: `/documents/${id}`, headers: { ...headers } });
}
