/** Why a DocumentDB cluster cannot be as asked for. */
import type { DataProtection } from "./protection.ts";

export interface DocumentDatabaseShape {
  readonly clusterIdentifier: string;
  readonly region: string;
  readonly regions: readonly string[];
  readonly initialWriterRegion: string;
  /** Whether the cluster is a member of a global cluster. */
  readonly global: boolean;
  readonly engineVersion: string;
  readonly instanceClass: string;
  readonly zones: readonly string[];
  readonly instances: number;
  readonly backupRetentionDays: number;
  readonly dataProtection: DataProtection;
}

const IDENTIFIER = /^(?!.*--)[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

export function identifierProblems(argument: string, identifier: string): string[] {
  if (IDENTIFIER.test(identifier)) return [];
  return [
    `${argument}: "${identifier}" is no identifier; use lower-case letters, digits and single hyphens, a letter first`,
  ];
}

/** Versions that can be global; 3.6 cannot be made any more. */
export function documentEngineProblems(engineVersion: string): string[] {
  if (/^[45]\.0\.0$/.test(engineVersion)) return [];
  return [`engineVersion: "${engineVersion}" is no DocumentDB version on offer here; use "4.0.0" or "5.0.0"`];
}

/** Family of the parameter group of a version that has no problems. */
export function documentParameterFamily(engineVersion: string): string {
  return `docdb${engineVersion.split(".").slice(0, 2).join(".")}`;
}

/** Every reason why DocumentDB would refuse the cluster, or why it would not keep the data as promised. */
export function documentDatabaseProblems(shape: DocumentDatabaseShape): string[] {
  const { initialWriterRegion, region, regions } = shape;
  const known = regions.join(", ");
  const found = [
    ...identifierProblems("clusterIdentifier", shape.clusterIdentifier),
    ...documentEngineProblems(shape.engineVersion),
  ];
  if (!regions.includes(region)) {
    found.push(`region: "${region}" is not one of regions (${known}); name one of them`);
  }
  if (!regions.includes(initialWriterRegion)) {
    found.push(
      `initialWriterRegion: "${initialWriterRegion}" is not one of regions (${known}); name the one whose cluster was made first`,
    );
  }
  if (!shape.global && initialWriterRegion !== region) {
    found.push(
      `initialWriterRegion: "${initialWriterRegion}" is not "${region}", but a cluster without globalClusterIdentifier is its own writer; name "${region}"`,
    );
  }
  return [...found, ...memberProblems(shape), ...retentionProblems(shape)];
}

/** DocumentDB takes one writer and 15 readers. */
const MOST_MEMBERS = 16;

function memberProblems({
  global,
  instanceClass,
  instances,
  region,
  zones,
}: DocumentDatabaseShape): string[] {
  const found: string[] = [];
  if (zones.length === 0) found.push("zones: [] is empty; name the zones of the subnets, two or more");
  for (const zone of zones.filter(
    (each) => !each.startsWith(region) || !/^[a-z]$/.test(each.slice(region.length)),
  )) {
    found.push(`zones: "${zone}" is no zone of "${region}"; write it like ${region}a`);
  }
  if (!Number.isInteger(instances) || instances < 1 || instances > MOST_MEMBERS) {
    found.push(
      `instances: ${instances} is not a whole number from 1 to ${MOST_MEMBERS}; two survive a zone's loss`,
    );
  }
  // https://docs.aws.amazon.com/documentdb/latest/developerguide/global-clusters.html
  if (global && instanceClass.startsWith("db.t")) {
    found.push(
      `instanceClass: "${instanceClass}" cannot be a member of a global cluster; use db.r6g.large or larger`,
    );
  }
  return found;
}

/** DocumentDB keeps up to 35 days; what must be kept, it keeps at least 30 (C-52). */
const RETENTION = { least: 1, leastRetained: 30, most: 35 };

function retentionProblems({ backupRetentionDays: days, dataProtection }: DocumentDatabaseShape): string[] {
  const least = dataProtection === "retain" ? RETENTION.leastRetained : RETENTION.least;
  if (Number.isInteger(days) && days >= least && days <= RETENTION.most) return [];
  return [
    `backupRetentionDays: ${days} is not a whole number from ${least} to ${RETENTION.most} with dataProtection ${dataProtection}; 35 is what production keeps`,
  ];
}
