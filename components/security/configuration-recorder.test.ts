import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import { MODES, sources, waitsFor } from "../../tools/plan/testing.ts";
import {
  ACCOUNT,
  EAST,
  keyArns,
  planAcross,
  protectionOf,
  refusalOf,
  TWO,
  WEST,
} from "../data/planned-data.ts";
import { named, ofType } from "../edge/planned-edge.ts";
import { ConfigurationRecorder, type ConfigurationRecorderArgs } from "./configuration-recorder.ts";
import { statementOf } from "./planned-security.ts";

const BUCKETS: Readonly<Record<string, string>> = {
  [EAST]: "platform-config-east",
  [WEST]: "platform-config-west",
};
const planRecorder = (mode: PlanMode, change: Partial<ConfigurationRecorderArgs> = {}) =>
  planAcross(TWO, mode, ({ providers }) => {
    const recorder = new ConfigurationRecorder("config", {
      regions: TWO,
      providers,
      accountId: ACCOUNT,
      bucketNames: BUCKETS,
      dataProtection: "retain",
      ...change,
    });
    return { bucketNames: recorder.bucketNames };
  });

for (const mode of MODES) {
  describe(`ConfigurationRecorder, ${mode}`, () => {
    it("GOV-05: every region records every type, and the first alone those that are in no region", async () => {
      const plan = await planRecorder(mode);
      assert.deepEqual(
        ofType(plan, "cfg/recorder:Recorder").map(({ inputs, region }) => [
          region,
          inputs["name"],
          inputs["recordingGroup"],
          inputs["recordingMode"],
        ]),
        TWO.map((region) => [
          region,
          "default",
          {
            allSupported: true,
            includeGlobalResourceTypes: region === EAST,
            recordingStrategies: [{ useOnly: "ALL_SUPPORTED_RESOURCE_TYPES" }],
          },
          { recordingFrequency: "CONTINUOUS" },
        ]),
      );
      assert.deepEqual(
        sources(named(plan, "cfg/recorder:Recorder", "config-recorder-us-west-2"), "roleArn"),
        ["config-role"],
      );
      for (const region of TWO) {
        const channel = named(plan, "cfg/deliveryChannel:DeliveryChannel", `config-channel-${region}`);
        assert.equal(channel.region, region);
        assert.equal(channel.inputs["s3BucketName"], BUCKETS[region]);
        assert(waitsFor(channel).includes(`config-${region}-policy`), "Config tries the bucket at once");
        assert(waitsFor(channel).includes(`config-recorder-${region}`));
        const status = named(plan, "cfg/recorderStatus:RecorderStatus", `config-status-${region}`);
        assert.equal(status.inputs["isEnabled"], true);
        assert(waitsFor(status).includes(`config-channel-${region}`));
      }
    });

    it("GOV-05: each region has a bucket of its own that only its recorder writes to, without a lock", async () => {
      const plan = await planRecorder(mode, { kmsKeyArns: keyArns(TWO) });
      for (const region of TWO) {
        const bucket = named(plan, "s3/bucket:Bucket", `config-${region}-bucket`);
        assert.equal(bucket.region, region);
        assert.equal(bucket.inputs["objectLockEnabled"], false);
        assert.deepEqual(protectionOf(bucket), { protect: true, retainOnDelete: true });
        const policy = named(plan, "s3/bucketPolicy:BucketPolicy", `config-${region}-policy`).inputs[
          "policy"
        ];
        const writes = statementOf(policy, "ConfigWrites");
        assert.deepEqual(writes.Resource, [`arn:aws:s3:::${BUCKETS[region]}/AWSLogs/${ACCOUNT}/Config/*`]);
        assert.deepEqual(writes.Condition?.["ArnLike"], {
          "aws:SourceArn": `arn:aws:config:${region}:${ACCOUNT}:*`,
        });
        assert.equal(
          named(plan, "cfg/deliveryChannel:DeliveryChannel", `config-channel-${region}`).inputs[
            "s3KmsKeyArn"
          ],
          keyArns(TWO)[region],
        );
      }
      assert.equal(ofType(plan, "s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration").length, 0);
    });
  });
}

describe("ConfigurationRecorder", () => {
  it("uses the service-linked role of an account that has one", async () => {
    const plan = await planRecorder("preview", { serviceLinkedRole: "existing" });
    assert.equal(ofType(plan, "iam/serviceLinkedRole:ServiceLinkedRole").length, 0);
    assert.equal(
      named(plan, "cfg/recorder:Recorder", "config-recorder-us-east-1").inputs["roleArn"],
      `arn:aws:iam::${ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig`,
    );
  });

  it("refuses a region without a bucket", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ providers }) =>
          new ConfigurationRecorder("config", {
            regions: TWO,
            providers,
            accountId: "1",
            bucketNames: { [EAST]: "platform-config" },
            dataProtection: "retain",
          }),
      ),
      [
        "ConfigurationRecorder config:",
        'bucketNames: nothing is given for "us-west-2"; give a value for every one of regions',
        'accountId: "1" is no account; write its 12 digits',
      ],
    );
  });
});
