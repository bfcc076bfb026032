import { Readable } from "node:stream";
import type { ContentStore, StoredContent } from "../ports/content-store.ts";
import { ContentMissing } from "../ports/errors.ts";

/** Bodies in memory, for tests that make thousands; held to the same contract as the real ones. */
export class MemoryContentStore implements ContentStore {
  readonly #objects = new Map<string, { content: Buffer; writtenAt: number }>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  get keys(): string[] {
    return [...this.#objects.keys()];
  }

  async write(key: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    this.#objects.set(key, { content: Buffer.concat(chunks), writtenAt: this.#now() });
  }

  async open(key: string): Promise<Readable> {
    const object = this.#objects.get(key);
    if (!object) throw new ContentMissing(key);
    return Readable.from([object.content], { objectMode: false });
  }

  async remove(key: string): Promise<void> {
    this.#objects.delete(key);
  }

  async *list({ writtenBefore }: { writtenBefore: number }): AsyncGenerator<StoredContent> {
    for (const [key, { writtenAt }] of this.#objects) if (writtenAt < writtenBefore) yield { key, writtenAt };
  }

  async close(): Promise<void> {}

  /** Damages what is stored, as a failing disk would. */
  corrupt(key: string): void {
    const object = this.#objects.get(key);
    if (!object) throw new ContentMissing(key);
    object.content = Buffer.from(object.content).fill(0);
  }
}
