/** Who reaches whom through a transit gateway (NET-15), and whether that can be built. */
import { cidrsOverlap } from "./cidr.ts";

/** Two spokes that reach each other, both ways: a route in one direction alone loses the answers. */
export type TransitLink = readonly [string, string];

export function linked(links: readonly TransitLink[], one: string, other: string): boolean {
  return links.some((link) => one !== other && link.includes(one) && link.includes(other));
}

/** Everything that is wrong; empty when the spokes can be joined. `cidrs` maps the spoke to its block. */
export function transitProblems(
  cidrs: Readonly<Record<string, string>>,
  links: readonly TransitLink[],
): string[] {
  const spokes = Object.keys(cidrs);
  const badLinks = links.flatMap(([left, right]) => {
    const link = JSON.stringify([left, right]);
    if (left === right) return [`links ${link} joins a spoke to itself: name two spokes`];
    return [left, right]
      .filter((spoke) => !spokes.includes(spoke))
      .map((spoke) => `links ${link} names "${spoke}", which is no spoke: use ${spokes.join(", ")}`);
  });
  return [...badLinks, ...overlaps(cidrs)];
}

function overlaps(cidrs: Readonly<Record<string, string>>): string[] {
  const entries = Object.entries(cidrs);
  return entries.flatMap(([right, rightCidr], place) =>
    entries
      .slice(0, place)
      .filter(([, leftCidr]) => cidrsOverlap(leftCidr, rightCidr))
      .map(
        ([left, leftCidr]) =>
          `${right} ${rightCidr} overlaps ${left} ${leftCidr}: give each a block of its own`,
      ),
  );
}
