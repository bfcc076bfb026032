/** When the way into a region and out of it is told, and to whom (OBS-28, OBS-30, OBS-31, GAP-16). Pure. */
import { badPercentAt, FAST_BURN } from "../observability/slo.ts";
import type { AlertSeverity } from "../security/alert-rules.ts";

interface Told {
  /** Part of the alarm's name. */
  readonly key: string;
  readonly severity: AlertSeverity;
  readonly description: string;
  readonly above: boolean;
  readonly threshold: number;
  /** Seconds of one data point. */
  readonly period: number;
  /** Data points in a row. */
  readonly evaluationPeriods: number;
  readonly missing: "breaching" | "ignore" | "notBreaching";
}

/** An alarm on one metric. */
export interface MetricRule extends Told {
  readonly namespace: string;
  readonly metric: string;
  /** `p95` and the like are percentiles. */
  readonly statistic: "Maximum" | "Minimum" | "Sum" | "p95";
}

/** Requests in five minutes below which a share of errors says nothing. */
const FEWEST_REQUESTS = 100;

/** An alarm on the share of a load balancer's requests that it or its targets answered with 5xx. */
export interface ErrorShareRule extends Told {
  readonly expression: string;
  /** Name in the expression to a metric of the load balancer, summed. */
  readonly metrics: Readonly<Record<string, string>>;
}

export function errorShareRule(availabilityPercent: number): ErrorShareRule {
  const threshold = badPercentAt(availabilityPercent, FAST_BURN);
  return {
    key: "errors",
    severity: "page",
    description: `More than ${threshold} % of the requests end in 5xx: the budget of ${availabilityPercent} % is gone in two days`,
    // A metric without an event has no data point.
    expression: `IF(requests >= ${FEWEST_REQUESTS}, 100 * (FILL(fromTargets, 0) + FILL(fromBalancer, 0)) / requests, 0)`,
    metrics: {
      fromBalancer: "HTTPCode_ELB_5XX_Count",
      fromTargets: "HTTPCode_Target_5XX_Count",
      requests: "RequestCount",
    },
    above: true,
    threshold,
    period: 300,
    evaluationPeriods: 2,
    missing: "notBreaching",
  };
}

const BALANCER = "AWS/ApplicationELB";

export function latencyRule(latencyMilliseconds: number): MetricRule {
  return {
    key: "latency",
    severity: "notice",
    description: `1 of 20 requests waits longer than ${latencyMilliseconds} ms for a target`,
    namespace: BALANCER,
    metric: "TargetResponseTime",
    statistic: "p95",
    above: true,
    // The metric is in seconds.
    threshold: latencyMilliseconds / 1000,
    period: 300,
    evaluationPeriods: 3,
    missing: "notBreaching",
  };
}

/** For the target group of the slot. */
export function slotRules(slot: string): MetricRule[] {
  return [
    {
      key: `${slot}-no-target`,
      severity: "page",
      description: `No target of slot ${slot} is healthy`,
      namespace: BALANCER,
      metric: "HealthyHostCount",
      // The load balancer's nodes count each for itself; the one that sees the most decides whether anybody is served.
      statistic: "Maximum",
      above: false,
      threshold: 1,
      period: 60,
      evaluationPeriods: 2,
      missing: "breaching",
    },
    {
      key: `${slot}-unhealthy-target`,
      severity: "notice",
      description: `A target of slot ${slot} has been unhealthy for ten minutes`,
      namespace: BALANCER,
      metric: "UnHealthyHostCount",
      statistic: "Minimum",
      above: true,
      threshold: 0,
      period: 60,
      // Longer than a rollout takes to replace a pod.
      evaluationPeriods: 10,
      missing: "notBreaching",
    },
  ];
}

const DROPPED = {
  severity: "notice",
  statistic: "Sum",
  above: true,
  period: 300,
  evaluationPeriods: 3,
  missing: "notBreaching",
} as const;

/** For the NAT gateway of the zone. */
export function natRules(zone: string): MetricRule[] {
  const rule = (key: string, metric: string, threshold: number, description: string): MetricRule => ({
    ...DROPPED,
    key: `nat-${zone}-${key}`,
    namespace: "AWS/NATGateway",
    metric,
    threshold,
    description,
  });
  return [
    rule(
      "ports",
      "ErrorPortAllocation",
      0,
      `The NAT gateway of ${zone} has no port left for a destination: connections fail`,
    ),
    // A few are lost in maintenance of AWS's own.
    rule("drops", "PacketsDropCount", 100, `The NAT gateway of ${zone} drops packets`),
  ];
}

export function transitRules(): MetricRule[] {
  const rule = (key: string, metric: string, why: string): MetricRule => ({
    ...DROPPED,
    key: `transit-${key}`,
    namespace: "AWS/TransitGateway",
    metric,
    // Scanners and stale clients lose a packet now and then.
    threshold: 100,
    description: `The transit gateway drops packets: ${why}`,
  });
  return [
    rule("blackhole", "PacketDropCountBlackhole", "their route leads to an attachment that is gone"),
    rule("no-route", "PacketDropCountNoRoute", "no route leads to their destination"),
  ];
}
