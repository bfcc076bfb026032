import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import { ACCOUNT, EAST, keyArn } from "../data/planned-data.ts";
import { MODES, named, ofType, pick, planIn, refusal } from "../edge/planned-edge.ts";
import { BatchWorkflow, type BatchWorkflowArgs } from "./batch-workflow.ts";
import { Saga, type SagaArgs } from "./saga.ts";

const MACHINE = "sfn/stateMachine:StateMachine";
const place = {
  partition: "aws",
  region: EAST,
  accountId: ACCOUNT,
  kmsKeyArn: keyArn(EAST),
  logKmsKeyArn: `${keyArn(EAST)}-logs`,
  alarmTopicArns: ["arn:aws:sns:us-east-1:111122223333:alarms"],
};
const worker = (name: string) => ({
  queueUrl: `https://sqs.${EAST}.amazonaws.com/${ACCOUNT}/${name}`,
  queueArn: `arn:aws:sqs:${EAST}:${ACCOUNT}:${name}`,
  kmsKeyArn: `${keyArn(EAST)}-${name}`,
});
const sagaArgs = (change: Partial<SagaArgs> = {}): SagaArgs => ({
  ...place,
  sagaName: "platform-place-order",
  steps: [
    { name: "reserve-stock", worker: "stock" },
    { name: "charge-card", worker: "billing" },
    { name: "send-mail", worker: "mail", compensated: false },
  ],
  workers: {
    stock: worker("stock"),
    billing: worker("billing"),
    mail: worker("mail"),
    unused: worker("unused"),
  },
  ...change,
});
const batchArgs = (change: Partial<BatchWorkflowArgs> = {}): BatchWorkflowArgs => ({
  ...place,
  batchName: "platform-analytics",
  sourceBucket: "documents-east",
  sourcePrefix: "events/",
  resultBucket: "analytics-east",
  resultPrefix: "runs/",
  bucketKmsKeyArns: [`${keyArn(EAST)}-a`, `${keyArn(EAST)}-b`],
  worker: worker("analytics"),
  ...change,
});
const planSaga = (mode: PlanMode, change: Partial<SagaArgs> = {}) =>
  planIn(EAST, mode, (opts) => ({ arn: new Saga("order", sagaArgs(change), opts).stateMachineArn }));
const planBatch = (mode: PlanMode, change: Partial<BatchWorkflowArgs> = {}) =>
  planIn(EAST, mode, (opts) => ({
    arn: new BatchWorkflow("batch", batchArgs(change), opts).stateMachineArn,
  }));
const statements = (policy: unknown): [unknown, unknown][] =>
  JSON.parse(String(policy)).Statement.map((s: Record<string, unknown>) => [s["Action"], s["Resource"]]);

