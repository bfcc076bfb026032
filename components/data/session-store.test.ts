import assert from "node:assert/strict";
import fc from "fast-check";
import { type PlanMode, SECRET } from "../../tools/plan/index.ts";
import { MODES, named, ofType, pick, sources } from "../edge/planned-edge.ts";
import { EAST, keyArn, OHIO, planAcross, protectionOf, refusalOf, TWO, WEST } from "./planned-data.ts";
import { globalDatastoreId, sessionProblems } from "./session-rules.ts";
import { SessionStore, type SessionStoreArgs } from "./session-store.ts";

const MEMBER = "elasticache/replicationGroup:ReplicationGroup";
const DATASTORE = "elasticache/globalReplicationGroup:GlobalReplicationGroup";
const argsIn = (region: string, change: Partial<SessionStoreArgs> = {}): SessionStoreArgs => ({
  replicationGroupId: `platform-sessions-${region}`,
  globalIdSuffix: "platform-sessions",
  region,
  regions: TWO,
  homeRegion: EAST,
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  clientSecurityGroupIds: { workers: "sg-workers" },
  passwordSecretArn: `arn:aws:secretsmanager:${region}:111122223333:secret:platform/sessions-aBcDeF`,
  kmsKeyArn: keyArn(region),
  logKmsKeyArn: keyArn(region),
  dataProtection: "retain",
  ...change,
});
const planStore = (mode: PlanMode, region: string, change: Partial<SessionStoreArgs> = {}) =>
  planAcross([region], mode, ({ opts }) => {
    const store = new SessionStore("sessions", argsIn(region, change), opts);
    return {
      endpoint: store.endpoint,
      port: store.port,
      globalId: store.globalReplicationGroupId,
      promote: store.promoteCommand,
    };
  });

