/**
 * Names, routing shapes and steering arithmetic of the global traffic layer. Pure: the components, the drill, the
 * failover command and the tests all reckon with the same functions.
 */

import { isHostName, isRegionName, unknownRegion, wholeNumberProblem } from "../argument-problems.ts";

export const ROUTING_POLICIES = ["weighted", "latency", "failover"] as const;
/** One DNS name has one policy (C-07). `weighted` splits by share, `latency` by nearness, `failover` sends all to one. */
export type RoutingPolicy = (typeof ROUTING_POLICIES)[number];

/** A region's part of the traffic. */
export interface RegionShare {
  /** AWS region name, for example `us-east-1`. */
  readonly region: string;
  /** Percent of the traffic, a whole number; the shares of all regions sum to 100. */
  readonly weight: number;
}

/** What decides how fast Route 53 stops sending users to a region. */
export interface SteeringTiming {
  /** Seconds between an answer and the next probe of one checker: 10 (fast) or 30. */
  readonly intervalSeconds: number;
  /** Consecutive probes that must agree before a checker changes its mind, 1 to 10. */
  readonly failureThreshold: number;
  /** Seconds that a resolver may keep an answer. */
  readonly ttlSeconds: number;
}

/** The routing part of one Route 53 record set, in the words of `aws.route53.RecordArgs`. */
export interface RecordRouting {
  readonly setIdentifier: string;
  readonly weightedRoutingPolicies?: { weight: number }[];
  readonly latencyRoutingPolicies?: { region: string }[];
  readonly failoverRoutingPolicies?: { type: "PRIMARY" | "SECONDARY" }[];
}

export interface TrafficSettings extends SteeringTiming {
  readonly domain: string;
  readonly originName: string;
  readonly routingPolicy: RoutingPolicy;
  readonly regions: readonly RegionShare[];
}

/**
 * A checker gives an endpoint 4 s to accept a connection and 2 s more to answer, so a region that swallows packets costs
 * this much on top of every interval, while one that refuses or answers 5xx costs nothing.
 */
export const SILENT_PROBE_SECONDS = 6;

/** The record that a region's own stack makes for its load balancer; `global` knows it by this name alone. */
export function regionOriginName(region: string, domain: string): string {
  return `origin.${region}.${domain}`;
}

/**
 * The health-checked name in front of all regions. Route 53 refuses two routing policies under one name and a name that is
 * gone for a moment is remembered as gone for minutes, so every policy has its own name: changing the policy makes the
 * new records first, moves CloudFront, and removes the old ones last.
 */
export function healthCheckedName(domain: string, policy: RoutingPolicy): string {
  return policy === "weighted" ? `origin.${domain}` : `${policy}-origin.${domain}`;
}

/**
 * Children of a region's calculated check that must be healthy: all of them, its endpoint and one switch for every other
 * region. Anything less would let a healthy endpoint outvote an operator's switch.
 */
export function requiredHealthyChildren(regionCount: number): number {
  return regionCount;
}

/** How the health-checked name routes to one of its regions. */
export function recordRouting(
  policy: RoutingPolicy,
  { region, weight }: RegionShare,
  regions: readonly RegionShare[],
): RecordRouting {
  if (policy === "weighted") return { setIdentifier: region, weightedRoutingPolicies: [{ weight }] };
  if (policy === "latency") return { setIdentifier: region, latencyRoutingPolicies: [{ region }] };
  const type = region === primaryRegion(regions) ? "PRIMARY" : "SECONDARY";
  return { setIdentifier: region, failoverRoutingPolicies: [{ type }] };
}

/** The region of the greatest weight, the earlier one on a tie. */
export function primaryRegion(regions: readonly RegionShare[]): string | undefined {
  return regions.reduce<RegionShare | undefined>(
    (best, next) => (best === undefined || next.weight > best.weight ? next : best),
    undefined,
  )?.region;
}

/**
 * Seconds from an event to the last resolver that learns of it (C-05): the checkers' probes, then the TTL. 10 s x 2 + 5 s
 * = 25 s for an evacuation or a region that answers with errors. `SILENT_PROBE_SECONDS` as `probeSeconds` gives the bound
 * for a region that swallows packets. Connections that clients hold open are not steered by DNS and are not in here.
 */
export function worstCaseSteeringSeconds(timing: SteeringTiming, probeSeconds = 0): number {
  return timing.failureThreshold * (timing.intervalSeconds + probeSeconds) + timing.ttlSeconds;
}

/** Everything wrong with the settings of a traffic layer, one sentence each; empty when all is well. */
export function trafficProblems(settings: TrafficSettings): string[] {
  return [...nameProblems(settings), ...timingProblems(settings), ...regionProblems(settings)];
}

function nameProblems({ domain, originName }: TrafficSettings): string[] {
  if (!isHostName(domain)) return [`domain: "${domain}" is not a DNS name; write it like example.com`];
  if (isHostName(originName) && originName.endsWith(`.${domain}`)) return [];
  return [
    `originName: "${originName}" must be a name below ${domain} (a CNAME cannot stand at the zone's apex); use origin.${domain}`,
  ];
}

function timingProblems(settings: TrafficSettings): string[] {
  const { intervalSeconds, failureThreshold, ttlSeconds } = settings;
  return [
    ...wholeNumberProblem("ttlSeconds", ttlSeconds, {
      from: 1,
      to: 60,
      fix: "use 5, a longer answer outlives a failover",
    }),
    ...(intervalSeconds === 10 || intervalSeconds === 30
      ? []
      : [`healthCheckIntervalSeconds: Route 53 does not offer ${intervalSeconds}; use 10 or 30`]),
    ...wholeNumberProblem("healthCheckFailureThreshold", failureThreshold, { from: 1, to: 10, fix: "use 2" }),
  ];
}

function regionProblems({ routingPolicy, regions }: TrafficSettings): string[] {
  const problems: string[] = [];
  if (!ROUTING_POLICIES.includes(routingPolicy)) {
    problems.push(`routingPolicy: "${routingPolicy}" is unknown; use ${ROUTING_POLICIES.join(", ")}`);
  }
  regions.forEach(({ region, weight }, index) => {
    if (!isRegionName(region)) problems.push(unknownRegion(`regions[${index}].region`, region));
    if (regions.findIndex((other) => other.region === region) < index) {
      problems.push(`regions[${index}].region: "${region}" is listed twice; name every region once`);
    }
    if (!Number.isInteger(weight) || weight < 0 || weight > 255) {
      problems.push(
        `regions[${index}].weight: ${weight} is not a whole number from 0 to 255; give a percentage`,
      );
    }
  });
  const sum = regions.reduce((total, { weight }) => total + weight, 0);
  if (sum !== 100) {
    const shares = regions.map(({ weight }) => weight).join(" + ") || "nothing";
    problems.push(`regions: weights ${shares} = ${sum}; make them sum to 100, so that each is a percentage`);
  }
  if (routingPolicy === "failover" && regions.length !== 2) {
    problems.push(
      `regions: failover routing has one primary and one secondary, not ${regions.length} regions; use weighted or latency`,
    );
  }
  return problems;
}
