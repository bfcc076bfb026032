import assert from "node:assert/strict";
import { type PlanMode, SECRET } from "../../tools/plan/index.ts";
import { MODES, named, ofType, pick, sources } from "../edge/planned-edge.ts";
import { GlobalDatabase } from "./global-database.ts";
import { EAST, keyArn, planAcross, protectionOf, refusalOf, TWO, WEST } from "./planned-data.ts";
import { RelationalCluster, type RelationalClusterArgs } from "./relational-cluster.ts";

const CLUSTER = "rds/cluster:Cluster";
const INSTANCE = "rds/clusterInstance:ClusterInstance";
const argsIn = (region: string, change: Partial<RelationalClusterArgs> = {}): RelationalClusterArgs => ({
  clusterIdentifier: `platform-relational-${region}`,
  region,
  regions: TWO,
  initialWriterRegion: EAST,
  globalClusterIdentifier: "platform-relational",
  engineVersion: "16.6",
  databaseName: "platform",
  masterUsername: "platform",
  masterPasswordSecretArn: `arn:aws:secretsmanager:${region}:111122223333:secret:platform/relational-aBcDeF`,
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  zones: ["a", "b", "c"].map((letter) => region + letter),
  clientSecurityGroupIds: { nodes: "sg-nodes", pods: "sg-pods" },
  kmsKeyArn: keyArn(region),
  logKmsKeyArn: keyArn(region),
  dataProtection: "retain",
  ...change,
});
const planCluster = (mode: PlanMode, region: string, change: Partial<RelationalClusterArgs> = {}) =>
  planAcross([region], mode, ({ opts }) => {
    const cluster = new RelationalCluster("relational", argsIn(region, change), opts);
    return { endpoint: cluster.endpoint, reader: cluster.readerEndpoint, port: cluster.port };
  });
const clusterOf = async (mode: PlanMode, region: string, change: Partial<RelationalClusterArgs> = {}) =>
  named(await planCluster(mode, region, change), CLUSTER, "relational");

