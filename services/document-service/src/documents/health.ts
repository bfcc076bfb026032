import type { MetadataStore } from "../ports/metadata-store.ts";
import { withDeadline } from "./deadline.ts";
import type { GuardedCache } from "./guarded-cache.ts";

export interface Health {
  readonly status: "healthy" | "degraded" | "unhealthy";
  readonly storage: "ok" | "down";
  readonly cache: "ok" | "down";
}

export interface HealthOptions {
  readonly metadata: MetadataStore;
  readonly cache: GuardedCache;
  /** The longest wait for each dependency; both are asked at once. Milliseconds. */
  readonly probeTimeoutMs: number;
}

/** Without its cache the service works (degraded); without its store it does not (unhealthy): DOC-05, DOC-06, C-18. */
export async function checkHealth({ metadata, cache, probeTimeoutMs }: HealthOptions): Promise<Health> {
  const [storageAnswers, cacheAnswers] = await Promise.all([
    answers(metadata, probeTimeoutMs),
    cache.answers(probeTimeoutMs),
  ]);
  return {
    status: !storageAnswers ? "unhealthy" : cacheAnswers ? "healthy" : "degraded",
    storage: storageAnswers ? "ok" : "down",
    cache: cacheAnswers ? "ok" : "down",
  };
}

async function answers(metadata: MetadataStore, withinMs: number): Promise<boolean> {
  try {
    await withDeadline(metadata.probe(), withinMs);
    return true;
  } catch {
    return false;
  }
}
