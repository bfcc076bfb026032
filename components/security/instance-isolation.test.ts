import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { PlanMode } from "../../tools/plan/index.ts";
import { MODES, sources, waitsFor } from "../../tools/plan/testing.ts";
import { ACCOUNT, EAST, planAcross, refusalOf, TWO } from "../data/planned-data.ts";
import { named, ofType, pick } from "../edge/planned-edge.ts";
import { InstanceIsolation, type InstanceIsolationArgs } from "./instance-isolation.ts";
import { ISOLATED_FINDINGS, isolationPolicy } from "./isolation-runbook.ts";
import { names, statementOf, statementsOf, unboundedWrites } from "./planned-security.ts";

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const planIsolation = (mode: PlanMode, change: Partial<InstanceIsolationArgs> = {}) =>
  planAcross(TWO, mode, ({ providers }) => {
    const isolation = new InstanceIsolation("isolation", {
      regions: TWO,
      providers,
      accountId: ACCOUNT,
      documentName: "platform-isolate-instance",
      ...change,
    });
    return { roleArn: isolation.roleArn, documentArns: isolation.documentArns };
  });

for (const mode of MODES) {
  describe(`InstanceIsolation, ${mode}`, () => {
    it("GOV-10: a person can isolate an instance in every region, and nothing does so unasked", async () => {
      const plan = await planIsolation(mode);
      const documents = ofType(plan, "ssm/document:Document");
      assert.deepEqual(
        documents.map((document) => [
          document.region,
          pick(document, "name", "documentType", "documentFormat"),
        ]),
        TWO.map((region) => [
          region,
          { name: "platform-isolate-instance", documentType: "Automation", documentFormat: "JSON" },
        ]),
      );
      assert.deepEqual(ofType(plan, "cloudwatch/eventRule:EventRule"), []);
      assert.deepEqual(
        ofType(plan, "iam/role:Role").map(({ inputs }) => inputs["name"]),
        ["platform-isolate-instance"],
        "operators hand this role over by name",
      );
    });

    it("GOV-10: when asked to, a high finding about an instance starts the runbook of its region", async () => {
      const plan = await planIsolation(mode, { automatic: true });
      for (const region of TWO) {
        const rule = named(plan, "cloudwatch/eventRule:EventRule", `isolation-finding-${region}`);
        assert.equal(rule.region, region);
        assert.equal(rule.inputs["eventPattern"], ISOLATED_FINDINGS);
        const target = named(plan, "cloudwatch/eventTarget:EventTarget", `isolation-finding-${region}`);
        assert.deepEqual(sources(target, "arn"), [`isolation-runbook-${region}`]);
        assert.deepEqual(sources(target, "roleArn"), ["isolation-trigger"]);
        assert.deepEqual(target.inputs["inputTransformer"], {
          inputPaths: { instance: "$.detail.resource.instanceDetails.instanceId" },
          inputTemplate: '{"InstanceId":[<instance>]}',
        });
        assert(waitsFor(target).includes("isolation-trigger"));
      }
    });
  });
}

