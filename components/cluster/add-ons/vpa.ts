import type { AddOn } from "../add-on.ts";
import { ON_SYSTEM_NODES } from "../placement.ts";

export interface VpaOptions {
  /**
   * Also change the requests of running pods, for objects that ask for it (EKS-20). Wherever a horizontal autoscaler acts
   * on CPU or memory they must not (C-28).
   * @default false: recommendations only (EKS-19)
   */
  readonly automatic?: boolean;
}

/**
 * What pods need, from what they used. One recommender, for its loss changes nothing that runs.
 * https://github.com/FairwindsOps/charts/tree/master/stable/vpa
 */
export function vpa(options: VpaOptions = {}): AddOn {
  const automatic = options.automatic ?? false;
  return {
    name: "vpa",
    chart: "vpa",
    repository: "https://charts.fairwinds.com/stable",
    version: "5.0.0",
    namespace: "kube-system",
    wave: 5,
    values: {
      recommender: { enabled: true, ...ON_SYSTEM_NODES },
      updater: { enabled: automatic, ...ON_SYSTEM_NODES },
      admissionController: {
        enabled: automatic,
        replicaCount: 2,
        podDisruptionBudget: { maxUnavailable: 1 },
        certGen: ON_SYSTEM_NODES,
        ...ON_SYSTEM_NODES,
      },
    },
  };
}
