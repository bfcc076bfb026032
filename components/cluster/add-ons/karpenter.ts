import type { AddOn, HelmValue } from "../add-on.ts";
import { ON_SYSTEM_NODES } from "../placement.ts";

const VERSION = "1.14.1";

/** The definitions alone: Helm would never upgrade them inside the main chart. */
export function karpenterDefinitions(): AddOn {
  return {
    name: "karpenter-crd",
    chart: "oci://public.ecr.aws/karpenter/karpenter-crd",
    version: VERSION,
    namespace: "kube-system",
    wave: 1,
    values: {},
  };
}

export interface KarpenterChartOptions {
  readonly clusterName: string;
  readonly interruptionQueue: HelmValue;
  readonly zonalShift: boolean;
}

/**
 * The controller (EKS-13), on two hosts of the managed group: it must not run on nodes that it may take away.
 * https://github.com/aws/karpenter-provider-aws/blob/v1.14.1/charts/karpenter/values.yaml
 */
export function karpenterController(options: KarpenterChartOptions): AddOn {
  return {
    name: "karpenter",
    chart: "oci://public.ecr.aws/karpenter/karpenter",
    version: VERSION,
    namespace: "kube-system",
    wave: 3,
    dependsOn: ["karpenter-crd"],
    skipCrds: true,
    values: {
      replicas: 2,
      serviceAccount: { name: "karpenter" },
      settings: {
        clusterName: options.clusterName,
        interruptionQueue: options.interruptionQueue,
        enableZonalShift: options.zonalShift,
        eksControlPlane: true,
      },
      controller: {
        resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "1Gi" } },
      },
      ...ON_SYSTEM_NODES,
    },
  };
}
