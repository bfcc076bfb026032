import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { type Plan, PlanError, type PlannedResource, planProgram, SECRET, UNKNOWN } from "./index.ts";

function provider(): aws.Provider {
  return new aws.Provider("us-east-1", { region: "us-east-1" });
}

describe("planProgram", () => {
  it("plans resources with their region, parent and outputs", async () => {
    const plan = await planProgram(() => {
      const parent = new pulumi.ComponentResource(
        "platform:test:Group",
        "group",
        {},
        { provider: provider() },
      );
      const topic = new aws.sns.Topic("topic", { displayName: "x" }, { parent });
      return { arn: topic.arn };
    });
    const topic = plan.resources.find(({ name }) => name === "topic");
    assert.equal(topic?.region, "us-east-1");
    assert.equal(topic?.urn, "urn:pulumi:stack::project::platform:test:Group$aws:sns/topic:Topic::topic");
    assert.match(String(plan.outputs["arn"]), /^arn:aws:/);
  });
  it("leaves computed outputs unknown in a preview", async () => {
    const plan = await planProgram(
      () => ({ arn: new aws.sns.Topic("topic", {}, { provider: provider() }).arn }),
      { mode: "preview" },
    );
    assert.equal(plan.outputs["arn"], UNKNOWN);
  });
  it("refuses a resource without an explicit provider, and says how to mend it", async () => {
    await rejects(
      () => new aws.sns.Topic("topic"),
      /"topic" \(aws:sns\/topic:Topic\) has no explicit "aws" provider.*opts\.provider[\s\S]*program\.test\.ts:\d+/,
    );
  });

  it("reports an error in an apply", async () => {
    await rejects(() => {
      new aws.sns.Topic("topic", {}, { provider: provider() }).arn.apply(() => {
        throw new Error("boom");
      });
    }, /boom\n\s+at .*program\.test\.ts/);
  });

  it("reports an error of the program, thrown or rejected", async () => {
    await rejects(() => {
      throw new Error("thrown");
    }, /thrown\n\s+at .*program\.test\.ts/);
    await rejects(async () => {
      await null;
      throw new Error("rejected");
    }, /rejected\n\s+at .*program\.test\.ts/);
  });

  it("refuses two resources of one name and shows both places", async () => {
    await rejects(function program() {
      new aws.Provider("same");
      new pulumi.ComponentResource("platform:test:Group", "same");
      new aws.Provider("same");
    }, /two resources are named "same".*the first at .*program\.test\.ts:\d+:\d+, the second at .*program\.test\.ts:\d+/);
  });
});

class Group extends pulumi.ComponentResource {
  readonly topics: aws.sns.Topic[];

  constructor(name: string, topics: readonly string[], opts: pulumi.ComponentResourceOptions) {
    super("platform:test:Group", name, {}, opts);
    this.topics = topics.map((topic) => new aws.sns.Topic(`${name}-${topic}`, {}, { parent: this }));
    this.registerOutputs({ count: this.topics.length });
  }
}

function named(plan: Plan, name: string): PlannedResource {
  const found = plan.resources.find((resource) => resource.name === name);
  assert(found, `${name} is not among ${plan.resources.map((resource) => resource.name).join(", ")}`);
  return found;
}

describe("values in a plan", () => {
  it("never show a secret, wherever it goes", async () => {
    for (const mode of ["preview", "update"] as const) {
      const plan = await planProgram(
        () => {
          const password = pulumi.secret("hunter-two");
          const token = new pulumi.Config("project").requireSecret("token");
          const secret = new aws.secretsmanager.Secret(
            "database",
            { description: token },
            { provider: provider() },
          );
          const version = new aws.secretsmanager.SecretVersion(
            "database",
            { secretId: secret.id, secretString: pulumi.jsonStringify({ password }) },
            { provider: secret.getProvider("aws:x:X") },
          );
          const random = aws.secretsmanager.getRandomPasswordOutput(
            {},
            { provider: secret.getProvider("aws:x:X") },
          );
          return {
            nested: [{ password, fine: 1 }],
            version: version.secretString,
            random: random.randomPassword,
          };
        },
        { mode, config: { "project:token": "swordfish" }, secretKeys: ["project:token"] },
      );
      assert.doesNotMatch(JSON.stringify(plan), /hunter-two|swordfish|offline-[0-9a-f]/);
      assert.deepEqual(plan.outputs["nested"], [{ fine: 1, password: SECRET }]);
      assert.equal(named(plan, "database").inputs["description"], SECRET);
      assert.equal(plan.outputs["random"], SECRET);
    }
  });

  it("are unknown in a preview when they come from a computed output, and their applies do not run", async () => {
    let applied = false;
    const plan = await planProgram(
      () => {
        const queue = new aws.sqs.Queue("jobs", { name: "jobs" }, { provider: provider() });
        queue.arn.apply(() => {
          applied = true;
        });
        const policy = pulumi.jsonStringify({ Resource: queue.arn });
        const topic = new aws.sns.Topic(
          "events",
          { policy, tags: { queue: queue.arn, name: queue.name } },
          { provider: queue.getProvider("aws:x:X") },
        );
        return { policy: topic.policy, name: queue.name };
      },
      { mode: "preview" },
    );
    const topic = named(plan, "events");
    assert.equal(applied, false);
    assert.equal(topic.inputs["policy"], UNKNOWN);
    assert.deepEqual(topic.inputs["tags"], { name: "jobs", queue: UNKNOWN });
    assert.equal(topic.id, undefined);
    assert.deepEqual(plan.outputs, { name: "jobs", policy: UNKNOWN });
  });

  it("are the same in every run", async () => {
    const program = () => {
      const topic = new aws.sns.Topic("events", {}, { provider: provider() });
      return { arn: topic.arn };
    };
    assert.deepEqual(await planProgram(program), await planProgram(program));
  });
});

