/**
 * What a region's role means for its traffic and its capacity. Pure: failover by stack config is this function of the
 * configuration, and nothing else in the program looks at `role`.
 */

export interface PostureInput {
  readonly region: string;
  readonly role: "primary" | "secondary";
  readonly primaryRegion: string;
  /** Regions evacuated by hand, besides what the role implies. */
  readonly evacuate: readonly string[];
  readonly regions: Readonly<Record<string, { readonly weight: number }>>;
}

export interface Posture {
  /** Peers that this region's switch takes out of DNS, sorted. */
  readonly evacuates: readonly string[];
  /** Per cent of the whole traffic that this region must be able to serve at once, without scaling first. */
  readonly servesPercent: number;
}

/** A region that plays primary without being it by design has taken over: the designed primary leaves DNS. */
export function posture(input: PostureInput): Posture {
  const takenOver =
    input.role === "primary" && input.region !== input.primaryRegion ? [input.primaryRegion] : [];
  const evacuates = [...new Set([...takenOver, ...input.evacuate])].sort();
  const weightOf = (name: string) => input.regions[name]?.weight ?? 0;
  const serving = Object.keys(input.regions).filter((name) => !evacuates.includes(name));
  const total = serving.reduce((sum, name) => sum + weightOf(name), 0);
  // With no weight left elsewhere the region takes everything: Route 53 answers with it whatever its weight.
  const servesPercent = total === 0 ? 100 : Math.ceil((weightOf(input.region) * 100) / total);
  return { evacuates, servesPercent };
}

/** A region's part of a capacity that is enough for all the traffic, never less than `floor`. */
export function share(whole: number, percent: number, floor: number): number {
  return Math.max(floor, Math.ceil((whole * percent) / 100));
}
