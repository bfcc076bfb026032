import assert from "node:assert/strict";
import { type PlanMode, SECRET } from "../../tools/plan/index.ts";
import { MODES, named, ofType, pick, sources } from "../edge/planned-edge.ts";
import { DocumentCache, type DocumentCacheArgs } from "./document-cache.ts";
import { EAST, keyArn, planAcross, protectionOf, refusalOf, TWO, WEST } from "./planned-data.ts";

const GROUP = "elasticache/replicationGroup:ReplicationGroup";
const argsIn = (region: string, change: Partial<DocumentCacheArgs> = {}): DocumentCacheArgs => ({
  replicationGroupId: "platform-documents",
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  clientSecurityGroupIds: { nodes: "sg-nodes" },
  passwordSecretArn: `arn:aws:secretsmanager:${region}:111122223333:secret:platform/cache-aBcDeF`,
  kmsKeyArn: keyArn(region),
  logKmsKeyArn: keyArn(region),
  ...change,
});
const planCache = (mode: PlanMode, region: string, change: Partial<DocumentCacheArgs> = {}) =>
  planAcross([region], mode, ({ opts }) => {
    const cache = new DocumentCache("cache", argsIn(region, change), opts);
    return { endpoint: cache.endpoint, port: cache.port };
  });

for (const mode of MODES) {
  describe(`DocumentCache, ${mode}`, () => {
    it("DATA-18, DATA-19 and DATA-20: three shards with a replica each in another zone, of the drawn version and size", async () => {
      const cache = named(await planCache(mode, EAST), GROUP, "cache");
      assert.deepEqual(
        pick(
          cache,
          "engine",
          "engineVersion",
          "nodeType",
          "numNodeGroups",
          "replicasPerNodeGroup",
          "multiAzEnabled",
          "replicationGroupId",
        ),
        {
          engine: "redis",
          engineVersion: "7.0",
          nodeType: "cache.r6g.large",
          numNodeGroups: 3,
          replicasPerNodeGroup: 1,
          multiAzEnabled: true,
          replicationGroupId: "platform-documents",
        },
      );
    });

    it("DATA-21: encrypted on disk and on the wire, with a password, failing over by itself", async () => {
      const plan = await planCache(mode, EAST);
      assert.deepEqual(
        pick(
          named(plan, GROUP, "cache"),
          "atRestEncryptionEnabled",
          "kmsKeyId",
          "transitEncryptionEnabled",
          "transitEncryptionMode",
          "authTokenWo",
          "authTokenWoVersion",
          "automaticFailoverEnabled",
        ),
        {
          atRestEncryptionEnabled: true,
          kmsKeyId: keyArn(EAST),
          transitEncryptionEnabled: true,
          transitEncryptionMode: "required",
          authTokenWo: SECRET,
          authTokenWoVersion: 1,
          automaticFailoverEnabled: true,
        },
      );
    });

    it("DATA-24: drops what was read longest ago when it is full", async () => {
      const group = named(
        await planCache(mode, EAST),
        "elasticache/parameterGroup:ParameterGroup",
        "cache-parameters",
      );
      assert.deepEqual(pick(group, "family", "parameters"), {
        family: "redis7",
        parameters: [
          { name: "cluster-enabled", value: "yes" },
          { name: "maxmemory-policy", value: "allkeys-lru" },
        ],
      });
    });

    it("DATA-32: is not protected, because nothing is only there", async () => {
      for (const resource of (await planCache(mode, EAST)).resources) {
        assert.deepEqual(protectionOf(resource), {}, resource.urn);
      }
    });

    it("DR-18: takes a snapshot every day and keeps it 35 days", async () => {
      const cache = named(await planCache(mode, EAST), GROUP, "cache");
      assert.deepEqual(pick(cache, "snapshotRetentionLimit", "snapshotWindow"), {
        snapshotRetentionLimit: 35,
        snapshotWindow: "07:00-08:00",
      });
    });

    it("lets in the named clients on Redis' port only, and logs to an encrypted group", async () => {
      const plan = await planCache(mode, EAST);
      const [rule, ...others] = ofType(plan, "vpc/securityGroupIngressRule:SecurityGroupIngressRule");
      assert.deepEqual(others, []);
      assert.ok(rule !== undefined);
      assert.deepEqual(pick(rule, "fromPort", "toPort", "ipProtocol", "referencedSecurityGroupId"), {
        fromPort: 6379,
        toPort: 6379,
        ipProtocol: "tcp",
        referencedSecurityGroupId: "sg-nodes",
      });
      const cache = named(plan, GROUP, "cache");
      assert.deepEqual(sources(cache, "securityGroupIds"), ["cache-access-redis"]);
      assert.deepEqual(cache.inputs["port"], 6379);
      const log = named(plan, "cloudwatch/logGroup:LogGroup", "cache-log");
      assert.deepEqual(pick(log, "kmsKeyId", "name", "retentionInDays"), {
        kmsKeyId: keyArn(EAST),
        name: "/aws/elasticache/platform-documents",
        retentionInDays: 90,
      });
    });

    it("can do without copies where a zone's loss may cost the cache", async () => {
      const cache = named(await planCache(mode, EAST, { shards: 1, replicasPerShard: 0 }), GROUP, "cache");
      assert.deepEqual(pick(cache, "multiAzEnabled", "numNodeGroups", "replicasPerNodeGroup"), {
        multiAzEnabled: false,
        numNodeGroups: 1,
        replicasPerNodeGroup: 0,
      });
    });
  });
}

describe("DocumentCache", () => {
  it("DATA-24: every region has a cache of its own that no other region is part of", async () => {
    for (const region of TWO) {
      const other = region === EAST ? WEST : EAST;
      const plan = await planCache("update", region);
      assert.deepEqual(ofType(plan, "elasticache/globalReplicationGroup:GlobalReplicationGroup"), []);
      for (const { inputs } of plan.resources) assert.ok(!JSON.stringify(inputs).includes(other));
      assert.match(String(plan.outputs["endpoint"]), /platform-documents/);
      assert.equal(plan.outputs["port"], 6379);
    }
  });

  it("refuses bad arguments with what is wrong and how to mend it", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ opts }) => new DocumentCache("c", argsIn(EAST, { shards: 0, engineVersion: "5" }), opts),
      ),
      [
        "DocumentCache c:",
        'engineVersion: "5" is no Redis version on offer here; use "7.0" or "7.1"',
        "shards: 0 is not a whole number from 1 to 500; three are the drawn size",
      ],
    );
  });
});