describe("options in a plan", () => {
  it("expand what depends on a component to its custom children", async () => {
    const plan = await planProgram(() => {
      const group = new Group("group", ["a", "b"], { provider: provider() });
      new aws.sns.Topic(
        "after",
        { displayName: group.topics[0]?.name },
        { provider: group.topics[0]?.getProvider("aws:x:X"), dependsOn: [group] },
      );
    });
    const [a, b] = ["group-a", "group-b"].map((name) => named(plan, name).urn);
    assert.deepEqual(named(plan, "after").dependencies, [a, b]);
    assert.deepEqual(named(plan, "after").propertyDependencies, { displayName: [a] });
  });

  it("inherit provider and protection, and carry aliases through parents", async () => {
    const plan = await planProgram(() => {
      new Group("group", ["a"], { provider: provider(), protect: true, aliases: [{ name: "former" }] });
    });
    const child = named(plan, "group-a");
    assert.equal(child.options.protect, true);
    assert.equal(child.provider, named(plan, "us-east-1").urn);
    assert.deepEqual(child.options.aliases, [
      "urn:pulumi:stack::project::platform:test:Group$aws:sns/topic:Topic::former-a",
    ]);
  });

  it("merge the provider's default tags, the resource's own winning", async () => {
    const plan = await planProgram(() => {
      const tagged = new aws.Provider("tagged", {
        region: "us-west-2",
        defaultTags: { tags: { owner: "platform", a: "0" } },
      });
      new aws.sns.Topic("events", { tags: { a: "1" } }, { provider: tagged });
      new aws.sns.Topic("elsewhere", { region: "eu-west-1" }, { provider: tagged });
    });
    assert.deepEqual(named(plan, "events").inputs["tags"], { a: "1", owner: "platform" });
    assert.equal(named(plan, "events").region, "us-west-2");
    assert.equal(named(plan, "elsewhere").region, "eu-west-1");
  });
});

describe("transforms", () => {
  it("of a resource, its parent and the stack run in this order", async () => {
    const plan = await planProgram(() => {
      const adding =
        (word: string): pulumi.ResourceTransform =>
        ({ type, props, opts }) =>
          type === "aws:sns/topic:Topic"
            ? { props: { ...props, displayName: `${props.displayName ?? ""}${word}` }, opts }
            : undefined;
      pulumi.runtime.registerResourceTransform(adding("-stack"));
      const group = new Group("group", [], { provider: provider(), transforms: [adding("-parent")] });
      new aws.sns.Topic(
        "events",
        { displayName: "own" },
        { parent: group, transforms: [adding("-resource")] },
      );
    });
    assert.equal(named(plan, "events").inputs["displayName"], "own-resource-parent-stack");
  });

  it("change options, and keep secrets and unknowns", async () => {
    const plan = await planProgram(
      () => {
        const aws1 = provider();
        const key = new aws.kms.Key("key", {}, { provider: aws1 });
        new aws.sns.Topic(
          "events",
          { displayName: pulumi.secret("hunter-two"), kmsMasterKeyId: key.arn },
          {
            provider: aws1,
            transforms: [
              ({ props, opts }) => ({ props, opts: { ...opts, protect: true, ignoreChanges: ["tags"] } }),
            ],
          },
        );
      },
      { mode: "preview" },
    );
    const events = named(plan, "events");
    assert.equal(events.inputs["displayName"], SECRET);
    assert.equal(events.inputs["kmsMasterKeyId"], UNKNOWN);
    assert.deepEqual([events.options.protect, events.options.ignoreChanges], [true, ["tags"]]);
    assert.deepEqual(events.dependencies, [named(plan, "key").urn]);
  });

  it("that throw make the plan fail", async () => {
    await rejects(() => {
      const transforms: pulumi.ResourceTransform[] = [
        () => {
          throw new Error("bad transform");
        },
      ];
      new aws.sns.Topic("events", {}, { provider: provider(), transforms });
    }, /bad transform/);
  });
});

