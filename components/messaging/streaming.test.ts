import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import { ACCOUNT, EAST, keyArn, protectionOf, WEST } from "../data/planned-data.ts";
import { MODES, named, ofType, pick, planIn, refusal, sources } from "../edge/planned-edge.ts";
import { Streaming, type StreamingArgs } from "./streaming.ts";
import { StreamingReplicator, type StreamingReplicatorArgs } from "./streaming-replicator.ts";

const CLUSTER = "msk/cluster:Cluster";
const argsWith = (change: Partial<StreamingArgs> = {}): StreamingArgs => ({
  clusterName: "platform-streams",
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  clientSecurityGroupIds: { nodes: "sg-nodes" },
  kmsKeyArn: keyArn(EAST),
  logKmsKeyArn: `${keyArn(EAST)}-logs`,
  dataProtection: "retain",
  ...change,
});
const clusterArn = (region: string) =>
  `arn:aws:kafka:${region}:${ACCOUNT}:cluster/platform-streams/uuid-${region}`;
const replicatorArgs = (change: Partial<StreamingReplicatorArgs> = {}): StreamingReplicatorArgs => ({
  replicatorName: "platform-streams",
  accountId: ACCOUNT,
  source: { clusterArn: clusterArn(EAST), subnetIds: ["subnet-e"] },
  target: { clusterArn: clusterArn(WEST), subnetIds: ["subnet-w"], vpcId: "vpc-w", securityGroupId: "sg-w" },
  ...change,
});
const planStreaming = (mode: PlanMode, change: Partial<StreamingArgs> = {}) =>
  planIn(EAST, mode, (opts) => ({
    brokers: new Streaming("streams", argsWith(change), opts).bootstrapBrokers,
  }));

