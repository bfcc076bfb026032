import assert from "node:assert/strict";
import { type PlanMode, SECRET } from "../../tools/plan/index.ts";
import { keyArn, protectionOf } from "../data/planned-data.ts";
import { MODES, named, ofType, pick, planIn, refusal, sources } from "../edge/planned-edge.ts";
import { JobBroker, type JobBrokerArgs } from "./job-broker.ts";

const EAST = "us-east-1";
const BROKER = "mq/broker:Broker";
const argsWith = (change: Partial<JobBrokerArgs> = {}): JobBrokerArgs => ({
  brokerName: "platform-jobs",
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  clientSecurityGroupIds: { nodes: "sg-nodes" },
  passwordSecretArn: `arn:aws:secretsmanager:${EAST}:111122223333:secret:platform/broker-aBcDeF`,
  kmsKeyArn: keyArn(EAST),
  dataProtection: "retain",
  ...change,
});
const planBroker = (mode: PlanMode, change: Partial<JobBrokerArgs> = {}) =>
  planIn(EAST, mode, (opts) => {
    const { brokerName, endpoint, port } = new JobBroker("jobs", argsWith(change), opts);
    return { brokerName, endpoint, port };
  });

for (const mode of MODES) {
  describe(`JobBroker, ${mode}`, () => {
    it("MSG-01: RabbitMQ as a private cluster over the zones, of the pinned version, encrypted and patched", async () => {
      const plan = await planBroker(mode);
      const broker = named(plan, BROKER, "jobs");
      assert.deepEqual(
        pick(
          broker,
          "engineType",
          "engineVersion",
          "deploymentMode",
          "publiclyAccessible",
          "subnetIds",
          "encryptionOptions",
          "autoMinorVersionUpgrade",
          "logs",
          "maintenanceWindowStartTime",
        ),
        {
          engineType: "RabbitMQ",
          engineVersion: "4.2",
          deploymentMode: "CLUSTER_MULTI_AZ",
          publiclyAccessible: false,
          subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
          encryptionOptions: { kmsKeyId: keyArn(EAST), useAwsOwnedKey: false },
          autoMinorVersionUpgrade: true,
          logs: { general: true },
          maintenanceWindowStartTime: { dayOfWeek: "SUNDAY", timeOfDay: "09:00", timeZone: "UTC" },
        },
      );
      assert.equal(broker.region, EAST);
      assert.deepEqual(sources(broker, "securityGroups"), ["jobs-access-mq"]);
      assert.deepEqual(protectionOf(broker), { protect: true, retainOnDelete: true });
    });

    it("SEC-14: the password comes from the secret and is a secret in the state", async () => {
      const broker = named(await planBroker(mode), BROKER, "jobs");
      assert.deepEqual(broker.inputs["users"], [{ password: SECRET, username: "platform" }]);
    });

    it("GAP-08: the smallest size that AWS recommends for production", async () => {
      assert.equal(named(await planBroker(mode), BROKER, "jobs").inputs["hostInstanceType"], "mq.m7g.large");
    });

    it("GAP-06: clients reach port 5671 only, and the broker reaches nobody", async () => {
      const plan = await planBroker(mode);
      const rules = ofType(plan, "vpc/securityGroupIngressRule:SecurityGroupIngressRule");
      assert.deepEqual(
        rules.map((rule) => pick(rule, "fromPort", "toPort", "ipProtocol", "referencedSecurityGroupId")),
        [{ fromPort: 5671, toPort: 5671, ipProtocol: "tcp", referencedSecurityGroupId: "sg-nodes" }],
      );
      assert.deepEqual(ofType(plan, "vpc/securityGroupEgressRule:SecurityGroupEgressRule"), []);
    });

    it("MSG-02: each slot has a broker of its own name; without slots there is one", async () => {
      const plan = await planIn(EAST, mode, (opts) => {
        for (const slot of ["even", "odd"]) new JobBroker(`jobs-${slot}`, argsWith({ slot }), opts);
      });
      assert.deepEqual(
        ofType(plan, BROKER).map(({ inputs }) => inputs["brokerName"]),
        ["platform-jobs-even", "platform-jobs-odd"],
      );
      assert.equal((await planBroker(mode)).outputs["brokerName"], "platform-jobs");
    });

    it("hands a job that no worker acknowledged to another one, and pins the settings of the version", async () => {
      const plan = await planBroker(mode, { consumerTimeoutMinutes: 5 });
      const configuration = named(plan, "mq/configuration:Configuration", "jobs-configuration");
      assert.deepEqual(pick(configuration, "engineType", "engineVersion"), {
        engineType: "RabbitMQ",
        engineVersion: "4.2",
      });
      assert.deepEqual(String(configuration.inputs["data"]).split("\n"), [
        "consumer_timeout = 300000",
        "heartbeat = 60",
        "management.restrictions.operator_policy_changes.disabled = true",
        "quorum_queue.property_equivalence.relaxed_checks_on_redeclaration = true",
        "secure.management.http.headers.enabled = true",
        "",
      ]);
      assert.deepEqual(sources(named(plan, BROKER, "jobs"), "configuration"), ["jobs-configuration"]);
    });

    it("can be one small broker for development, that destroy may delete", async () => {
      const broker = named(
        await planBroker(mode, {
          deployment: "single",
          subnetIds: ["subnet-a"],
          engineVersion: "3.13",
          instanceType: "mq.t3.micro",
          dataProtection: "release",
        }),
        BROKER,
        "jobs",
      );
      assert.deepEqual(pick(broker, "deploymentMode", "hostInstanceType", "engineVersion"), {
        deploymentMode: "SINGLE_INSTANCE",
        hostInstanceType: "mq.t3.micro",
        engineVersion: "3.13",
      });
      assert.deepEqual(protectionOf(broker), {});
    });
  });
}