for (const mode of MODES) {
  describe(`SessionStore, ${mode}`, () => {
    it("DATA-25: the home region makes the first primary, three shards with a replica each, and the datastore on it", async () => {
      const plan = await planStore(mode, EAST);
      assert.deepEqual(
        pick(
          named(plan, MEMBER, "sessions"),
          "replicationGroupId",
          "engine",
          "engineVersion",
          "nodeType",
          "numNodeGroups",
          "replicasPerNodeGroup",
          "automaticFailoverEnabled",
          "multiAzEnabled",
          "globalReplicationGroupId",
        ),
        {
          replicationGroupId: "platform-sessions-us-east-1",
          engine: "redis",
          engineVersion: "7.1",
          nodeType: "cache.r6g.large",
          numNodeGroups: 3,
          replicasPerNodeGroup: 1,
          automaticFailoverEnabled: true,
          multiAzEnabled: true,
        },
      );
      const datastore = named(plan, DATASTORE, "sessions-global");
      assert.deepEqual(datastore.inputs, {
        automaticFailoverEnabled: true,
        cacheNodeType: "cache.r6g.large",
        engine: "redis",
        engineVersion: "7.1",
        globalReplicationGroupDescription: "Sessions of all regions",
        globalReplicationGroupIdSuffix: "platform-sessions",
        numNodeGroups: 3,
        primaryReplicationGroupId: "platform-sessions-us-east-1",
      });
      assert.deepEqual(sources(datastore, "primaryReplicationGroupId"), ["sessions"]);
    });

    it("DATA-25 and C-16: another region joins by the datastore's name and says nothing that ElastiCache refuses of a follower", async () => {
      const plan = await planStore(mode, WEST);
      assert.deepEqual(ofType(plan, DATASTORE), []);
      const follower = named(plan, MEMBER, "sessions");
      assert.deepEqual(Object.keys(follower.inputs).sort(), [
        "authTokenWo",
        "authTokenWoVersion",
        "description",
        "globalReplicationGroupId",
        "kmsKeyId",
        "logDeliveryConfigurations",
        "maintenanceWindow",
        "port",
        "replicasPerNodeGroup",
        "replicationGroupId",
        "securityGroupIds",
        "snapshotRetentionLimit",
        "snapshotWindow",
        "subnetGroupName",
      ]);
      assert.deepEqual(pick(follower, "globalReplicationGroupId", "kmsKeyId", "replicasPerNodeGroup"), {
        globalReplicationGroupId: "ldgnf-platform-sessions",
        kmsKeyId: keyArn(WEST),
        replicasPerNodeGroup: 1,
      });
      assert.deepEqual(ofType(plan, "elasticache/parameterGroup:ParameterGroup"), []);
    });

    it("DATA-25: a region's stack names no resource of another region but the datastore", async () => {
      for (const [region, other] of [
        [EAST, WEST],
        [WEST, EAST],
      ] as const) {
        for (const { inputs, urn } of (await planStore(mode, region)).resources) {
          assert.ok(!JSON.stringify(inputs).includes(other), urn);
        }
      }
    });

    it("DATA-23: encrypted on disk and on the wire, with the password of all regions, for named clients only", async () => {
      const plan = await planStore(mode, EAST);
      const primary = named(plan, MEMBER, "sessions");
      assert.deepEqual(
        pick(
          primary,
          "atRestEncryptionEnabled",
          "kmsKeyId",
          "transitEncryptionEnabled",
          "transitEncryptionMode",
          "authTokenWo",
          "authTokenWoVersion",
          "port",
        ),
        {
          atRestEncryptionEnabled: true,
          kmsKeyId: keyArn(EAST),
          transitEncryptionEnabled: true,
          transitEncryptionMode: "required",
          authTokenWo: SECRET,
          authTokenWoVersion: 1,
          port: 6379,
        },
      );
      assert.deepEqual(sources(primary, "securityGroupIds"), ["sessions-access-redis"]);
      assert.deepEqual(
        ofType(plan, "vpc/securityGroupIngressRule:SecurityGroupIngressRule").map((rule) =>
          pick(rule, "fromPort", "toPort", "referencedSecurityGroupId"),
        ),
        [{ fromPort: 6379, toPort: 6379, referencedSecurityGroupId: "sg-workers" }],
      );
      assert.deepEqual(
        pick(
          named(plan, "elasticache/parameterGroup:ParameterGroup", "sessions-parameters"),
          "family",
          "parameters",
        ),
        {
          family: "redis7",
          parameters: [
            { name: "cluster-enabled", value: "yes" },
            { name: "maxmemory-policy", value: "volatile-ttl" },
          ],
        },
      );
    });

    it("DR-18: every region takes a snapshot every day and keeps it 35 days", async () => {
      for (const region of TWO) {
        assert.deepEqual(
          pick(
            named(await planStore(mode, region), MEMBER, "sessions"),
            "snapshotRetentionLimit",
            "snapshotWindow",
          ),
          { snapshotRetentionLimit: 35, snapshotWindow: "07:00-08:00" },
        );
      }
    });

    it("DR-16: what a promotion changes is no difference, on members and datastore", async () => {
      const plan = await planStore(mode, EAST);
      assert.deepEqual(named(plan, MEMBER, "sessions").options.ignoreChanges, [
        "globalReplicationGroupId",
        "engine",
        "engineVersion",
        "parameterGroupName",
        "nodeType",
        "numNodeGroups",
        "automaticFailoverEnabled",
        "multiAzEnabled",
      ]);
      assert.deepEqual(named(plan, DATASTORE, "sessions-global").options.ignoreChanges, [
        "primaryReplicationGroupId",
      ]);
    });

    it("protects member and datastore until they are released", async () => {
      for (const [dataProtection, protection] of [
        ["retain", { protect: true, retainOnDelete: true }],
        ["release", {}],
      ] as const) {
        const plan = await planStore(mode, EAST, { dataProtection });
        assert.deepEqual(protectionOf(named(plan, MEMBER, "sessions")), protection);
        assert.deepEqual(protectionOf(named(plan, DATASTORE, "sessions-global")), protection);
      }
    });

    it("takes Valkey in place of Redis", async () => {
      const plan = await planStore(mode, EAST, { engine: "valkey" });
      const engine = { engine: "valkey", engineVersion: "7.2" };
      assert.deepEqual(pick(named(plan, MEMBER, "sessions"), "engine", "engineVersion"), engine);
      assert.deepEqual(pick(named(plan, DATASTORE, "sessions-global"), "engine", "engineVersion"), engine);
      assert.equal(
        named(plan, "elasticache/parameterGroup:ParameterGroup", "sessions-parameters").inputs["family"],
        "valkey7",
      );
    });
  });
}

