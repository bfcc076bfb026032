/** The region's member of the global database. Nothing in here depends on who writes now. */
import type * as pulumi from "@pulumi/pulumi";
import { RelationalCluster } from "../../components/data/relational-cluster.ts";
import type { ClusterSecurityGroups } from "../../components/network/cluster-security-groups.ts";
import type { RegionNetwork } from "../../components/network/region-network.ts";
import { ofRegion, type RegionContext } from "./context.ts";

interface RelationalEndpoints {
  readonly writerEndpoint: pulumi.Output<string>;
  readonly readerEndpoint: pulumi.Output<string>;
}

export function relationalCluster(
  context: RegionContext,
  vpc: RegionNetwork,
  securityGroups: ClusterSecurityGroups,
): RelationalEndpoints {
  const { config, names, provider, global } = context;
  const { region, relational } = config;
  const member = new RelationalCluster(
    "relational",
    {
      clusterIdentifier: names.relationalCluster(region),
      region,
      regions: Object.keys(config.regions),
      initialWriterRegion: relational.initialWriterRegion ?? config.homeRegion,
      globalClusterIdentifier: global.relationalIdentifier,
      engineVersion: relational.engineVersion,
      databaseName: relational.databaseName,
      masterUsername: relational.administrator,
      masterPasswordSecretArn: ofRegion(context, global.relationalSecretArns),
      vpcId: vpc.vpcId,
      subnetIds: vpc.databaseSubnetIds,
      zones: vpc.plan.zones.map(({ zone }) => zone),
      clientSecurityGroupIds: { workers: securityGroups.workersId },
      kmsKeyArn: ofRegion(context, global.keyArns.relational),
      logKmsKeyArn: ofRegion(context, global.keyArns.logs),
      instanceClass: relational.instanceClass,
      instances: relational.instances,
      serverlessMinimumAcu: relational.serverless?.minimumAcu,
      serverlessMaximumAcu: relational.serverless?.maximumAcu,
      backupRetentionDays: relational.backupRetentionDays,
      partition: names.partition,
      dataProtection: config.dataProtection,
    },
    { provider },
  );
  return { writerEndpoint: member.endpoint, readerEndpoint: member.readerEndpoint };
}
