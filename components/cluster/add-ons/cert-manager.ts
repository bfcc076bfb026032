import type { AddOn } from "../add-on.ts";
import { evenSpread, ON_SYSTEM_NODES } from "../placement.ts";

export const CERT_MANAGER = "cert-manager";

/**
 * Certificates inside the cluster (EKS-27, EKS-32; C-34: ACM serves the edge).
 * https://github.com/cert-manager/cert-manager/blob/v1.21.1/deploy/charts/cert-manager/values.yaml
 */
export function certManager(): AddOn {
  return {
    name: CERT_MANAGER,
    chart: "cert-manager",
    repository: "https://charts.jetstack.io",
    version: "v1.21.1",
    namespace: "infrastructure",
    wave: 2,
    values: {
      // Kept on uninstall: with the definitions every certificate of the cluster would go.
      crds: { enabled: true, keep: true },
      global: {
        priorityClassName: "system-cluster-critical",
        leaderElection: { namespace: "infrastructure" },
      },
      replicaCount: 2,
      podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
      topologySpreadConstraints: spread("controller"),
      ...ON_SYSTEM_NODES,
      webhook: {
        replicaCount: 3,
        podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
        topologySpreadConstraints: spread("webhook"),
        ...ON_SYSTEM_NODES,
      },
      cainjector: {
        replicaCount: 2,
        podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
        topologySpreadConstraints: spread("cainjector"),
        ...ON_SYSTEM_NODES,
      },
      startupapicheck: { ...ON_SYSTEM_NODES },
      prometheus: { enabled: true },
    },
  };
}

function spread(component: string) {
  return evenSpread({
    "app.kubernetes.io/instance": CERT_MANAGER,
    "app.kubernetes.io/component": component,
  });
}
