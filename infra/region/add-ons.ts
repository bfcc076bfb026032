/** The charts that the cluster runs, wave by wave. */
import * as certManagerPackage from "@pulumi/kubernetes-cert-manager";
import { certManager } from "../../components/cluster/add-ons/cert-manager.ts";
import { AddOns } from "../../components/cluster/add-ons.ts";
import type { KubernetesCluster } from "../../components/cluster/kubernetes-cluster.ts";
import type { RegionNetwork } from "../../components/network/region-network.ts";
import type { RegionContext } from "./context.ts";

export function addOns(context: RegionContext, _vpc: RegionNetwork, kubernetes: KubernetesCluster): AddOns {
  const { config, provider } = context;
  return new AddOns(
    "add-ons",
    {
      addOns: [certManager()],
      cluster: { name: kubernetes.name, arn: kubernetes.arn, accountId: config.accountId },
    },
    {
      providers: {
        aws: provider,
        kubernetes: kubernetes.kubernetesProvider,
        "kubernetes-cert-manager": new certManagerPackage.Provider("cert-manager"),
      },
    },
  );
}
