import assert from "node:assert/strict";
import { type PlanMode, SECRET } from "../../tools/plan/index.ts";
import { MODES, named, ofType, pick, sources } from "../edge/planned-edge.ts";
import { DocumentDatabase, type DocumentDatabaseArgs } from "./document-database.ts";
import { GlobalDocumentDatabase } from "./global-document-database.ts";
import { EAST, keyArn, planAcross, protectionOf, refusalOf, TWO, WEST } from "./planned-data.ts";

const CLUSTER = "docdb/cluster:Cluster";
const argsIn = (region: string, change: Partial<DocumentDatabaseArgs> = {}): DocumentDatabaseArgs => ({
  clusterIdentifier: `platform-metadata-${region}`,
  region,
  regions: TWO,
  initialWriterRegion: EAST,
  globalClusterIdentifier: "platform-metadata",
  masterUsername: "platform",
  masterPasswordSecretArn: `arn:aws:secretsmanager:${region}:111122223333:secret:platform/metadata-aBcDeF`,
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  zones: ["a", "b", "c"].map((letter) => region + letter),
  clientSecurityGroupIds: { workers: "sg-workers" },
  kmsKeyArn: keyArn(region),
  logKmsKeyArn: keyArn(region),
  dataProtection: "retain",
  ...change,
});
const planDatabase = (mode: PlanMode, region: string, change: Partial<DocumentDatabaseArgs> = {}) =>
  planAcross([region], mode, ({ opts }) => {
    const database = new DocumentDatabase("metadata", argsIn(region, change), opts);
    return { endpoint: database.endpoint, reader: database.readerEndpoint, port: database.port };
  });
const clusterOf = async (mode: PlanMode, region: string, change: Partial<DocumentDatabaseArgs> = {}) =>
  named(await planDatabase(mode, region, change), CLUSTER, "metadata");

