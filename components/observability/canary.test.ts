import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { type PlanMode, planProgram } from "../../tools/plan/index.ts";
import { ACCOUNT, EAST, keyArn, refusalOf, WEST } from "../data/planned-data.ts";
import { MODES, named, ofType, pick, sources } from "../edge/planned-edge.ts";
import { statementOf, statementsOf, unboundedWrites, waitsFor } from "../security/planned-security.ts";
import { Canary, type CanaryArgs } from "./canary.ts";
import { canaryCode, canaryCodeKey } from "./canary-code.ts";

const CANARY = "synthetics/canary:Canary";
const ALARM = "cloudwatch/metricAlarm:MetricAlarm";
const OBJECT = "s3/bucketObjectv2:BucketObjectv2";
const TOKEN = `arn:aws:secretsmanager:us-west-2:${ACCOUNT}:secret:platform/canary-a1b2c3`;
const topic = (severity: string) => `arn:aws:sns:us-west-2:${ACCOUNT}:${severity}`;
const args = (provider: aws.Provider, change: Partial<CanaryArgs> = {}): CanaryArgs => ({
  region: WEST,
  provider,
  accountId: ACCOUNT,
  artifactsBucketName: "platform-canary-us-west-2",
  kmsKeyArn: keyArn(WEST),
  targets: { public: "https://example.com/health", origin: "https://origin.us-west-2.example.com/health" },
  topicArns: { page: topic("page"), notice: topic("notice") },
  dataProtection: "retain",
  ...change,
});
const planCanary = (mode: PlanMode, change: Partial<CanaryArgs> = {}) =>
  planProgram(
    () => {
      const provider = new aws.Provider(WEST, { region: WEST });
      return { name: new Canary("platform", args(provider, change)).canaryName };
    },
    { mode },
  );
const withDocument = {
  documentUrl: "https://example.com/documents/canary-us-west-2",
  tokenSecretArn: TOKEN,
  tokenKeyArn: keyArn(WEST),
};