describe("InstanceIsolation", () => {
  it("SEC-04: the trigger starts one runbook and hands over one role, for this account's rules only", async () => {
    const plan = await planIsolation("update", { automatic: true });
    const { policy } = named(plan, "iam/rolePolicy:RolePolicy", "isolation-trigger").inputs;
    assert.deepEqual(statementOf(policy, "StartRunbook").Resource, [
      `arn:aws:ssm:*:${ACCOUNT}:automation-definition/platform-isolate-instance:*`,
    ]);
    assert.deepEqual(statementOf(policy, "HandOverRole").Resource, [plan.outputs["roleArn"]]);
    assert.deepEqual(statementOf(policy, "HandOverRole").Condition, {
      StringEquals: { "iam:PassedToService": "ssm.amazonaws.com" },
    });
    const trust = named(plan, "iam/role:Role", "isolation-trigger").inputs["assumeRolePolicy"];
    assert.deepEqual(statementsOf(trust)[0]?.Condition, {
      StringEquals: { "aws:SourceAccount": ACCOUNT },
      ArnLike: { "aws:SourceArn": `arn:aws:events:*:${ACCOUNT}:rule/*` },
    });
  });

  it("the runbook takes an instance id and nothing else, and runs with its own role", async () => {
    const plan = await planIsolation("update");
    const [document] = ofType(plan, "ssm/document:Document");
    const runbook = JSON.parse(String(document?.inputs["content"]));
    assert.equal(runbook.schemaVersion, "0.3");
    assert.equal(runbook.assumeRole, plan.outputs["roleArn"]);
    assert.deepEqual(Object.keys(runbook.parameters), ["InstanceId"]);
    const accepts = new RegExp(runbook.parameters.InstanceId.allowedPattern);
    assert(accepts.test("i-0123456789abcdef0"));
    assert(!accepts.test("i-0123456789abcdef0; drop"));
    const [step] = runbook.mainSteps;
    assert.equal(step.action, "aws:executeScript");
    assert.equal(step.inputs.Script, readFileSync(fileOf("isolate-instance.py"), "utf8"));
    assert.deepEqual(step.inputs.InputPayload, {
      InstanceId: "{{ InstanceId }}",
      GroupName: "platform-isolate-instance-quarantine",
    });
    // A runbook is refused when its script names `{{ }}`, which would be a parameter.
    assert.doesNotMatch(step.inputs.Script, /\{\{/);
  });

  it("SEC-04: its role cuts off and keeps evidence, and opens, stops or deletes nothing", () => {
    const policy = isolationPolicy({ partition: "aws", accountId: ACCOUNT });
    assert.deepEqual(unboundedWrites(policy), []);
    for (const action of [
      "ec2:AuthorizeSecurityGroupIngress",
      "ec2:DeleteSnapshot",
      "ec2:ModifySnapshotAttribute",
      "ec2:RunInstances",
      "ec2:TerminateInstances",
      "iam:PassRole",
    ]) {
      assert(!names(policy, "Allow", action), action);
    }
    assert.deepEqual(statementOf(policy, "EmptyGroup").Condition, {
      StringEquals: { "aws:ResourceTag/quarantine": "group" },
    });
  });

  it("refuses a name that AWS keeps for itself", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ providers }) =>
          new InstanceIsolation("isolation", {
            regions: [EAST],
            providers,
            accountId: ACCOUNT,
            documentName: "AWS-Isolate",
          }),
      ),
      [
        "InstanceIsolation isolation:",
        'documentName: "AWS-Isolate" is no runbook\'s name; use 3 to 64 letters, digits, dots, _ and -, not beginning with aws, amazon or amzn',
      ],
    );
  });
});

describe("isolate-instance.py", () => {
  for (const race of ["alone", "race"]) {
    it(`GOV-10: moves every interface to an empty group once, and remembers what was there, ${race}`, function () {
      const run = spawnSync(
        "python3",
        [fileOf("testing/run-isolation.py"), fileOf("isolate-instance.py"), race],
        {
          encoding: "utf8",
        },
      );
      // Systems Manager runs the script in AWS; a machine without Python can do everything else here.
      if (run.error && "code" in run.error && run.error.code === "ENOENT") this.skip();
      assert.equal(run.status, 0, run.stderr);
      const done = JSON.parse(run.stdout);
      assert.deepEqual(done.interfaces, { "eni-1": ["sg-q"], "eni-2": ["sg-q"] });
      assert.deepEqual(done.egress, []);
      assert.deepEqual(done.tags, {
        quarantine: "isolated",
        "quarantine:eni-1": "sg-a sg-b",
        "quarantine:eni-2": "sg-a",
      });
      assert.deepEqual(done.results, [
        { GroupId: "sg-q", Snapshots: ["snap-1"] },
        { GroupId: "sg-q", Snapshots: [] },
      ]);
      assert.deepEqual(done.calls, [
        "create_security_group",
        "modify eni-1",
        "modify eni-2",
        "create_snapshots",
      ]);
    });
  }
});
