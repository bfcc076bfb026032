import type { AddOn } from "../add-on.ts";
import { evenSpread, ON_SYSTEM_NODES } from "../placement.ts";

/**
 * CPU and memory of pods for the horizontal and vertical autoscalers (EKS-16 to EKS-19).
 * https://github.com/kubernetes-sigs/metrics-server/tree/metrics-server-helm-chart-3.13.1/charts/metrics-server
 */
export function metricsServer(): AddOn {
  return {
    name: "metrics-server",
    chart: "metrics-server",
    repository: "https://kubernetes-sigs.github.io/metrics-server",
    version: "3.13.1",
    namespace: "kube-system",
    wave: 1,
    values: {
      replicas: 2,
      podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
      topologySpreadConstraints: evenSpread({ "app.kubernetes.io/name": "metrics-server" }),
      ...ON_SYSTEM_NODES,
    },
  };
}