for (const mode of MODES) {
  describe(`RelationalCluster, ${mode}`, () => {
    it("DATA-02: Aurora PostgreSQL, encrypted with the region's key, with IAM users and logs", async () => {
      const plan = await planCluster(mode, EAST);
      const cluster = named(plan, CLUSTER, "relational");
      assert.deepEqual(
        pick(
          cluster,
          "clusterIdentifier",
          "engine",
          "engineVersion",
          "port",
          "storageEncrypted",
          "kmsKeyId",
          "iamDatabaseAuthenticationEnabled",
          "enabledCloudwatchLogsExports",
          "copyTagsToSnapshot",
        ),
        {
          clusterIdentifier: "platform-relational-us-east-1",
          engine: "aurora-postgresql",
          engineVersion: "16.6",
          port: 5432,
          storageEncrypted: true,
          kmsKeyId: keyArn(EAST),
          iamDatabaseAuthenticationEnabled: true,
          enabledCloudwatchLogsExports: ["postgresql"],
          copyTagsToSnapshot: true,
        },
      );
      const log = named(plan, "cloudwatch/logGroup:LogGroup", "relational-log");
      assert.deepEqual(pick(log, "name", "kmsKeyId", "retentionInDays"), {
        name: "/aws/rds/cluster/platform-relational-us-east-1/postgresql",
        kmsKeyId: keyArn(EAST),
        retentionInDays: 90,
      });
      assert.ok(cluster.dependencies.includes(log.urn));
    });

    it("DATA-04 and DATA-08: the first writer is made with user, password and database; a copy with none of them", async () => {
      const creation = [
        "databaseName",
        "masterUsername",
        "masterPasswordWo",
        "masterPasswordWoVersion",
        "sourceRegion",
      ];
      assert.deepEqual(pick(await clusterOf(mode, EAST), ...creation), {
        databaseName: "platform",
        masterUsername: "platform",
        masterPasswordWo: SECRET,
        masterPasswordWoVersion: 1,
      });
      assert.deepEqual(pick(await clusterOf(mode, WEST), ...creation), { sourceRegion: EAST });
    });

    it("DATA-08: every region's cluster joins the global database and forwards writes to its writer", async () => {
      for (const region of TWO) {
        assert.deepEqual(
          pick(await clusterOf(mode, region), "globalClusterIdentifier", "enableGlobalWriteForwarding"),
          { globalClusterIdentifier: "platform-relational", enableGlobalWriteForwarding: true },
        );
      }
      const lone = await clusterOf(mode, EAST, { globalClusterIdentifier: undefined });
      assert.deepEqual(pick(lone, "globalClusterIdentifier", "enableGlobalWriteForwarding"), {});
    });

    it("DR-16: what AWS changes in a failover is no difference", async () => {
      const { options } = await clusterOf(mode, WEST);
      assert.deepEqual(options.ignoreChanges, [
        "globalClusterIdentifier",
        "replicationSourceIdentifier",
        "engineVersion",
        "masterUsername",
        "databaseName",
        "sourceRegion",
        "availabilityZones",
        "snapshotIdentifier",
      ]);
    });

    it("DR-19, DR-20 and DR-22: keeps 35 days of continuous backup and ends with a snapshot", async () => {
      assert.deepEqual(
        pick(
          await clusterOf(mode, EAST),
          "backupRetentionPeriod",
          "preferredBackupWindow",
          "deleteAutomatedBackups",
          "finalSnapshotIdentifier",
          "skipFinalSnapshot",
        ),
        {
          backupRetentionPeriod: 35,
          preferredBackupWindow: "07:00-08:00",
          deleteAutomatedBackups: false,
          finalSnapshotIdentifier: "platform-relational-us-east-1-final",
          skipFinalSnapshot: false,
        },
      );
    });

    it("DATA-03 and DATA-06: db.r6g.large members in different zones, the first zone's preferred as writer", async () => {
      const plan = await planCluster(mode, WEST);
      assert.deepEqual(
        ofType(plan, INSTANCE).map((member) => [
          member.name,
          pick(
            member,
            "instanceClass",
            "availabilityZone",
            "promotionTier",
            "autoMinorVersionUpgrade",
            "publiclyAccessible",
            "monitoringInterval",
            "performanceInsightsEnabled",
            "performanceInsightsKmsKeyId",
          ),
        ]),
        ["a", "b"].map((letter, promotionTier) => [
          `relational-members-us-west-2${letter}`,
          {
            instanceClass: "db.r6g.large",
            availabilityZone: `us-west-2${letter}`,
            promotionTier,
            autoMinorVersionUpgrade: false,
            publiclyAccessible: false,
            monitoringInterval: 60,
            performanceInsightsEnabled: true,
            performanceInsightsKmsKeyId: keyArn(WEST),
          },
        ]),
      );
    });

    it("lets in the named clients on one port over TLS, and nothing out", async () => {
      const plan = await planCluster(mode, EAST);
      assert.deepEqual(
        ofType(plan, "vpc/securityGroupIngressRule:SecurityGroupIngressRule").map((rule) =>
          pick(rule, "fromPort", "ipProtocol", "referencedSecurityGroupId", "toPort"),
        ),
        ["sg-nodes", "sg-pods"].map((referencedSecurityGroupId) => ({
          fromPort: 5432,
          ipProtocol: "tcp",
          referencedSecurityGroupId,
          toPort: 5432,
        })),
      );
      assert.deepEqual(ofType(plan, "vpc/securityGroupEgressRule:SecurityGroupEgressRule"), []);
      const group = named(plan, "ec2/securityGroup:SecurityGroup", "relational-access-aurora");
      assert.deepEqual(pick(group, "ingress", "egress", "vpcId"), { vpcId: "vpc-1" });
      assert.deepEqual(sources(named(plan, CLUSTER, "relational"), "vpcSecurityGroupIds"), [group.name]);
      const { inputs } = named(plan, "rds/clusterParameterGroup:ClusterParameterGroup", "relational-cluster");
      assert.deepEqual(inputs["parameters"], [
        { applyMethod: "immediate", name: "rds.force_ssl", value: "1" },
      ]);
      assert.equal(inputs["family"], "aurora-postgresql16");
    });

    it("DATA-03: adds readers at 60 % CPU when more members are allowed", async () => {
      assert.deepEqual(ofType(await planCluster(mode, EAST), "appautoscaling/target:Target"), []);
      const plan = await planCluster(mode, EAST, { maximumInstances: 5 });
      const target = named(plan, "appautoscaling/target:Target", "relational-members-readers");
      assert.deepEqual(pick(target, "minCapacity", "maxCapacity", "scalableDimension"), {
        minCapacity: 1,
        maxCapacity: 4,
        scalableDimension: "rds:cluster:ReadReplicaCount",
      });
      assert.deepEqual(sources(target, "resourceId"), ["relational"]);
      const policy = named(plan, "appautoscaling/policy:Policy", "relational-members-readers");
      assert.deepEqual(policy.inputs["targetTrackingScalingPolicyConfiguration"], {
        predefinedMetricSpecification: { predefinedMetricType: "RDSReaderAverageCPUUtilization" },
        scaleInCooldown: 600,
        scaleOutCooldown: 300,
        targetValue: 60,
      });
    });

    it("passes the limit of the lag and serverless capacities on", async () => {
      const plan = await planCluster(mode, EAST, {
        maximumLagSeconds: 30,
        instanceClass: "db.serverless",
        serverlessMinimumAcu: 0.5,
        serverlessMaximumAcu: 16,
      });
      const { inputs } = named(plan, "rds/clusterParameterGroup:ClusterParameterGroup", "relational-cluster");
      assert.deepEqual(inputs["parameters"], [
        { applyMethod: "immediate", name: "rds.global_db_rpo", value: "30" },
        { applyMethod: "immediate", name: "rds.force_ssl", value: "1" },
      ]);
      assert.deepEqual(named(plan, CLUSTER, "relational").inputs["serverlessv2ScalingConfiguration"], {
        maxCapacity: 16,
        minCapacity: 0.5,
      });
    });

    it("protects the cluster until it is released; then nothing holds a destroy up", async () => {
      const guards = ["deletionProtection", "skipFinalSnapshot", "deleteAutomatedBackups"];
      const retained = await clusterOf(mode, EAST);
      assert.deepEqual(protectionOf(retained), { protect: true, retainOnDelete: true });
      assert.deepEqual(pick(retained, ...guards), {
        deletionProtection: true,
        skipFinalSnapshot: false,
        deleteAutomatedBackups: false,
      });
      const plan = await planCluster(mode, EAST, { dataProtection: "release", maximumInstances: 5 });
      const released = named(plan, CLUSTER, "relational");
      assert.deepEqual(protectionOf(released), {});
      assert.deepEqual(pick(released, ...guards), {
        deletionProtection: false,
        skipFinalSnapshot: true,
        deleteAutomatedBackups: true,
      });
      const target = named(plan, "appautoscaling/target:Target", "relational-members-readers");
      assert.deepEqual(pick(target, "minCapacity", "maxCapacity"), { minCapacity: 1, maxCapacity: 1 });
      for (const resource of plan.resources) assert.deepEqual(protectionOf(resource), {}, resource.urn);
    });
  });

  describe(`GlobalDatabase, ${mode}`, () => {
    const planGlobal = (dataProtection: "retain" | "release") =>
      planAcross([EAST], mode, ({ opts }) => {
        const database = new GlobalDatabase(
          "relational",
          {
            globalClusterIdentifier: "platform-relational",
            engineVersion: "16.6",
            databaseName: "platform",
            dataProtection,
          },
          opts,
        );
        return { writer: database.writerEndpoint };
      });

    it("DATA-04: an empty, encrypted shell that names no primary", async () => {
      const shell = named(await planGlobal("retain"), "rds/globalCluster:GlobalCluster", "relational");
      assert.deepEqual(shell.inputs, {
        databaseName: "platform",
        deletionProtection: true,
        engine: "aurora-postgresql",
        engineVersion: "16.6",
        globalClusterIdentifier: "platform-relational",
        storageEncrypted: true,
      });
      assert.deepEqual(protectionOf(shell), { protect: true, retainOnDelete: true });
      const released = named(await planGlobal("release"), "rds/globalCluster:GlobalCluster", "relational");
      assert.equal(released.inputs["deletionProtection"], false);
      assert.deepEqual(protectionOf(released), {});
    });
  });
}

