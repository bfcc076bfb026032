import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { checkPlan } from "../../tools/check/index.ts";
import { type Plan, type PlanMode, planProgram } from "../../tools/plan/index.ts";
import { ACCOUNT, inputsByUrn, keyArn, keyArns, TWO, WEST } from "../data/planned-data.ts";
import type { DataProtection } from "../data/protection.ts";
import { mapRegions } from "../data/regions.ts";
import { AccessLogBucket, accessLogBucketName } from "../edge/access-log-bucket.ts";
import { IngressAlarms } from "../edge/ingress-alarms.ts";
import { OriginHeader } from "../edge/origin-header.ts";
import { MODES, named, ofType } from "../edge/planned-edge.ts";
import { AlertTopic } from "./alert-topic.ts";
import { Canary } from "./canary.ts";
import { ChatChannel } from "./chat-channel.ts";

const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
const tags = { environment: "test", service: "document-platform", team: "platform" };

/** What tells people of both regions, in one stack. */
function planWatch(mode: PlanMode, dataProtection: DataProtection): Promise<Plan> {
  return planProgram(
    () => {
      const providers = mapRegions(
        TWO,
        (region) => new aws.Provider(region, { region, defaultTags: { tags } }),
      );
      const topics = TWO.map((region) =>
        declareRegion(region, providers[region] as aws.Provider, dataProtection),
      );
      const home = { provider: providers[WEST] };
      new ChatChannel(
        "team",
        {
          accountId: ACCOUNT,
          slackTeamId: "T012ABCDEFG",
          slackChannelId: "C012ABCDEFG",
          topicArns: topics.map(({ notice }) => notice),
          permissionsBoundaryArn: BOUNDARY,
        },
        home,
      );
      new OriginHeader(
        "header",
        {
          secretName: "platform/origin-header",
          regions: [...TWO].reverse(),
          kmsKeyArns: keyArns(TWO),
          values: ["v1", "v2"],
          sends: "v1",
          dataProtection,
        },
        home,
      );
    },
    { mode },
  );
}

function declareRegion(region: string, provider: aws.Provider, dataProtection: DataProtection) {
  const common = { region, accountId: ACCOUNT, provider, dataProtection };
  const topic = (severity: "page" | "notice") =>
    new AlertTopic(
      `${severity}-${region}`,
      { severity, region, accountId: ACCOUNT, kmsKeyArn: keyArn(region) },
      { provider },
    ).topicArn;
  const topicArns = { page: topic("page"), notice: topic("notice") };
  new AccessLogBucket(`access-${region}`, {
    ...common,
    bucketName: accessLogBucketName({ prefix: "platform", accountId: ACCOUNT, region }),
  });
  new IngressAlarms(
    `ingress-${region}`,
    { loadBalancerArnSuffix: "app/ingress/1", targetGroupArns: { main: "a:targetgroup/main/2" }, topicArns },
    { provider },
  );
  new Canary(`canary-${region}`, {
    ...common,
    kmsKeyArn: keyArn(region),
    artifactsBucketName: `platform-canary-${ACCOUNT}-${region}`,
    targets: { public: "https://example.com/health" },
    topicArns,
    permissionsBoundaryArn: BOUNDARY,
  });
  return topicArns;
}

describe("what watches a region, together", () => {
  for (const mode of MODES) {
    it(`GAP-16: every alarm of a region tells that region's topics, ${mode}`, async () => {
      const plan = await planWatch(mode, "retain");
      const alarms = ofType(plan, "cloudwatch/metricAlarm:MetricAlarm");
      assert.equal(alarms.length, 14);
      for (const alarm of alarms) {
        const told = (alarm.propertyDependencies["alarmActions"] ?? []).map((urn) => urn.split("::").at(-1));
        assert.match(told.join(), new RegExp(`^(page|notice)-${alarm.region}-policy$`), alarm.urn);
      }
    });

    it(`OBS-28: every region asks for the public name by itself, ${mode}`, async () => {
      const plan = await planWatch(mode, "retain");
      for (const region of TWO) {
        const canary = named(plan, "synthetics/canary:Canary", `canary-${region}-canary`);
        assert.equal(canary.region, region);
        const others = TWO.filter((other) => other !== region);
        assert(!canary.dependencies.some((urn) => others.some((other) => urn.includes(other))));
      }
    });

    it(`the guardrails find nothing, ${mode}`, async () => {
      const verdict = await checkPlan(await planWatch(mode, "retain"), {
        policyConfig: {
          "provider-region": { regions: TWO },
          "s3-encrypted": { sseS3Buckets: TWO.map((region) => `access-${region}-logs-${region}`) },
        },
      });
      assert.deepEqual(verdict.violations, []);
      assert.deepEqual(verdict.failures, []);
      assert.equal(verdict.ok, true);
    });

    it(`a second plan is the same, and all can be destroyed when the data is released, ${mode}`, async () => {
      const plan = await planWatch(mode, "release");
      assert.deepEqual(inputsByUrn(await planWatch(mode, "release")), inputsByUrn(plan));
      assert.deepEqual(
        plan.resources
          .filter(({ options }) => options.protect || options.retainOnDelete)
          .map(({ urn }) => urn),
        [],
      );
      const buckets = ofType(plan, "s3/bucket:Bucket");
      assert.equal(buckets.length, 4);
      for (const bucket of buckets) assert.equal(bucket.inputs["forceDestroy"], true, bucket.urn);
    });

    it(`SEC-04: every role is bounded, ${mode}`, async () => {
      const roles = ofType(await planWatch(mode, "retain"), "iam/role:Role");
      assert.equal(roles.length, 3);
      for (const role of roles) assert.equal(role.inputs["permissionsBoundary"], BOUNDARY, role.urn);
    });
  }
});
