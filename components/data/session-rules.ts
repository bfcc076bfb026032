/** Shapes of a Global Datastore that ElastiCache takes, and how it is named before it exists. */
import { cacheProblems } from "./cache-rules.ts";

export const SESSION_ENGINES = ["redis", "valkey"] as const;
export type SessionEngine = (typeof SESSION_ENGINES)[number];

export interface SessionShape {
  readonly replicationGroupId: string;
  readonly globalIdSuffix: string;
  readonly region: string;
  readonly regions: readonly string[];
  readonly homeRegion: string;
  readonly engine: SessionEngine;
  readonly engineVersion: string;
  readonly nodeType: string;
  readonly shards: number;
  readonly replicasPerShard: number;
  readonly snapshotRetentionDays: number;
}

/**
 * What ElastiCache puts before the name of a Global Datastore, by the region in which it is made. AWS documents the table,
 * and with it a region joins by name, without reading the stack that made the datastore.
 * https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-CLI.html
 */
const ID_PREFIX: Readonly<Record<string, string>> = {
  "ap-east-1": "knjmp",
  "ap-northeast-1": "quwsw",
  "ap-northeast-2": "lfqnh",
  "ap-northeast-3": "nlapn",
  "ap-south-1": "erpgt",
  "ap-southeast-1": "vlqxn",
  "ap-southeast-2": "vbgxd",
  "ca-central-1": "bxodz",
  "eu-central-1": "iudkw",
  "eu-west-1": "gxeiz",
  "eu-west-2": "okuqm",
  "eu-west-3": "fgjhi",
  "sa-east-1": "juxlw",
  "us-east-1": "ldgnf",
  "us-east-2": "fpkhr",
  "us-west-1": "virxk",
  "us-west-2": "sgaui",
};

/** Id of the Global Datastore that `homeRegion` makes under this suffix; undefined for a region without a known prefix. */
export function globalDatastoreId(homeRegion: string, suffix: string): string | undefined {
  const prefix = ID_PREFIX[homeRegion];
  return prefix === undefined ? undefined : `${prefix}-${suffix}`;
}

const VERSION: Readonly<Record<SessionEngine, RegExp>> = { redis: /^7\.[01]$/, valkey: /^7\.2$/ };
const VERSIONS: Readonly<Record<SessionEngine, string>> = {
  redis: '"7.0" or "7.1"',
  valkey: '"7.2"',
};

export function sessionParameterFamily(engine: SessionEngine, engineVersion: string): string {
  return `${engine}${engineVersion.split(".")[0] ?? ""}`;
}

/** A primary and two more regions: the most that a Global Datastore has. */
const MOST_REGIONS = 3;
/** Families that can be members, from the size large on. */
const NODE_TYPE = /^cache\.(m5|m6g|m7g|r5|r6g|r6gd|r7g|c7gn)\.(large|\d*xlarge)$/;

/** Every reason why ElastiCache would refuse the store, or the region could not join it. */
export function sessionProblems(shape: SessionShape): string[] {
  const { engine, engineVersion, globalIdSuffix, homeRegion, nodeType, region, regions } = shape;
  const found = regionsProblems(regions, { region, homeRegion });
  if (!/^(?!.*--)[a-z][a-z0-9-]{0,31}[a-z0-9]$/.test(globalIdSuffix)) {
    found.push(
      `globalIdSuffix: "${globalIdSuffix}" is no name; use up to 33 lower-case letters, digits and single hyphens, a letter first`,
    );
  }
  if (globalDatastoreId(homeRegion, globalIdSuffix) === undefined) {
    found.push(
      `homeRegion: no Global Datastore is known to be made in "${homeRegion}"; use one of ${Object.keys(ID_PREFIX).join(", ")}`,
    );
  }
  if (!VERSION[engine].test(engineVersion)) {
    found.push(
      `engineVersion: "${engineVersion}" is no ${engine} version on offer here; use ${VERSIONS[engine]}`,
    );
  }
  if (!NODE_TYPE.test(nodeType)) {
    found.push(
      `nodeType: "${nodeType}" cannot be in a Global Datastore; use a size from large on of M5, M6g, M7g, R5, R6g, R6gd, R7g or C7gn`,
    );
  }
  // A member takes over from a lost node only when there is one.
  if (shape.replicasPerShard === 0) {
    found.push("replicasPerShard: 0 leaves no copy to fail over to; use 1 or more");
  }
  // The version is judged above: the cache of documents knows Redis only.
  return [...found, ...cacheProblems({ ...shape, engineVersion: "7.0" })];
}

function regionsProblems(
  regions: readonly string[],
  named: Readonly<Record<"region" | "homeRegion", string>>,
): string[] {
  const found = Object.entries(named)
    .filter(([, region]) => !regions.includes(region))
    .map(
      ([argument, region]) =>
        `${argument}: "${region}" is not one of regions (${regions.join(", ")}); name one of them`,
    );
  if (regions.length > MOST_REGIONS) {
    found.push(
      `regions: ${regions.length} are more than the ${MOST_REGIONS} of a Global Datastore; keep sessions in fewer`,
    );
  }
  return found;
}
