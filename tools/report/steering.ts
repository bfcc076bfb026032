/**
 * How long a client can keep reaching a region that is gone: seconds until the health check of its record fails, plus the
 * record's time to live. Computed from the planned records and health checks. Pure.
 */
import {
  SILENT_PROBE_SECONDS,
  type SteeringTiming,
  worstCaseSteeringSeconds,
} from "../../components/edge/traffic.ts";
import type { Plan, PlannedResource } from "../plan/plan.ts";

/** Objective of traffic steering in seconds (DR-07). */
export const STEERING_OBJECTIVE_SECONDS = 30;
/** Route 53 answers an alias to a load balancer with this time to live; it cannot be chosen. */
const ALIAS_TTL_SECONDS = 60;
const DEFAULT_INTERVAL_SECONDS = 30;
const DEFAULT_FAILURE_THRESHOLD = 3;

const RECORD = "aws:route53/record:Record";
const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";

export interface Steering extends SteeringTiming {
  readonly record: string;
  /** Identifier of the record among those of the same name. */
  readonly set: string;
  /** Share of a weighted record. */
  readonly weight?: number;
  /** When the region refuses connections or answers with errors. */
  readonly seconds: number;
  /** When it swallows packets, so that each probe first has to time out. */
  readonly silentSeconds: number;
}

/** One entry for each record that leaves DNS when its health check fails, slowest first. */
export function steering(plan: Plan): Steering[] {
  const checks = new Map(
    plan.resources.filter((resource) => resource.type === HEALTH_CHECK).map((check) => [check.urn, check]),
  );
  const guarded = plan.resources.filter(
    (resource) =>
      resource.type === RECORD && (resource.propertyDependencies["healthCheckId"] ?? []).length > 0,
  );
  return guarded
    .flatMap((record) => {
      const probes = (record.propertyDependencies["healthCheckId"] ?? []).flatMap((urn) =>
        probesOf(urn, checks),
      );
      const slowest = probes.sort((a, b) => detection(b) - detection(a))[0];
      return slowest === undefined ? [] : [entry(record, slowest)];
    })
    .sort((a, b) => b.seconds - a.seconds);
}

type Probe = Omit<SteeringTiming, "ttlSeconds">;

function detection(probe: Probe): number {
  return probe.intervalSeconds * probe.failureThreshold;
}

/** The checks that request an endpoint: a calculated check stands for its children, an alarm has no interval. */
function probesOf(urn: string, checks: ReadonlyMap<string, PlannedResource>): Probe[] {
  const check = checks.get(urn);
  if (check === undefined || check.inputs["type"] === "CLOUDWATCH_METRIC") {
    return [];
  }
  const children = check.propertyDependencies["childHealthchecks"] ?? [];
  if (children.length > 0) {
    return children.filter((child) => child !== urn).flatMap((child) => probesOf(child, checks));
  }
  return [
    {
      intervalSeconds: number(check.inputs["requestInterval"]) ?? DEFAULT_INTERVAL_SECONDS,
      failureThreshold: number(check.inputs["failureThreshold"]) ?? DEFAULT_FAILURE_THRESHOLD,
    },
  ];
}

function entry(record: PlannedResource, probe: Probe): Steering {
  const timing = { ...probe, ttlSeconds: number(record.inputs["ttl"]) ?? ALIAS_TTL_SECONDS };
  const [policy] = list(record.inputs["weightedRoutingPolicies"]);
  return {
    record: text(record.inputs["name"]) ?? record.name,
    set: text(record.inputs["setIdentifier"]) ?? record.name,
    weight: typeof policy === "object" && policy !== null ? number(Reflect.get(policy, "weight")) : undefined,
    ...timing,
    seconds: worstCaseSteeringSeconds(timing),
    silentSeconds: worstCaseSteeringSeconds(timing, SILENT_PROBE_SECONDS),
  };
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
