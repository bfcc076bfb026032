import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import { SECRET } from "../../tools/plan/index.ts";
import { ACCOUNT, keyArn, refusalOf, WEST } from "../data/planned-data.ts";
import { MODES, named, ofType, pick, planIn, sources } from "../edge/planned-edge.ts";
import { statementOf, statementsOf } from "../security/planned-security.ts";
import { AlertTopic, type AlertTopicArgs } from "./alert-topic.ts";
import { ChatChannel } from "./chat-channel.ts";

const TOPIC = "sns/topic:Topic";
const POLICY = "sns/topicPolicy:TopicPolicy";
const SUBSCRIPTION = "sns/topicSubscription:TopicSubscription";
const args = (change: Partial<AlertTopicArgs> = {}): AlertTopicArgs => ({
  severity: "page",
  region: WEST,
  accountId: ACCOUNT,
  kmsKeyArn: keyArn(WEST),
  ...change,
});
const planTopic = (mode: PlanMode, change: Partial<AlertTopicArgs> = {}) =>
  planIn(WEST, mode, (opts) => ({ arn: new AlertTopic("page", args(change), opts).topicArn }));

for (const mode of MODES) {
  describe(`AlertTopic, ${mode}`, () => {
    it("GAP-16: one encrypted topic of a severity, in the region", async () => {
      const plan = await planTopic(mode);
      const topic = named(plan, TOPIC, "page-topic");
      assert.equal(topic.region, WEST);
      assert.deepEqual(pick(topic, "displayName", "kmsMasterKeyId", "signatureVersion"), {
        displayName: "page us-west-2",
        kmsMasterKeyId: keyArn(WEST),
        signatureVersion: 2,
      });
      assert.deepEqual(sources(named(plan, POLICY, "page-policy"), "arn"), ["page-topic"]);
      assert.deepEqual(ofType(plan, SUBSCRIPTION), []);
    });

    it("GAP-16: an address with a key in it comes from a secret and is one wherever the plan shows it", async () => {
      const plan = await planTopic(mode, {
        subscriptions: {
          pagerduty: { protocol: "https", endpointSecretId: "platform/pagerduty" },
          team: { protocol: "email", endpoint: "team@example.com" },
        },
      });
      const pagerduty = named(plan, SUBSCRIPTION, "page-pagerduty");
      assert.deepEqual(pick(pagerduty, "protocol", "endpoint", "endpointAutoConfirms"), {
        protocol: "https",
        endpoint: SECRET,
        endpointAutoConfirms: true,
      });
      assert.equal(
        JSON.parse(String(pagerduty.inputs["deliveryPolicy"])).healthyRetryPolicy.maxDelayTarget,
        600,
      );
      assert.deepEqual(pick(named(plan, SUBSCRIPTION, "page-team"), "protocol", "endpoint"), {
        protocol: "email",
        endpoint: "team@example.com",
      });
      // Nobody is subscribed before the publishers' policy stands.
      assert(sources(pagerduty, "topic").includes("page-policy"));
    });

    it("GAP-16: a Slack channel follows topics of every region and can do nothing", async () => {
      const plan = await planIn(WEST, mode, (opts) => {
        const { topicArn } = new AlertTopic("notice", args({ severity: "notice" }), opts);
        new ChatChannel(
          "team",
          {
            accountId: ACCOUNT,
            slackTeamId: "T012ABCDEFG",
            slackChannelId: "C012ABCDEFG",
            topicArns: [topicArn],
          },
          opts,
        );
      });
      const channel = named(
        plan,
        "chatbot/slackChannelConfiguration:SlackChannelConfiguration",
        "team-slack",
      );
      assert.deepEqual(
        pick(channel, "configurationName", "slackTeamId", "slackChannelId", "guardrailPolicyArns"),
        {
          configurationName: "team",
          slackTeamId: "T012ABCDEFG",
          slackChannelId: "C012ABCDEFG",
          guardrailPolicyArns: ["arn:aws:iam::aws:policy/AWSDenyAll"],
        },
      );
      assert.deepEqual(sources(channel, "snsTopicArns"), ["notice-policy"]);
      assert.deepEqual(sources(channel, "iamRoleArn"), ["team-reader"]);
      assert.deepEqual(ofType(plan, "iam/rolePolicy:RolePolicy"), []);
    });
  });
}

describe("AlertTopic", () => {
  it("lets only alarms and rules of this account and region publish, and only over TLS", async () => {
    const { policy } = named(await planTopic("update"), POLICY, "page-policy").inputs;
    assert.deepEqual(
      statementsOf(policy).map(({ Sid, Principal }) => [Sid, Principal]),
      [
        ["OwnAlarmsPublish", { Service: "cloudwatch.amazonaws.com" }],
        ["OwnRulesPublish", { Service: "events.amazonaws.com" }],
        ["TlsOnly", "*"],
      ],
    );
    assert.deepEqual(statementOf(policy, "OwnAlarmsPublish").Condition, {
      ArnLike: { "aws:SourceArn": `arn:aws:cloudwatch:us-west-2:${ACCOUNT}:alarm:*` },
    });
    assert.deepEqual(statementOf(policy, "OwnRulesPublish").Condition, {
      ArnLike: { "aws:SourceArn": `arn:aws:events:us-west-2:${ACCOUNT}:rule/*` },
    });
    assert.equal(statementOf(policy, "TlsOnly").Effect, "Deny");
  });

  it("admits no publisher that was not asked for", async () => {
    const { policy } = named(
      await planTopic("update", { publishers: ["events"] }),
      POLICY,
      "page-policy",
    ).inputs;
    assert.deepEqual(
      statementsOf(policy).map(({ Sid }) => Sid),
      ["OwnRulesPublish", "TlsOnly"],
    );
  });

  it("refuses bad arguments all at once, and never shows an address", async () => {
    const build = ({ opts }: { opts: object }) =>
      new AlertTopic(
        "page",
        args({
          region: "west",
          accountId: "1",
          publishers: [],
          subscriptions: {
            both: { protocol: "https", endpoint: "https://a.example/key", endpointSecretId: "s" },
            none: { protocol: "email" },
            plain: { protocol: "https", endpoint: "http://a.example/key" },
          },
        }),
        opts,
      );
    assert.deepEqual(await refusalOf(build), [
      'AlertTopic "page":',
      'region: "west" is not an AWS region name; write it like us-east-1',
      'accountId: "1" is no account; write its 12 digits',
      "publishers: empty; name at least one of cloudwatch, events",
      "subscriptions.both: give either endpoint or endpointSecretId",
      "subscriptions.none: give either endpoint or endpointSecretId",
      "subscriptions.plain.endpoint: must begin with https://",
    ]);
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new ChatChannel(
            "team",
            { accountId: ACCOUNT, slackTeamId: "acme", slackChannelId: "#alerts", topicArns: [] },
            opts,
          ),
      ),
      [
        'ChatChannel "team":',
        'slackTeamId: "acme" is no workspace; write its id, like T012ABCDEFG',
        'slackChannelId: "#alerts" is no channel; write its id, like C012ABCDEFG',
      ],
    );
  });
});
