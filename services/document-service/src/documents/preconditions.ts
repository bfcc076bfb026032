import type { DocumentRecord } from "../ports/metadata-store.ts";

/** The entity tags of an If-Match or If-None-Match header: any, or these. */
export type EntityTags = "*" | readonly { readonly value: string; readonly weak: boolean }[];

export interface Preconditions {
  readonly ifMatch?: EntityTags;
  readonly ifNoneMatch?: EntityTags;
}

export type Verdict = "proceed" | "match-failed" | "none-match-failed";

/**
 * RFC 9110, 13.2.2: If-Match first and by strong comparison, then If-None-Match by weak comparison. What a failed
 * If-None-Match means (304 or 412) is for the caller.
 */
export function evaluate(conditions: Preconditions, current: DocumentRecord | undefined): Verdict {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifMatch !== undefined && !matches(ifMatch, current, (tag) => !tag.weak)) return "match-failed";
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, current, () => true)) return "none-match-failed";
  return "proceed";
}

function matches(
  tags: EntityTags,
  current: DocumentRecord | undefined,
  comparable: (tag: { weak: boolean }) => boolean,
): boolean {
  if (current === undefined) return false;
  return tags === "*" || tags.some((tag) => comparable(tag) && tag.value === current.version);
}
