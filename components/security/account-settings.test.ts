import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import { MODES, waitsFor } from "../../tools/plan/testing.ts";
import { ACCOUNT, EAST, keyArn, keyArns, planAcross, refusalOf, TWO, WEST } from "../data/planned-data.ts";
import { named, ofType } from "../edge/planned-edge.ts";
import { AccountSettings, type AccountSettingsArgs } from "./account-settings.ts";

const planSettings = (mode: PlanMode, change: Partial<AccountSettingsArgs> = {}) =>
  planAcross(TWO, mode, ({ providers }) => {
    new AccountSettings("account", {
      regions: TWO,
      providers,
      accountId: ACCOUNT,
      volumeKeyArns: keyArns(TWO),
      ...change,
    });
  });

for (const mode of MODES) {
  describe(`AccountSettings, ${mode}`, () => {
    it("SEC-11: volumes of every region are encrypted with its own key, asked for or not", async () => {
      const plan = await planSettings(mode);
      for (const region of TWO) {
        const on = named(
          plan,
          "ebs/encryptionByDefault:EncryptionByDefault",
          `account-ebs-encryption-${region}`,
        );
        assert.equal(on.region, region);
        assert.equal(on.inputs["enabled"], true);
        const key = named(plan, "ebs/defaultKmsKey:DefaultKmsKey", `account-ebs-key-${region}`);
        assert.equal(key.region, region);
        assert.equal(key.inputs["keyArn"], keyArn(region));
        assert.deepEqual(waitsFor(key), [on.name]);
      }
    });

    it("SEC-04: nothing of the account is public: snapshots, images, runbooks, buckets", async () => {
      const plan = await planSettings(mode);
      const regional = (type: string, input: string) =>
        ofType(plan, type).map(({ inputs, region }) => [region, inputs[input]]);
      assert.deepEqual(
        regional("ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess", "state"),
        TWO.map((region) => [region, "block-all-sharing"]),
      );
      assert.deepEqual(
        regional("ec2/imageBlockPublicAccess:ImageBlockPublicAccess", "state"),
        TWO.map((region) => [region, "block-new-sharing"]),
      );
      assert.deepEqual(
        ofType(plan, "ssm/serviceSetting:ServiceSetting").map(({ inputs }) => inputs),
        TWO.map((region) => ({
          settingId: `arn:aws:ssm:${region}:${ACCOUNT}:servicesetting/ssm/documents/console/public-sharing-permission`,
          settingValue: "Disable",
        })),
      );
      assert.deepEqual(
        ofType(plan, "s3/accountPublicAccessBlock:AccountPublicAccessBlock").map(({ inputs }) => inputs),
        [
          {
            accountId: ACCOUNT,
            blockPublicAcls: true,
            blockPublicPolicy: true,
            ignorePublicAcls: true,
            restrictPublicBuckets: true,
          },
        ],
      );
    });

    it("SEC-04: instances answer only IMDSv2, one hop away", async () => {
      const plan = await planSettings(mode);
      assert.deepEqual(
        ofType(plan, "ec2/instanceMetadataDefaults:InstanceMetadataDefaults").map(({ inputs }) => inputs),
        TWO.map(() => ({ httpTokens: "required", httpPutResponseHopLimit: 1 })),
      );
    });

    it("SEC-16: images of every region are scanned, again whenever a vulnerability becomes known", async () => {
      for (const [imageScanning, scanFrequency] of [
        ["ENHANCED", "CONTINUOUS_SCAN"],
        ["BASIC", "SCAN_ON_PUSH"],
      ] as const) {
        const plan = await planSettings(mode, { imageScanning });
        assert.deepEqual(
          ofType(plan, "ecr/registryScanningConfiguration:RegistryScanningConfiguration").map(
            ({ inputs, region }) => [region, inputs],
          ),
          TWO.map((region) => [
            region,
            {
              scanType: imageScanning,
              rules: [{ scanFrequency, repositoryFilters: [{ filter: "*", filterType: "WILDCARD" }] }],
            },
          ]),
        );
      }
    });
  });
}

describe("AccountSettings", () => {
  it("SEC-03: one password policy, long and never used before", async () => {
    const plan = await planSettings("update");
    const [policy, ...others] = ofType(plan, "iam/accountPasswordPolicy:AccountPasswordPolicy");
    assert.equal(others.length, 0);
    assert.equal(policy?.inputs["minimumPasswordLength"], 16);
    assert.equal(policy?.inputs["passwordReusePrevention"], 24);
  });

  it("GAP-15: leaves out what an organisation sets", async () => {
    const plan = await planSettings("preview", { settings: ["instance-metadata"] });
    assert.deepEqual(
      plan.resources.filter(({ type }) => /^aws:.*\//.test(type)).map(({ name }) => name),
      ["account-instance-metadata-us-east-1", "account-instance-metadata-us-west-2"],
    );
  });

  it("refuses a region without a key", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ providers }) =>
          new AccountSettings("account", {
            regions: TWO,
            providers,
            accountId: ACCOUNT,
            volumeKeyArns: { [EAST]: keyArn(EAST) },
          }),
      ),
      [
        "AccountSettings account:",
        `volumeKeyArns: nothing is given for "${WEST}"; give a value for every one of regions`,
      ],
    );
  });
});
