import { createHash } from "node:crypto";
import { DocumentError } from "./errors.ts";

/**
 * A body on its way to the content store: counted, hashed and cut off at the limit as it passes, one chunk at a time.
 * Keeps a copy only while it is small enough for the cache.
 */
export class MeteredBody implements AsyncIterable<Uint8Array> {
  readonly #source: AsyncIterable<Uint8Array>;
  readonly #limits: { readonly maxBytes: number; readonly keepBytes: number };
  readonly #hash = createHash("sha256");
  #size = 0;
  #kept: Uint8Array[] | undefined = [];

  constructor(
    source: AsyncIterable<Uint8Array>,
    limits: { readonly maxBytes: number; readonly keepBytes: number },
  ) {
    this.#source = source;
    this.#limits = limits;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const { maxBytes, keepBytes } = this.#limits;
    for await (const chunk of interruptible(this.#source)) {
      this.#size += chunk.byteLength;
      if (this.#size > maxBytes) throw tooLarge(maxBytes);
      this.#hash.update(chunk);
      if (this.#size <= keepBytes) this.#kept?.push(chunk);
      else this.#kept = undefined;
      yield chunk;
    }
  }

  /** What passed. Call once, after the body was read to its end. */
  finish(): { size: number; sha256: string; kept: Buffer | undefined } {
    return {
      size: this.#size,
      sha256: this.#hash.digest("hex"),
      kept: this.#kept && Buffer.concat(this.#kept),
    };
  }
}

export function tooLarge(maxBytes: number): DocumentError {
  return new DocumentError("document-too-large", `A document may have at most ${maxBytes} bytes`);
}

/** Tells a client that went away from a store that failed: both surface in the same write. */
async function* interruptible(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch (cause) {
    throw new DocumentError("upload-interrupted", "The request ended before its body was complete", {
      cause,
    });
  }
}
