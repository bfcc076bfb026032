import type { DocumentRecord, MetadataStore } from "../ports/metadata-store.ts";
import { withDeadline } from "./deadline.ts";
import { DocumentError } from "./errors.ts";

const attempts = 3;

/**
 * Makes a record current, and knows whether it did. A commit that fails or comes too late may still have happened, so a
 * strong read settles it: sequences have no gap, hence whoever holds this record's sequence won. Repeating the same
 * conditional write while that place is free is harmless.
 *
 * @throws DocumentError "outcome-unknown" when no read could settle it. The content must then be left in place.
 */
export async function commit(
  metadata: MetadataStore,
  next: DocumentRecord,
  timeoutMs: number,
): Promise<"committed" | "conflict"> {
  let certain = true;
  let cause: unknown;
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      const outcome = await withDeadline(metadata.commit(next), timeoutMs);
      if (outcome === "committed" || certain) return outcome;
    } catch (error) {
      certain = false;
      cause = error;
    }
    const settled = await settle(metadata, next, timeoutMs);
    if (settled !== "free") return settled;
  }
  throw outcomeUnknown(cause);
}

async function settle(
  metadata: MetadataStore,
  next: DocumentRecord,
  timeoutMs: number,
): Promise<"committed" | "conflict" | "free"> {
  let current: DocumentRecord | undefined;
  try {
    current = await withDeadline(metadata.read(next.id), timeoutMs);
  } catch (cause) {
    throw outcomeUnknown(cause);
  }
  if (current === undefined || current.sequence < next.sequence) return "free";
  if (current.version === next.version) return "committed";
  if (current.sequence === next.sequence) return "conflict";
  // A later write came in between and covers the trace of who held this sequence.
  throw outcomeUnknown(undefined);
}

function outcomeUnknown(cause: unknown): DocumentError {
  return new DocumentError(
    "outcome-unknown",
    "The store did not say whether the document was saved. Read it to find out, or send it again",
    { cause },
  );
}
