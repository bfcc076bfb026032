import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface HealthAlarmsArgs {
  /** What a check tells about, for example a region, to the check's id. */
  readonly healthCheckIds: Readonly<Record<string, pulumi.Input<string>>>;
  /** Topics in us-east-1 that are told of every change. */
  readonly topicArns: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * Tells people when Route 53 takes a region out of DNS and when it returns. Belongs to the `global` stack; its provider
 * must be in us-east-1, the only region that has the metrics of health checks.
 *
 * Under failure: nothing waits for these alarms, traffic is steered without them. When us-east-1 itself is lost they fall
 * silent, and the surviving region's own alarms (requests risen to 100 %) are what people see.
 */
export class HealthAlarms extends pulumi.ComponentResource {
  constructor(name: string, args: HealthAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:edge:HealthAlarms", name, {}, opts);
    for (const [subject, healthCheckId] of Object.entries(args.healthCheckIds)) {
      new aws.cloudwatch.MetricAlarm(
        `${name}-${subject}`,
        {
          alarmDescription: `${subject} is out of DNS: its endpoint fails or it has been evacuated`,
          namespace: "AWS/Route53",
          metricName: "HealthCheckStatus",
          dimensions: { HealthCheckId: healthCheckId },
          // 1 is healthy, 0 is not; the shortest period there is.
          statistic: "Minimum",
          comparisonOperator: "LessThanThreshold",
          threshold: 1,
          period: 60,
          evaluationPeriods: 1,
          // A check that reports nothing has been deleted.
          treatMissingData: "breaching",
          alarmActions: args.topicArns,
          okActions: args.topicArns,
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