for (const mode of MODES) {
  describe(`Saga, ${mode}`, () => {
    it("MSG-06 and MSG-08: a standard state machine with log, traces and the platform's key", async () => {
      const plan = await planSaga(mode);
      const machine = named(plan, MACHINE, "order-workflow-machine");
      assert.deepEqual(pick(machine, "name", "type", "tracingConfiguration", "encryptionConfiguration"), {
        name: "platform-place-order",
        type: "STANDARD",
        tracingConfiguration: { enabled: true },
        encryptionConfiguration: {
          kmsDataKeyReusePeriodSeconds: 300,
          kmsKeyId: keyArn(EAST),
          type: "CUSTOMER_MANAGED_KMS_KEY",
        },
      });
      assert.deepEqual(
        pick(
          named(plan, "cloudwatch/logGroup:LogGroup", "order-workflow-log"),
          "name",
          "kmsKeyId",
          "retentionInDays",
        ),
        {
          name: "/aws/vendedlogs/states/platform-place-order",
          kmsKeyId: `${keyArn(EAST)}-logs`,
          retentionInDays: 90,
        },
      );
      assert.deepEqual(
        ofType(plan, "cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => inputs["metricName"]),
        ["ExecutionsAborted", "ExecutionsFailed", "ExecutionsTimedOut"],
      );
    });

    it("MSG-08: the machine has the saga's steps, and an undo for each that has one", async () => {
      const { inputs } = named(await planSaga(mode), MACHINE, "order-workflow-machine");
      const { States } = JSON.parse(String(inputs["definition"]));
      assert.deepEqual(Object.keys(States), [
        "begin",
        "charge-card",
        "compensated",
        "compensation-incomplete",
        "completed",
        "reserve-stock",
        "send-mail",
        "settled",
        "undo-charge-card",
        "undo-reserve-stock",
      ]);
      assert.equal(States["charge-card"].Parameters.QueueUrl, worker("billing").queueUrl);
    });

    it("SEC-04: the role hands out tasks to the saga's own workers, no others", async () => {
      const plan = await planSaga(mode);
      const policy = named(plan, "iam/rolePolicy:RolePolicy", "order-workflow-role").inputs["policy"];
      const names = ["billing", "mail", "stock"];
      assert.deepEqual(statements(policy).slice(0, 3), [
        ["sqs:SendMessage", names.map((name) => worker(name).queueArn)],
        [["kms:Decrypt", "kms:GenerateDataKey"], names.map((name) => worker(name).kmsKeyArn)],
        [["kms:Decrypt", "kms:GenerateDataKey"], keyArn(EAST)],
      ]);
      const { inputs } = named(plan, "iam/role:Role", "order-workflow-role");
      assert.deepEqual(JSON.parse(String(inputs["assumeRolePolicy"])).Statement[0].Condition, {
        ArnLike: { "aws:SourceArn": `arn:aws:states:${EAST}:${ACCOUNT}:*` },
        StringEquals: { "aws:SourceAccount": ACCOUNT },
      });
    });
  });

  describe(`BatchWorkflow, ${mode}`, () => {
    it("MSG-07: every object of a folder, in groups, by a limited number of workers at a time", async () => {
      const { inputs } = named(await planBatch(mode), MACHINE, "batch-workflow-machine");
      const map = JSON.parse(String(inputs["definition"])).States["every-object"];
      assert.deepEqual(map.ItemReader, {
        Resource: "arn:aws:states:::s3:listObjectsV2",
        Parameters: { Bucket: "documents-east", Prefix: "events/" },
      });
      assert.deepEqual(
        [map.MaxConcurrency, map.ToleratedFailurePercentage, map.ItemBatcher],
        [
          20,
          5,
          { BatchInput: { bucket: "documents-east" }, MaxInputBytesPerBatch: 200_000, MaxItemsPerBatch: 100 },
        ],
      );
      assert.deepEqual(map.ItemProcessor.ProcessorConfig, { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" });
      assert.equal(map.ItemProcessor.States.process.Parameters.QueueUrl, worker("analytics").queueUrl);
      assert.deepEqual(map.ResultWriter.Parameters, { Bucket: "analytics-east", Prefix: "runs/" });
    });

    it("SEC-04: its role lists the source folder, writes the result folder and starts its own parts", async () => {
      const plan = await planBatch(mode);
      const policy = named(plan, "iam/rolePolicy:RolePolicy", "batch-workflow-role").inputs["policy"];
      const machine = `arn:aws:states:${EAST}:${ACCOUNT}:stateMachine:platform-analytics`;
      assert.deepEqual(statements(policy).slice(2, 7), [
        ["s3:ListBucket", "arn:aws:s3:::documents-east"],
        [
          ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
          "arn:aws:s3:::analytics-east/runs/*",
        ],
        [
          ["kms:Decrypt", "kms:GenerateDataKey"],
          [`${keyArn(EAST)}-a`, `${keyArn(EAST)}-b`],
        ],
        ["states:StartExecution", machine],
        [
          ["states:DescribeExecution", "states:StopExecution"],
          `arn:aws:states:${EAST}:${ACCOUNT}:execution:platform-analytics/*`,
        ],
      ]);
    });

    it("MSG-07: runs by the clock when it is told to", async () => {
      const plan = await planBatch(mode, { scheduleExpression: "cron(0 3 * * ? *)" });
      assert.deepEqual(
        pick(
          named(plan, "scheduler/schedule:Schedule", "batch-schedule"),
          "scheduleExpression",
          "scheduleExpressionTimezone",
        ),
        { scheduleExpression: "cron(0 3 * * ? *)", scheduleExpressionTimezone: "UTC" },
      );
      assert.deepEqual(ofType(await planBatch(mode), "scheduler/schedule:Schedule"), []);
    });
  });
}

describe("workflows refuse", () => {
  const trimmed = (lines: string[]) => lines.map((line) => line.trim());

  it("a saga whose worker is not there", async () => {
    const lines = await refusal(
      (opts) => new Saga("order", sagaArgs({ workers: {}, steps: [{ name: "a", worker: "w" }] }), opts),
    );
    assert.deepEqual(trimmed(lines), ["Saga order:", 'steps.a.worker: "w" is no worker; use one of none']);
  });

  it("a batch without folders, workers or time", async () => {
    const change = { sourcePrefix: "events", resultPrefix: "", concurrency: 0, taskTimeoutSeconds: 1.5 };
    const lines = await refusal((opts) => new BatchWorkflow("batch", batchArgs(change), opts));
    assert.deepEqual(trimmed(lines), [
      "BatchWorkflow batch:",
      'sourcePrefix: "events" is no folder of a bucket; write it like analytics/in/',
      'resultPrefix: "" is no folder of a bucket; write it like analytics/in/',
      "concurrency: 0 is not a whole number from 1 to 10000; it is the number of tasks at a time",
      "taskTimeoutSeconds: 1.5 is not a whole number from 1 to 86400; a day is the longest",
    ]);
  });
});
