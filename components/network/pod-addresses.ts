/**
 * Do the nodes fit into their subnets? The VPC CNI reserves addresses ahead of the pods that will use them, so the demand
 * depends on how it warms its pool (C-56, EKS-25). The formulas follow the CNI's documents "eni-and-ip-target" and
 * "prefix-and-ip-target" (github.com/aws/amazon-vpc-cni-k8s/tree/master/docs).
 */

export interface NodeInterfaces {
  /** Network interfaces that the instance type takes. */
  readonly interfaces: number;
  /** IPv4 addresses on each, its own primary address included. */
  readonly addressesEach: number;
}

export interface NodePoolDemand extends NodeInterfaces {
  readonly nodes: number;
  readonly podsPerNode: number;
}

/** How the CNI fills its pool. Counts are per node. */
export type WarmPool =
  /** The default: one whole spare interface (WARM_ENI_TARGET). */
  | { readonly kind: "interface"; readonly spare: number }
  /** Single spare addresses (WARM_IP_TARGET) above a floor (MINIMUM_IP_TARGET). */
  | { readonly kind: "address"; readonly spare: number; readonly minimum: number }
  /** Blocks of 16 addresses (ENABLE_PREFIX_DELEGATION, WARM_PREFIX_TARGET). */
  | { readonly kind: "prefix"; readonly spare: number };

const DEFAULT_WARM_POOL: WarmPool = { kind: "interface", spare: 1 };
const PREFIX_ADDRESSES = 16;

const SIZES = {
  burstable: { medium: [3, 6], large: [3, 12], xlarge: [4, 15], "2xlarge": [4, 15] },
  regular: { large: [3, 10], xlarge: [4, 15], "2xlarge": [4, 15], "4xlarge": [8, 30] },
} as const satisfies Record<string, Record<string, readonly [interfaces: number, addressesEach: number]>>;
const FAMILIES: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>> = {
  ...Object.fromEntries(["t3", "t3a", "t4g"].map((family) => [family, SIZES.burstable])),
  ...Object.fromEntries(
    [
      "m5",
      "c5",
      "r5",
      "m6i",
      "c6i",
      "r6i",
      "m6g",
      "c6g",
      "r6g",
      "m7i",
      "c7i",
      "r7i",
      "m7g",
      "c7g",
      "r7g",
    ].map((family) => [family, SIZES.regular]),
  ),
};

/** What an instance type takes (EC2 user guide, "IP addresses per network interface per instance type"). */
export function instanceInterfaces(instanceType: string): NodeInterfaces {
  const [family = "", size = ""] = instanceType.split(".");
  const found = FAMILIES[family]?.[size];
  if (found === undefined) {
    const known = Object.keys(FAMILIES).join(", ");
    throw new Error(
      `instanceType "${instanceType}" is not in the interface table (families ${known}): give interfaces and addressesEach yourself`,
    );
  }
  return { interfaces: found[0], addressesEach: found[1] };
}

/** Addresses that one node of the pool takes from its subnet, warm ones included. */
export function nodeAddressDemand(
  { interfaces, addressesEach, podsPerNode }: Omit<NodePoolDemand, "nodes">,
  warm: WarmPool,
): number {
  const slots = addressesEach - 1;
  const attached = (needed: number): number => Math.min(interfaces, Math.max(1, needed));
  switch (warm.kind) {
    case "interface":
      return attached(Math.ceil(podsPerNode / slots) + warm.spare) * addressesEach;
    case "address": {
      const secondary = Math.min(Math.max(podsPerNode + warm.spare, warm.minimum), interfaces * slots);
      return secondary + attached(Math.ceil(secondary / slots));
    }
    case "prefix": {
      const prefixes = Math.min(Math.ceil(podsPerNode / PREFIX_ADDRESSES) + warm.spare, interfaces * slots);
      return prefixes * PREFIX_ADDRESSES + attached(Math.ceil(prefixes / slots));
    }
  }
}

export interface PodAddressRequest {
  readonly pools: readonly NodePoolDemand[];
  /** Usable addresses of the subnet in each zone. */
  readonly usablePerZone: readonly number[];
  /** Addresses that something else takes in each zone: interface endpoints, the cluster's own, mount targets. */
  readonly otherPerZone: number;
  /** @default the CNI's own default, one spare interface */
  readonly warm?: WarmPool;
}

export interface PodAddressDemand {
  /** Addresses of all nodes at their limits. */
  readonly total: number;
  /** The fullest zone when every zone is up. */
  readonly perZone: number;
  /** The fullest zone when one zone is lost and the others take its nodes. */
  readonly perZoneAfterLoss: number;
  /** Whether that still fits into the smallest subnet. */
  readonly fits: boolean;
}

/** Demand at the node limits, with the nodes spread evenly over the zones; a lost zone's nodes move to the others. */
export function podAddressDemand({
  pools,
  usablePerZone,
  otherPerZone,
  warm = DEFAULT_WARM_POOL,
}: PodAddressRequest): PodAddressDemand {
  const zones = usablePerZone.length;
  if (zones < 2) throw new RangeError(`usablePerZone has ${zones} zones: give at least 2, one may be lost`);
  const inZones = (count: number): number =>
    otherPerZone +
    pools.reduce((sum, pool) => sum + Math.ceil(pool.nodes / count) * nodeAddressDemand(pool, warm), 0);
  const perZoneAfterLoss = inZones(zones - 1);
  return {
    total: pools.reduce((sum, pool) => sum + pool.nodes * nodeAddressDemand(pool, warm), 0),
    perZone: inZones(zones),
    perZoneAfterLoss,
    fits: perZoneAfterLoss <= Math.min(...usablePerZone),
  };
}
