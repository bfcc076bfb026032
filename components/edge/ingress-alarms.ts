import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { wholeNumberProblem } from "../argument-problems.ts";
import { AVAILABILITY_PERCENT, LATENCY_MILLISECONDS, objectiveProblems } from "../observability/slo.ts";
import type { AlertSeverity } from "../security/alert-rules.ts";
import { refuse } from "./arguments.ts";
import {
  errorShareRule,
  latencyRule,
  type MetricRule,
  natRules,
  slotRules,
  transitRules,
} from "./ingress-alarm-rules.ts";

export interface IngressAlarmsArgs {
  /** `RegionIngress.loadBalancerArnSuffix`. */
  readonly loadBalancerArnSuffix: pulumi.Input<string>;
  /** Slots that take traffic to their target groups, of `RegionIngress.targetGroupArns`; a slot of weight 0 may be empty. */
  readonly targetGroupArns: Readonly<Record<string, pulumi.Input<string>>>;
  /** Zone to its NAT gateway. @default none */
  readonly natGatewayIds?: Readonly<Record<string, pulumi.Input<string>>>;
  /** @default none */
  readonly transitGatewayId?: pulumi.Input<string>;
  /** Percent of requests that shall not end in an error of ours (OBS-29, OBS-31). @default 99.9 */
  readonly availabilityPercent?: number;
  /** Milliseconds that 95 of 100 requests wait for a target at most (OBS-30). @default 200 */
  readonly latencyMilliseconds?: number;
  /** Topic of the region by severity. */
  readonly topicArns: Readonly<Record<AlertSeverity, pulumi.Input<string>>>;
}

/**
 * Tells people when a region's way in or out fails: errors, missing targets and slow answers of the load balancer, lost packets
 * of NAT and transit gateways (OBS-28). Belongs to the region's stack. `page` for what users notice, `notice` for the rest.
 *
 * Under failure: nothing waits for these alarms. When the region is lost they are silent, and the canary of another region and
 * the health checks' alarms speak.
 */
export class IngressAlarms extends pulumi.ComponentResource {
  readonly #name: string;
  readonly #topicArns: IngressAlarmsArgs["topicArns"];

  constructor(name: string, args: IngressAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:edge:IngressAlarms", name, {}, opts);
    refuse(`IngressAlarms "${name}"`, problems(args));
    this.#name = name;
    this.#topicArns = args.topicArns;
    const balancer = { LoadBalancer: args.loadBalancerArnSuffix };
    this.#errorShare(args.availabilityPercent ?? AVAILABILITY_PERCENT, balancer);
    this.#metric(latencyRule(args.latencyMilliseconds ?? LATENCY_MILLISECONDS), balancer);
    for (const [slot, arn] of Object.entries(args.targetGroupArns)) {
      const dimensions = { ...balancer, TargetGroup: pulumi.output(arn).apply(arnSuffix) };
      for (const rule of slotRules(slot)) this.#metric(rule, dimensions);
    }
    for (const [zone, NatGatewayId] of Object.entries(args.natGatewayIds ?? {})) {
      for (const rule of natRules(zone)) this.#metric(rule, { NatGatewayId });
    }
    if (args.transitGatewayId !== undefined) {
      for (const rule of transitRules()) this.#metric(rule, { TransitGateway: args.transitGatewayId });
    }
    this.registerOutputs({});
  }

  #metric(rule: MetricRule, dimensions: Dimensions): void {
    const percentile = rule.statistic === "p95";
    this.#alarm(rule, {
      namespace: rule.namespace,
      metricName: rule.metric,
      dimensions,
      period: rule.period,
      ...(percentile
        ? // Of a handful of requests one is always among the slowest 5 %.
          { extendedStatistic: rule.statistic, evaluateLowSampleCountPercentiles: "ignore" }
        : { statistic: rule.statistic }),
    });
  }

  #errorShare(availabilityPercent: number, dimensions: Dimensions): void {
    const rule = errorShareRule(availabilityPercent);
    this.#alarm(rule, {
      metricQueries: [
        { id: "share", expression: rule.expression, label: "5xx, % of requests", returnData: true },
        ...Object.entries(rule.metrics).map(([id, metricName]) => ({
          id,
          returnData: false,
          metric: {
            namespace: "AWS/ApplicationELB",
            metricName,
            dimensions,
            period: rule.period,
            stat: "Sum",
          },
        })),
      ],
    });
  }

  #alarm(rule: Omit<MetricRule, "namespace" | "metric" | "statistic">, watched: Watched): void {
    new aws.cloudwatch.MetricAlarm(
      `${this.#name}-${rule.key}`,
      {
        ...watched,
        alarmDescription: rule.description,
        comparisonOperator: rule.above ? "GreaterThanThreshold" : "LessThanThreshold",
        threshold: rule.threshold,
        evaluationPeriods: rule.evaluationPeriods,
        treatMissingData: rule.missing,
        alarmActions: [this.#topicArns[rule.severity]],
        okActions: [this.#topicArns[rule.severity]],
      },
      { parent: this },
    );
  }
}

type Dimensions = Record<string, pulumi.Input<string>>;
type Watched = Pick<
  aws.cloudwatch.MetricAlarmArgs,
  | "dimensions"
  | "evaluateLowSampleCountPercentiles"
  | "extendedStatistic"
  | "metricName"
  | "metricQueries"
  | "namespace"
  | "period"
  | "statistic"
>;

/** `targetgroup/<name>/<id>`, as metrics call a target group. */
function arnSuffix(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}

function problems(args: IngressAlarmsArgs): string[] {
  const { availabilityPercent, latencyMilliseconds } = args;
  return [
    ...(Object.keys(args.targetGroupArns).length === 0
      ? ["targetGroupArns: empty; give the slots that take traffic"]
      : []),
    ...(availabilityPercent === undefined
      ? []
      : objectiveProblems("availabilityPercent", availabilityPercent)),
    ...(latencyMilliseconds === undefined
      ? []
      : wholeNumberProblem("latencyMilliseconds", latencyMilliseconds, {
          from: 1,
          to: 60_000,
          fix: "use 200",
        })),
  ];
}
