/**
 * Network ACL rules by tier (NET-22, GAP-07): stateless allow lists behind the security groups. Being stateless, they have
 * to let answers in, which come to the ports that clients and NAT gateways call from; what they add is that no other port
 * and no other tier gets through when a security group is wrong.
 */
import type { ZoneSubnets } from "./subnet-plan.ts";

export type AclTier = "public" | "private" | "database";

/** As AWS stores it: protocols as numbers, port 0 to 0 where the protocol has none. Else every preview shows a change. */
export interface AclRule {
  readonly ruleNo: number;
  readonly action: "allow" | "deny";
  readonly protocol: "-1" | "1" | "6" | "17";
  readonly cidrBlock: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
}

export interface AclRequest {
  /** Block of the VPC. */
  readonly cidr: string;
  readonly podCidr?: string | undefined;
  readonly zones: readonly ZoneSubnets[];
  /** Blocks outside the VPC that may open connections to the private tier: a peered region, shared services, a data centre. */
  readonly peerCidrs: readonly string[];
  /** Ports that the database tier offers to this VPC (public tier excepted) and to `databaseClientCidrs`. */
  readonly databasePorts: readonly number[];
  /** Blocks outside the VPC that may use them. */
  readonly databaseClientCidrs: readonly string[];
}

export interface AclRules {
  readonly ingress: readonly AclRule[];
  readonly egress: readonly AclRule[];
}

type Draft = Omit<AclRule, "ruleNo">;

const ANYWHERE = "0.0.0.0/0";
/** Default quota of rules in each direction; a higher one has to be asked for and slows the network down. */
const MAX_RULES = 20;

/** Throws when a tier needs more rules than an ACL holds. */
export function aclRules(request: AclRequest): Readonly<Record<AclTier, AclRules>> {
  const { cidr, podCidr, zones, peerCidrs, databasePorts, databaseClientCidrs } = request;
  const own = [cidr, ...(podCidr === undefined ? [] : [podCidr])];
  const subnets = (tier: AclTier): string[] => zones.map((zone) => zone[tier]);
  const podCidrs = own.slice(1);
  const databaseClients = [...own, ...databaseClientCidrs];
  const rules = {
    public: {
      // The VPC's block holds the database tier too, so the denial comes first.
      ingress: numbered([
        subnets("database").map((block) => deny(block)),
        own.map((block) => allowAll(block)),
        [80, 443].map((port) => allowTcp(ANYWHERE, port)),
        answers(),
      ]),
      egress: numbered([subnets("database").map((block) => deny(block)), [allowAll(ANYWHERE)]]),
    },
    private: {
      ingress: numbered([
        [...subnets("private"), ...podCidrs, ...peerCidrs].map((block) => allowAll(block)),
        answers(),
      ]),
      egress: numbered([[allowAll(ANYWHERE)]]),
    },
    database: {
      ingress: numbered([
        subnets("public").map((block) => deny(block)),
        subnets("database").map((block) => allowAll(block)),
        databaseClients.flatMap((block) => databasePorts.map((port) => allowTcp(block, port))),
      ]),
      egress: numbered([
        subnets("public").map((block) => deny(block)),
        subnets("database").map((block) => allowAll(block)),
        databaseClients.map((block) => allowTcp(block, 1024, 65535)),
      ]),
    },
  };
  refuseTooMany(rules);
  return rules;
}

/**
 * Answers to connections that the tier opened: NAT gateways and Linux call from ports above 1023. Port 3389 stays shut
 * although an answer may come to it (one connection in 64,000 has to be tried again): account controls require it
 * (Security Hub EC2.21). ICMP 3/4 tells a sender to use smaller packets; without it large answers hang.
 */
function answers(): Draft[] {
  return [
    allowTcp(ANYWHERE, 1024, 3388),
    allowTcp(ANYWHERE, 3390, 65535),
    { action: "allow", protocol: "17", cidrBlock: ANYWHERE, fromPort: 1024, toPort: 65535 },
    { action: "allow", protocol: "1", cidrBlock: ANYWHERE, fromPort: 0, toPort: 0, icmpType: 3, icmpCode: 4 },
  ];
}

/** Each group of rules has a hundred of its own, so that a rule more in one renumbers no other group. */
function numbered(groups: readonly (readonly Draft[])[]): AclRule[] {
  return groups.flatMap((group, index) =>
    group.map((draft, place) => ({ ruleNo: (index + 1) * 100 + place, ...draft })),
  );
}

function allowAll(cidrBlock: string): Draft {
  return { action: "allow", protocol: "-1", cidrBlock, fromPort: 0, toPort: 0 };
}

function deny(cidrBlock: string): Draft {
  return { action: "deny", protocol: "-1", cidrBlock, fromPort: 0, toPort: 0 };
}

function allowTcp(cidrBlock: string, fromPort: number, toPort = fromPort): Draft {
  return { action: "allow", protocol: "6", cidrBlock, fromPort, toPort };
}

function refuseTooMany(rules: Readonly<Record<AclTier, AclRules>>): void {
  const problems = Object.entries(rules).flatMap(([tier, directions]) =>
    Object.entries(directions).flatMap(([direction, { length }]) =>
      length > MAX_RULES
        ? [
            `the ${tier} tier needs ${length} ${direction} rules, an ACL holds ${MAX_RULES}: name fewer databasePorts or client blocks`,
          ]
        : [],
    ),
  );
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