for (const mode of MODES) {
  describe(`DocumentDatabase, ${mode}`, () => {
    it("DATA-16: DocumentDB, encrypted with the region's key, over TLS, with its audit log", async () => {
      const plan = await planDatabase(mode, EAST);
      const cluster = named(plan, CLUSTER, "metadata");
      assert.deepEqual(
        pick(
          cluster,
          "clusterIdentifier",
          "engine",
          "engineVersion",
          "port",
          "storageEncrypted",
          "kmsKeyId",
          "enabledCloudwatchLogsExports",
        ),
        {
          clusterIdentifier: "platform-metadata-us-east-1",
          engine: "docdb",
          engineVersion: "5.0.0",
          port: 27017,
          storageEncrypted: true,
          kmsKeyId: keyArn(EAST),
          enabledCloudwatchLogsExports: ["audit"],
        },
      );
      const parameters = named(
        plan,
        "docdb/clusterParameterGroup:ClusterParameterGroup",
        "metadata-parameters",
      );
      assert.deepEqual(pick(parameters, "family", "parameters"), {
        family: "docdb5.0",
        parameters: [
          { applyMethod: "pending-reboot", name: "audit_logs", value: "ddl" },
          { applyMethod: "pending-reboot", name: "tls", value: "enabled" },
        ],
      });
      const log = named(plan, "cloudwatch/logGroup:LogGroup", "metadata-log");
      assert.deepEqual(pick(log, "kmsKeyId", "name", "retentionInDays"), {
        kmsKeyId: keyArn(EAST),
        name: "/aws/docdb/platform-metadata-us-east-1/audit",
        retentionInDays: 90,
      });
      assert.ok(cluster.dependencies.includes(log.urn));
    });

    it("DATA-16 and C-11: the first writer is made with user and password, a copy with neither; both join the global cluster", async () => {
      const creation = [
        "globalClusterIdentifier",
        "masterPasswordWo",
        "masterPasswordWoVersion",
        "masterUsername",
      ];
      assert.deepEqual(pick(await clusterOf(mode, EAST), ...creation), {
        globalClusterIdentifier: "platform-metadata",
        masterPasswordWo: SECRET,
        masterPasswordWoVersion: 1,
        masterUsername: "platform",
      });
      assert.deepEqual(pick(await clusterOf(mode, WEST), ...creation), {
        globalClusterIdentifier: "platform-metadata",
      });
      const lone = await clusterOf(mode, EAST, { globalClusterIdentifier: undefined });
      assert.deepEqual(pick(lone, "globalClusterIdentifier"), {});
    });

    it("DR-16: what AWS changes in a failover is no difference", async () => {
      assert.deepEqual((await clusterOf(mode, WEST)).options.ignoreChanges, [
        "globalClusterIdentifier",
        "engineVersion",
        "masterUsername",
        "availabilityZones",
        "snapshotIdentifier",
      ]);
    });

    it("DATA-16: members in different zones, the first zone's preferred as writer", async () => {
      const plan = await planDatabase(mode, WEST);
      assert.deepEqual(
        ofType(plan, "docdb/clusterInstance:ClusterInstance").map((member) => [
          member.name,
          sources(member, "clusterIdentifier"),
          pick(
            member,
            "availabilityZone",
            "enablePerformanceInsights",
            "engine",
            "instanceClass",
            "performanceInsightsKmsKeyId",
            "promotionTier",
          ),
        ]),
        ["a", "b"].map((letter, promotionTier) => [
          `metadata-us-west-2${letter}`,
          ["metadata"],
          {
            availabilityZone: `us-west-2${letter}`,
            enablePerformanceInsights: true,
            engine: "docdb",
            instanceClass: "db.r6g.large",
            performanceInsightsKmsKeyId: keyArn(WEST),
            promotionTier,
          },
        ]),
      );
    });

    it("lets in the named clients on MongoDB's port only, and nothing out", async () => {
      const plan = await planDatabase(mode, EAST);
      assert.deepEqual(
        ofType(plan, "vpc/securityGroupIngressRule:SecurityGroupIngressRule").map((rule) =>
          pick(rule, "description", "fromPort", "ipProtocol", "referencedSecurityGroupId", "toPort"),
        ),
        [
          {
            description: "DATA-16: DocumentDB from workers",
            fromPort: 27017,
            ipProtocol: "tcp",
            referencedSecurityGroupId: "sg-workers",
            toPort: 27017,
          },
        ],
      );
      assert.deepEqual(ofType(plan, "vpc/securityGroupEgressRule:SecurityGroupEgressRule"), []);
      const group = named(plan, "ec2/securityGroup:SecurityGroup", "metadata-access-documentdb");
      assert.deepEqual(pick(group, "ingress", "egress", "vpcId"), { vpcId: "vpc-1" });
      assert.deepEqual(sources(named(plan, CLUSTER, "metadata"), "vpcSecurityGroupIds"), [group.name]);
    });

    it("DR-18: is backed up for 35 days and ends with a snapshot until it is released", async () => {
      const guards = [
        "backupRetentionPeriod",
        "deletionProtection",
        "finalSnapshotIdentifier",
        "preferredBackupWindow",
        "skipFinalSnapshot",
      ];
      const retained = await clusterOf(mode, EAST);
      assert.deepEqual(protectionOf(retained), { protect: true, retainOnDelete: true });
      assert.deepEqual(pick(retained, ...guards), {
        backupRetentionPeriod: 35,
        deletionProtection: true,
        finalSnapshotIdentifier: "platform-metadata-us-east-1-final",
        preferredBackupWindow: "07:00-08:00",
        skipFinalSnapshot: false,
      });
      const plan = await planDatabase(mode, EAST, { dataProtection: "release", backupRetentionDays: 1 });
      assert.deepEqual(
        pick(
          named(plan, CLUSTER, "metadata"),
          "backupRetentionPeriod",
          "deletionProtection",
          "skipFinalSnapshot",
        ),
        { backupRetentionPeriod: 1, deletionProtection: false, skipFinalSnapshot: true },
      );
      for (const resource of plan.resources) assert.deepEqual(protectionOf(resource), {}, resource.urn);
    });
  });

  describe(`GlobalDocumentDatabase, ${mode}`, () => {
    const planGlobal = (dataProtection: "retain" | "release") =>
      planAcross([EAST], mode, ({ opts }) => {
        new GlobalDocumentDatabase(
          "metadata",
          { globalClusterIdentifier: "platform-metadata", dataProtection },
          opts,
        );
      });

    it("DATA-16: an empty, encrypted shell that names no primary", async () => {
      const shell = named(await planGlobal("retain"), "docdb/globalCluster:GlobalCluster", "metadata");
      assert.deepEqual(shell.inputs, {
        deletionProtection: true,
        engine: "docdb",
        engineVersion: "5.0.0",
        globalClusterIdentifier: "platform-metadata",
        storageEncrypted: true,
      });
      assert.deepEqual(protectionOf(shell), { protect: true, retainOnDelete: true });
      const released = named(await planGlobal("release"), "docdb/globalCluster:GlobalCluster", "metadata");
      assert.equal(released.inputs["deletionProtection"], false);
      assert.deepEqual(protectionOf(released), {});
    });
  });
}

