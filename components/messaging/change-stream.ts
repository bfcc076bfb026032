import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";
import {
  type ChangeShape,
  changeProblems,
  changesOfOtherRegions,
  invalidationTemplate,
  pipePolicy,
  pipeTrust,
} from "./change-rules.ts";
import { DurableQueue } from "./durable-queue.ts";
import type { MessagingPlace } from "./queue-policies.ts";

export interface CacheInvalidationArgs extends MessagingPlace {
  /** Name of the queue and of the pipe in their region. Replaces both. */
  readonly queueName: string;
  /** Stream of this region's copy of the table, with new images. Replaces the pipe. */
  readonly streamArn: pulumi.Input<string>;
  /** Key of this region that the table is encrypted with. */
  readonly tableKmsKeyArn: pulumi.Input<string>;
  /** Key of this region for the queue. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Key of this region for the log, usable by `logs.<region>.amazonaws.com`. */
  readonly logKmsKeyArn: pulumi.Input<string>;
  /** Attribute, a string, with the region that took the write. @default "originRegion" */
  readonly originRegionAttribute?: string | undefined;
  /** Attributes that a message carries beside the item's keys. @default ["sequence"] */
  readonly messageAttributes?: readonly string[] | undefined;
  /** Topics of this region that alarms tell. */
  readonly alarmTopicArns: pulumi.Input<pulumi.Input<string>[]>;
}

/** A cached document expires by itself within this time, so an older invalidation is worth nothing. */
const LONGEST_USE_SECONDS = 3600;

/**
 * Tells a region's document service which documents another region wrote, so that it drops them from its cache (MSG-05,
 * DATA-31, C-16). The stream of the region's own copy of the table has every write of every region; a pipe passes on
 * those that carry another region's name. No code runs: the service reads the queue and deletes the key with its own
 * Redis client.
 *
 * A message holds the item's keys and the wanted attributes in DynamoDB's typed JSON:
 * `{"keys":{"pk":{"S":"..."}},"originRegion":{"S":"us-west-2"},"sequence":{"N":"7"}}`. It may come twice, late or out of
 * order: compare sequences. Should the pipe stop, entries still end with their time to live. Everything is in one region
 * and needs no other.
 */
export class CacheInvalidation extends pulumi.ComponentResource {
  readonly queueUrl: pulumi.Output<string>;
  readonly queueArn: pulumi.Output<string>;
  readonly pipeArn: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: CacheInvalidationArgs;

  constructor(name: string, args: CacheInvalidationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:messaging:CacheInvalidation", name, {}, opts);
    this.#name = name;
    this.#args = args;
    const shape: ChangeShape = {
      region: args.region,
      pipeName: args.queueName,
      originRegionAttribute: args.originRegionAttribute ?? "originRegion",
      messageAttributes: args.messageAttributes ?? ["sequence"],
    };
    refuse(`CacheInvalidation ${name}`, changeProblems(shape));

    const queue = this.#createQueue();
    const [role, policy] = this.#createRole(queue);
    const pipe = new aws.pipes.Pipe(
      name,
      {
        name: args.queueName,
        description: "Documents that other regions wrote, for this region's cache",
        roleArn: role.arn,
        source: args.streamArn,
        sourceParameters: {
          filterCriteria: { filters: [{ pattern: changesOfOtherRegions(shape) }] },
          dynamodbStreamParameters: {
            // The stream holds a day of writes; an invalidation that comes again does no harm, a missing one does.
            startingPosition: "TRIM_HORIZON",
            // What SQS takes in one call.
            batchSize: 10,
            maximumRecordAgeInSeconds: LONGEST_USE_SECONDS,
            maximumRetryAttempts: 10,
            onPartialBatchItemFailure: "AUTOMATIC_BISECT",
            deadLetterConfig: { arn: queue.deadLetterQueueArn },
          },
        },
        target: queue.queueArn,
        targetParameters: { inputTemplate: invalidationTemplate(shape) },
        logConfiguration: {
          level: "ERROR",
          cloudwatchLogsLogDestination: { logGroupArn: this.#createLogGroup().arn },
        },
      },
      // A pipe that starts before its role may read the stream is refused.
      { parent: this, dependsOn: [policy] },
    );
    this.#createFailureAlarm();

    this.queueUrl = queue.queueUrl;
    this.queueArn = queue.queueArn;
    this.pipeArn = pipe.arn;
    this.registerOutputs({ queueUrl: this.queueUrl, queueArn: this.queueArn, pipeArn: this.pipeArn });
  }

  #createQueue(): DurableQueue {
    const { accountId, alarmTopicArns, kmsKeyArn, partition, queueName, region } = this.#args;
    return new DurableQueue(
      `${this.#name}-messages`,
      {
        accountId,
        alarmTopicArns,
        kmsKeyArn,
        partition,
        queueName,
        region,
        visibilityTimeoutSeconds: 30,
        retentionDays: 1,
      },
      { parent: this },
    );
  }

  #createRole(queue: DurableQueue): readonly [aws.iam.Role, aws.iam.RolePolicy] {
    const { kmsKeyArn, queueName, streamArn, tableKmsKeyArn } = this.#args;
    const role = new aws.iam.Role(
      `${this.#name}-pipe`,
      {
        description: `Pipe ${queueName}: reads the table's stream, writes the queue`,
        assumeRolePolicy: pipeTrust(this.#args, queueName),
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${this.#name}-pipe`,
      {
        role: role.id,
        policy: pulumi
          .all([streamArn, tableKmsKeyArn, kmsKeyArn, queue.queueArn, queue.deadLetterQueueArn])
          .apply(([stream, tableKey, queueKey, target, deadLetters]) =>
            pipePolicy({
              streamArn: stream,
              tableKeyArn: tableKey,
              queueKeyArn: queueKey,
              queueArns: [target, deadLetters],
            }),
          ),
      },
      { parent: this },
    );
    return [role, policy];
  }

  #createLogGroup(): aws.cloudwatch.LogGroup {
    return new aws.cloudwatch.LogGroup(
      `${this.#name}-log`,
      {
        name: `/aws/vendedlogs/pipes/${this.#args.queueName}`,
        kmsKeyId: this.#args.logKmsKeyArn,
        retentionInDays: 90,
      },
      { parent: this },
    );
  }

  #createFailureAlarm(): void {
    const { alarmTopicArns, queueName } = this.#args;
    new aws.cloudwatch.MetricAlarm(
      `${this.#name}-failed`,
      {
        alarmDescription: `Pipe ${queueName} fails: this region's cache may show old documents until they expire`,
        namespace: "AWS/EventBridge/Pipes",
        metricName: "ExecutionFailed",
        dimensions: { PipeName: queueName },
        statistic: "Sum",
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        period: 60,
        evaluationPeriods: 1,
        // No write, no execution.
        treatMissingData: "notBreaching",
        alarmActions: alarmTopicArns,
        okActions: alarmTopicArns,
      },
      { parent: this },
    );
  }
}
