/** The groups of nodes that Karpenter starts and stops, as data. */
import type { Json } from "../json.ts";

export interface NodePoolPlan {
  /** Name of the NodePool; also the value of the label `platform/node-role`. */
  readonly name: string;
  readonly instanceTypes: readonly string[];
  /** Spot comes before on-demand where both are given; on-demand is then the fallback. */
  readonly capacityTypes: readonly ("spot" | "on-demand")[];
  /** All nodes of the pool together. */
  readonly limits: { readonly cpu: number; readonly memoryGib: number };
  /** 1 to 100; a pool of higher weight is filled first. */
  readonly weight: number;
  /** Zones; absent: every zone that has a subnet. */
  readonly zones?: readonly string[];
  /** Only pods that tolerate `platform/pool=<name>` come here. @default false */
  readonly reserved?: boolean;
}

export interface NodeTaintPlan {
  readonly key: string;
  readonly value?: string;
  readonly effect: "NoSchedule" | "NoExecute" | "PreferNoSchedule";
}

/**
 * The two groups of EKS-09 and EKS-10 within the bounds of EKS-14 and EKS-15, as resources (C-24): ten m5.xlarge and
 * eight c5.4xlarge. With `burstZone` a third pool takes what the full general pool cannot, there alone (C-30, NET-06).
 */
export function platformNodePools(options: { readonly burstZone?: string } = {}): NodePoolPlan[] {
  const general = {
    instanceTypes: ["m5.large", "m5.xlarge"],
    capacityTypes: ["spot", "on-demand"],
  } as const;
  const pools: NodePoolPlan[] = [
    { name: "general", ...general, limits: { cpu: 40, memoryGib: 160 }, weight: 50 },
    {
      name: "compute",
      instanceTypes: ["c5.2xlarge", "c5.4xlarge"],
      capacityTypes: ["on-demand"],
      limits: { cpu: 128, memoryGib: 256 },
      weight: 50,
      reserved: true,
    },
  ];
  return options.burstZone === undefined
    ? pools
    : [
        ...pools,
        {
          name: "burst",
          ...general,
          limits: { cpu: 16, memoryGib: 64 },
          weight: 10,
          zones: [options.burstZone],
        },
      ];
}

/** Every reason why these pools cannot be used. */
export function nodePoolProblems(pools: readonly NodePoolPlan[]): string[] {
  const names = pools.map((pool) => pool.name);
  const problems = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
    (name) => `pool "${name}" is given twice: names are unique`,
  );
  for (const pool of pools) {
    const label = `pool "${pool.name}"`;
    if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(pool.name))
      problems.push(`${label} has no usable name: use lower-case letters, digits and dashes`);
    if (pool.instanceTypes.length === 0)
      problems.push(`${label} instanceTypes is empty: name at least one EC2 instance type`);
    if (pool.capacityTypes.length === 0)
      problems.push(`${label} capacityTypes is empty: name spot, on-demand or both`);
    if (pool.zones?.length === 0) problems.push(`${label} zones is empty: name one, or leave it out for all`);
    if (!Number.isInteger(pool.weight) || pool.weight < 1 || pool.weight > 100)
      problems.push(`${label} weight ${pool.weight} is outside 1 to 100`);
    for (const [key, limit] of Object.entries(pool.limits))
      if (!Number.isInteger(limit) || limit < 1)
        problems.push(`${label} limits.${key} ${limit} is no size: use a whole number from 1`);
  }
  return problems;
}

export interface NodePoolContext {
  /** Name of the EC2NodeClass. */
  readonly nodeClass: string;
  /** Taints that an agent takes off once it runs on a new node. */
  readonly startupTaints: readonly NodeTaintPlan[];
}

const HOURS_UNTIL_RENEWAL = 30 * 24;

/**
 * The `spec` of a NodePool. Karpenter packs pods onto fewer or cheaper nodes as load falls (COST-21), a tenth of a pool at
 * a time, and renews each node within 30 days, which is also how security fixes of the image arrive.
 */
export function nodePoolSpec(pool: NodePoolPlan, context: NodePoolContext): Json {
  const requirements: [string, readonly string[]][] = [
    ["kubernetes.io/arch", ["amd64"]],
    ["kubernetes.io/os", ["linux"]],
    ["karpenter.sh/capacity-type", pool.capacityTypes],
    ["node.kubernetes.io/instance-type", pool.instanceTypes],
  ];
  if (pool.zones) requirements.push(["topology.kubernetes.io/zone", pool.zones]);
  return {
    weight: pool.weight,
    limits: { cpu: String(pool.limits.cpu), memory: `${pool.limits.memoryGib}Gi` },
    disruption: {
      consolidationPolicy: "WhenEmptyOrUnderutilized",
      consolidateAfter: "5m",
      budgets: [{ nodes: "10%" }],
    },
    template: {
      metadata: { labels: { "platform/node-role": pool.name } },
      spec: {
        nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: context.nodeClass },
        requirements: requirements.map(([key, values]) => ({ key, operator: "In", values: [...values] })),
        taints: pool.reserved ? [{ key: "platform/pool", value: pool.name, effect: "NoSchedule" }] : [],
        startupTaints: context.startupTaints.map((taint) => ({ ...taint })),
        expireAfter: `${HOURS_UNTIL_RENEWAL}h`,
        // A disruption budget that can never be met must not keep a node, nor `pulumi destroy`, for ever.
        terminationGracePeriod: "1h",
      },
    },
  };
}
