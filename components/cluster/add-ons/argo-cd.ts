import type { AddOn, HelmValues } from "../add-on.ts";
import { evenSpread, ON_SYSTEM_NODES } from "../placement.ts";

export interface ArgoCdOptions {
  /** Name by which people reach the server, through a tunnel or the private network; nothing exposes it. */
  readonly domain: string;
  /** Replicas of server, repository server and application sets, and Redis with its watchers. @default true */
  readonly highlyAvailable?: boolean;
}

/**
 * Argo CD (CICD-08, CICD-09), which owns the workloads (C-35). Each region runs its own and deploys to itself alone: the
 * loss of a region leaves the other's delivery as it was. The server has no ingress and no load balancer.
 * https://github.com/argoproj/argo-helm/blob/argo-cd-10.1.1/charts/argo-cd/values.yaml
 */
export function argoCd(options: ArgoCdOptions): AddOn {
  const isHa = options.highlyAvailable ?? true;
  const part = (name: string): HelmValues => ({
    replicas: isHa ? 2 : 1,
    pdb: { enabled: isHa, maxUnavailable: 1 },
    topologySpreadConstraints: evenSpread({ "app.kubernetes.io/name": `argocd-${name}` }),
  });
  return {
    name: "argo-cd",
    chart: "argo-cd",
    repository: "https://argoproj.github.io/argo-helm",
    version: "10.1.1",
    namespace: "argocd",
    wave: 5,
    timeoutSeconds: 900,
    values: {
      // The names that overlays and runbooks know, whatever the release is called.
      fullnameOverride: "argocd",
      global: {
        domain: options.domain,
        ...ON_SYSTEM_NODES,
        networkPolicy: { create: true },
      },
      configs: { cm: { "exec.enabled": "false", "timeout.reconciliation": "60s" } },
      controller: { replicas: 1 },
      server: { ...part("server"), service: { type: "ClusterIP" }, ingress: { enabled: false } },
      repoServer: part("repo-server"),
      applicationSet: part("applicationset-controller"),
      dex: { enabled: false },
      "redis-ha": {
        enabled: isHa,
        ...ON_SYSTEM_NODES,
        // As wanted, not as needed: with one zone down two system nodes carry all three.
        hardAntiAffinity: false,
        haproxy: { ...ON_SYSTEM_NODES, hardAntiAffinity: false },
      },
    },
  };
}