for (const mode of MODES) {
  describe(`Streaming, ${mode}`, () => {
    it("MSG-03: three brokers in three zones, TLS and IAM only, encrypted with the platform's key", async () => {
      const cluster = named(await planStreaming(mode), CLUSTER, "streams");
      assert.deepEqual(
        pick(cluster, "numberOfBrokerNodes", "kafkaVersion", "clientAuthentication", "encryptionInfo"),
        {
          numberOfBrokerNodes: 3,
          kafkaVersion: "3.9.x.kraft",
          clientAuthentication: { sasl: { iam: true, scram: false }, unauthenticated: false },
          encryptionInfo: {
            encryptionAtRestKmsKeyArn: keyArn(EAST),
            encryptionInTransit: { clientBroker: "TLS", inCluster: true },
          },
        },
      );
      assert.deepEqual(protectionOf(cluster), { protect: true, retainOnDelete: true });
      assert.deepEqual(cluster.options.ignoreChanges, [
        "brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize",
      ]);
    });

    it("MSG-03: a record is acknowledged when two of its three copies are written", async () => {
      const plan = await planStreaming(mode);
      const { inputs } = named(plan, "msk/configuration:Configuration", "streams-configuration");
      const lines = String(inputs["serverProperties"]).split("\n");
      assert.ok(lines.includes("default.replication.factor=3") && lines.includes("min.insync.replicas=2"));
      assert.ok(lines.includes("unclean.leader.election.enable=false"));
      assert.deepEqual(sources(named(plan, CLUSTER, "streams"), "configurationInfo"), [
        "streams-configuration",
      ]);
    });

    it("GAP-08: the smallest brokers that can be replicated, whose disks grow to a limit and never shrink", async () => {
      const plan = await planStreaming(mode, { maximumVolumeGiB: 400 });
      const { inputs } = named(plan, CLUSTER, "streams");
      const info = inputs["brokerNodeGroupInfo"];
      assert.ok(typeof info === "object" && info !== null && "instanceType" in info);
      assert.equal(info.instanceType, "kafka.m7g.large");
      assert.deepEqual(
        pick(
          named(plan, "appautoscaling/target:Target", "streams-disks"),
          "scalableDimension",
          "minCapacity",
          "maxCapacity",
        ),
        { scalableDimension: "kafka:broker-storage:VolumeSize", minCapacity: 1, maxCapacity: 400 },
      );
      assert.deepEqual(
        named(plan, "appautoscaling/policy:Policy", "streams-disks").inputs[
          "targetTrackingScalingPolicyConfiguration"
        ],
        {
          targetValue: 70,
          disableScaleIn: true,
          predefinedMetricSpecification: { predefinedMetricType: "KafkaBrokerStorageUtilization" },
        },
      );
    });

    it("MSG-03: clients reach the IAM port only, monitors the metrics only", async () => {
      const plan = await planStreaming(mode, { monitorSecurityGroupIds: { prometheus: "sg-prometheus" } });
      assert.deepEqual(
        ofType(plan, "vpc/securityGroupIngressRule:SecurityGroupIngressRule")
          .map((rule) => pick(rule, "fromPort", "toPort", "referencedSecurityGroupId"))
          .sort((a, b) => Number(a["fromPort"]) - Number(b["fromPort"])),
        [
          { fromPort: 9098, toPort: 9098, referencedSecurityGroupId: "sg-nodes" },
          { fromPort: 11001, toPort: 11002, referencedSecurityGroupId: "sg-prometheus" },
        ],
      );
      const bare = await planStreaming(mode);
      assert.equal(ofType(bare, "vpc/securityGroupIngressRule:SecurityGroupIngressRule").length, 1);
    });

    it("opens itself to a replicator of another region only when it is told to", async () => {
      const connectivity = async (replicated: boolean) => {
        const plan = await planStreaming(mode, { replicated });
        const policies = ofType(plan, "msk/clusterPolicy:ClusterPolicy").length;
        const info = named(plan, CLUSTER, "streams").inputs["brokerNodeGroupInfo"];
        return [policies, JSON.stringify(info).includes('"iam":true')];
      };
      assert.deepEqual(await connectivity(false), [0, false]);
      assert.deepEqual(await connectivity(true), [1, true]);
    });
  });

  describe(`StreamingReplicator, ${mode}`, () => {
    it("MSG-03: copies topics and consumer groups into the target's region under the source's name", async () => {
      const plan = await planIn(WEST, mode, (opts) => {
        new StreamingReplicator("replicator", replicatorArgs({ topics: ["orders\\..*"] }), opts);
      });
      const replicator = named(plan, "msk/replicator:Replicator", "replicator");
      assert.equal(replicator.region, WEST);
      const clusters = JSON.parse(JSON.stringify(replicator.inputs["kafkaClusters"]));
      assert.deepEqual(clusters[0], {
        amazonMskCluster: { mskClusterArn: clusterArn(EAST) },
        vpcConfig: { subnetIds: ["subnet-e"] },
      });
      assert.deepEqual(clusters[1].amazonMskCluster, { mskClusterArn: clusterArn(WEST) });
      assert.deepEqual(clusters[1].vpcConfig.subnetIds, ["subnet-w"]);
      assert.ok(sources(replicator, "kafkaClusters").includes("replicator-access"));
      assert.deepEqual(replicator.inputs["replicationInfoList"], {
        sourceKafkaClusterArn: clusterArn(EAST),
        targetKafkaClusterArn: clusterArn(WEST),
        targetCompressionType: "LZ4",
        topicReplications: [
          {
            topicsToReplicates: ["orders\\..*"],
            topicsToExcludes: ["__.*"],
            topicNameConfiguration: { type: "PREFIXED_WITH_SOURCE_CLUSTER_ALIAS" },
            copyTopicConfigurations: true,
            copyAccessControlListsForTopics: false,
            detectAndCopyNewTopics: true,
            startingPosition: { type: "EARLIEST" },
          },
        ],
        consumerGroupReplications: [
          {
            consumerGroupsToReplicates: [".*"],
            consumerGroupsToExcludes: ["__.*"],
            detectAndCopyNewConsumerGroups: true,
            synchroniseConsumerGroupOffsets: true,
          },
        ],
      });
    });

    it("MSG-03: reaches the target's brokers on the IAM port, and nothing else", async () => {
      const plan = await planIn(WEST, mode, (opts) => {
        new StreamingReplicator("replicator", replicatorArgs(), opts);
      });
      const out = ofType(plan, "vpc/securityGroupEgressRule:SecurityGroupEgressRule");
      assert.deepEqual(
        out.map((rule) => pick(rule, "fromPort", "toPort", "referencedSecurityGroupId")),
        [{ fromPort: 9098, toPort: 9098, referencedSecurityGroupId: "sg-w" }],
      );
      const into = ofType(plan, "vpc/securityGroupIngressRule:SecurityGroupIngressRule");
      assert.deepEqual(
        into.map((rule) => pick(rule, "fromPort", "toPort", "securityGroupId")),
        [{ fromPort: 9098, toPort: 9098, securityGroupId: "sg-w" }],
      );
    });

    it("SEC-04: its role reads and writes these two clusters only", async () => {
      const plan = await planIn(WEST, mode, (opts) => {
        new StreamingReplicator("replicator", replicatorArgs(), opts);
      });
      const policy = JSON.parse(
        String(named(plan, "iam/rolePolicy:RolePolicy", "replicator-role").inputs["policy"]),
      );
      assert.deepEqual(
        policy.Statement.map((s: Record<string, unknown>) => s["Resource"]),
        [
          [clusterArn(EAST), clusterArn(WEST)],
          [EAST, WEST].map((region) => `${clusterArn(region).replace("cluster", "topic")}/*`),
          clusterArn(WEST),
          [EAST, WEST].map((region) => `${clusterArn(region).replace("cluster", "group")}/*`),
        ],
      );
    });
  });
}

describe("Streaming refuses", () => {
  const trimmed = (lines: string[]) => lines.map((line) => line.trim());

  it("versions, sizes and layouts that lose data or cannot be replicated", async () => {
    const change = {
      clusterName: "platform_streams",
      kafkaVersion: "2.8.1",
      instanceType: "kafka.t3.small",
      subnetIds: ["subnet-a"],
      volumeGiB: 500,
      maximumVolumeGiB: 400,
    };
    assert.deepEqual(trimmed(await refusal((opts) => new Streaming("streams", argsWith(change), opts))), [
      "Streaming streams:",
      'clusterName: "platform_streams" is no cluster name; use up to 64 letters, digits and hyphens',
      'kafkaVersion: "2.8.1" is no version with KRaft that MSK supports; write it like 3.9.x.kraft',
      'instanceType: "kafka.t3.small" cannot be replicated; use a kafka.m7g or kafka.m5 type',
      "subnetIds: 1 subnets are given; give three, each in another zone, for three copies of every record",
      "maximumVolumeGiB: 400 is not a whole number from 500 to 16384; the disk grows from volumeGiB up to it, and never shrinks",
    ]);
  });

  it("a replicator without topics, or with patterns that are none", async () => {
    const change = { replicatorName: "a b", topics: [], excludedTopics: ["("] };
    assert.deepEqual(
      trimmed(await refusal((opts) => new StreamingReplicator("r", replicatorArgs(change), opts))),
      [
        "StreamingReplicator r:",
        'replicatorName: "a b" is no name; use up to 128 letters, digits and hyphens',
        "topics: is empty; name patterns of topics, such as orders\\..*",
        'topics: "(" is no regular expression',
      ],
    );
  });
});
