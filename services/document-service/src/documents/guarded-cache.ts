import type { Cache, CacheEntry } from "../ports/cache.ts";
import { withDeadline } from "./deadline.ts";
import type { Log } from "./log.ts";

export interface GuardedCacheOptions {
  /** The longest a request waits for the cache. Milliseconds. */
  readonly timeoutMs: number;
  /** Failures in a row after which the cache is left alone. */
  readonly failuresToOpen: number;
  /** How long it is left alone before one more call may try it. Milliseconds. */
  readonly restMs: number;
  readonly now: () => number;
  readonly log: Log;
}

/**
 * The cache as the use cases see it: it never throws and never keeps a request waiting (DOC-07). A failure is a miss;
 * after several in a row it is not asked at all for a while, so a hung cache costs a handful of requests its timeout
 * and the rest nothing. A write that the cache missed leaves its old entry to the time to live (DOC-13).
 */
export class GuardedCache {
  readonly #cache: Cache;
  readonly #options: GuardedCacheOptions;
  #failures = 0;
  #restUntil = Number.NEGATIVE_INFINITY;

  constructor(cache: Cache, options: GuardedCacheOptions) {
    this.#cache = cache;
    this.#options = options;
  }

  async get(id: string): Promise<CacheEntry | undefined> {
    return this.#attempt(() => this.#cache.get(id));
  }

  async put(entry: CacheEntry): Promise<void> {
    await this.#attempt(() => this.#cache.put(entry));
  }

  async invalidate(id: string, sequence: number): Promise<void> {
    await this.#attempt(() => this.#cache.invalidate(id, sequence));
  }

  /** True if the cache answers in time and is in use. Does not count for or against it: only real calls do. */
  async answers(withinMs: number): Promise<boolean> {
    if (this.#resting) return false;
    try {
      await withDeadline(this.#cache.probe(), withinMs);
      return true;
    } catch {
      return false;
    }
  }

  get #resting(): boolean {
    return this.#options.now() < this.#restUntil;
  }

  async #attempt<T>(call: () => Promise<T>): Promise<T | undefined> {
    if (this.#resting) return undefined;
    try {
      const answer = await withDeadline(call(), this.#options.timeoutMs);
      if (this.#failures > 0) this.#recovered();
      return answer;
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  #recovered(): void {
    if (this.#failures >= this.#options.failuresToOpen) this.#options.log.info("The cache answers again");
    this.#failures = 0;
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    const { failuresToOpen, restMs, now, log } = this.#options;
    if (this.#failures < failuresToOpen) return;
    if (this.#failures === failuresToOpen)
      log.warn({ err: error }, "The cache does not answer: working without it");
    this.#restUntil = now() + restMs;
  }
}
