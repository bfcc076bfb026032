import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface FlowLogsArgs {
  readonly vpcId: pulumi.Input<string>;
  /** Account that the VPC belongs to; only its flow logs may take the role. */
  readonly accountId: pulumi.Input<string>;
  /** Days that records are kept; one of the periods that CloudWatch Logs knows, for example 30, 90 or 365. */
  readonly retentionDays: pulumi.Input<number>;
  /**
   * Key of the same region whose policy admits `logs.<region>.amazonaws.com`.
   * @default the key that CloudWatch Logs owns
   */
  readonly kmsKeyArn?: pulumi.Input<string> | undefined;
}

/**
 * Accepted and rejected traffic of one VPC in CloudWatch Logs, in one-minute windows. Lives in the VPC's region and needs
 * nothing outside it; when logging fails, traffic is not affected. Costs about 0.50 USD per GB ingested.
 */
export class FlowLogs extends pulumi.ComponentResource {
  readonly logGroupName: pulumi.Output<string>;
  readonly logGroupArn: pulumi.Output<string>;

  constructor(name: string, args: FlowLogsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:network:FlowLogs", name, {}, opts);
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-log-group`,
      { kmsKeyId: args.kmsKeyArn, retentionInDays: args.retentionDays },
      { parent: this },
    );
    const role = new aws.iam.Role(
      `${name}-role`,
      { assumeRolePolicy: pulumi.output(args.accountId).apply(trustPolicy) },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-role-policy`,
      { role: role.name, policy: logGroup.arn.apply(writePolicy) },
      { parent: this },
    );
    new aws.ec2.FlowLog(
      `${name}-flow-log`,
      {
        vpcId: args.vpcId,
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        logDestination: logGroup.arn,
        iamRoleArn: role.arn,
        maxAggregationInterval: 60,
      },
      // Without the policy the flow log is created but delivers nothing until the next retry.
      { parent: this, dependsOn: [policy] },
    );
    this.logGroupName = logGroup.name;
    this.logGroupArn = logGroup.arn;
    this.registerOutputs({ logGroupName: this.logGroupName, logGroupArn: this.logGroupArn });
  }
}

function trustPolicy(accountId: string): string {
  return JSON.stringify({
    Statement: [
      {
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
        Effect: "Allow",
        Principal: { Service: "vpc-flow-logs.amazonaws.com" },
      },
    ],
    Version: "2012-10-17",
  });
}

/** No right to create a log group: a late delivery must not bring the group back after a destroy. */
function writePolicy(logGroupArn: string): string {
  return JSON.stringify({
    Statement: [
      {
        Action: [
          "logs:CreateLogStream",
          "logs:DescribeLogGroups",
          "logs:DescribeLogStreams",
          "logs:PutLogEvents",
        ],
        Effect: "Allow",
        Resource: [logGroupArn, `${logGroupArn}:*`],
      },
    ],
    Version: "2012-10-17",
  });
}