describe("SessionStore", () => {
  it("DR-15: says how a region is promoted from the region itself", async () => {
    const { outputs } = await planStore("update", WEST);
    assert.deepEqual(outputs["globalId"], "ldgnf-platform-sessions");
    assert.equal(
      outputs["promote"],
      "aws elasticache failover-global-replication-group --region us-west-2 --global-replication-group-id ldgnf-platform-sessions --primary-region us-west-2 --primary-replication-group-id platform-sessions-us-west-2",
    );
    assert.match(String(outputs["endpoint"]), /platform-sessions-us-west-2.*us-west-2/);
    assert.equal(outputs["port"], 6379);
  });

  it("DATA-25: joins the name that AWS gives the datastore of the home region", async () => {
    const plan = await planAcross([EAST], "update", ({ opts }) => {
      new SessionStore("sessions", argsIn(EAST), opts);
    });
    const given = plan.resources.find(({ name }) => name === "sessions-global")?.outputs;
    assert.equal(given?.["globalReplicationGroupId"], globalDatastoreId(EAST, "platform-sessions"));
  });

  it("refuses bad arguments all at once, with what is wrong and how to mend it", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new SessionStore(
            "s",
            argsIn("eu-north-1", {
              homeRegion: "us-gov-west-1",
              globalIdSuffix: "A",
              engineVersion: "7.2",
              nodeType: "cache.t4g.micro",
              replicasPerShard: 0,
              replicationGroupId: "x--y",
            }),
            opts,
          ),
      ),
      [
        "SessionStore s:",
        'region: "eu-north-1" is not one of regions (us-east-1, us-west-2); name one of them',
        'homeRegion: "us-gov-west-1" is not one of regions (us-east-1, us-west-2); name one of them',
        'globalIdSuffix: "A" is no name; use up to 33 lower-case letters, digits and single hyphens, a letter first',
        'homeRegion: no Global Datastore is known to be made in "us-gov-west-1"; use one of ap-east-1, ap-northeast-1, ap-northeast-2, ap-northeast-3, ap-south-1, ap-southeast-1, ap-southeast-2, ca-central-1, eu-central-1, eu-west-1, eu-west-2, eu-west-3, sa-east-1, us-east-1, us-east-2, us-west-1, us-west-2',
        'engineVersion: "7.2" is no redis version on offer here; use "7.0" or "7.1"',
        'nodeType: "cache.t4g.micro" cannot be in a Global Datastore; use a size from large on of M5, M6g, M7g, R5, R6g, R6gd, R7g or C7gn',
        "replicasPerShard: 0 leaves no copy to fail over to; use 1 or more",
        'replicationGroupId: "x--y" is no identifier; use up to 40 lower-case letters, digits and single hyphens, a letter first',
      ],
    );
  });

  it("refuses a fourth region", () => {
    const shape = {
      ...argsIn(EAST),
      regions: [EAST, WEST, OHIO, "eu-west-1"],
      engine: "redis",
      engineVersion: "7.1",
      nodeType: "cache.r6g.large",
      shards: 3,
      replicasPerShard: 1,
      snapshotRetentionDays: 35,
    } as const;
    assert.deepEqual(sessionProblems(shape), [
      "regions: 4 are more than the 3 of a Global Datastore; keep sessions in fewer",
    ]);
    assert.deepEqual(sessionProblems({ ...shape, regions: TWO }), []);
  });

  it("gives every suffix of every region a name of its own", () => {
    const suffix = fc.stringMatching(/^[a-z][a-z0-9]{1,20}$/);
    fc.assert(
      fc.property(suffix, suffix, (one, other) => {
        assert.equal(globalDatastoreId(EAST, one) === globalDatastoreId(EAST, other), one === other);
        assert.notEqual(globalDatastoreId(EAST, one), globalDatastoreId(WEST, one));
      }),
    );
  });
});
