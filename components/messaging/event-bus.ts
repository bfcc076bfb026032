import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";
import { sortedJson } from "../json.ts";
import { DurableQueue } from "./durable-queue.ts";
import { type EventConsumer, type EventFlow, eventProblems } from "./event-flow.ts";
import { type MessagingPlace, topicPolicy } from "./queue-policies.ts";

export interface DomainEventsArgs extends MessagingPlace, EventFlow {
  /** Key of this region, usable by `sns.amazonaws.com`. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Topics of this region that alarms tell. */
  readonly alarmTopicArns: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * Domain events of one region: a topic for each domain, a durable queue for each consumer, a subscription for each topic
 * that the consumer listens to (MSG-04, C-23). A message arrives as it was published, at least once and in no order.
 *
 * Events stay in their region: each region's consumers act on what its own services publish, and data that crosses
 * regions does so in the stores. What a lost region had queued is delivered when it is back. Paid by request.
 */
export class DomainEvents extends pulumi.ComponentResource {
  /** ARN of each topic, by the topic's key. */
  readonly topicArns: Readonly<Record<string, pulumi.Output<string>>>;
  /** URL of each queue, by the consumer's key. */
  readonly queueUrls: Readonly<Record<string, pulumi.Output<string>>>;
  readonly queueArns: Readonly<Record<string, pulumi.Output<string>>>;

  readonly #name: string;
  readonly #args: DomainEventsArgs;

  constructor(name: string, args: DomainEventsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:messaging:DomainEvents", name, {}, opts);
    refuse(`DomainEvents ${name}`, eventProblems(args));
    this.#name = name;
    this.#args = args;

    const topics = new Map(args.topics.map((topic) => [topic, this.#createTopic(topic)]));
    const queues = new Map(
      Object.entries(args.consumers).map(([key, consumer]) => [key, this.#createQueue(key, consumer)]),
    );
    for (const [key, { subscriptions }] of Object.entries(args.consumers)) {
      for (const [topicKey, filterPolicy] of Object.entries(subscriptions)) {
        const [topic, queue] = [topics.get(topicKey), queues.get(key)];
        if (topic === undefined || queue === undefined) continue; // Refused above.
        new aws.sns.TopicSubscription(
          `${name}-${topicKey}-to-${key}`,
          {
            topic: topic.arn,
            protocol: "sqs",
            endpoint: queue.queueArn,
            rawMessageDelivery: true,
            redrivePolicy: queue.deadLetterQueueArn.apply((deadLetterTargetArn) =>
              JSON.stringify({ deadLetterTargetArn }),
            ),
            ...(filterPolicy === "all"
              ? {}
              : { filterPolicy: sortedJson(filterPolicy), filterPolicyScope: "MessageAttributes" }),
          },
          // SNS delivers at once, so the queue must admit it first.
          { parent: this, dependsOn: [queue] },
        );
      }
    }

    this.topicArns = Object.fromEntries([...topics].map(([key, topic]) => [key, topic.arn]));
    this.queueUrls = Object.fromEntries([...queues].map(([key, queue]) => [key, queue.queueUrl]));
    this.queueArns = Object.fromEntries([...queues].map(([key, queue]) => [key, queue.queueArn]));
    this.registerOutputs({
      topicArns: this.topicArns,
      queueUrls: this.queueUrls,
      queueArns: this.queueArns,
    });
  }

  #createTopic(key: string): aws.sns.Topic {
    const topicName = `${this.#args.namePrefix}-${key}`;
    const topic = new aws.sns.Topic(
      `${this.#name}-${key}`,
      {
        name: topicName,
        kmsMasterKeyId: this.#args.kmsKeyArn,
        // Messages signed with SHA-256 instead of SHA-1.
        signatureVersion: 2,
      },
      { parent: this },
    );
    new aws.sns.TopicPolicy(
      `${this.#name}-${key}`,
      { arn: topic.arn, policy: topicPolicy(this.#args, topicName) },
      { parent: this },
    );
    return topic;
  }

  #createQueue(key: string, consumer: EventConsumer): DurableQueue {
    const { accountId, alarmTopicArns, kmsKeyArn, namePrefix, partition, region } = this.#args;
    const { subscriptions, ...limits } = consumer;
    return new DurableQueue(
      `${this.#name}-${key}`,
      {
        ...limits,
        accountId,
        partition,
        region,
        queueName: `${namePrefix}-${key}`,
        topicNames: Object.keys(subscriptions).map((topic) => `${namePrefix}-${topic}`),
        kmsKeyArn,
        alarmTopicArns,
      },
      { parent: this },
    );
  }
}
