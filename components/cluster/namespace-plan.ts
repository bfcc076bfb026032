/** The namespaces of a cluster and what each may take, as data. */

/** Pod Security Standard: `restricted` for our own code, weaker only where an agent needs the host. */
export type PodSecurity = "privileged" | "baseline" | "restricted";

export interface NamespacePlan {
  readonly name: string;
  readonly podSecurity: PodSecurity;
  /** Pods get a sidecar of the mesh. @default false */
  readonly mesh?: boolean;
  /** Requests of all pods together, and their number. @default unlimited */
  readonly quota?: { readonly cpu: number; readonly memoryGib: number; readonly pods: number };
  /** What a container gets that asks for nothing. @default nothing, which a quota would refuse */
  readonly containerDefaults?: ContainerDefaults;
}

export interface ContainerDefaults {
  readonly cpuRequest: string;
  readonly memoryRequest: string;
  readonly memoryLimit: string;
}

const SMALL: ContainerDefaults = { cpuRequest: "100m", memoryRequest: "128Mi", memoryLimit: "512Mi" };

/**
 * The five namespaces of the platform, verbatim (EKS-27 to EKS-31), then the customary homes of what has no place there
 * (C-31). Quotas stay within what the node pools can give (C-24), equal in both regions: either must carry all traffic.
 */
export const NAMESPACES: readonly NamespacePlan[] = [
  // Node exporters read the host.
  { name: "infrastructure", podSecurity: "privileged" },
  // Fluent Bit reads the logs of the host.
  { name: "platform", podSecurity: "privileged" },
  {
    name: "apps",
    podSecurity: "restricted",
    mesh: true,
    quota: { cpu: 40, memoryGib: 160, pods: 200 },
    containerDefaults: SMALL,
  },
  {
    name: "workers",
    podSecurity: "restricted",
    mesh: true,
    quota: { cpu: 120, memoryGib: 240, pods: 100 },
    containerDefaults: SMALL,
  },
  {
    name: "batch",
    podSecurity: "restricted",
    quota: { cpu: 16, memoryGib: 64, pods: 50 },
    containerDefaults: SMALL,
  },
  { name: "istio-system", podSecurity: "privileged" },
  { name: "argocd", podSecurity: "baseline" },
  { name: "kyverno", podSecurity: "baseline" },
  { name: "velero", podSecurity: "privileged" },
  { name: "calico-system", podSecurity: "privileged" },
  { name: "falco", podSecurity: "privileged" },
];

/** Labels of a namespace; what violates `restricted` is at least warned of and audited everywhere. */
export function namespaceLabels(plan: NamespacePlan, meshEnabled: boolean): Record<string, string> {
  return {
    "app.kubernetes.io/part-of": "platform",
    "pod-security.kubernetes.io/audit": "restricted",
    "pod-security.kubernetes.io/enforce": plan.podSecurity,
    "pod-security.kubernetes.io/warn": "restricted",
    ...(meshEnabled && plan.mesh ? { "istio-injection": "enabled" } : {}),
  };
}

/** `hard` of the ResourceQuota. */
export function quotaHard(quota: NonNullable<NamespacePlan["quota"]>): Record<string, string> {
  return {
    pods: String(quota.pods),
    "requests.cpu": String(quota.cpu),
    "requests.memory": `${quota.memoryGib}Gi`,
    // Only the platform opens the cluster to the outside (C-09).
    "services.loadbalancers": "0",
    "services.nodeports": "0",
  };
}

/** Every reason why these namespaces cannot be made. */
export function namespaceProblems(plans: readonly NamespacePlan[]): string[] {
  const names = plans.map((plan) => plan.name);
  const problems = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
    (name) => `namespace "${name}" is given twice: names are unique in a cluster`,
  );
  for (const { name, quota, containerDefaults } of plans) {
    if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name))
      problems.push(`namespace "${name}" is no name: use up to 63 lower-case letters, digits and dashes`);
    if (quota && !containerDefaults)
      problems.push(
        `namespace "${name}" has a quota without containerDefaults: pods that ask for nothing would be refused`,
      );
    for (const [key, value] of Object.entries(quota ?? {}))
      if (!Number.isInteger(value) || value < 1)
        problems.push(`namespace "${name}" quota.${key} ${value} is no size: use a whole number from 1`);
  }
  return problems;
}
