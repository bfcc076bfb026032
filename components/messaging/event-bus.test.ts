import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import { ACCOUNT, EAST, keyArn } from "../data/planned-data.ts";
import { MODES, named, ofType, pick, planIn, refusal, sources } from "../edge/planned-edge.ts";
import { DomainEvents, type DomainEventsArgs } from "./event-bus.ts";

const TOPIC = `arn:aws:sns:${EAST}:${ACCOUNT}:platform-orders`;
const QUEUE = `arn:aws:sqs:${EAST}:${ACCOUNT}:platform-billing`;
const ALARMS = [`arn:aws:sns:${EAST}:${ACCOUNT}:alarms`];
const argsWith = (change: Partial<DomainEventsArgs> = {}): DomainEventsArgs => ({
  partition: "aws",
  region: EAST,
  accountId: ACCOUNT,
  namePrefix: "platform",
  topics: ["orders"],
  consumers: {
    billing: { subscriptions: { orders: { type: ["OrderPlaced", "OrderCancelled"] } }, maxReceiveCount: 3 },
    audit: { subscriptions: { orders: "all" }, retentionDays: 14 },
  },
  kmsKeyArn: keyArn(EAST),
  alarmTopicArns: ALARMS,
  ...change,
});
const planEvents = (mode: PlanMode, change: Partial<DomainEventsArgs> = {}) =>
  planIn(EAST, mode, (opts) => {
    const { queueUrls, topicArns } = new DomainEvents("events", argsWith(change), opts);
    return { queueUrls, topicArns };
  });
const json = (value: unknown): unknown => JSON.parse(String(value));

