/** The Kubernetes cluster of the region: control plane, system nodes, managed add-ons. */
import * as eks from "@pulumi/eks";
import { KubernetesCluster } from "../../components/cluster/kubernetes-cluster.ts";
import type { RegionNetwork } from "../../components/network/region-network.ts";
import { share } from "../posture.ts";
import { ofRegion, type RegionContext } from "./context.ts";

export function cluster(context: RegionContext, vpc: RegionNetwork): { kubernetes: KubernetesCluster } {
  const { config, names, provider, global, posture } = context;
  const { systemNodes, ...settings } = config.cluster;
  const keyArn = ofRegion(context, global.keyArns.cluster);
  const kubernetes = new KubernetesCluster(
    "cluster",
    {
      clusterName: names.cluster,
      version: settings.version,
      region: config.region,
      accountId: config.accountId,
      vpcId: vpc.vpcId,
      privateSubnetIds: vpc.privateSubnetIds,
      deployerRoleArn: config.deployerRoleArn ?? names.deployerRoleArn,
      secretsKeyArn: keyArn,
      volumeKeyArn: keyArn,
      logKeyArn: ofRegion(context, global.keyArns.logs),
      logRetentionDays: settings.logRetentionDays,
      publicAccessCidrs: settings.publicAccessCidrs,
      deletionProtection: config.dataProtection === "retain",
      addOnVersions: settings.addOnVersions,
      systemInstanceTypes: systemNodes.instanceTypes,
      systemNodes: {
        min: systemNodes.minimum,
        // Warm nodes for the region's share of the traffic; the limit is the same in every region at all times.
        desired: share(systemNodes.maximum, posture.servesPercent, systemNodes.minimum),
        max: systemNodes.maximum,
      },
      instanceTags: { ...config.tags, environment: config.environment },
    },
    { providers: { aws: provider, eks: new eks.Provider("eks") } },
  );
  return { kubernetes };
}
