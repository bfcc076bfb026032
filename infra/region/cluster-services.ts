/** What the cluster runs for its workloads: namespaces, storage, nodes on demand, and the pinned charts wave by wave. */
import * as certManagerPackage from "@pulumi/kubernetes-cert-manager";
import type * as pulumi from "@pulumi/pulumi";
import { BACKUP_TAGS } from "../../components/backup/backup-rules.ts";
import type { AddOn } from "../../components/cluster/add-on.ts";
import { argoCd } from "../../components/cluster/add-ons/argo-cd.ts";
import { certManager } from "../../components/cluster/add-ons/cert-manager.ts";
import { kubePrometheusStack } from "../../components/cluster/add-ons/kube-prometheus-stack.ts";
import { loadBalancerController } from "../../components/cluster/add-ons/load-balancer-controller.ts";
import { metricsServer } from "../../components/cluster/add-ons/metrics-server.ts";
import { prometheusOperatorCrds } from "../../components/cluster/add-ons/prometheus-operator-crds.ts";
import { AddOns } from "../../components/cluster/add-ons.ts";
import { ClusterAutoscaler } from "../../components/cluster/cluster-autoscaler.ts";
import { Karpenter } from "../../components/cluster/karpenter.ts";
import type { KubernetesCluster } from "../../components/cluster/kubernetes-cluster.ts";
import { Namespaces } from "../../components/cluster/namespaces.ts";
import { platformNodePools } from "../../components/cluster/node-pools.ts";
import { StorageClasses } from "../../components/cluster/storage-classes.ts";
import { WarmCapacity } from "../../components/cluster/warm-capacity.ts";
import type { RegionNetwork } from "../../components/network/region-network.ts";
import { share } from "../posture.ts";
import { ofRegion, type SlotContext } from "./context.ts";

/** What workloads wait for, and are removed before. */
interface ClusterServices {
  readonly services: readonly pulumi.Resource[];
}

export function clusterServices(
  context: SlotContext,
  vpc: RegionNetwork,
  kubernetes: KubernetesCluster,
): ClusterServices {
  const { config, provider, global, slot } = context;
  const named = (what: string) => `${what}${slot.suffix}`;
  const inCluster = { provider: kubernetes.kubernetesProvider };
  const cluster = { name: kubernetes.name, arn: kubernetes.arn, accountId: config.accountId };
  const volumeKeyArn = ofRegion(context, global.keyArns.cluster);

  const namespaces = new Namespaces(named("namespaces"), { mesh: false }, inCluster);
  const storage = new StorageClasses(
    named("storage"),
    { volumeKeyArn, volumeTags: config.backup.enabled ? BACKUP_TAGS : {} },
    inCluster,
  );
  const addOns = new AddOns(
    named("add-ons"),
    { addOns: charts(context, vpc), cluster },
    {
      providers: {
        aws: provider,
        kubernetes: kubernetes.kubernetesProvider,
        "kubernetes-cert-manager": new certManagerPackage.Provider(named("cert-manager")),
      },
      dependsOn: [namespaces, storage],
    },
  );
  const nodes = workloadNodes(context, vpc, kubernetes);
  new WarmCapacity(
    named("warm-capacity"),
    {
      namespace: "platform",
      // Room that is ready before the traffic comes; it falls to the pods that a failover brings.
      replicas: share(config.cluster.warmPods, slot.servesPercent, 0),
    },
    { ...inCluster, dependsOn: [namespaces, nodes] },
  );
  return { services: [...Object.values(addOns.installed), nodes] };
}

/** Nodes of the workloads, added and removed on demand by one of two autoscalers. */
function workloadNodes(
  context: SlotContext,
  vpc: RegionNetwork,
  kubernetes: KubernetesCluster,
): Karpenter | ClusterAutoscaler {
  const { config, names, provider, global, slot } = context;
  const common = {
    cluster: { name: kubernetes.name, arn: kubernetes.arn, accountId: config.accountId },
    clusterName: slot.clusterName,
    region: config.region,
    partition: names.partition,
    subnetIds: vpc.privateSubnetIds,
    securityGroupIds: kubernetes.nodeSecurityGroupIds,
    volumeKeyArn: ofRegion(context, global.keyArns.cluster),
    instanceTags: { ...config.tags, environment: config.environment },
  };
  const opts = { providers: { aws: provider, kubernetes: kubernetes.kubernetesProvider } };
  if (config.cluster.autoscaler === "clusterAutoscaler") {
    const { accountId, cluster } = config;
    return new ClusterAutoscaler(
      `nodes${slot.suffix}`,
      { ...common, accountId, version: cluster.version },
      opts,
    );
  }
  // The third zone is for bursts by preference, never by force.
  const burstZone = vpc.plan.zones[2]?.zone;
  return new Karpenter(
    `nodes${slot.suffix}`,
    { ...common, pools: platformNodePools({ burstZone }), imageVersion: config.cluster.nodeImage },
    opts,
  );
}

function charts({ config, names, slot }: SlotContext, vpc: RegionNetwork): AddOn[] {
  const { region, accountId, delivery, domain } = config;
  const always = [
    prometheusOperatorCrds(),
    metricsServer(),
    certManager(),
    loadBalancerController({
      partition: names.partition,
      region,
      accountId,
      clusterName: slot.clusterName,
      vpcId: vpc.vpcId,
    }),
    // Both regions' clusters have one name; samples tell them apart by region.
    kubePrometheusStack({ clusterName: `${slot.clusterName}-${region}` }),
  ];
  return delivery.deployMode === "argocd"
    ? [
        ...always,
        argoCd({
          domain: `argocd.${region}.${domain}`,
          highlyAvailable: config.environment === "production",
        }),
      ]
    : always;
}
