import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { MessagingPlace } from "./queue-policies.ts";
import { workflowTrust } from "./workflow-policies.ts";

/** What every workflow takes, whatever it does. */
export interface WorkflowPlaceArgs extends MessagingPlace {
  /** Key of this region for what a running workflow holds, usable by `delivery.logs.amazonaws.com`. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Key of this region for the log, usable by `logs.<region>.amazonaws.com`. */
  readonly logKmsKeyArn: pulumi.Input<string>;
  /** Days that the log is kept. @default 90 */
  readonly logRetentionDays?: pulumi.Input<number> | undefined;
  /** Topics of this region that alarms tell. */
  readonly alarmTopicArns: pulumi.Input<pulumi.Input<string>[]>;
}

export interface WorkflowArgs extends WorkflowPlaceArgs {
  /** Name of the state machine in its region. Replaces it; runs that are under way end. */
  readonly workflowName: string;
  /** Amazon States Language. */
  readonly definition: pulumi.Input<string>;
  /** What its role may do, from `workflowPolicy`. */
  readonly policy: pulumi.Input<string>;
}

/**
 * A standard state machine of one region with its role, log, traces, key and alarm (MSG-06). Each step runs exactly once
 * from the machine's view, and a run may take a year.
 *
 * Runs live in their region. A lost region's runs go on when it is back; start nothing twice by naming executions after
 * what they are for. 25 USD for a million steps.
 */
export class Workflow extends pulumi.ComponentResource {
  readonly stateMachineArn: pulumi.Output<string>;
  readonly roleArn: pulumi.Output<string>;

  constructor(name: string, args: WorkflowArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:messaging:Workflow", name, {}, opts);
    const role = new aws.iam.Role(
      `${name}-role`,
      { description: `State machine ${args.workflowName}`, assumeRolePolicy: workflowTrust(args) },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-role`,
      { role: role.id, policy: args.policy },
      { parent: this },
    );
    const log = new aws.cloudwatch.LogGroup(
      `${name}-log`,
      {
        // Names of this form need no resource policy of their own, of which an account has ten.
        name: `/aws/vendedlogs/states/${args.workflowName}`,
        kmsKeyId: args.logKmsKeyArn,
        retentionInDays: args.logRetentionDays ?? 90,
      },
      { parent: this },
    );
    const machine = new aws.sfn.StateMachine(
      `${name}-machine`,
      {
        name: args.workflowName,
        type: "STANDARD",
        roleArn: role.arn,
        definition: args.definition,
        // Which steps ran, not what they held.
        loggingConfiguration: {
          level: "ALL",
          includeExecutionData: false,
          logDestination: pulumi.interpolate`${log.arn}:*`,
        },
        tracingConfiguration: { enabled: true },
        encryptionConfiguration: {
          type: "CUSTOMER_MANAGED_KMS_KEY",
          kmsKeyId: args.kmsKeyArn,
          kmsDataKeyReusePeriodSeconds: 300,
        },
      },
      // Step Functions tries the role's permissions when the machine is made.
      { parent: this, dependsOn: [policy] },
    );
    for (const metricName of ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"]) {
      new aws.cloudwatch.MetricAlarm(
        `${name}-${metricName}`,
        {
          alarmDescription: `${args.workflowName}: ${metricName}`,
          namespace: "AWS/States",
          metricName,
          dimensions: { StateMachineArn: machine.arn },
          statistic: "Sum",
          comparisonOperator: "GreaterThanThreshold",
          threshold: 0,
          period: 60,
          evaluationPeriods: 1,
          // No run, no metric.
          treatMissingData: "notBreaching",
          alarmActions: args.alarmTopicArns,
          okActions: args.alarmTopicArns,
        },
        { parent: this },
      );
    }
    this.stateMachineArn = machine.arn;
    this.roleArn = role.arn;
    this.registerOutputs({ stateMachineArn: this.stateMachineArn, roleArn: this.roleArn });
  }
}