describe("RelationalCluster", () => {
  it("hands out endpoints of the region", async () => {
    const { outputs } = await planCluster("update", WEST);
    assert.match(String(outputs["endpoint"]), /us-west-2/);
    assert.match(String(outputs["reader"]), /us-west-2/);
    assert.equal(outputs["port"], 5432);
  });

  it("refuses bad arguments all at once, with what is wrong and how to mend it", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new RelationalCluster(
            "r",
            argsIn(EAST, {
              engineVersion: "15.3",
              backupRetentionDays: 7,
              initialWriterRegion: "eu-west-1",
              maximumLagSeconds: 1,
            }),
            opts,
          ),
      ),
      [
        "RelationalCluster r:",
        'initialWriterRegion: "eu-west-1" is not one of regions (us-east-1, us-west-2); name the one whose cluster was made first',
        'engineVersion: "15.3" is older than 15.4, the first with write forwarding between regions; use 15.4 or newer',
        "backupRetentionDays: 7 is not a whole number from 30 to 35 with dataProtection retain; 35 is what production keeps",
        "maximumLagSeconds: 1 is not a whole number from 20, the least that Aurora enforces; usual lag is under a second without it",
      ],
    );
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new GlobalDatabase(
            "g",
            {
              globalClusterIdentifier: "x--y",
              engineVersion: "16",
              databaseName: "1",
              dataProtection: "retain",
            },
            opts,
          ),
      ),
      [
        "GlobalDatabase g:",
        'engineVersion: "16" is no Aurora PostgreSQL version; write major and minor, such as "16.6"',
        'globalClusterIdentifier: "x--y" is no identifier; use lower-case letters, digits and single hyphens, a letter first',
        'databaseName: "1" is no database name; use lower-case letters, digits and underscores, a letter first',
      ],
    );
  });
});
