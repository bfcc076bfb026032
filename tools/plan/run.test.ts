import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { PlanError, planProgram, UNKNOWN } from "./index.ts";

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
      /"topic" \(aws:sns\/topic:Topic\) has no explicit "aws" provider.*opts\.provider[\s\S]*run\.test\.ts:\d+/,
    );
  });

  it("reports an error in an apply", async () => {
    await rejects(() => {
      new aws.sns.Topic("topic", {}, { provider: provider() }).arn.apply(() => {
        throw new Error("boom");
      });
    }, /boom\n\s+at .*run\.test\.ts/);
  });

  it("reports an error of the program, thrown or rejected", async () => {
    await rejects(() => {
      throw new Error("thrown");
    }, /thrown\n\s+at .*run\.test\.ts/);
    await rejects(async () => {
      await null;
      throw new Error("rejected");
    }, /rejected\n\s+at .*run\.test\.ts/);
  });

  it("refuses two resources of one name and shows both places", async () => {
    await rejects(function program() {
      new aws.Provider("same");
      new pulumi.ComponentResource("platform:test:Group", "same");
      new aws.Provider("same");
    }, /two resources are named "same".*the first at .*run\.test\.ts:\d+:\d+, the second at .*run\.test\.ts:\d+/);
  });
});

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
