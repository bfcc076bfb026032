import type { ContentStore } from "../ports/content-store.ts";
import type { MetadataStore } from "../ports/metadata-store.ts";
import { contentKey, parseContentKey } from "./document-id.ts";
import type { Log } from "./log.ts";

const batch = 100;

export interface JanitorOptions {
  readonly metadata: MetadataStore;
  readonly content: ContentStore;
  /** How long a replaced version stays readable for those who hold its record. Milliseconds. */
  readonly supersededGraceMs: number;
  /** The age at which content that no record knows cannot belong to a write under way. Milliseconds. */
  readonly orphanGraceMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: Log;
}

/**
 * Removes content that nobody can reach: versions that were replaced, and bodies whose write never reached its commit.
 * Asks the metadata before each removal, so an unreachable store removes nothing. Safe to run anywhere, any number of
 * times, at the same time.
 */
export class Janitor {
  readonly #options: JanitorOptions;
  #stopped = false;

  constructor(options: JanitorOptions) {
    this.#options = options;
  }

  /** Ends a round under way after the object that it is at, for good. */
  stop(): void {
    this.#stopped = true;
  }

  /** @returns how many objects were removed. */
  async collectSuperseded(): Promise<number> {
    const { metadata, content, supersededGraceMs, now } = this.#options;
    const before = now() - supersededGraceMs;
    let removed = 0;
    for (;;) {
      const versions = await metadata.superseded({ before, limit: batch });
      for (const version of versions) {
        if (this.#stopped) return removed;
        await content.remove(contentKey(version));
        await metadata.forget(version);
        removed += 1;
      }
      if (versions.length < batch) return removed;
    }
  }

  /** @returns how many objects were removed. */
  async sweepOrphans(): Promise<number> {
    const { metadata, content, orphanGraceMs, now, log } = this.#options;
    let removed = 0;
    for await (const { key } of content.list({ writtenBefore: now() - orphanGraceMs })) {
      if (this.#stopped) return removed;
      const version = parseContentKey(key);
      if (version === undefined) {
        log.warn({ key }, "Content under a key that this service did not make: left alone");
      } else if (!(await metadata.refersTo(version))) {
        await content.remove(key);
        removed += 1;
      }
    }
    return removed;
  }

  /** One round of both; a failure of one is logged and does not stop the other. */
  async clean(): Promise<void> {
    await this.#logged("superseded", () => this.collectSuperseded());
    await this.#logged("orphaned", () => this.sweepOrphans());
  }

  async #logged(what: string, work: () => Promise<number>): Promise<void> {
    try {
      const removed = await work();
      if (removed > 0) this.#options.log.info({ what, removed }, "Removed unreachable content");
    } catch (err) {
      this.#options.log.error(
        { err, what },
        "Could not remove unreachable content; the next round tries again",
      );
    }
  }
}
