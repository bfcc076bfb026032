import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import { ACCOUNT, EAST, keyArn, keyArns, planAcross, refusalOf, TWO, WEST } from "../data/planned-data.ts";
import { mapRegions } from "../data/regions.ts";
import { MODES, named } from "../edge/planned-edge.ts";
import { BatchReplication, type BatchReplicationArgs } from "./batch-replication.ts";
import { batchReplicationCommand } from "./batch-replication-policy.ts";

const planBatch = (mode: PlanMode, change: Partial<BatchReplicationArgs> = {}) =>
  planAcross(TWO, mode, ({ providers }) => {
    const batch = new BatchReplication("batch", {
      bucketNames: mapRegions(TWO, (region) => `documents-${region}`),
      reportBucketNames: mapRegions(TWO, (region) => `logs-${region}`),
      regions: TWO,
      providers,
      accountId: ACCOUNT,
      ...change,
    });
    return { commands: batch.commands, roles: batch.roleArns };
  });
const statements = async (mode: PlanMode, change: Partial<BatchReplicationArgs> = {}) => {
  const policy = named(await planBatch(mode, change), "iam/rolePolicy:RolePolicy", "batch-us-west-2").inputs[
    "policy"
  ];
  return (JSON.parse(String(policy)) as { Statement: unknown[] }).Statement;
};

for (const mode of MODES) {
  describe(`BatchReplication, ${mode}`, () => {
    it("STOR-07: a role of each region may replicate its own bucket and write reports, nothing else", async () => {
      assert.deepEqual(await statements(mode), [
        {
          Action: ["s3:InitiateReplication"],
          Effect: "Allow",
          Resource: ["arn:aws:s3:::documents-us-west-2/*"],
          Sid: "Replicate",
        },
        {
          Action: ["s3:GetReplicationConfiguration", "s3:PutInventoryConfiguration"],
          Effect: "Allow",
          Resource: ["arn:aws:s3:::documents-us-west-2"],
          Sid: "ListWhatIsMissing",
        },
        {
          Action: ["s3:PutObject"],
          Effect: "Allow",
          Resource: ["arn:aws:s3:::logs-us-west-2/batch-replication/*"],
          Sid: "WriteReport",
        },
      ]);
    });

    it("uses the report bucket's key by way of S3 only", async () => {
      assert.deepEqual((await statements(mode, { reportKmsKeyArns: keyArns(TWO) })).at(-1), {
        Action: ["kms:GenerateDataKey"],
        Condition: { StringEquals: { "kms:ViaService": "s3.us-west-2.amazonaws.com" } },
        Effect: "Allow",
        Resource: [keyArn(WEST)],
        Sid: "EncryptReport",
      });
    });

    it("is taken by S3 Batch Operations only", async () => {
      const plan = await planBatch(mode);
      for (const region of TWO) {
        const role = named(plan, "iam/role:Role", `batch-${region}`);
        assert.equal(
          role.inputs["assumeRolePolicy"],
          '{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow","Principal":{"Service":"batchoperations.s3.amazonaws.com"}}],"Version":"2012-10-17"}',
        );
      }
    });
  });
}

describe("BatchReplication", () => {
  it("DR-16: hands out the command of each region, with its role", async () => {
    const { outputs } = await planBatch("update");
    const commands = outputs["commands"] as Record<string, string>;
    const roles = outputs["roles"] as Record<string, string>;
    assert.deepEqual(Object.keys(commands).sort(), TWO);
    assert.equal(
      commands[EAST],
      `aws s3control create-job --region us-east-1 --account-id ${ACCOUNT} --operation '{"S3ReplicateObject":{}}' --manifest-generator '{"S3JobManifestGenerator":{"EnableManifestOutput":false,"ExpectedBucketOwner":"${ACCOUNT}","Filter":{"EligibleForReplication":true,"ObjectReplicationStatuses":["NONE","FAILED"]},"SourceBucket":"arn:aws:s3:::documents-us-east-1"}}' --report '{"Bucket":"arn:aws:s3:::logs-us-east-1","Enabled":true,"Format":"Report_CSV_20180820","Prefix":"batch-replication","ReportScope":"FailedTasksOnly"}' --priority 10 --role-arn ${roles[EAST]} --no-confirmation-required`,
    );
    assert.match(roles[WEST] ?? "", /^arn:aws:iam::\d{12}:role\/batch-us-west-2/);
  });

  it("takes the partition of the account", () => {
    const job = {
      partition: "aws-us-gov",
      accountId: ACCOUNT,
      region: "us-gov-west-1",
      bucket: "b",
      reportBucket: "r",
    };
    assert.match(batchReplicationCommand(job, "role"), /arn:aws-us-gov:s3:::b"/);
  });

  it("refuses bad arguments all at once, with what is wrong and how to mend it", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ providers }) =>
          new BatchReplication("b", {
            bucketNames: { [EAST]: "a" },
            reportBucketNames: { [EAST]: "a", [WEST]: "b" },
            reportKmsKeyArns: { [WEST]: "k" },
            regions: TWO,
            providers,
            accountId: "1",
          }),
      ),
      [
        "BatchReplication b:",
        'bucketNames: nothing is given for "us-west-2"; give a value for every one of regions',
        'reportKmsKeyArns: nothing is given for "us-east-1"; give a value for every one of regions',
        'accountId: "1" is no account; write its 12 digits',
      ],
    );
  });
});
