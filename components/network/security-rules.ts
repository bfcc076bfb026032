/**
 * Who may open a connection to whom behind the load balancer: the catalogue of security group rules, as data. Every rule
 * names the requirement row that asks for it; a rule that no row asks for does not exist (NET-21). Who reaches the load
 * balancer is decided with the load balancer (NET-25).
 */

export interface SecurityRule {
  /** Group that the rule belongs to. */
  readonly group: string;
  readonly direction: "ingress" | "egress";
  /** First and last TCP port; every port of every protocol when absent. */
  readonly ports?: readonly [from: number, to: number];
  readonly peer: SecurityPeer;
  /** Requirement row and reason; AWS shows it beside the rule. */
  readonly description: string;
}

/** The other end of the connection. `key` names it in the rule's resource name and finds a group's id. */
export type SecurityPeer =
  | { readonly kind: "group"; readonly key: string }
  | { readonly kind: "cidr"; readonly key: string; readonly cidr: string };

type ClusterGroup = "alb" | "control-plane" | "workers";

export interface ClusterRulesRequest {
  /** Ports on which the load balancer's targets, the API gateway's pods, listen (C-50). */
  readonly gatewayPorts: readonly number[];
  /** Whether targets are node ports instead of pods (C-50: development only). */
  readonly nodePorts: boolean;
}

const INTERNET = { kind: "cidr", key: "internet", cidr: "0.0.0.0/0" } as const;
const NODE_PORTS = [30000, 32767] as const;

export function clusterRules({ gatewayPorts, nodePorts }: ClusterRulesRequest): SecurityRule[] {
  const group = (key: ClusterGroup): SecurityPeer => ({ kind: "group", key });
  const targets = [...gatewayPorts.map((port) => [port, port] as const), ...(nodePorts ? [NODE_PORTS] : [])];
  return [
    ...targets.flatMap((ports): SecurityRule[] => [
      {
        group: "alb",
        direction: "egress",
        ports,
        peer: group("workers"),
        description: "NET-26: load balancer to the API gateway",
      },
      {
        group: "workers",
        direction: "ingress",
        ports,
        peer: group("alb"),
        description: "NET-28: API gateway from the load balancer",
      },
    ]),
    {
      group: "control-plane",
      direction: "ingress",
      ports: [443, 443],
      peer: group("workers"),
      description: "NET-27: Kubernetes API from the workers",
    },
    {
      group: "control-plane",
      direction: "egress",
      peer: group("workers"),
      description: "NET-28: control plane to kubelets and webhooks",
    },
    {
      group: "workers",
      direction: "ingress",
      peer: group("control-plane"),
      description: "NET-28: kubelets and webhooks from the control plane",
    },
    { group: "workers", direction: "ingress", peer: group("workers"), description: "NET-28: node to node" },
    {
      group: "workers",
      direction: "egress",
      peer: INTERNET,
      description: "NET-29: images and external APIs, narrowed for each pod by network policies",
    },
  ];
}

export type Store = "aurora" | "redis" | "msk" | "opensearch" | "mq" | "efs";

/** The only port of each data store, and the row that names it. */
export const STORE_PORTS: Readonly<Record<Store, { readonly port: number; readonly description: string }>> = {
  aurora: { port: 5432, description: "NET-30: PostgreSQL" },
  redis: { port: 6379, description: "NET-31: Redis" },
  msk: { port: 9098, description: "GAP-06: Kafka with IAM" },
  opensearch: { port: 443, description: "GAP-06: OpenSearch" },
  mq: { port: 5671, description: "GAP-06: RabbitMQ over TLS" },
  efs: { port: 2049, description: "GAP-06: NFS" },
};

/** One rule for each store and client. No egress: a store answers and never calls (NET-30). */
export function storeRules(stores: readonly Store[], clients: readonly SecurityPeer[]): SecurityRule[] {
  return stores.flatMap((store) =>
    clients.map((peer): SecurityRule => {
      const { port, description } = STORE_PORTS[store];
      return {
        group: store,
        direction: "ingress",
        ports: [port, port],
        peer,
        description: `${description} from ${peer.key}`,
      };
    }),
  );
}

/** Names the rule's resource; stable as long as the rule means the same. */
export function ruleKey({ group, direction, ports, peer }: SecurityRule): string {
  const range = ports === undefined ? "all" : [...new Set(ports)].join("-");
  return `${group}-${range}-${direction === "ingress" ? "from" : "to"}-${peer.key}`;
}
