import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";
import {
  deadLetterName,
  type MessagingPlace,
  queueArn,
  queuePolicy,
  queueProblems,
} from "./queue-policies.ts";

export interface DurableQueueArgs extends MessagingPlace {
  /** Name of the queue in its region; its dead letters are in `<queueName>-dead`. Replaces the queues. */
  readonly queueName: string;
  /** Key of this region; where topics deliver, usable by `sns.amazonaws.com`. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Names of topics of this region that deliver into the queue. @default none */
  readonly topicNames?: readonly string[] | undefined;
  /** Seconds that a received message is hidden from other consumers. @default 60 */
  readonly visibilityTimeoutSeconds?: number | undefined;
  /** Times that a message is received before it becomes a dead letter. @default 5 */
  readonly maxReceiveCount?: number | undefined;
  /** Days that an unread message is kept; dead letters are kept 14 days. @default 4 */
  readonly retentionDays?: number | undefined;
  /** Seconds that the oldest message may wait before the alarm rings. @default 300 */
  readonly ageAlarmSeconds?: number | undefined;
  /** Topics of this region that alarms tell. */
  readonly alarmTopicArns: pulumi.Input<pulumi.Input<string>[]>;
}

/** The longest that SQS offers: time to find out why. */
const DEAD_LETTER_SECONDS = 14 * 86_400;
/** SQS asks KMS for a data key this often; fewer calls, same safety at rest. */
const DATA_KEY_SECONDS = 3600;

/**
 * An SQS queue that loses nothing silently (MSG-04): encrypted, TLS only, with a queue of dead letters that only it may
 * fill, and an alarm on each of the two ways to fail: a message that nobody can process, and messages that nobody reads.
 *
 * A queue lives in one region, over all its zones; what a lost region had queued waits there. Paid by request.
 */
export class DurableQueue extends pulumi.ComponentResource {
  readonly queueName: string;
  readonly queueUrl: pulumi.Output<string>;
  readonly queueArn: pulumi.Output<string>;
  readonly deadLetterQueueArn: pulumi.Output<string>;
  readonly deadLetterQueueUrl: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: DurableQueueArgs;

  constructor(name: string, args: DurableQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:messaging:DurableQueue", name, {}, opts);
    this.#name = name;
    this.#args = args;
    const shape = {
      queueName: args.queueName,
      visibilityTimeoutSeconds: args.visibilityTimeoutSeconds ?? 60,
      maxReceiveCount: args.maxReceiveCount ?? 5,
      retentionDays: args.retentionDays ?? 4,
      ageAlarmSeconds: args.ageAlarmSeconds ?? 300,
    };
    refuse(`DurableQueue ${name}`, queueProblems(shape));

    const deadLetters = this.#createQueue("dead", {
      name: deadLetterName(shape.queueName),
      messageRetentionSeconds: DEAD_LETTER_SECONDS,
      redriveAllowPolicy: JSON.stringify({
        redrivePermission: "byQueue",
        sourceQueueArns: [queueArn(args, shape.queueName)],
      }),
    });
    const queue = this.#createQueue("queue", {
      name: shape.queueName,
      messageRetentionSeconds: shape.retentionDays * 86_400,
      visibilityTimeoutSeconds: shape.visibilityTimeoutSeconds,
      // Long polling: a consumer waits for a message instead of asking again.
      receiveWaitTimeSeconds: 20,
      redrivePolicy: deadLetters.arn.apply((deadLetterTargetArn) =>
        JSON.stringify({ deadLetterTargetArn, maxReceiveCount: shape.maxReceiveCount }),
      ),
    });
    this.#createAlarm("dead-letters", {
      alarmDescription: `${shape.queueName}: messages were given up after ${shape.maxReceiveCount} attempts`,
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: deadLetterName(shape.queueName) },
      threshold: 0,
    });
    this.#createAlarm("age", {
      alarmDescription: `${shape.queueName}: the oldest message waits for more than ${shape.ageAlarmSeconds} s`,
      metricName: "ApproximateAgeOfOldestMessage",
      dimensions: { QueueName: shape.queueName },
      threshold: shape.ageAlarmSeconds,
    });

    this.queueName = shape.queueName;
    this.queueUrl = queue.url;
    this.queueArn = queue.arn;
    this.deadLetterQueueArn = deadLetters.arn;
    this.deadLetterQueueUrl = deadLetters.url;
    this.registerOutputs({
      queueName: this.queueName,
      queueUrl: this.queueUrl,
      queueArn: this.queueArn,
      deadLetterQueueArn: this.deadLetterQueueArn,
      deadLetterQueueUrl: this.deadLetterQueueUrl,
    });
  }

  /** Topics deliver into both: SNS puts what it could not deliver into the dead letters itself. */
  #createQueue(what: string, args: aws.sqs.QueueArgs & { readonly name: string }): aws.sqs.Queue {
    const queue = new aws.sqs.Queue(
      `${this.#name}-${what}`,
      {
        ...args,
        kmsMasterKeyId: this.#args.kmsKeyArn,
        kmsDataKeyReusePeriodSeconds: DATA_KEY_SECONDS,
      },
      { parent: this },
    );
    new aws.sqs.QueuePolicy(
      `${this.#name}-${what}`,
      {
        queueUrl: queue.url,
        policy: queuePolicy({
          place: this.#args,
          queueName: args.name,
          topicNames: this.#args.topicNames ?? [],
        }),
      },
      { parent: this },
    );
    return queue;
  }

  #createAlarm(what: string, args: aws.cloudwatch.MetricAlarmArgs): void {
    new aws.cloudwatch.MetricAlarm(
      `${this.#name}-${what}`,
      {
        namespace: "AWS/SQS",
        statistic: "Maximum",
        comparisonOperator: "GreaterThanThreshold",
        period: 60,
        evaluationPeriods: 1,
        // SQS reports nothing of a queue that was idle for six hours.
        treatMissingData: "notBreaching",
        alarmActions: this.#args.alarmTopicArns,
        okActions: this.#args.alarmTopicArns,
        ...args,
      },
      { parent: this },
    );
  }
}
