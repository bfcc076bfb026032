import { randomUUID } from "node:crypto";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Readable } from "node:stream";
import type { ContentStore, StoredContent } from "../../ports/content-store.ts";
import { ContentMissing, StoreUnavailable } from "../../ports/errors.ts";

/**
 * Bodies as files: written beside their place, synced, renamed into it, and the directory synced, so that a name is
 * either absent or whole on disk. Readable by this user only; encryption at rest is the disk's.
 */
export class FileContentStore implements ContentStore {
  readonly #content: string;
  readonly #incoming: string;

  private constructor(path: string) {
    const directory = resolve(path);
    this.#content = join(directory, "content");
    this.#incoming = join(directory, "incoming");
  }

  /** Creates the directory where needed. */
  static async open(directory: string): Promise<FileContentStore> {
    const store = new FileContentStore(directory);
    for (const path of [store.#content, store.#incoming]) {
      const firstCreated = await mkdir(path, { recursive: true, mode: 0o700 });
      if (firstCreated !== undefined) await syncParents(path, dirname(firstCreated));
    }
    return store;
  }

  async write(key: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    const incoming = join(this.#incoming, randomUUID());
    let bodyFailed = false;
    try {
      const file = await open(incoming, "wx", 0o600);
      try {
        await file.writeFile(
          reportFailure(body, () => {
            bodyFailed = true;
          }),
        );
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(incoming, this.#path(key));
      await syncDirectory(this.#content);
    } catch (cause) {
      await rm(incoming, { force: true }).catch(() => undefined);
      throw bodyFailed ? cause : unavailable(cause);
    }
  }

  async open(key: string): Promise<Readable> {
    try {
      const file = await open(this.#path(key), "r");
      return file.createReadStream();
    } catch (cause) {
      if (isAbsent(cause)) throw new ContentMissing(key);
      throw unavailable(cause);
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true }).catch((cause) => {
      throw unavailable(cause);
    });
  }

  async *list({ writtenBefore }: { writtenBefore: number }): AsyncGenerator<StoredContent> {
    try {
      for (const { path } of await filesOlderThan(this.#incoming, writtenBefore))
        await rm(path, { force: true });
      for (const { name, writtenAt } of await filesOlderThan(this.#content, writtenBefore)) {
        yield { key: decodeURIComponent(name), writtenAt };
      }
    } catch (cause) {
      throw unavailable(cause);
    }
  }

  async close(): Promise<void> {}

  #path(key: string): string {
    return join(this.#content, encodeURIComponent(key));
  }
}

async function filesOlderThan(
  directory: string,
  writtenBefore: number,
): Promise<{ name: string; path: string; writtenAt: number }[]> {
  const files = [];
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    const writtenAt = (await stat(path).catch(() => undefined))?.mtimeMs;
    if (writtenAt !== undefined && writtenAt < writtenBefore) files.push({ name, path, writtenAt });
  }
  return files;
}

/** Makes new directories durable: each is an entry of the one above, up to the topmost that was there before. */
async function syncParents(path: string, topmost: string): Promise<void> {
  for (let at = path; at !== topmost; at = dirname(at)) await syncDirectory(dirname(at));
}

/** Without this a rename can be undone by a power cut although the file itself was synced. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function* reportFailure(
  body: AsyncIterable<Uint8Array>,
  failed: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    failed();
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function unavailable(cause: unknown): StoreUnavailable {
  return new StoreUnavailable("The embedded content directory failed", { cause });
}
