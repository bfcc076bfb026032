/** Policies and limits of queues, topics and the pipe between a table's stream and a queue. */
import { wholeNumberProblem } from "../argument-problems.ts";
import { type Json, sortedJson } from "../json.ts";

/** Where queues and topics live; their ARNs follow from it and their names. */
export interface MessagingPlace {
  /** `aws`, `aws-us-gov` or `aws-cn`. */
  readonly partition: string;
  readonly region: string;
  /** 12 digits. */
  readonly accountId: string;
}

export const queueArn = ({ accountId, partition, region }: MessagingPlace, name: string) =>
  `arn:${partition}:sqs:${region}:${accountId}:${name}`;
export const topicArn = ({ accountId, partition, region }: MessagingPlace, name: string) =>
  `arn:${partition}:sns:${region}:${accountId}:${name}`;

const tlsOnly = (service: "sns" | "sqs", action: Json, resource: string): Json => ({
  Sid: "TlsOnly",
  Effect: "Deny",
  Principal: service === "sns" ? { AWS: "*" } : "*",
  Action: action,
  Resource: resource,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

/** Refuses plain transport, and lets the named topics of the own account deliver. Everyone else needs an IAM policy. */
export function queuePolicy(input: {
  readonly place: MessagingPlace;
  readonly queueName: string;
  readonly topicNames: readonly string[];
}): string {
  const resource = queueArn(input.place, input.queueName);
  const topics = input.topicNames.map((name) => topicArn(input.place, name)).sort();
  const delivery: Json = {
    Sid: "Topics",
    Effect: "Allow",
    Principal: { Service: "sns.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: resource,
    Condition: {
      ArnEquals: { "aws:SourceArn": topics },
      StringEquals: { "aws:SourceAccount": input.place.accountId },
    },
  };
  return sortedJson({
    Version: "2012-10-17",
    Statement: [tlsOnly("sqs", "sqs:*", resource), ...(topics.length === 0 ? [] : [delivery])],
  });
}

/** Refuses plain transport; who may publish, IAM policies of the own account say. */
export function topicPolicy(place: MessagingPlace, topicName: string): string {
  return sortedJson({
    Version: "2012-10-17",
    Statement: [tlsOnly("sns", "sns:Publish", topicArn(place, topicName))],
  });
}

export interface QueueShape {
  readonly queueName: string;
  readonly visibilityTimeoutSeconds: number;
  readonly maxReceiveCount: number;
  readonly retentionDays: number;
  readonly ageAlarmSeconds: number;
}

export const deadLetterName = (queueName: string) => `${queueName}-dead`;

/** Every reason why SQS would refuse the queue, or why its alarm could never ring. */
export function queueProblems(shape: QueueShape): string[] {
  const found: string[] = [];
  if (!/^[A-Za-z0-9_-]{1,75}$/.test(shape.queueName)) {
    found.push(
      `queueName: "${shape.queueName}" is no queue name; use up to 75 letters, digits, hyphens and underscores`,
    );
  }
  found.push(
    ...wholeNumberProblem("visibilityTimeoutSeconds", shape.visibilityTimeoutSeconds, {
      from: 1,
      to: 43_200,
      fix: "give a consumer several times what one message takes",
    }),
    ...wholeNumberProblem("maxReceiveCount", shape.maxReceiveCount, {
      from: 1,
      to: 1000,
      fix: "5 outlives a restart of the consumer",
    }),
    ...wholeNumberProblem("retentionDays", shape.retentionDays, { from: 1, to: 14, fix: "14 is the most" }),
    ...wholeNumberProblem("ageAlarmSeconds", shape.ageAlarmSeconds, {
      from: 60,
      to: shape.retentionDays * 86_400 - 1,
      fix: "it must be less than retentionDays, or messages are gone before anyone is told",
    }),
  );
  return found;
}