describe("DocumentDatabase", () => {
  it("hands out endpoints of the region", async () => {
    const { outputs } = await planDatabase("update", WEST);
    assert.match(String(outputs["endpoint"]), /us-west-2\.docdb/);
    assert.match(String(outputs["reader"]), /cluster-ro.*us-west-2\.docdb/);
    assert.equal(outputs["port"], 27017);
  });

  it("refuses bad arguments all at once, with what is wrong and how to mend it", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new DocumentDatabase(
            "d",
            argsIn(EAST, {
              clusterIdentifier: "A",
              engineVersion: "3.6.0",
              initialWriterRegion: "eu-west-1",
              zones: ["us-west-2a"],
              instances: 0,
              instanceClass: "db.t4g.medium",
              backupRetentionDays: 7,
            }),
            opts,
          ),
      ),
      [
        "DocumentDatabase d:",
        'clusterIdentifier: "A" is no identifier; use lower-case letters, digits and single hyphens, a letter first',
        'engineVersion: "3.6.0" is no DocumentDB version on offer here; use "4.0.0" or "5.0.0"',
        'initialWriterRegion: "eu-west-1" is not one of regions (us-east-1, us-west-2); name the one whose cluster was made first',
        'zones: "us-west-2a" is no zone of "us-east-1"; write it like us-east-1a',
        "instances: 0 is not a whole number from 1 to 16; two survive a zone's loss",
        'instanceClass: "db.t4g.medium" cannot be a member of a global cluster; use db.r6g.large or larger',
        "backupRetentionDays: 7 is not a whole number from 30 to 35 with dataProtection retain; 35 is what production keeps",
      ],
    );
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new DocumentDatabase(
            "d",
            argsIn("eu-west-1", { globalClusterIdentifier: undefined, zones: [] }),
            opts,
          ),
      ),
      [
        "DocumentDatabase d:",
        'region: "eu-west-1" is not one of regions (us-east-1, us-west-2); name one of them',
        'initialWriterRegion: "us-east-1" is not "eu-west-1", but a cluster without globalClusterIdentifier is its own writer; name "eu-west-1"',
        "zones: [] is empty; name the zones of the subnets, two or more",
      ],
    );
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new GlobalDocumentDatabase(
            "g",
            { globalClusterIdentifier: "x--y", engineVersion: "5.0", dataProtection: "retain" },
            opts,
          ),
      ),
      [
        "GlobalDocumentDatabase g:",
        'globalClusterIdentifier: "x--y" is no identifier; use lower-case letters, digits and single hyphens, a letter first',
        'engineVersion: "5.0" is no DocumentDB version on offer here; use "4.0.0" or "5.0.0"',
      ],
    );
  });
});
