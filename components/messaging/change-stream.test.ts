import assert from "node:assert/strict";
import fc from "fast-check";
import type { PlanMode } from "../../tools/plan/index.ts";
import { ACCOUNT, keyArn, WEST } from "../data/planned-data.ts";
import { MODES, named, ofType, pick, planIn, refusal, sources } from "../edge/planned-edge.ts";
import { changesOfOtherRegions, invalidationTemplate } from "./change-rules.ts";
import { CacheInvalidation, type CacheInvalidationArgs } from "./change-stream.ts";

const STREAM = `arn:aws:dynamodb:${WEST}:${ACCOUNT}:table/platform-documents/stream/2026-11-21T00:00:00.000`;
const argsWith = (change: Partial<CacheInvalidationArgs> = {}): CacheInvalidationArgs => ({
  partition: "aws",
  region: WEST,
  accountId: ACCOUNT,
  queueName: "platform-cache-invalidation",
  streamArn: STREAM,
  tableKmsKeyArn: `${keyArn(WEST)}-table`,
  kmsKeyArn: keyArn(WEST),
  logKmsKeyArn: `${keyArn(WEST)}-logs`,
  alarmTopicArns: ["arn:aws:sns:us-west-2:111122223333:alarms"],
  ...change,
});
const planInvalidation = (mode: PlanMode, change: Partial<CacheInvalidationArgs> = {}) =>
  planIn(WEST, mode, (opts) => {
    const { pipeArn, queueUrl } = new CacheInvalidation("invalidation", argsWith(change), opts);
    return { pipeArn, queueUrl };
  });

for (const mode of MODES) {
  describe(`CacheInvalidation, ${mode}`, () => {
    it("MSG-05 and DATA-31: the stream of the region's own copy feeds a queue with other regions' writes", async () => {
      const pipe = named(await planInvalidation(mode), "pipes/pipe:Pipe", "invalidation");
      assert.equal(pipe.region, WEST);
      assert.equal(pipe.inputs["source"], STREAM);
      assert.deepEqual(sources(pipe, "target"), ["invalidation-messages-queue"]);
      const { deadLetterConfig: _, ...stream } = parameters(pipe.inputs["sourceParameters"]);
      assert.deepEqual(stream, {
        batchSize: 10,
        maximumRecordAgeInSeconds: 3600,
        maximumRetryAttempts: 10,
        onPartialBatchItemFailure: "AUTOMATIC_BISECT",
        startingPosition: "TRIM_HORIZON",
      });
      assert.deepEqual(pipe.inputs["targetParameters"], {
        inputTemplate:
          '{"keys":<$.dynamodb.Keys>,"originRegion":<$.dynamodb.NewImage.originRegion>,"sequence":<$.dynamodb.NewImage.sequence>}',
      });
    });

    it("what cannot be passed on becomes a dead letter, and people are told", async () => {
      const plan = await planInvalidation(mode);
      const pipe = named(plan, "pipes/pipe:Pipe", "invalidation");
      assert.ok(sources(pipe, "sourceParameters").includes("invalidation-messages-dead"));
      assert.deepEqual(
        ofType(plan, "cloudwatch/metricAlarm:MetricAlarm").map((alarm) => alarm.inputs["metricName"]),
        ["ExecutionFailed", "ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"],
      );
    });

    it("only this pipe may take the role", async () => {
      const role = named(await planInvalidation(mode), "iam/role:Role", "invalidation-pipe");
      assert.deepEqual(JSON.parse(String(role.inputs["assumeRolePolicy"])).Statement[0].Condition, {
        ArnEquals: { "aws:SourceArn": `arn:aws:pipes:${WEST}:${ACCOUNT}:pipe/platform-cache-invalidation` },
        StringEquals: { "aws:SourceAccount": ACCOUNT },
      });
    });
  });
}

function parameters(value: unknown): Record<string, unknown> {
  assert.ok(typeof value === "object" && value !== null && "dynamodbStreamParameters" in value);
  return { ...(value.dynamodbStreamParameters as object) };
}

describe("CacheInvalidation in AWS", () => {
  it("SEC-04: the role reads this stream, writes these queues and uses their keys, no more", async () => {
    const plan = await planInvalidation("update");
    const policy = named(plan, "iam/rolePolicy:RolePolicy", "invalidation-pipe").inputs["policy"];
    const queue = "arn:aws:sqs:us-west-2:123456789012:platform-cache-invalidation";
    assert.deepEqual(
      JSON.parse(String(policy)).Statement.map((s: Record<string, unknown>) => [s["Action"], s["Resource"]]),
      [
        [["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"], STREAM],
        ["dynamodb:ListStreams", "*"],
        ["kms:Decrypt", `${keyArn(WEST)}-table`],
        ["sqs:SendMessage", [queue, `${queue}-dead`]],
        [["kms:Decrypt", "kms:GenerateDataKey"], keyArn(WEST)],
      ],
    );
    assert.deepEqual(
      pick(named(plan, "cloudwatch/logGroup:LogGroup", "invalidation-log"), "name", "kmsKeyId"),
      { name: "/aws/vendedlogs/pipes/platform-cache-invalidation", kmsKeyId: `${keyArn(WEST)}-logs` },
    );
  });
});

describe("change rules", () => {
  const shape = { region: WEST, pipeName: "p", originRegionAttribute: "origin", messageAttributes: ["n"] };

  it("DATA-31: a region hears of every region's writes but its own", () => {
    assert.deepEqual(JSON.parse(changesOfOtherRegions(shape)), {
      eventName: ["INSERT", "MODIFY"],
      dynamodb: { NewImage: { origin: { S: [{ "anything-but": [WEST] }] } } },
    });
  });

  it("a message is JSON whatever the item holds, because every value goes in as JSON", () => {
    const attribute = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/);
    fc.assert(
      fc.property(fc.uniqueArray(attribute, { maxLength: 5 }), fc.json(), (messageAttributes, value) => {
        const template = invalidationTemplate({
          ...shape,
          originRegionAttribute: "region of origin",
          messageAttributes,
        });
        const message: unknown = JSON.parse(template.replaceAll(/<[^>]*>/g, () => value));
        assert.deepEqual(
          Object.keys(Object(message)).sort(),
          [...new Set(["keys", "region of origin", ...messageAttributes])].sort(),
        );
      }),
    );
  });
});

describe("CacheInvalidation refuses", () => {
  it("attributes that a pipe cannot name, and those that every message has", async () => {
    const lines = await refusal(
      (opts) =>
        new CacheInvalidation(
          "invalidation",
          argsWith({
            originRegionAttribute: "origin region",
            messageAttributes: ["a.b", "keys"],
            queueName: "q q",
          }),
          opts,
        ),
    );
    assert.deepEqual(
      lines.map((line) => line.trim()),
      [
        "CacheInvalidation invalidation:",
        'queueName: "q q" is no name of a pipe; use up to 64 letters, digits, hyphens and underscores',
        'originRegionAttribute: "origin region" cannot be read by a pipe; use letters, digits, hyphens and underscores',
        'messageAttributes: "a.b" cannot be read by a pipe; use letters, digits, hyphens and underscores',
        'messageAttributes: "keys" and "origin region" are in every message; leave them out',
      ],
    );
  });
});