for (const mode of MODES) {
  describe(`Canary, ${mode}`, () => {
    it("OBS-28: asks the public name and the region's own origin every minute, from outside every VPC", async () => {
      const plan = await planCanary(mode);
      const canary = named(plan, CANARY, "platform-canary");
      assert.equal(canary.region, WEST);
      assert.deepEqual(pick(canary, "name", "schedule", "vpcConfig", "startCanary", "runConfig"), {
        name: "platform",
        schedule: { expression: "rate(1 minute)" },
        startCanary: true,
        runConfig: {
          activeTracing: false,
          environmentVariables: {
            TARGETS:
              '{"public":"https://example.com/health","origin":"https://origin.us-west-2.example.com/health"}',
          },
          memoryInMb: 960,
          timeoutInSeconds: 50,
        },
      });
      assert.equal(plan.outputs["name"], "platform");
    });

    it("OBS-27: the runtime is pinned, and the zip's key follows code and runtime", async () => {
      const plan = await planCanary(mode);
      const canary = named(plan, CANARY, "platform-canary");
      const code = canaryCode();
      const key = canaryCodeKey(code, "syn-nodejs-puppeteer-16.1");
      assert.match(key, /^code\/syn-nodejs-puppeteer-16\.1-[0-9a-f]{16}\.zip$/);
      assert.deepEqual(pick(canary, "runtimeVersion", "handler", "s3Key", "deleteLambda"), {
        runtimeVersion: "syn-nodejs-puppeteer-16.1",
        handler: "probe.handler",
        s3Key: key,
        deleteLambda: true,
      });
      const zip = named(plan, OBJECT, "platform-code");
      assert.equal(zip.inputs["key"], key);
      const { assets } = zip.inputs["source"] as { assets: Record<string, { text: string }> };
      assert.deepEqual(
        Object.entries(assets).map(([path, { text }]) => [path, text]),
        [["nodejs/node_modules/probe.js", code.text]],
      );
      // Ten tags are the most that an object takes.
      assert.deepEqual(zip.inputs["overrideProvider"], { defaultTags: { tags: {} } });
      assert.notEqual(canaryCodeKey(code, "syn-nodejs-puppeteer-17.0"), key);
      assert.notEqual(canaryCodeKey({ ...code, text: `${code.text} ` }, "syn-nodejs-puppeteer-16.1"), key);
    });

    it("SEC-11: artifacts are encrypted, private and gone after 31 days", async () => {
      const plan = await planCanary(mode);
      const canary = named(plan, CANARY, "platform-canary");
      assert.deepEqual(canary.inputs["artifactConfig"], {
        s3Encryption: { encryptionMode: "SSE_KMS", kmsKeyArn: keyArn(WEST) },
      });
      assert.deepEqual(sources(canary, "s3Bucket"), ["platform-artifacts-us-west-2"]);
      assert.equal(ofType(plan, "s3/bucketPublicAccessBlock:BucketPublicAccessBlock").length, 1);
      const [lifecycle] = ofType(plan, "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
      assert.match(JSON.stringify(lifecycle?.inputs["rules"]), /"expiration":\{"days":31\}/);
    });

    it("OBS-29: three failed runs of five page, a budget that burns slowly is a notice", async () => {
      const plan = await planCanary(mode);
      const read = (key: string) =>
        pick(
          named(plan, ALARM, `platform-${key}`),
          "namespace",
          "metricName",
          "statistic",
          "threshold",
          "period",
          "evaluationPeriods",
          "datapointsToAlarm",
          "treatMissingData",
          "alarmActions",
          "okActions",
        );
      assert.deepEqual(read("outage"), {
        namespace: "CloudWatchSynthetics",
        metricName: "SuccessPercent",
        statistic: "Average",
        threshold: 100,
        period: 60,
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
        treatMissingData: "breaching",
        alarmActions: [topic("page")],
        okActions: [topic("page")],
      });
      assert.deepEqual(read("slow-burn"), {
        namespace: "CloudWatchSynthetics",
        metricName: "SuccessPercent",
        statistic: "Average",
        threshold: 99.4,
        period: 21_600,
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
        treatMissingData: "ignore",
        alarmActions: [topic("notice")],
        okActions: [topic("notice")],
      });
    });

    it("OBS-30: p95 of every step is watched", async () => {
      const plan = await planCanary(mode, withDocument);
      const slow = ofType(plan, ALARM).filter(
        ({ name }) => name.startsWith("platform-slow-") && name !== "platform-slow-burn",
      );
      assert.deepEqual(
        slow.map(({ name }) => name),
        [
          "platform-slow-document-read",
          "platform-slow-document-write",
          "platform-slow-origin",
          "platform-slow-public",
        ],
      );
      for (const alarm of slow) {
        assert.deepEqual(
          pick(
            alarm,
            "metricName",
            "extendedStatistic",
            "threshold",
            "period",
            "comparisonOperator",
            "alarmActions",
          ),
          {
            metricName: "Duration",
            extendedStatistic: "p95",
            threshold: 500,
            period: 1200,
            comparisonOperator: "GreaterThanThreshold",
            alarmActions: [topic("notice")],
          },
        );
        assert.deepEqual(sources(alarm, "dimensions"), ["platform-canary"]);
      }
    });

    it("runs only when its role may do what it needs", async () => {
      const plan = await planCanary(mode);
      const canary = named(plan, CANARY, "platform-canary");
      assert.deepEqual(sources(canary, "executionRoleArn"), ["platform-runs"]);
      assert(waitsFor(canary).includes("platform-may"));
    });
  });
}

describe("Canary", () => {
  const policyOf = async (change: Partial<CanaryArgs>) =>
    named(await planCanary("update", change), "iam/rolePolicy:RolePolicy", "platform-may").inputs["policy"];

  it("may write its own artifacts and metrics, and reads no secret without a document", async () => {
    const policy = await policyOf({});
    assert.deepEqual(
      statementsOf(policy).map(({ Sid }) => Sid),
      ["Artifacts", "EncryptArtifacts", "FindBucket", "ListBuckets", "Logs", "Metrics"],
    );
    assert.deepEqual(statementOf(policy, "Artifacts").Resource, [
      "arn:aws:s3:::platform-canary-us-west-2/runs/*",
    ]);
    assert.deepEqual(statementOf(policy, "Metrics").Condition, {
      StringEquals: { "cloudwatch:namespace": "CloudWatchSynthetics" },
    });
    assert.deepEqual(statementOf(policy, "Logs").Resource, [
      `arn:aws:logs:us-west-2:${ACCOUNT}:log-group:/aws/lambda/cwsyn-*`,
    ]);
    assert.deepEqual(unboundedWrites(policy), []);
  });

  it("reads its one token by one key, and the token's value is nowhere in the plan", async () => {
    const policy = await policyOf(withDocument);
    assert.deepEqual(statementOf(policy, "ReadToken").Resource, [TOKEN]);
    assert.deepEqual(statementOf(policy, "DecryptToken").Resource, [keyArn(WEST)]);
    assert.deepEqual(statementOf(policy, "DecryptToken").Condition, {
      StringEquals: {
        "kms:EncryptionContext:SecretARN": TOKEN,
        "kms:ViaService": "secretsmanager.us-west-2.amazonaws.com",
      },
    });
    const plan = await planCanary("update", withDocument);
    const { environmentVariables } = named(plan, CANARY, "platform-canary").inputs["runConfig"] as {
      environmentVariables: Record<string, string>;
    };
    assert.equal(environmentVariables["TOKEN_SECRET_ARN"], TOKEN);
    assert.equal(environmentVariables["DOCUMENT_URL"], "https://example.com/documents/canary-us-west-2");
  });

  it("refuses bad arguments all at once", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ providers }) =>
          new Canary(
            "Platform",
            args(providers[EAST] as aws.Provider, {
              region: "west",
              targets: { "document-x": "http://example.com" },
              documentUrl: "https://example.com/documents/a",
              intervalMinutes: 0,
              latencyMilliseconds: 1,
              availabilityPercent: 100,
            }),
          ),
      ),
      [
        'Canary "Platform":',
        'region: "west" is not an AWS region name; write it like us-east-1',
        'name: "Platform" is no canary\'s name; use lower-case letters, digits, _ and -',
        "targets.document-x: is no name; use lower-case letters, digits and -, not beginning with document-",
        'targets.document-x: "http://example.com" is no https address without a query; write it like https://example.com/health',
        "documentUrl, tokenSecretArn: a document needs both; give both or neither",
        "intervalMinutes: 0 is not a whole number from 1 to 60; use 1",
        "latencyMilliseconds: 1 is not a whole number from 50 to 40000; use 500",
        "availabilityPercent: 100 is no objective; give a percentage from 90 to below 100, such as 99.9",
      ],
    );
  });
});
