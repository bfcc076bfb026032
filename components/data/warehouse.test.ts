import assert from "node:assert/strict";
import { type PlanMode, SECRET } from "../../tools/plan/index.ts";
import { MODES, named, ofType, pick, sources } from "../edge/planned-edge.ts";
import { ACCOUNT, EAST, keyArn, planAcross, protectionOf, refusalOf, WEST } from "./planned-data.ts";
import { Warehouse, type WarehouseArgs } from "./warehouse.ts";

const NAMESPACE = "redshiftserverless/namespace:Namespace";
const WORKGROUP = "redshiftserverless/workgroup:Workgroup";
const args = (change: Partial<WarehouseArgs> = {}): WarehouseArgs => ({
  warehouseName: "platform-warehouse",
  region: EAST,
  accountId: ACCOUNT,
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  clientSecurityGroupIds: { workers: "sg-workers" },
  kmsKeyArn: keyArn(EAST),
  dataProtection: "retain",
  ...change,
});
const LAKE = { lakeBucketNames: ["lake"], lakeDatabases: ["sales"] };
const planWarehouse = (mode: PlanMode, change: Partial<WarehouseArgs> = {}) =>
  planAcross([EAST], mode, ({ opts }) => {
    const warehouse = new Warehouse("warehouse", args(change), opts);
    return {
      host: warehouse.host,
      port: warehouse.port,
      secret: warehouse.administratorSecretArn,
      copy: warehouse.copyCommand,
    };
  });
const policyOf = async (mode: PlanMode, name: string, change: Partial<WarehouseArgs> = {}) => {
  const { inputs } = named(await planWarehouse(mode, change), "iam/rolePolicy:RolePolicy", name);
  return (JSON.parse(String(inputs["policy"])) as { Statement: unknown[] }).Statement;
};

for (const mode of MODES) {
  describe(`Warehouse, ${mode}`, () => {
    it("DATA-28: Redshift Serverless, encrypted with the region's key, its password kept by Redshift", async () => {
      const namespace = named(await planWarehouse(mode), NAMESPACE, "warehouse");
      assert.deepEqual(namespace.inputs, {
        adminPasswordSecretKmsKeyId: keyArn(EAST),
        adminUsername: SECRET,
        dbName: "warehouse",
        kmsKeyId: keyArn(EAST),
        logExports: ["connectionlog", "useractivitylog", "userlog"],
        manageAdminPassword: true,
        namespaceName: "platform-warehouse",
      });
      assert.deepEqual(protectionOf(namespace), { protect: true, retainOnDelete: true });
    });

    it("DATA-29: scales from 8 to 64 RPU in private subnets, and stops at what a day may cost", async () => {
      const plan = await planWarehouse(mode);
      const workgroup = named(plan, WORKGROUP, "warehouse");
      const { securityGroupIds: _, ...inputs } = workgroup.inputs;
      assert.deepEqual(inputs, {
        baseCapacity: 8,
        enhancedVpcRouting: true,
        maxCapacity: 64,
        namespaceName: "platform-warehouse",
        port: 5439,
        publiclyAccessible: false,
        subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
        workgroupName: "platform-warehouse",
      });
      assert.deepEqual(sources(workgroup, "securityGroupIds"), ["warehouse-access-redshift"]);
      assert.deepEqual(sources(workgroup, "namespaceName"), ["warehouse"]);
      const limit = named(plan, "redshiftserverless/usageLimit:UsageLimit", "warehouse-daily");
      assert.deepEqual(pick(limit, "amount", "breachAction", "period", "usageType"), {
        amount: 64,
        breachAction: "deactivate",
        period: "daily",
        usageType: "serverless-compute",
      });
      assert.deepEqual(sources(limit, "resourceArn"), ["warehouse"]);
    });

    it("DATA-29: Spectrum reads the named buckets and tables, and writes nowhere", async () => {
      assert.deepEqual(
        ofType(await planWarehouse(mode), "iam/role:Role").map(({ name }) => name),
        ["warehouse-snapshots"],
      );
      assert.deepEqual(
        await policyOf(mode, "warehouse-spectrum", { ...LAKE, lakeKmsKeyArns: [keyArn(EAST)] }),
        [
          {
            Action: ["s3:GetBucketLocation", "s3:ListBucket"],
            Effect: "Allow",
            Resource: ["arn:aws:s3:::lake"],
            Sid: "ListLake",
          },
          { Action: ["s3:GetObject"], Effect: "Allow", Resource: ["arn:aws:s3:::lake/*"], Sid: "ReadLake" },
          {
            Action: [
              "glue:GetDatabase",
              "glue:GetPartition",
              "glue:GetPartitions",
              "glue:GetTable",
              "glue:GetTables",
            ],
            Effect: "Allow",
            Resource: [
              `arn:aws:glue:us-east-1:${ACCOUNT}:catalog`,
              `arn:aws:glue:us-east-1:${ACCOUNT}:database/sales`,
              `arn:aws:glue:us-east-1:${ACCOUNT}:table/sales/*`,
            ],
            Sid: "ReadCatalogue",
          },
          {
            Action: ["kms:Decrypt"],
            Condition: { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
            Effect: "Allow",
            Resource: [keyArn(EAST)],
            Sid: "DecryptLake",
          },
        ],
      );
      const namespace = named(await planWarehouse(mode, LAKE), NAMESPACE, "warehouse");
      assert.deepEqual(sources(namespace, "iamRoles"), ["warehouse-spectrum", "warehouse-spectrum"]);
      assert.deepEqual(sources(namespace, "defaultIamRoleArn"), ["warehouse-spectrum", "warehouse-spectrum"]);
    });

    it("DR-18: takes a snapshot every night and keeps it 35 days", async () => {
      const plan = await planWarehouse(mode);
      const schedule = named(plan, "scheduler/schedule:Schedule", "warehouse-snapshots");
      assert.deepEqual(pick(schedule, "flexibleTimeWindow", "scheduleExpression"), {
        flexibleTimeWindow: { maximumWindowInMinutes: 30, mode: "FLEXIBLE" },
        scheduleExpression: "cron(0 7 * * ? *)",
      });
      const { arn, input, retryPolicy } = schedule.inputs["target"] as Record<string, unknown>;
      assert.deepEqual(
        { arn, input, retryPolicy },
        {
          arn: "arn:aws:scheduler:::aws-sdk:redshiftserverless:createSnapshot",
          input:
            '{"NamespaceName":"platform-warehouse","RetentionPeriod":35,"SnapshotName":"nightly-<aws.scheduler.execution-id>"}',
          retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 5 },
        },
      );
      const policy = named(plan, "iam/rolePolicy:RolePolicy", "warehouse-snapshots");
      assert.ok(schedule.dependencies.includes(policy.urn));
      assert.deepEqual(sources(policy, "policy"), ["warehouse"]);
      assert.match(
        String(named(plan, "iam/role:Role", "warehouse-snapshots").inputs["assumeRolePolicy"]),
        new RegExp(`"aws:SourceAccount":"${ACCOUNT}".*"scheduler.amazonaws.com"`),
      );
    });

    it("lets in the named clients on Redshift's port only", async () => {
      const plan = await planWarehouse(mode);
      assert.deepEqual(
        ofType(plan, "vpc/securityGroupIngressRule:SecurityGroupIngressRule").map((rule) =>
          pick(rule, "description", "fromPort", "referencedSecurityGroupId", "toPort"),
        ),
        [
          {
            description: "DATA-28: Redshift from workers",
            fromPort: 5439,
            referencedSecurityGroupId: "sg-workers",
            toPort: 5439,
          },
        ],
      );
      assert.deepEqual(ofType(plan, "vpc/securityGroupEgressRule:SecurityGroupEgressRule"), []);
    });

    it("is let go of when it is released", async () => {
      for (const resource of (await planWarehouse(mode, { dataProtection: "release" })).resources) {
        assert.deepEqual(protectionOf(resource), {}, resource.urn);
      }
    });
  });
}

