import type { AddOn } from "../add-on.ts";

/**
 * The Prometheus operator's definitions (OBS-03), apart from its chart: Helm would never upgrade them there, and every
 * chart with a ServiceMonitor needs them first.
 * https://github.com/prometheus-community/helm-charts/tree/main/charts/prometheus-operator-crds
 */
export function prometheusOperatorCrds(): AddOn {
  return {
    name: "prometheus-operator-crds",
    chart: "prometheus-operator-crds",
    repository: "https://prometheus-community.github.io/helm-charts",
    version: "31.0.1",
    namespace: "infrastructure",
    wave: 1,
    // Deleting a definition deletes every rule and monitor of the cluster.
    values: { crds: { annotations: { "helm.sh/resource-policy": "keep" } } },
  };
}
