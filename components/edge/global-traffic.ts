import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "./arguments.ts";
import { evacuationKey, switchHolders } from "./evacuation.ts";
import {
  type RegionShare,
  type RoutingPolicy,
  recordRouting,
  requiredHealthyChildren,
  trafficProblems,
} from "./traffic.ts";

/** A region as the traffic layer sees it: a share and two names that its own stack makes. */
export interface TrafficRegion extends RegionShare {
  /** Name of the region's load balancer: `regionOriginName(region, domain)`. */
  readonly originHost: pulumi.Input<string>;
  /** Host of the region's switch bucket: `switchBucketHost(switchBucketName(...), region)`. */
  readonly switchHost: pulumi.Input<string>;
}

export interface GlobalTrafficArgs {
  /** Hosted zone of `domain`. Replaces the records. */
  readonly zoneId: pulumi.Input<string>;
  /** Public domain of the platform, the zone's name. */
  readonly domain: string;
  /**
   * The health-checked name that CloudFront (or a client, when there is no CloudFront) resolves: use
   * `healthCheckedName(domain, routingPolicy)`, so that a change of policy also changes the name. Replaces the records.
   */
  readonly originName: string;
  /** Regions that take traffic and their shares in percent (EDGE-05, EDGE-06). With `failover` the heaviest is primary. */
  readonly regions: readonly TrafficRegion[];
  /** C-07. @default "weighted" */
  readonly routingPolicy?: RoutingPolicy;
  /** Seconds that a resolver may keep an answer, 1 to 60. @default 5 (C-05) */
  readonly ttlSeconds?: number;
  /** What the checkers ask every region for. @default "/health" */
  readonly healthCheckPath?: string;
  /** Seconds between two probes of one checker, 10 or 30. Replaces the health checks. @default 10 (C-05) */
  readonly healthCheckIntervalSeconds?: number;
  /** Consecutive probes that change a checker's mind, 1 to 10. @default 2 (C-05) */
  readonly healthCheckFailureThreshold?: number;
}

/**
 * Sends users to healthy regions. One plain CNAME per region under `originName`, each guarded by a CALCULATED health check
 * over the region's endpoint and over the switches that every other region holds against it. Belongs to the `global`
 * stack; Route 53 has no region.
 *
 * Under failure: health checks are Route 53's data plane, so a dead region leaves DNS, and an operator evacuates one by
 * putting an object into another region's switch bucket, while Route 53's control plane in us-east-1 is down. The switch
 * checks are inverted: no object, an unreachable bucket or a dead bucket region all mean "do not evacuate". When every
 * region is unhealthy Route 53 answers with all of them. Regions are known by name only, so `global` can be deployed
 * first: a region that is not there yet is unhealthy. A new switch check counts as "evacuate" until its first probes, a
 * minute at most: when a region is added, that is true for all regions at once, and Route 53 again answers with all.
 *
 * CNAMEs, not aliases: an alias to a load balancer has a TTL of 60 s that cannot be lowered (C-05). The name that a CNAME
 * leads to is an alias, which is harmless: its target does not change in a failover.
 */
export class GlobalTraffic extends pulumi.ComponentResource {
  readonly originName: pulumi.Output<string>;
  /** Region to the id of the CALCULATED check that guards its record. */
  readonly regionHealthCheckIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** Region to the id of the check of its endpoint alone. */
  readonly endpointHealthCheckIds: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: GlobalTrafficArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:edge:GlobalTraffic", name, {}, opts);
    const policy = args.routingPolicy ?? "weighted";
    const timing = {
      intervalSeconds: args.healthCheckIntervalSeconds ?? 10,
      failureThreshold: args.healthCheckFailureThreshold ?? 2,
      ttlSeconds: args.ttlSeconds ?? 5,
    };
    const { domain, originName, regions } = args;
    refuse(
      `GlobalTraffic "${name}"`,
      trafficProblems({ domain, originName, regions, routingPolicy: policy, ...timing }),
    );

    const probe = (what: string, target: ProbeTarget) =>
      new aws.route53.HealthCheck(
        `${name}-${what}`,
        {
          type: "HTTPS",
          port: 443,
          enableSni: true,
          measureLatency: false,
          requestInterval: timing.intervalSeconds,
          failureThreshold: timing.failureThreshold,
          ...target,
          tags: { Name: `${name}-${what}` },
        },
        { parent: this },
      );

    const endpointIds: Record<string, pulumi.Output<string>> = {};
    const guardIds: Record<string, pulumi.Output<string>> = {};
    for (const { region, weight, originHost } of regions) {
      const endpoint = probe(`${region}-endpoint`, {
        fqdn: originHost,
        resourcePath: args.healthCheckPath ?? "/health",
      });
      const switches = switchHolders(region, regions).map((holder) =>
        probe(`${region}-switch-in-${holder.region}`, {
          fqdn: holder.switchHost,
          resourcePath: `/${evacuationKey(region)}`,
          invertHealthcheck: true,
        }),
      );
      const guard = new aws.route53.HealthCheck(
        `${name}-${region}`,
        {
          type: "CALCULATED",
          childHealthchecks: [endpoint, ...switches].map((child) => child.id),
          childHealthThreshold: requiredHealthyChildren(regions.length),
          tags: { Name: `${name}-${region}` },
        },
        { parent: this },
      );
      new aws.route53.Record(
        `${name}-${policy}-${region}`,
        {
          zoneId: args.zoneId,
          name: originName,
          type: "CNAME",
          ttl: timing.ttlSeconds,
          records: [originHost],
          healthCheckId: guard.id,
          ...recordRouting(policy, { region, weight }, regions),
        },
        { parent: this },
      );
      endpointIds[region] = endpoint.id;
      guardIds[region] = guard.id;
    }

    this.originName = pulumi.output(originName);
    this.regionHealthCheckIds = guardIds;
    this.endpointHealthCheckIds = endpointIds;
    this.registerOutputs({
      originName: this.originName,
      regionHealthCheckIds: this.regionHealthCheckIds,
      endpointHealthCheckIds: this.endpointHealthCheckIds,
    });
  }
}

type ProbeTarget = Pick<aws.route53.HealthCheckArgs, "fqdn" | "resourcePath" | "invertHealthcheck">;