describe("Warehouse", () => {
  it("takes snapshots of its own namespace only", async () => {
    const [statement, ...others] = await policyOf("update", "warehouse-snapshots");
    assert.deepEqual(others, []);
    const { Action, Resource } = statement as { Action: string[]; Resource: string[] };
    assert.deepEqual(Action, ["redshift-serverless:CreateSnapshot", "redshift-serverless:TagResource"]);
    assert.match(
      Resource[0] ?? "",
      /^arn:aws:redshift-serverless:us-east-1:\d{12}:namespace\/[0-9a-f-]{36}$/,
    );
    assert.equal(Resource[1], `arn:aws:redshift-serverless:us-east-1:${ACCOUNT}:snapshot/*`);
  });

  it("DR-16: says how its snapshots are copied to the other region", async () => {
    const copyTo = { region: WEST, kmsKeyArn: keyArn(WEST) };
    const { outputs } = await planWarehouse("update", { copyTo });
    assert.equal(
      outputs["copy"],
      `aws redshift-serverless create-snapshot-copy-configuration --region us-east-1 --namespace-name platform-warehouse --destination-region us-west-2 --destination-kms-key-id ${keyArn(WEST)} --snapshot-retention-period 35`,
    );
    assert.equal((await planWarehouse("update")).outputs["copy"] ?? undefined, undefined);
  });

  it("hands out where it is and where its password is", async () => {
    const { outputs } = await planWarehouse("update");
    assert.match(String(outputs["host"]), /^platform-warehouse\..*us-east-1\.redshift-serverless/);
    assert.match(String(outputs["secret"]), /:secret:redshift!platform-warehouse-platform-/);
    assert.equal(outputs["port"], 5439);
  });

  it("refuses bad arguments all at once, with what is wrong and how to mend it", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new Warehouse(
            "w",
            args({
              warehouseName: "A",
              databaseName: "1",
              accountId: "x",
              subnetIds: ["a", "b"],
              baseCapacity: 12,
              maximumCapacity: 6000,
              dailyRpuHours: 0,
              snapshotRetentionDays: 0,
              copyTo: { region: EAST, kmsKeyArn: keyArn(EAST) },
              lakeBucketNames: ["*"],
            }),
            opts,
          ),
      ),
      [
        "Warehouse w:",
        'warehouseName: "A" is no name; use 3 to 64 lower-case letters, digits and single hyphens, a letter first',
        'databaseName: "1" is no database name; use lower-case letters, digits and underscores, a letter first',
        'accountId: "x" is no account; write its 12 digits',
        'lakeBucketNames: "*" is no bucket name; name buckets, without wildcards',
        "lakeBucketNames and lakeDatabases: Spectrum needs both; name some of each, or none of either",
        "subnetIds: 2 subnets are too few; Redshift Serverless wants three, each in a zone of its own",
        "baseCapacity: 12 is no base; give a multiple of 8 RPU from 8 to 512",
        "maximumCapacity: 6000 is no maximum; give a multiple of 8 RPU from baseCapacity (12) to 5632",
        "dailyRpuHours: 0 is no limit; give a whole number of RPU hours a day from 1",
        "snapshotRetentionDays: 0 is not a whole number from 1 to 3653; 35 is what production keeps",
        'copyTo: "us-east-1" is the warehouse\'s own region; name another, or leave it out',
      ],
    );
  });
});