describe("JobBroker in AWS", () => {
  it("gives clients one TLS endpoint of its region", async () => {
    const { outputs } = await planBroker("update");
    assert.match(String(outputs["endpoint"]), /^amqps:\/\/b-[0-9a-f-]+\.mq\.us-east-1\.amazonaws\.com:5671$/);
    assert.equal(outputs["port"], 5671);
  });
});

describe("JobBroker refuses", () => {
  const cases: readonly (readonly [what: string, change: Partial<JobBrokerArgs>, line: string])[] = [
    [
      "a version that Amazon MQ has not",
      { engineVersion: "4.2.1" },
      'engineVersion: "4.2.1" is no RabbitMQ version of Amazon MQ; use one of 3.13, 4.2, 4.3, without a patch level',
    ],
    [
      "a size that does not run version 4",
      { instanceType: "mq.m5.large" },
      'instanceType: "mq.m5.large" does not run RabbitMQ 4.2; use an mq.m7g type',
    ],
    [
      "a size that RabbitMQ has not",
      { engineVersion: "3.13", instanceType: "mq.m4.large" },
      'instanceType: "mq.m4.large" does not run RabbitMQ 3.13; use an mq.m7g type, an mq.m5 type or mq.t3.micro',
    ],
    [
      "a cluster of nodes that are too small",
      { engineVersion: "3.13", instanceType: "mq.t3.micro" },
      'instanceType: "mq.t3.micro" cannot be a node of a cluster; use mq.m7g.large, or deployment "single"',
    ],
    [
      "a cluster in one subnet",
      { subnetIds: ["subnet-a"] },
      "subnetIds: 1 subnets are given; a cluster needs two or more, each in another zone, to survive the loss of one",
    ],
    [
      "a single broker in three subnets",
      { deployment: "single" },
      "subnetIds: 3 subnets are given; a single broker takes exactly one",
    ],
    [
      "the user that RabbitMQ keeps for itself",
      { username: "guest" },
      'username: "guest" is no user name; use 2 to 100 letters, digits and .~_-, and not "guest"',
    ],
    [
      "a job without end",
      { consumerTimeoutMinutes: 0 },
      "consumerTimeoutMinutes: 0 is not a whole number from 1 to 35791; it is the longest that one job may take",
    ],
    [
      "a name that is too long with its slot",
      { brokerName: "b".repeat(48), slot: "odd" },
      `brokerName: "${"b".repeat(48)}-odd" (with its slot) is no broker name; use up to 50 letters, digits, hyphens and underscores`,
    ],
  ];
  for (const [what, change, line] of cases) {
    it(what, async () => {
      const lines = await refusal((opts) => new JobBroker("jobs", argsWith(change), opts));
      assert.deepEqual(
        lines.map((text) => text.trim()),
        ["JobBroker jobs:", line],
      );
    });
  }
});
