/** What the pipe from a table's stream to a cache's queue passes on, and what its role may do. */
import { type Json, sortedJson } from "../json.ts";
import type { MessagingPlace } from "./queue-policies.ts";

export interface ChangeShape {
  /** Region of the pipe. */
  readonly region: string;
  readonly pipeName: string;
  readonly originRegionAttribute: string;
  readonly messageAttributes: readonly string[];
}

/** What the JSON paths of Pipes can name. */
const ATTRIBUTE = /^[A-Za-z0-9_-]{1,255}$/;

export function changeProblems({
  messageAttributes,
  originRegionAttribute,
  pipeName,
}: ChangeShape): string[] {
  const found: string[] = [];
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(pipeName)) {
    found.push(
      `queueName: "${pipeName}" is no name of a pipe; use up to 64 letters, digits, hyphens and underscores`,
    );
  }
  const named = [
    ["originRegionAttribute", originRegionAttribute],
    ...messageAttributes.map((attribute) => ["messageAttributes", attribute]),
  ];
  for (const [argument, attribute = ""] of named) {
    if (!ATTRIBUTE.test(attribute)) {
      found.push(
        `${argument}: "${attribute}" cannot be read by a pipe; use letters, digits, hyphens and underscores`,
      );
    }
  }
  if (messageAttributes.includes("keys") || messageAttributes.includes(originRegionAttribute)) {
    found.push(
      `messageAttributes: "keys" and "${originRegionAttribute}" are in every message; leave them out`,
    );
  }
  return found;
}

/**
 * Writes that carry the name of another region. Items without the attribute (locks, counters) and removals, which follow
 * a tombstone that was written long before, do not match.
 */
export function changesOfOtherRegions({ originRegionAttribute, region }: ChangeShape): string {
  return sortedJson({
    eventName: ["INSERT", "MODIFY"],
    dynamodb: { NewImage: { [originRegionAttribute]: { S: [{ "anything-but": [region] }] } } },
  });
}

/** Objects are put in without quotes, so that no value, whatever it holds, can break the message. */
export function invalidationTemplate({ messageAttributes, originRegionAttribute }: ChangeShape): string {
  const fields = [
    `"keys":<$.dynamodb.Keys>`,
    ...[originRegionAttribute, ...messageAttributes]
      .toSorted()
      .map((attribute) => `"${attribute}":<$.dynamodb.NewImage.${attribute}>`),
  ];
  return `{${fields.join(",")}}`;
}

export const pipeArn = ({ accountId, partition, region }: MessagingPlace, pipeName: string) =>
  `arn:${partition}:pipes:${region}:${accountId}:pipe/${pipeName}`;

/** Only this pipe may take the role. */
export function pipeTrust(place: MessagingPlace, pipeName: string): string {
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnePipe",
        Effect: "Allow",
        Principal: { Service: "pipes.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          ArnEquals: { "aws:SourceArn": pipeArn(place, pipeName) },
          StringEquals: { "aws:SourceAccount": place.accountId },
        },
      },
    ],
  });
}

export function pipePolicy(input: {
  readonly streamArn: string;
  readonly tableKeyArn: string;
  readonly queueKeyArn: string;
  readonly queueArns: readonly string[];
}): string {
  const allow = (sid: string, action: Json, resource: Json): Json => ({
    Sid: sid,
    Effect: "Allow",
    Action: action,
    Resource: resource,
  });
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      allow(
        "ReadStream",
        ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
        input.streamArn,
      ),
      // The action knows no resource.
      allow("FindStream", "dynamodb:ListStreams", "*"),
      allow("ReadEncryptedStream", "kms:Decrypt", input.tableKeyArn),
      allow("WriteQueues", "sqs:SendMessage", [...input.queueArns].sort()),
      allow("WriteEncryptedQueues", ["kms:Decrypt", "kms:GenerateDataKey"], input.queueKeyArn),
    ],
  });
}
