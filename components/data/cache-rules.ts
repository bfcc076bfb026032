/** Shapes of a Redis cluster that ElastiCache takes. */

export interface CacheShape {
  readonly replicationGroupId: string;
  readonly engineVersion: string;
  readonly shards: number;
  readonly replicasPerShard: number;
  readonly snapshotRetentionDays: number;
}

/** Redis versions that ElastiCache offers as a cluster with TLS, and the family of their parameters. */
const FAMILY = /^7\.[01]$/;

export function cacheParameterFamily(engineVersion: string): string {
  return `redis${engineVersion.split(".")[0] ?? ""}`;
}

/** Every reason why ElastiCache would refuse the cluster. */
export function cacheProblems(shape: CacheShape): string[] {
  const { engineVersion, replicasPerShard, replicationGroupId, shards, snapshotRetentionDays } = shape;
  const found: string[] = [];
  if (!/^(?!.*--)[a-z][a-z0-9-]{0,38}[a-z0-9]$/.test(replicationGroupId)) {
    found.push(
      `replicationGroupId: "${replicationGroupId}" is no identifier; use up to 40 lower-case letters, digits and single hyphens, a letter first`,
    );
  }
  if (!FAMILY.test(engineVersion)) {
    found.push(`engineVersion: "${engineVersion}" is no Redis version on offer here; use "7.0" or "7.1"`);
  }
  const ranges = [
    ["shards", shards, 1, 500, "three are the drawn size"],
    ["replicasPerShard", replicasPerShard, 0, 5, "one survives a zone's loss"],
    ["snapshotRetentionDays", snapshotRetentionDays, 0, 35, "0 takes none"],
  ] as const;
  for (const [argument, value, least, most, hint] of ranges) {
    if (Number.isInteger(value) && value >= least && value <= most) continue;
    found.push(`${argument}: ${value} is not a whole number from ${least} to ${most}; ${hint}`);
  }
  return found;
}
