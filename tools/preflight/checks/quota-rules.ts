/**
 * Quotas that a stack can meet, and how much of each a plan asks for. Pure. Amounts come from the plan and limits from the
 * account; only the codes by which AWS knows a quota stand here.
 */
import type { Plan, PlannedResource } from "../../plan/plan.ts";
import { at, planned, text } from "../planned.ts";

/** Amount by unit: a zone, a network, a group; `""` where the quota counts the region or the account as a whole. */
export type Amounts = ReadonlyMap<string, number>;

export interface QuotaRule {
  readonly service: string;
  readonly code: string;
  readonly what: string;
  /**
   * `new`: counts inside something that the stack itself makes, so nothing of it is used yet.
   * `account`: once for all regions; asked for in one of them.
   */
  readonly scope: "account" | "region" | "new";
  readonly need: (plan: Plan, region: string) => Amounts;
  /** Key of the count of what is used; absent where no client of this command can count it. */
  readonly used?: UsedKey;
  /** Lists what is used, where `used` is absent. */
  readonly count?: string;
}

export type UsedKey =
  | "addresses"
  | "applicationLoadBalancers"
  | "buckets"
  | "certificates"
  | "clusters"
  | "gatewayEndpoints"
  | "healthChecks"
  | "hostedZones"
  | "instanceProfiles"
  | "internetGateways"
  | "natGateways"
  | "networkLoadBalancers"
  | "networks"
  | "roles"
  | "securityGroups"
  | "transitGateways";

/** Resources of a type, of those that `which` accepts. */
function counted(
  type: string,
  which: (resource: PlannedResource) => boolean = () => true,
): QuotaRule["need"] {
  return (plan, region) => {
    const found = planned(plan, type, region).filter(which).length;
    return found === 0 ? new Map() : new Map([["", found]]);
  };
}

/** Resources of a type, by what each belongs to. */
function within(
  type: string,
  owner: (resource: PlannedResource) => string,
  which: (resource: PlannedResource) => boolean = () => true,
): QuotaRule["need"] {
  return (plan, region) => {
    const byId = new Map(plan.resources.flatMap(({ id, name }) => (id === undefined ? [] : [[id, name]])));
    const owners = planned(plan, type, region).filter(which).map(owner);
    return tally(owners.map((id) => byId.get(id) ?? id));
  };
}

