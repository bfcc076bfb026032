import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { PlanError, type PlanProgress, planStack, planStacks, SECRET } from "./index.ts";
import { readStackConfig } from "./project.ts";

const root = fileURLToPath(new URL("fixture", import.meta.url));

describe("the configuration of a stack", () => {
  it("is the project's, replaced by the stack's, replaced by the caller's", () => {
    const { config, secretKeys, project } = readStackConfig(root, "global", {
      "fixture:typed": 8,
      bare: [1, { b: 2, a: null }],
    });
    assert.equal(project, "fixture");
    assert.deepEqual(config, {
      "pulumi:disable-default-providers": '["*"]',
      "fixture:replaced": "from the stack",
      "fixture:typed": "8",
      "fixture:nested": '{"apple":[true,"two",3.5],"zebra":1}',
      "fixture:scenario": "global",
      "fixture:token": SECRET,
      "fixture:bare": '[1,{"a":null,"b":2}]',
    });
    assert.deepEqual(secretKeys, ["fixture:token"]);
  });

  it("names the stacks that there are when one is not", () => {
    assert.throws(
      () => readStackConfig(root, "nowhere"),
      /no stack "nowhere".*There are broken, crash, global, loop, region/,
    );
  });
});

describe("planStack", () => {
  it("reads the outputs of a stack that it refers to, planning that stack", async () => {
    const plan = await planStack("region", { root, mode: "preview" });
    const topic = plan.resources.find(({ name }) => name === "events");
    assert.match(String(topic?.inputs["kmsMasterKeyId"]), /^arn:aws:kms:us-east-1:\d{12}:key\//);
  });

  it("takes overrides, and loads the program afresh each time", async () => {
    const plans = [];
    for (const replaced of ["one", "two"]) {
      plans.push(await planStack("global", { root, config: { "fixture:replaced": replaced } }));
    }
    assert.deepEqual(
      plans.map(({ outputs }) => outputs["replaced"]),
      ["one", "two"],
    );
    assert.equal(plans[0]?.outputs["token"], SECRET);
  });

  it("refuses stacks that refer to each other", async () => {
    await assert.rejects(planStack("loop", { root }), /stacks refer to each other: loop -> loop/);
  });
});

describe("planStacks", () => {
  it("plans side by side, a stack after those that it refers to, and reports progress", async () => {
    const progress: PlanProgress[] = [];
    const plans = await planStacks(["region", "global"], { root, onProgress: (step) => progress.push(step) });
    assert.deepEqual([...plans.keys()], ["region", "global"]);
    const keyArn = plans.get("global")?.outputs["keyArn"];
    assert.equal(plans.get("region")?.outputs["keyArn"], keyArn);
    const done = progress.filter(({ state }) => state === "done").map(({ stack }) => stack);
    assert.deepEqual(done, ["global", "region"]);
    assert.equal(
      progress.filter(({ stack, state }) => stack === "global" && state === "running").length >= 1,
      true,
    );
  });

  it("plans a stack that is referred to though nobody asked for it", async () => {
    const plans = await planStacks(["region"], { root, mode: "preview" });
    assert.deepEqual([...plans.keys()], ["region"]);
    assert.match(String(plans.get("region")?.outputs["keyArn"]), /^arn:/);
  });

  it("reports the failures of all stacks with the program's frames, and a crash of one harms no other", async () => {
    await assert.rejects(planStacks(["broken", "crash", "global", "loop"], { root }), (error) => {
      assert(error instanceof PlanError);
      assert.match(error.message, /broken: the fixture is broken\n\s+at .*fixture\/index\.ts:\d+/);
      assert.match(error.message, /crash: the process that planned the stack "crash" ended \(exit code 3\)/);
      assert.match(error.message, /loop: .*stacks refer to each other: loop -> loop/);
      assert.equal(error.failures.length, 3);
      return true;
    });
  });

  it("names a missing stack at once", async () => {
    await assert.rejects(planStacks(["global", "nowhere"], { root }), /no stack "nowhere"/);
  });
});
