/** Where the members of a relational cluster go, and why a cluster cannot be as asked for. */
import { engineVersionProblems } from "./engine-version.ts";
import type { DataProtection } from "./protection.ts";

export interface MemberPlace {
  /** Stable part of the member's name: its zone, with a number from the second member in it on. */
  readonly key: string;
  readonly zone: string;
  /** Order in which members take over as writer, 0 first: the first zone is preferred, then the next. */
  readonly promotionTier: number;
}

/** Spreads the members evenly over the zones, in their order. One more member moves none that is there. */
export function placeMembers(zones: readonly string[], instances: number): MemberPlace[] {
  return Array.from({ length: instances }, (_, place) => {
    const zone = zones[place % zones.length] ?? "";
    const round = Math.floor(place / zones.length);
    return { key: round === 0 ? zone : `${zone}-${round + 1}`, zone, promotionTier: place };
  });
}

export interface RelationalShape {
  readonly clusterIdentifier: string;
  readonly region: string;
  readonly regions: readonly string[];
  readonly initialWriterRegion: string;
  /** Whether the cluster is a member of a global database. */
  readonly global: boolean;
  readonly engineVersion: string;
  readonly instanceClass: string;
  readonly zones: readonly string[];
  readonly instances: number;
  readonly maximumInstances: number;
  readonly serverlessMinimumAcu?: number | undefined;
  readonly serverlessMaximumAcu?: number | undefined;
  readonly backupRetentionDays: number;
  readonly maximumLagSeconds?: number | undefined;
  readonly dataProtection: DataProtection;
}

/** Every reason why Aurora would refuse the cluster, or why it would not keep the data as promised. */
export function relationalProblems(shape: RelationalShape): string[] {
  return [
    ...regionsProblems(shape),
    ...engineVersionProblems(shape.engineVersion),
    ...memberProblems(shape),
    ...serverlessProblems(shape),
    ...retentionProblems(shape),
  ];
}

function regionsProblems(shape: RelationalShape): string[] {
  const { clusterIdentifier, global, initialWriterRegion, region, regions, zones } = shape;
  const known = regions.join(", ");
  const found: string[] = [];
  if (!/^(?!.*--)[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(clusterIdentifier)) {
    found.push(
      `clusterIdentifier: "${clusterIdentifier}" is no identifier; use lower-case letters, digits and single hyphens, a letter first`,
    );
  }
  if (!regions.includes(region))
    found.push(`region: "${region}" is not one of regions (${known}); name one of them`);
  if (!regions.includes(initialWriterRegion)) {
    found.push(
      `initialWriterRegion: "${initialWriterRegion}" is not one of regions (${known}); name the one whose cluster was made first`,
    );
  }
  if (!global && initialWriterRegion !== region) {
    found.push(
      `initialWriterRegion: "${initialWriterRegion}" is not "${region}", but a cluster without globalClusterIdentifier is its own writer; name "${region}"`,
    );
  }
  if (zones.length === 0) found.push("zones: [] is empty; name the zones of the subnets, two or more");
  for (const zone of zones.filter(
    (each) => !each.startsWith(region) || !/^[a-z]$/.test(each.slice(region.length)),
  )) {
    found.push(`zones: "${zone}" is no zone of "${region}"; write it like ${region}a`);
  }
  return found;
}

/** Aurora takes one writer and 15 readers. */
const MOST_MEMBERS = 16;

function memberProblems({ global, instanceClass, instances, maximumInstances }: RelationalShape): string[] {
  const found: string[] = [];
  if (!Number.isInteger(instances) || instances < 1 || instances > MOST_MEMBERS) {
    found.push(
      `instances: ${instances} is not a whole number from 1 to ${MOST_MEMBERS}; two survive a zone's loss`,
    );
  }
  if (
    !Number.isInteger(maximumInstances) ||
    maximumInstances < instances ||
    maximumInstances > MOST_MEMBERS
  ) {
    found.push(
      `maximumInstances: ${maximumInstances} is not a whole number from instances (${instances}) to ${MOST_MEMBERS}; leave it out for no scaling`,
    );
  }
  // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database.configuration.requirements.html
  if (global && instanceClass.startsWith("db.t")) {
    found.push(
      `instanceClass: "${instanceClass}" cannot be a member of a global database; use db.r6g.large or larger, or db.serverless`,
    );
  }
  return found;
}

const ACU = { least: 0.5, most: 256, step: 0.5 };

function serverlessProblems(shape: RelationalShape): string[] {
  const { instanceClass, serverlessMaximumAcu: maximum, serverlessMinimumAcu: minimum } = shape;
  if (instanceClass !== "db.serverless") {
    if (minimum === undefined && maximum === undefined) return [];
    return [
      `serverlessMinimumAcu and serverlessMaximumAcu: they need instanceClass db.serverless, not "${instanceClass}"; change it or leave them out`,
    ];
  }
  if (minimum === undefined || maximum === undefined) {
    return ["serverlessMinimumAcu and serverlessMaximumAcu: instanceClass db.serverless needs both"];
  }
  const legal = (acu: number) => acu >= ACU.least && acu <= ACU.most && Number.isInteger(acu / ACU.step);
  if (legal(minimum) && legal(maximum) && maximum >= minimum && maximum >= 1) return [];
  return [
    `serverlessMinimumAcu and serverlessMaximumAcu: ${minimum} to ${maximum} is no capacity range; give halves from 0.5 to 256, the maximum from 1 and not below the minimum`,
  ];
}

/** Aurora keeps up to 35 days; what must be kept, it keeps at least 30 (C-52, DR-21). */
const RETENTION = { least: 1, leastRetained: 30, most: 35 };
/** `rds.global_db_rpo` accepts no less. */
const LEAST_LAG_SECONDS = 20;

function retentionProblems(shape: RelationalShape): string[] {
  const { backupRetentionDays: days, dataProtection, global, maximumLagSeconds: lag } = shape;
  const least = dataProtection === "retain" ? RETENTION.leastRetained : RETENTION.least;
  const found: string[] = [];
  if (!Number.isInteger(days) || days < least || days > RETENTION.most) {
    found.push(
      `backupRetentionDays: ${days} is not a whole number from ${least} to ${RETENTION.most} with dataProtection ${dataProtection}; 35 is what production keeps`,
    );
  }
  if (lag === undefined) return found;
  if (!global)
    found.push("maximumLagSeconds: a cluster without globalClusterIdentifier has no lag; leave it out");
  if (!Number.isInteger(lag) || lag < LEAST_LAG_SECONDS) {
    found.push(
      `maximumLagSeconds: ${lag} is not a whole number from ${LEAST_LAG_SECONDS}, the least that Aurora enforces; usual lag is under a second without it`,
    );
  }
  return found;
}
