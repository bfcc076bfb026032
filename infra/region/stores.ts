/** The region's stores besides the relational one. Each is of this region alone; what they share is in `global`. */

import { DocumentCache } from "../../components/data/document-cache.ts";
import { SearchDomain } from "../../components/data/search-domain.ts";
import { SessionStore } from "../../components/data/session-store.ts";
import { CacheInvalidation } from "../../components/messaging/change-stream.ts";
import { JobBroker } from "../../components/messaging/job-broker.ts";
import type { ClusterSecurityGroups } from "../../components/network/cluster-security-groups.ts";
import type { RegionNetwork } from "../../components/network/region-network.ts";
import { SharedFileSystem } from "../../components/storage/shared-file-system.ts";
import { alarmTopics, ofRegion, type RegionContext, slotsOf } from "./context.ts";

export function stores(context: RegionContext, vpc: RegionNetwork, security: ClusterSecurityGroups): void {
  const { stores: wanted } = context.config;
  if (wanted.cache.enabled) {
    documentCache(context, vpc, security);
  }
  if (wanted.sessions.enabled) {
    sessionStore(context, vpc, security);
  }
  if (wanted.search.enabled) {
    searchDomain(context, vpc, security);
  }
  if (wanted.files.enabled) {
    sharedFiles(context, vpc, security);
  }
  if (wanted.broker.enabled) {
    jobBrokers(context, vpc, security);
  }
}

function documentCache(context: RegionContext, vpc: RegionNetwork, security: ClusterSecurityGroups): void {
  const { config, names, provider, global } = context;
  const { nodeType, shards, replicasPerShard } = config.stores.cache;
  new DocumentCache(
    "document-cache",
    {
      replicationGroupId: names.documentCache,
      vpcId: vpc.vpcId,
      subnetIds: vpc.databaseSubnetIds,
      clientSecurityGroupIds: { workers: security.workersId },
      passwordSecretArn: ofRegion(context, global.passwordSecretArns.cache),
      kmsKeyArn: ofRegion(context, global.keyArns.documents),
      logKmsKeyArn: ofRegion(context, global.keyArns.logs),
      nodeType,
      shards,
      replicasPerShard,
    },
    { provider },
  );
  // Writes of other regions, so that this region's cache forgets what they changed.
  new CacheInvalidation(
    "cache-invalidation",
    {
      partition: names.partition,
      region: config.region,
      accountId: config.accountId,
      queueName: `${config.name}-cache-invalidation`,
      streamArn: ofRegion(context, global.documentStreamArns),
      tableKmsKeyArn: ofRegion(context, global.keyArns.documents),
      kmsKeyArn: ofRegion(context, global.keyArns.messaging),
      logKmsKeyArn: ofRegion(context, global.keyArns.logs),
      alarmTopicArns: alarmTopics(context),
    },
    { provider },
  );
}

function sessionStore(context: RegionContext, vpc: RegionNetwork, security: ClusterSecurityGroups): void {
  const { config, names, provider, global } = context;
  new SessionStore(
    "sessions",
    {
      replicationGroupId: names.sessionStore(config.region),
      globalIdSuffix: `${config.name}-sessions`,
      region: config.region,
      regions: Object.keys(config.regions),
      homeRegion: config.homeRegion,
      vpcId: vpc.vpcId,
      subnetIds: vpc.databaseSubnetIds,
      clientSecurityGroupIds: { workers: security.workersId },
      passwordSecretArn: ofRegion(context, global.passwordSecretArns.sessions),
      kmsKeyArn: ofRegion(context, global.keyArns.documents),
      logKmsKeyArn: ofRegion(context, global.keyArns.logs),
      dataProtection: config.dataProtection,
    },
    { provider },
  );
}

function searchDomain(context: RegionContext, vpc: RegionNetwork, security: ClusterSecurityGroups): void {
  const { config, names, provider, global } = context;
  const { instanceType, volumeGiB } = config.stores.search;
  new SearchDomain(
    "search",
    {
      domainName: `${config.name}-search`,
      region: config.region,
      accountId: config.accountId,
      partition: names.partition,
      vpcId: vpc.vpcId,
      subnetIds: vpc.databaseSubnetIds,
      clientSecurityGroupIds: { workers: security.workersId },
      masterRoleArn: config.deployerRoleArn ?? names.deployerRoleArn,
      clientRoleArns: [],
      kmsKeyArn: ofRegion(context, global.keyArns.documents),
      logKmsKeyArn: ofRegion(context, global.keyArns.logs),
      instanceType,
      volumeGiB,
      dataProtection: config.dataProtection,
    },
    { provider },
  );
}

function sharedFiles(context: RegionContext, vpc: RegionNetwork, security: ClusterSecurityGroups): void {
  const { config, provider, global } = context;
  const { region, regions, dataProtection } = config;
  const zones = vpc.plan.zones.map(({ zone }, index) => [zone, vpc.databaseSubnetIds[index] ?? ""] as const);
  // EFS copies one way. Raw files are short-lived input, so each region copies its own to the next one.
  const names = Object.keys(regions);
  const replicaRegion = names[(names.indexOf(region) + 1) % names.length];
  new SharedFileSystem(
    "files",
    {
      vpcId: vpc.vpcId,
      subnetIds: Object.fromEntries(zones),
      clientSecurityGroupIds: { workers: security.workersId },
      kmsKeyArn: ofRegion(context, global.keyArns.documents),
      accessPoints: { raw: "/raw" },
      ...(replicaRegion === undefined || replicaRegion === region
        ? {}
        : { replicaRegion, replicaKmsKeyArn: global.keyArns.documents[replicaRegion] }),
      dataProtection,
    },
    { provider },
  );
}

function jobBrokers(context: RegionContext, vpc: RegionNetwork, security: ClusterSecurityGroups): void {
  const { config, provider, global } = context;
  const { deployment, instanceType } = config.stores.broker;
  for (const { slot } of slotsOf(context)) {
    new JobBroker(
      `broker${slot.suffix}`,
      {
        brokerName: `${config.name}-jobs`,
        slot: slot.suffix === "" ? undefined : slot.name,
        deployment,
        vpcId: vpc.vpcId,
        subnetIds: deployment === "single" ? vpc.databaseSubnetIds.slice(0, 1) : vpc.databaseSubnetIds,
        clientSecurityGroupIds: { workers: security.workersId },
        passwordSecretArn: ofRegion(context, global.passwordSecretArns.broker),
        kmsKeyArn: ofRegion(context, global.keyArns.messaging),
        instanceType,
        dataProtection: config.dataProtection,
      },
      { provider },
    );
  }
}
