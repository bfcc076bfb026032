/** What the cluster runs for its workloads: namespaces, storage, nodes on demand, and the pinned charts wave by wave. */
import * as certManagerPackage from "@pulumi/kubernetes-cert-manager";
import type * as pulumi from "@pulumi/pulumi";
import type { AddOn } from "../../components/cluster/add-on.ts";
import { argoCd } from "../../components/cluster/add-ons/argo-cd.ts";
import { certManager } from "../../components/cluster/add-ons/cert-manager.ts";
import { kubePrometheusStack } from "../../components/cluster/add-ons/kube-prometheus-stack.ts";
import { loadBalancerController } from "../../components/cluster/add-ons/load-balancer-controller.ts";
import { metricsServer } from "../../components/cluster/add-ons/metrics-server.ts";
import { prometheusOperatorCrds } from "../../components/cluster/add-ons/prometheus-operator-crds.ts";
import { AddOns } from "../../components/cluster/add-ons.ts";
import { Karpenter } from "../../components/cluster/karpenter.ts";
import type { KubernetesCluster } from "../../components/cluster/kubernetes-cluster.ts";
import { Namespaces } from "../../components/cluster/namespaces.ts";
import { StorageClasses } from "../../components/cluster/storage-classes.ts";
import type { RegionNetwork } from "../../components/network/region-network.ts";
import { ofRegion, type RegionContext } from "./context.ts";

/** What workloads wait for, and are removed before. */
interface ClusterServices {
  readonly services: readonly pulumi.Resource[];
}

export function clusterServices(
  context: RegionContext,
  vpc: RegionNetwork,
  kubernetes: KubernetesCluster,
): ClusterServices {
  const { config, names, provider, global } = context;
  const inCluster = { provider: kubernetes.kubernetesProvider };
  const cluster = { name: kubernetes.name, arn: kubernetes.arn, accountId: config.accountId };
  const volumeKeyArn = ofRegion(context, global.keyArns.cluster);

  const namespaces = new Namespaces("namespaces", { mesh: false }, inCluster);
  const storage = new StorageClasses("storage", { volumeKeyArn }, inCluster);
  const addOns = new AddOns(
    "add-ons",
    { addOns: charts(context, vpc), cluster },
    {
      providers: {
        aws: provider,
        kubernetes: kubernetes.kubernetesProvider,
        "kubernetes-cert-manager": new certManagerPackage.Provider("cert-manager"),
      },
      dependsOn: [namespaces, storage],
    },
  );
  const nodes = new Karpenter(
    "nodes",
    {
      cluster,
      clusterName: names.cluster,
      region: config.region,
      partition: names.partition,
      subnetIds: vpc.privateSubnetIds,
      securityGroupIds: kubernetes.nodeSecurityGroupIds,
      volumeKeyArn,
      instanceTags: { ...config.tags, environment: config.environment },
    },
    { providers: { aws: provider, kubernetes: kubernetes.kubernetesProvider } },
  );
  return { services: [...Object.values(addOns.installed), nodes] };
}

function charts({ config, names }: RegionContext, vpc: RegionNetwork): AddOn[] {
  const { region, accountId, delivery, domain } = config;
  const always = [
    prometheusOperatorCrds(),
    metricsServer(),
    certManager(),
    loadBalancerController({
      partition: names.partition,
      region,
      accountId,
      clusterName: names.cluster,
      vpcId: vpc.vpcId,
    }),
    // Both regions' clusters have one name; samples tell them apart by region.
    kubePrometheusStack({ clusterName: `${names.cluster}-${region}` }),
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
