/** The Kubernetes cluster of the region: control plane, system nodes, managed add-ons. */
import * as eks from "@pulumi/eks";
import { KubernetesCluster } from "../../components/cluster/kubernetes-cluster.ts";
import type { RegionIngress } from "../../components/edge/region-ingress.ts";
import { ClusterSecurityGroups } from "../../components/network/cluster-security-groups.ts";
import type { RegionNetwork } from "../../components/network/region-network.ts";
import { DOCUMENT_SERVICE_PORT } from "../../components/workload/document-service.ts";
import { share } from "../posture.ts";
import { ofRegion, type RegionContext, type SlotContext } from "./context.ts";

/** Security groups of the region's clusters; data stores admit the workers'. */
export function clusterSecurity(
  { provider }: RegionContext,
  vpc: RegionNetwork,
  entry: RegionIngress,
): ClusterSecurityGroups {
  return new ClusterSecurityGroups(
    "cluster-security",
    {
      vpcId: vpc.vpcId,
      albSecurityGroupId: entry.targetClientSecurityGroupId,
      gatewayPorts: [DOCUMENT_SERVICE_PORT],
    },
    { provider },
  );
}

export function cluster(
  context: SlotContext,
  vpc: RegionNetwork,
  securityGroups: ClusterSecurityGroups,
): KubernetesCluster {
  const { config, names, provider, global, slot } = context;
  const { systemNodes, ...settings } = config.cluster;
  const keyArn = ofRegion(context, global.keyArns.cluster);
  const podSubnets = vpc.plan.zones.flatMap(({ zone }, index) => {
    const subnet = vpc.podSubnetIds[index];
    return subnet === undefined ? [] : [[zone, subnet] as const];
  });
  return new KubernetesCluster(
    `cluster${slot.suffix}`,
    {
      clusterName: slot.clusterName,
      version: settings.version,
      region: config.region,
      accountId: config.accountId,
      vpcId: vpc.vpcId,
      privateSubnetIds: vpc.privateSubnetIds,
      podSubnetIds: podSubnets.length > 0 ? Object.fromEntries(podSubnets) : undefined,
      controlPlaneSecurityGroupIds: [securityGroups.controlPlaneId],
      nodeSecurityGroupIds: [securityGroups.workersId],
      deployerRoleArn: config.deployerRoleArn ?? names.deployerRoleArn,
      secretsKeyArn: keyArn,
      volumeKeyArn: keyArn,
      logKeyArn: ofRegion(context, global.keyArns.logs),
      logRetentionDays: settings.logRetentionDays,
      publicAccessCidrs: settings.publicAccessCidrs,
      deletionProtection: config.dataProtection === "retain",
      addOnVersions: settings.addOnVersions,
      systemInstanceTypes: systemNodes.instanceTypes,
      nodeVolumeSizeGib: systemNodes.diskGiB,
      systemNodes: {
        min: systemNodes.minimum,
        // Warm nodes for the region's share of the traffic; the limit is the same in every region at all times.
        desired: share(systemNodes.maximum, slot.servesPercent, systemNodes.minimum),
        max: systemNodes.maximum,
      },
      // The roles that the provider's own component makes are out of reach of the aspect.
      permissionsBoundaryArn: names.boundaryArn,
      instanceTags: { ...config.tags, environment: config.environment },
    },
    // Nodes join by way of the NAT gateways and endpoints, which have to be there first and to go last.
    { providers: { aws: provider, eks: new eks.Provider(`eks${slot.suffix}`) }, dependsOn: [vpc] },
  );
}