function tally(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

const inNetwork = ({ inputs }: PlannedResource) => text(inputs["vpcId"]);
const endpointOf = (kind: string) => (resource: PlannedResource) =>
  (text(resource.inputs["vpcEndpointType"]) || "Gateway") === kind;
const balancerOf = (kind: string) => (resource: PlannedResource) =>
  (text(resource.inputs["loadBalancerType"]) || "application") === kind;

function natGatewaysByZone(plan: Plan, region: string): Amounts {
  const zones = new Map(
    planned(plan, "ec2/subnet:Subnet", region).map(({ id, inputs }) => [
      id,
      text(inputs["availabilityZone"]),
    ]),
  );
  return tally(
    planned(plan, "ec2/natGateway:NatGateway", region).map(
      ({ inputs }) => zones.get(text(inputs["subnetId"])) ?? "",
    ),
  );
}

/** A multi-region key is a key in each of its regions. */
function keys(plan: Plan, region: string): Amounts {
  const found =
    planned(plan, "kms/key:Key", region).length + planned(plan, "kms/replicaKey:ReplicaKey", region).length;
  return found === 0 ? new Map() : new Map([["", found]]);
}

/** Managed and self-made alike; `eks` makes one group of its own for every cluster. */
function securityGroups(plan: Plan, region: string): Amounts {
  const found =
    planned(plan, "ec2/securityGroup:SecurityGroup", region).length +
    planned(plan, "ec2/vpc:Vpc", region).length +
    planned(plan, "eks/cluster:Cluster", region).length;
  return found === 0 ? new Map() : new Map([["", found]]);
}

function nodeGroupsByCluster(plan: Plan, region: string): Amounts {
  return tally(
    planned(plan, "eks/nodeGroup:NodeGroup", region).map(({ inputs }) => text(at(inputs, "clusterName"))),
  );
}

const VPC = { service: "vpc", scope: "region" } as const;
const NEW_VPC = { service: "vpc", scope: "new" } as const;
const ELB = { service: "elasticloadbalancing", scope: "region" } as const;

export const QUOTA_RULES: readonly QuotaRule[] = [
  { ...VPC, code: "L-F678F1CE", what: "VPCs", need: counted("ec2/vpc:Vpc"), used: "networks" },
  {
    ...VPC,
    code: "L-A4707A72",
    what: "Internet gateways",
    need: counted("ec2/internetGateway:InternetGateway"),
    used: "internetGateways",
  },
  { ...VPC, code: "L-FE5A380F", what: "NAT gateways", need: natGatewaysByZone, used: "natGateways" },
  { ...VPC, code: "L-E79EC296", what: "Security groups", need: securityGroups, used: "securityGroups" },
  {
    ...VPC,
    code: "L-1B52E74A",
    what: "Gateway endpoints",
    need: counted("ec2/vpcEndpoint:VpcEndpoint", endpointOf("Gateway")),
    used: "gatewayEndpoints",
  },
  {
    ...NEW_VPC,
    code: "L-29B6F2EB",
    what: "Interface endpoints per VPC",
    need: within("ec2/vpcEndpoint:VpcEndpoint", inNetwork, endpointOf("Interface")),
  },
  { ...NEW_VPC, code: "L-407747CB", what: "Subnets per VPC", need: within("ec2/subnet:Subnet", inNetwork) },
  {
    ...NEW_VPC,
    code: "L-589F43AA",
    what: "Route tables per VPC",
    need: within("ec2/routeTable:RouteTable", inNetwork),
  },
  {
    service: "ec2",
    scope: "region",
    code: "L-0263D0A3",
    what: "Elastic IP addresses",
    need: counted("ec2/eip:Eip"),
    used: "addresses",
  },
  {
    service: "ec2",
    scope: "region",
    code: "L-A2478D36",
    what: "Transit gateways",
    need: counted("ec2transitgateway/transitGateway:TransitGateway"),
    used: "transitGateways",
  },
  {
    service: "eks",
    scope: "region",
    code: "L-1194D53C",
    what: "EKS clusters",
    need: counted("eks/cluster:Cluster"),
    used: "clusters",
  },
  {
    service: "eks",
    scope: "new",
    code: "L-6D54EA21",
    what: "Managed node groups per cluster",
    need: nodeGroupsByCluster,
  },
  {
    ...ELB,
    code: "L-53DA6B97",
    what: "Application load balancers",
    need: counted("lb/loadBalancer:LoadBalancer", balancerOf("application")),
    used: "applicationLoadBalancers",
  },
  {
    ...ELB,
    code: "L-69A177A2",
    what: "Network load balancers",
    need: counted("lb/loadBalancer:LoadBalancer", balancerOf("network")),
    used: "networkLoadBalancers",
  },
  {
    service: "acm",
    scope: "region",
    code: "L-F141DD1D",
    what: "Certificates",
    need: counted("acm/certificate:Certificate"),
    used: "certificates",
  },
  {
    service: "kms",
    scope: "region",
    code: "L-C2F1777E",
    what: "KMS keys",
    need: keys,
    count: "aws kms list-keys --query 'length(Keys)'",
  },
  {
    service: "rds",
    scope: "region",
    code: "L-952B80B8",
    what: "DB clusters",
    need: counted("rds/cluster:Cluster"),
    count: "aws rds describe-db-clusters --query 'length(DBClusters)'",
  },
  {
    service: "rds",
    scope: "region",
    code: "L-7B6409FD",
    what: "DB instances",
    need: counted("rds/clusterInstance:ClusterInstance"),
    count: "aws rds describe-db-instances --query 'length(DBInstances)'",
  },
  {
    service: "s3",
    scope: "account",
    code: "L-DC2B2D3D",
    what: "Buckets",
    need: counted("s3/bucket:Bucket"),
    used: "buckets",
  },
  {
    service: "iam",
    scope: "account",
    code: "L-FE177D64",
    what: "IAM roles",
    need: counted("iam/role:Role"),
    used: "roles",
  },
  {
    service: "iam",
    scope: "account",
    code: "L-6E65F664",
    what: "Instance profiles",
    need: counted("iam/instanceProfile:InstanceProfile"),
    used: "instanceProfiles",
  },
  {
    service: "route53",
    scope: "account",
    code: "L-ACB674F3",
    what: "Route 53 health checks",
    need: counted("route53/healthCheck:HealthCheck"),
    used: "healthChecks",
  },
  {
    service: "route53",
    scope: "account",
    code: "L-4EA4796A",
    what: "Hosted zones",
    need: counted("route53/zone:Zone"),
    used: "hostedZones",
  },
];
