import type { AddOn, AddOnIdentity } from "../add-on.ts";
import { evenSpread, ON_SYSTEM_NODES } from "../placement.ts";

export interface KedaOptions {
  /** Name in KEDA's metrics. */
  readonly clusterName: string;
  /** What the scalers read in AWS; a RabbitMQ queue needs nothing. @default no AWS identity */
  readonly policies?: AddOnIdentity["policies"];
}

/**
 * Horizontal autoscaling on the depth of a queue (EKS-18, C-27), down to zero where that is allowed. When it is down,
 * autoscalers keep the count they have.
 * https://github.com/kedacore/charts/tree/main/keda
 */
export function keda(options: KedaOptions): AddOn {
  const budget = { maxUnavailable: 1 };
  return {
    name: "keda",
    chart: "keda",
    repository: "https://kedacore.github.io/charts",
    version: "2.20.2",
    namespace: "kube-system",
    wave: 5,
    identities: options.policies
      ? { operator: { serviceAccount: "keda-operator", policies: options.policies } }
      : {},
    values: {
      clusterName: options.clusterName,
      // Without this an uninstall would take every scaled object of the cluster along.
      crds: { install: true, additionalAnnotations: { "helm.sh/resource-policy": "keep" } },
      operator: { replicaCount: 2 },
      metricsServer: { replicaCount: 2 },
      webhooks: { replicaCount: 2 },
      podDisruptionBudget: { operator: budget, metricServer: budget, webhooks: budget },
      topologySpreadConstraints: {
        operator: evenSpread({ app: "keda-operator" }),
        metricsServer: evenSpread({ app: "keda-operator-metrics-apiserver" }),
        webhooks: evenSpread({ app: "keda-admission-webhooks" }),
      },
      serviceAccount: { operator: { create: true, name: "keda-operator" } },
      ...ON_SYSTEM_NODES,
    },
  };
}
