/** Hosted zones as checks compare them. Pure. */

export interface HostedZone {
  readonly id: string;
  readonly name: string;
  readonly isPublic: boolean;
}

export function zoneOf(
  id: string | undefined,
  name: string | undefined,
  isPrivate: boolean | undefined,
): HostedZone {
  return {
    id: (id ?? "").replace("/hostedzone/", ""),
    name: bareName(name ?? ""),
    isPublic: isPrivate !== true,
  };
}

/** A DNS name without its final dot, in lower case. */
export function bareName(name: string): string {
  return name.replace(/\.$/, "").toLowerCase();
}
