/**
 * The addresses of one VPC: three tiers in every zone, as the seeds draw them (NET-03, NET-04, C-57), and optionally a
 * range for pods. Subnets follow the position of a zone in the list, so appending a zone moves nothing.
 */
import {
  addressCount,
  CARRIER_RANGE,
  type Cidr,
  carve,
  contains,
  formatCidr,
  PRIVATE_RANGES,
  parseCidr,
} from "./cidr.ts";

export interface SubnetPlanRequest {
  /** Block of the VPC, /16 to /23 in a private range. */
  readonly cidr: string;
  /** Two to four zones of one region, for example `us-east-1a`. */
  readonly zones: readonly string[];
  /** Second block of the VPC, for pods only, /16 to /24 inside 100.64.0.0/10. */
  readonly podCidr?: string | undefined;
}

export interface ZoneSubnets {
  readonly zone: string;
  readonly public: string;
  readonly private: string;
  readonly database: string;
  readonly pod?: string;
}

export interface SubnetPlan {
  readonly region: string;
  /** In the order of the request. */
  readonly zones: readonly ZoneSubnets[];
}

/** Room is kept for four zones whatever the request names; EKS, Aurora and an ALB each refuse fewer than two. */
const MIN_ZONES = 2;
const ZONE_SLOTS = 4;
const LARGEST_PREFIX = 16;
/** An ALB needs a /27 in every zone (docs: Application Load Balancers, subnets); a public subnet is 1/16 of the VPC. */
const SMALLEST_PREFIX = 23;
const SMALLEST_POD_PREFIX = 24;
const ZONE_NAME = /^([a-z]{2}(?:-[a-z]+)+-\d)[a-z]$/;
/** AWS keeps the first four addresses and the last one of every subnet. */
const RESERVED_ADDRESSES = 5;

export function usableAddresses(subnetCidr: string): number {
  return addressCount(parseCidr(subnetCidr)) - RESERVED_ADDRESSES;
}

/** Everything that is wrong with the request, each message beginning with the argument's name; empty when it can be planned. */
export function subnetPlanProblems({ cidr, zones, podCidr }: SubnetPlanRequest): string[] {
  return [
    ...blockProblems("cidr", cidr, {
      spaces: PRIVATE_RANGES,
      largest: LARGEST_PREFIX,
      smallest: SMALLEST_PREFIX,
    }),
    ...(podCidr === undefined
      ? []
      : blockProblems("podCidr", podCidr, {
          spaces: [CARRIER_RANGE],
          largest: LARGEST_PREFIX,
          smallest: SMALLEST_POD_PREFIX,
        })),
    ...zoneProblems(zones),
  ];
}

/** Throws with every problem at once. */
export function planSubnets(request: SubnetPlanRequest): SubnetPlan {
  const problems = subnetPlanProblems(request);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const vpc = parseCidr(request.cidr);
  const pods = request.podCidr === undefined ? undefined : parseCidr(request.podCidr);
  const layout = vpc.prefix === LARGEST_PREFIX ? drawnLayout : derivedLayout;
  return {
    region: ZONE_NAME.exec(request.zones[0] ?? "")?.[1] ?? "",
    zones: request.zones.map((zone, slot) => ({
      zone,
      ...layout(vpc, slot),
      ...(pods === undefined ? {} : { pod: block(pods, pods.prefix + 2, slot) }),
    })),
  };
}

/** Third octet as drawn: public 1, 2, 3; private 10, 20, 30; database 11, 21, 31. */
function drawnLayout(vpc: Cidr, slot: number): Omit<ZoneSubnets, "zone"> {
  return {
    public: block(vpc, 24, slot + 1),
    private: block(vpc, 24, (slot + 1) * 10),
    database: block(vpc, 24, (slot + 1) * 10 + 1),
  };
}

/** Below a /16: the lower half is private, the third quarter public, the fourth database, each cut into four zones. */
function derivedLayout(vpc: Cidr, slot: number): Omit<ZoneSubnets, "zone"> {
  return {
    public: block(vpc, vpc.prefix + 4, 2 * ZONE_SLOTS + slot),
    private: block(vpc, vpc.prefix + 3, slot),
    database: block(vpc, vpc.prefix + 4, 3 * ZONE_SLOTS + slot),
  };
}

function block(parent: Cidr, prefix: number, index: number): string {
  return formatCidr(carve(parent, prefix, index));
}

interface BlockRule {
  readonly spaces: readonly Cidr[];
  readonly largest: number;
  readonly smallest: number;
}

function blockProblems(argument: string, text: string, { spaces, largest, smallest }: BlockRule): string[] {
  let parsed: Cidr;
  try {
    parsed = parseCidr(text);
  } catch (error) {
    return [`${argument} ${error instanceof Error ? error.message : String(error)}`];
  }
  const problems: string[] = [];
  if (parsed.prefix < largest) {
    problems.push(`${argument} "${text}" is larger than a VPC block may be: use /${largest} to /${smallest}`);
  }
  if (parsed.prefix > smallest) {
    problems.push(
      `${argument} "${text}" is too small for its subnets: the smallest usable block is /${smallest}`,
    );
  }
  if (!spaces.some((space) => contains(space, parsed))) {
    problems.push(
      `${argument} "${text}" lies outside ${spaces.map(formatCidr).join(", ")}: choose a block inside`,
    );
  }
  return problems;
}

function zoneProblems(zones: readonly string[]): string[] {
  const listed = JSON.stringify(zones);
  const malformed = zones.filter((zone) => !ZONE_NAME.test(zone));
  if (malformed.length > 0) {
    return malformed.map(
      (zone) =>
        `zones "${zone}" is not an Availability Zone: write the region and a letter, for example us-east-1a`,
    );
  }
  const problems: string[] = [];
  if (zones.length < MIN_ZONES || zones.length > ZONE_SLOTS) {
    problems.push(`zones ${listed} has ${zones.length} zones: name ${MIN_ZONES} to ${ZONE_SLOTS}`);
  }
  if (new Set(zones).size !== zones.length)
    problems.push(`zones ${listed} names a zone twice: name each once`);
  if (new Set(zones.map((zone) => ZONE_NAME.exec(zone)?.[1])).size > 1) {
    problems.push(`zones ${listed} span regions: a network lies in one region`);
  }
  return problems;
}
