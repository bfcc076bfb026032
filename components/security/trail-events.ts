/** What a trail records beyond the management events, and the documents that let CloudTrail write. */
import { allow, policyText } from "./policy-statements.ts";

export interface EventSelector {
  readonly name: string;
  readonly fieldSelectors: {
    readonly field: string;
    readonly equals?: string[];
    readonly startsWiths?: string[];
  }[];
}

export interface DataEvents {
  /** Buckets whose objects are watched. */
  readonly bucketArns: readonly string[];
  /** Tables whose items are watched. */
  readonly tableArns: readonly string[];
  readonly record: "all" | "write";
}

/**
 * All management events, and data events of the named buckets and tables. Never of every bucket: a trail that records writes
 * to its own bucket records its own records.
 */
export function eventSelectors(data: DataEvents): EventSelector[] {
  const of = (name: string, type: string, arns: readonly string[]): EventSelector[] =>
    arns.length === 0
      ? []
      : [
          {
            name,
            fieldSelectors: [
              { field: "eventCategory", equals: ["Data"] },
              { field: "resources.type", equals: [type] },
              { field: "resources.ARN", startsWiths: [...new Set(arns)].sort() },
              ...(data.record === "write" ? [{ field: "readOnly", equals: ["false"] }] : []),
            ],
          },
        ];
  return [
    { name: "management", fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
    // With the slash, lest a bucket whose name begins with this one's is watched as well.
    ...of(
      "objects",
      "AWS::S3::Object",
      data.bucketArns.map((arn) => `${arn}/`),
    ),
    ...of("items", "AWS::DynamoDB::Table", data.tableArns),
  ];
}

export function trailArn(input: {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly trailName: string;
}): string {
  return `arn:${input.partition}:cloudtrail:${input.region}:${input.accountId}:trail/${input.trailName}`;
}

/** CloudTrail names its streams after account and region; it may write to no other. */
export function logDeliveryPolicy(logGroupArn: string, accountId: string): string {
  return policyText([
    allow(
      "WriteOwnStreams",
      ["logs:CreateLogStream", "logs:PutLogEvents"],
      [`${logGroupArn}:log-stream:${accountId}_CloudTrail_*`],
    ),
  ]);
}
