import { z } from "zod";

/** A waiver lets ONE resource break ONE rule until a day; it lives under the rule's id in the stack's policy config. */
export const waiver = z.strictObject({
  /** Full URN of one resource, no pattern. */
  urn: z.string().regex(/^urn:pulumi:[^*\s]+$/, "a full URN, without a wildcard"),
  /** Person or team that answers for it. */
  who: z.string().min(2),
  /** Why the rule cannot hold here. */
  why: z.string().min(10),
  /** Last day it holds (UTC), `YYYY-MM-DD`. */
  until: z.iso.date(),
});
export type Waiver = z.infer<typeof waiver>;

/** `active` swallows the rule's findings on that resource; `expired` is itself a violation. */
export type WaiverState =
  | { readonly kind: "none" }
  | { readonly kind: "active"; readonly waiver: Waiver }
  | { readonly kind: "expired"; readonly waiver: Waiver };

/** @param today `YYYY-MM-DD` in UTC; dates of this form compare as text. */
export function waiverState(waivers: readonly Waiver[], urn: string, today: string): WaiverState {
  const own = waivers.filter((candidate) => candidate.urn === urn);
  const active = own.find((candidate) => candidate.until >= today);
  if (active) return { kind: "active", waiver: active };
  return own[0] ? { kind: "expired", waiver: own[0] } : { kind: "none" };
}

export function expiredMessage({ who, why, until }: Waiver): string {
  return `the waiver of ${who} ended on ${until} (${why}). Mend the resource and remove the waiver, or agree on a new date.`;
}

export function utcToday(): string {
  return new Date().toISOString().slice(0, 10);
}
