/**
 * What AWS changes when another region becomes the writer, or what counts at creation only. Without this list the first
 * `up` after a failover would detach, promote or replace a healthy cluster. Not listed are `masterPasswordWo` and its
 * version: providers never compare a write-only argument, a refresh drops it from the state, and the version that is left
 * alone would then be refused.
 */
export const AURORA_OWNS = [
  "globalClusterIdentifier", // Empty while a failover has the cluster detached; a difference would remove it for good.
  "replicationSourceIdentifier", // Names the writer, and so follows it; a difference would promote the cluster.
  "engineVersion", // The global database upgrades its members.
  "masterUsername", // Creation only; a copy reports the writer's.
  "databaseName", // Creation only; a copy reports the writer's.
  "sourceRegion", // Creation only.
  "availabilityZones", // Aurora spreads the storage over three zones whatever it is told.
  "snapshotIdentifier", // A restored cluster must not be replaced when the snapshot is no longer named.
];