describe("what a plan refuses", () => {
  it("a function that no local provider answers, by its token", async () => {
    await rejects(
      async () => aws.ec2.getAmi({ mostRecent: true }, { provider: provider() }),
      /the call aws:ec2\/getAmi:getAmi has no local answer/,
    );
  });

  it("a provider of another package", async () => {
    await rejects(() => {
      const other = new kubernetes.Provider("cluster", { kubeconfig: "{}" });
      new Misplaced(other);
    }, /needs a provider of the package "aws" and was given one of "kubernetes"/);
  });

  it("a property that the type does not have, and a missing one", async () => {
    await rejects(() => {
      new Raw("aws:ec2/subnet:Subnet", { cidr: "10.0.0.0/24" }, provider());
    }, /cidr: the type has no such input; vpcId: is required and missing/);
  });

  it("a reference to a stack that is not there", async () => {
    await rejects(() => {
      new pulumi.StackReference("organization/project/nowhere");
    }, /the stack "organization\/project\/nowhere" is not there/);
  });

  it("a program that never ends, naming what waits", async () => {
    await assert.rejects(
      planProgram(
        () => {
          new aws.sns.Topic(
            "waiting",
            { displayName: new Promise<string>(() => {}) },
            { provider: provider() },
          );
        },
        { idleTimeoutMilliseconds: 100 },
      ),
      /does not come to an end[\s\S]*"waiting" \(aws:sns\/topic:Topic\) waits for its inputs/,
    );
  });

  it("several things at once, each told once", async () => {
    await assert.rejects(
      planProgram(() => {
        const one = new aws.sns.Topic("one");
        new aws.sns.Topic("depends", { displayName: one.arn }, { provider: provider() });
        new aws.sqs.Queue("two");
      }),
      (error) => {
        assert(error instanceof PlanError);
        assert.deepEqual(error.failures.map(({ message }) => /^"(\w+)"/.exec(message)?.[1]).sort(), [
          "one",
          "two",
        ]);
        return true;
      },
    );
  });
});

describe("runs in one process", () => {
  it("do not see each other, whether one after the other or at once", async () => {
    const planned = (index: number) =>
      planProgram(
        () => ({
          stack: pulumi.getStack(),
          arn: new aws.sns.Topic(`topic-${index}`, {}, { provider: provider() }).arn,
        }),
        {
          stack: `stack-${index}`,
          mode: index % 2 === 0 ? "preview" : "update",
        },
      );
    const plans = [];
    for (let index = 0; index < 100; index += 1) {
      plans.push(await planned(index));
    }
    plans.push(...(await Promise.all([100, 101, 102].map(planned))));
    plans.forEach((plan, index) => {
      assert.equal(plan.outputs["stack"], `stack-${index}`);
      assert.deepEqual(plan.resources.map(({ name }) => name).sort(), [
        `project-stack-${index}`,
        `topic-${index}`,
        "us-east-1",
      ]);
    });
  });

  it("leave the process's own handling of rejections as it was", async () => {
    const before = process.listeners("unhandledRejection");
    await assert.rejects(planProgram(() => void new aws.sns.Topic("topic")));
    assert.deepEqual(process.listeners("unhandledRejection"), before);
  });

  it("use a default provider where the program may", async () => {
    const plan = await planProgram(() => void new aws.sns.Topic("topic"), {
      disabledDefaultProviders: [],
      config: { "aws:region": "eu-central-1" },
    });
    assert.equal(named(plan, "topic").region, "eu-central-1");
    assert.match(named(plan, "topic").provider ?? "", /pulumi:providers:aws::default_\d+_\d+_\d+$/);
  });
});

class Raw extends pulumi.CustomResource {
  constructor(type: string, inputs: pulumi.Inputs, provider: pulumi.ProviderResource) {
    super(type, "raw", inputs, { provider });
  }
}

/** The SDK itself drops a provider of another package; a remote component or a transform may still send one. */
class Misplaced extends pulumi.CustomResource {
  constructor(other: pulumi.ProviderResource) {
    super(
      "aws:sns/topic:Topic",
      "misplaced",
      {},
      {
        transforms: [({ props, opts }) => ({ props, opts: { ...opts, provider: other } })],
      },
    );
  }
}

async function rejects(program: () => unknown, message: RegExp): Promise<void> {
  await assert.rejects(
    planProgram(async () => {
      await program();
    }),
    (error) => {
      assert(error instanceof PlanError);
      assert.equal(error.failures.length, 1, error.message);
      assert.match(error.message, message);
      return true;
    },
  );
}