for (const mode of MODES) {
  describe(`DomainEvents, ${mode}`, () => {
    it("MSG-04: a topic for each domain, a queue for each consumer, both encrypted with the platform's key", async () => {
      const plan = await planEvents(mode);
      assert.deepEqual(
        ofType(plan, "sns/topic:Topic").map((topic) =>
          pick(topic, "name", "kmsMasterKeyId", "signatureVersion"),
        ),
        [{ name: "platform-orders", kmsMasterKeyId: keyArn(EAST), signatureVersion: 2 }],
      );
      assert.deepEqual(
        ofType(plan, "sqs/queue:Queue").map((queue) =>
          pick(queue, "name", "kmsMasterKeyId", "messageRetentionSeconds"),
        ),
        [
          ["platform-audit-dead", 14],
          ["platform-audit", 14],
          ["platform-billing-dead", 14],
          ["platform-billing", 4],
        ].map(([name, days]) => ({
          name,
          kmsMasterKeyId: keyArn(EAST),
          messageRetentionSeconds: Number(days) * 86_400,
        })),
      );
    });

    it("MSG-04: consumers get events as they were published, only those they want, and undeliverable ones are kept", async () => {
      const plan = await planEvents(mode);
      const filtered = named(plan, "sns/topicSubscription:TopicSubscription", "events-orders-to-billing");
      assert.deepEqual(
        pick(filtered, "protocol", "rawMessageDelivery", "filterPolicy", "filterPolicyScope"),
        {
          protocol: "sqs",
          rawMessageDelivery: true,
          filterPolicy: '{"type":["OrderPlaced","OrderCancelled"]}',
          filterPolicyScope: "MessageAttributes",
        },
      );
      assert.deepEqual(sources(filtered, "endpoint"), ["events-billing-queue"]);
      assert.deepEqual(sources(filtered, "redrivePolicy"), ["events-billing-dead"]);
      const all = named(plan, "sns/topicSubscription:TopicSubscription", "events-orders-to-audit");
      assert.equal(all.inputs["filterPolicy"], undefined);
    });

    it("MSG-04: a message that fails goes to the dead letters of its own queue and to no other", async () => {
      const plan = await planEvents(mode);
      const dead = named(plan, "sqs/queue:Queue", "events-billing-dead");
      assert.deepEqual(json(dead.inputs["redriveAllowPolicy"]), {
        redrivePermission: "byQueue",
        sourceQueueArns: [QUEUE],
      });
      assert.deepEqual(sources(named(plan, "sqs/queue:Queue", "events-billing-queue"), "redrivePolicy"), [
        "events-billing-dead",
      ]);
    });

    it("MSG-04: queues and topics refuse plain transport, and queues take messages of their topics only", async () => {
      const plan = await planEvents(mode);
      const tls = (resource: string, action: string, principal: unknown) => ({
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: principal,
        Action: action,
        Resource: resource,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
      const policy = named(plan, "sqs/queuePolicy:QueuePolicy", "events-billing-queue").inputs["policy"];
      assert.deepEqual(json(policy), {
        Version: "2012-10-17",
        Statement: [
          tls(QUEUE, "sqs:*", "*"),
          {
            Sid: "Topics",
            Effect: "Allow",
            Principal: { Service: "sns.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: QUEUE,
            Condition: {
              ArnEquals: { "aws:SourceArn": [TOPIC] },
              StringEquals: { "aws:SourceAccount": ACCOUNT },
            },
          },
        ],
      });
      assert.deepEqual(json(named(plan, "sns/topicPolicy:TopicPolicy", "events-orders").inputs["policy"]), {
        Version: "2012-10-17",
        Statement: [tls(TOPIC, "sns:Publish", { AWS: "*" })],
      });
    });

    it("MSG-09: LangChain's worker takes stored documents from a queue of its own, whenever it is ready", async () => {
      const plan = await planEvents(mode, {
        topics: ["documents"],
        consumers: {
          langchain: {
            subscriptions: { documents: { type: ["DocumentStored"] } },
            visibilityTimeoutSeconds: 900,
            ageAlarmSeconds: 3600,
          },
        },
      });
      assert.deepEqual(
        pick(named(plan, "sqs/queue:Queue", "events-langchain-queue"), "name", "visibilityTimeoutSeconds"),
        { name: "platform-langchain", visibilityTimeoutSeconds: 900 },
      );
      const subscription = named(
        plan,
        "sns/topicSubscription:TopicSubscription",
        "events-documents-to-langchain",
      );
      assert.equal(subscription.inputs["filterPolicy"], '{"type":["DocumentStored"]}');
    });

    it("MSG-04: one alarm for given-up messages and one for unread ones, for each queue", async () => {
      const alarms = ofType(await planEvents(mode), "cloudwatch/metricAlarm:MetricAlarm");
      assert.deepEqual(
        alarms
          .filter(({ name }) => name.startsWith("events-billing"))
          .map((alarm) =>
            pick(alarm, "metricName", "dimensions", "threshold", "comparisonOperator", "alarmActions"),
          ),
        [
          ["ApproximateAgeOfOldestMessage", "platform-billing", 300],
          ["ApproximateNumberOfMessagesVisible", "platform-billing-dead", 0],
        ].map(([metricName, QueueName, threshold]) => ({
          metricName,
          dimensions: { QueueName },
          threshold,
          comparisonOperator: "GreaterThanThreshold",
          alarmActions: ALARMS,
        })),
      );
      assert.equal(alarms.length, 4);
    });
  });
}

describe("DomainEvents in AWS", () => {
  it("gives a failing message the attempts of its consumer", async () => {
    const plan = await planEvents("update");
    const { inputs } = named(plan, "sqs/queue:Queue", "events-billing-queue");
    assert.deepEqual(json(inputs["redrivePolicy"]), {
      deadLetterTargetArn: `arn:aws:sqs:${EAST}:123456789012:platform-billing-dead`,
      maxReceiveCount: 3,
    });
  });
});

describe("DomainEvents refuses", () => {
  const cases: readonly (readonly [
    what: string,
    change: Partial<DomainEventsArgs>,
    lines: readonly string[],
  ])[] = [
    [
      "a topic that nobody listens to",
      { topics: ["orders", "stock"] },
      ['topics: nobody listens to "stock"; subscribe a consumer to it, or leave it out'],
    ],
    [
      "a subscription to a topic that is not there, and a consumer of nothing",
      { consumers: { a: { subscriptions: { orders: "all", stock: "all" } }, b: { subscriptions: {} } } },
      [
        'consumers.a.subscriptions: "stock" is no topic; use one of orders',
        "consumers.b.subscriptions: is empty; name a topic, or leave the consumer out",
      ],
    ],
    [
      "filters that SNS does not take",
      {
        consumers: {
          a: { subscriptions: { orders: { type: "OrderPlaced" } } },
          b: { subscriptions: { orders: {} } },
          c: {
            subscriptions: {
              orders: {
                x: Array.from({ length: 20 }, (_, n) => n),
                y: Array.from({ length: 10 }, (_, n) => n),
              },
            },
          },
        },
      },
      [
        'consumers.a.subscriptions.orders.type: is no list of values; write it like ["OrderPlaced"]',
        'consumers.b.subscriptions.orders: filters by 0 attributes; use 1 to 5, or "all"',
        "consumers.c.subscriptions.orders: has 200 combinations of values; SNS takes 150",
      ],
    ],
    [
      "limits that lose messages, and keys that make no name",
      {
        topics: ["orders", "orders"],
        consumers: {
          Audit: { subscriptions: { orders: "all" }, retentionDays: 15, maxReceiveCount: 0 },
          slow: { subscriptions: { orders: "all" }, retentionDays: 1, ageAlarmSeconds: 86_400 },
        },
      },
      [
        'consumers: "Audit" is no key; use up to 40 lower-case letters, digits and hyphens, a letter first',
        'topics: "orders" is named twice; name every topic once',
        "consumers.Audit.maxReceiveCount: 0 is not a whole number from 1 to 1000; 5 outlives a restart of the consumer",
        "consumers.Audit.retentionDays: 15 is not a whole number from 1 to 14; 14 is the most",
        "consumers.slow.ageAlarmSeconds: 86400 is not a whole number from 60 to 86399; it must be less than retentionDays, or messages are gone before anyone is told",
      ],
    ],
  ];
  for (const [what, change, expected] of cases) {
    it(what, async () => {
      const lines = await refusal((opts) => new DomainEvents("events", argsWith(change), opts));
      assert.deepEqual(
        lines.map((line) => line.trim()),
        ["DomainEvents events:", ...expected],
      );
    });
  }
});
