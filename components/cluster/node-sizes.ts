/** Sizes and images of managed node groups. */

export interface NodeCounts {
  readonly min: number;
  readonly desired: number;
  readonly max: number;
}

/** Every reason why a group cannot have these sizes; `name` is how the caller calls the argument. */
export function countProblems(name: string, counts: NodeCounts): string[] {
  const problems = Object.entries(counts)
    .filter(([, count]) => !Number.isInteger(count) || count < 0)
    .map(([key, count]) => `${name}.${key} ${count} is no count: use a whole number from 0`);
  if (counts.min > counts.max)
    problems.push(`${name}.min ${counts.min} is above ${name}.max ${counts.max}: lower min or raise max`);
  else if (counts.desired < counts.min || counts.desired > counts.max)
    problems.push(
      `${name}.desired ${counts.desired} is outside ${counts.min} to ${counts.max}: choose a count between them`,
    );
  if (counts.max < 1) problems.push(`${name}.max ${counts.max} allows no node: use at least 1`);
  return problems;
}

/** `al2023`: Amazon Linux 2023. `bottlerocket`: read-only root, no shell, no package manager. */
export type NodeImage = "al2023" | "bottlerocket";

export const NODE_IMAGES: Readonly<Record<NodeImage, { readonly amiType: string; readonly alias: string }>> =
  {
    al2023: { amiType: "AL2023_x86_64_STANDARD", alias: "al2023" },
    bottlerocket: { amiType: "BOTTLEROCKET_x86_64", alias: "bottlerocket" },
  };

/** Volumes of a node: the one that grows has `sizeGib`; Bottlerocket keeps its read-only system on another. */
export function nodeVolumes(image: NodeImage, sizeGib: number): { device: string; sizeGib: number }[] {
  return image === "al2023"
    ? [{ device: "/dev/xvda", sizeGib }]
    : [
        { device: "/dev/xvda", sizeGib: 4 },
        { device: "/dev/xvdb", sizeGib },
      ];
}
