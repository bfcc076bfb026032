import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { checkPlan } from "../../tools/check/index.ts";
import { type Plan, type PlanMode, planProgram } from "../../tools/plan/index.ts";
import { MODES } from "../../tools/plan/testing.ts";
import { ACCOUNT, EAST, keyArn, keyArns, TWO, WEST } from "../data/planned-data.ts";
import type { DataProtection } from "../data/protection.ts";
import { at, mapRegions } from "../data/regions.ts";
import { AlertTopic } from "../observability/alert-topic.ts";
import { AccountSettings } from "./account-settings.ts";
import { AuditTrail } from "./audit-trail.ts";
import { ConfigRules } from "./config-rules.ts";
import { ConfigurationRecorder } from "./configuration-recorder.ts";
import { DataClassification } from "./data-classification.ts";
import { IdentityCenter } from "./identity-center.ts";
import { InstanceIsolation } from "./instance-isolation.ts";
import { MandatoryMfa } from "./mandatory-mfa.ts";
import { PermissionBoundary } from "./permission-boundary.ts";
import { names, statementOf, statementsOf } from "./planned-security.ts";
import { SecurityAlerts } from "./security-alerts.ts";
import { SecurityHub } from "./security-hub.ts";
import { ThreatDetection } from "./threat-detection.ts";

/** Everything of this folder that guards an account, in one stack. */
function planAccount(mode: PlanMode, dataProtection: DataProtection): Promise<Plan> {
  return planProgram(() => declareAccount(dataProtection), { mode });
}

function declareAccount(dataProtection: DataProtection): void {
  const tags = { environment: "test", service: "document-platform", team: "platform" };
  const providers = mapRegions(TWO, (region) => new aws.Provider(region, { region, defaultTags: { tags } }));
  const home = { provider: providers[EAST] };
  const common = { regions: TWO, providers, accountId: ACCOUNT };
  const boundary = new PermissionBoundary("boundary", { policyName: "boundary", accountId: ACCOUNT }, home);
  const permissionsBoundaryArn = boundary.policyArn;
  new MandatoryMfa("mfa", { groupName: "people", policyName: "only-with-mfa" }, home);
  const people = new IdentityCenter(
    "people",
    { instanceArn: "arn:aws:sso:::instance/ssoins-1", accountId: ACCOUNT, prefix: "platform" },
    home,
  );
  new AccountSettings("account", { ...common, volumeKeyArns: keyArns(TWO) });
  new AuditTrail(
    "audit",
    {
      trailName: "audit",
      region: EAST,
      accountId: ACCOUNT,
      bucketName: "platform-audit",
      kmsKeyArn: keyArn(EAST),
      permissionsBoundaryArn,
      dataProtection,
    },
    home,
  );
  const recorder = new ConfigurationRecorder("config", {
    ...common,
    bucketNames: { [EAST]: "platform-config-east", [WEST]: "platform-config-west" },
    kmsKeyArns: keyArns(TWO),
    dataProtection,
  });
  const rules = new ConfigRules("rules", {
    ...common,
    prefix: "platform",
    oldestKubernetesVersion: "1.34",
    recorderReady: recorder.ready,
    permissionsBoundaryArn,
  });
  new SecurityHub("hub", { regions: TWO, providers, standards: ["fsbp", "cis", "pci"] });
  new ThreatDetection("threats", { ...common, unusedAccessDays: 90 });
  new DataClassification("data", { ...common, bucketNames: { [EAST]: ["documents"], [WEST]: [] } });
  const topics = (severity: "page" | "notice") =>
    mapRegions(
      TWO,
      (region) =>
        new AlertTopic(
          `${severity}-${region}`,
          { severity, region, accountId: ACCOUNT, kmsKeyArn: at(keyArns(TWO), region) },
          { provider: at(providers, region) },
        ).topicArn,
    );
  new SecurityAlerts("alerts", {
    ...common,
    topicArns: { page: topics("page"), notice: topics("notice") },
    configRuleNames: rules.ruleNames[EAST],
    breakGlassRoleArns: [people.breakGlassRoleArn],
  });
  new InstanceIsolation("isolation", {
    ...common,
    documentName: "platform-isolate-instance",
    automatic: true,
    permissionsBoundaryArn,
  });
}

describe("the account's guards together", () => {
  for (const mode of MODES) {
    it(`C-51: pass the guardrails that they themselves enforce after the deployment, ${mode}`, async () => {
      const verdict = await checkPlan(await planAccount(mode, "retain"), {
        policyConfig: { "provider-region": { regions: TWO } },
      });
      assert.deepEqual(verdict.violations, []);
      assert.deepEqual(verdict.failures, []);
      assert.equal(verdict.ok, true);
      if (mode === "update") assert.deepEqual(verdict.undecided, []);
    });

    it(`can be destroyed when the data is released, ${mode}`, async () => {
      const plan = await planAccount(mode, "release");
      assert.deepEqual(
        plan.resources.filter(({ options }) => options.protect === true).map(({ urn }) => urn),
        [],
      );
      assert.deepEqual(
        plan.resources.filter(({ options }) => options.retainOnDelete === true).map(({ name }) => name),
        ["audit-logs-versioning"],
        "S3 refuses to suspend the versions of a locked bucket; they go with it",
      );
      const buckets = plan.resources.filter(({ type }) => type === "aws:s3/bucket:Bucket");
      assert.equal(buckets.length, 3);
      for (const bucket of buckets) assert.equal(bucket.inputs["forceDestroy"], true, bucket.urn);
    });

    it(`SEC-04: bound every role that is made, ${mode}`, async () => {
      const plan = await planAccount(mode, "retain");
      const roles = plan.resources.filter(({ type }) => type === "aws:iam/role:Role");
      assert.deepEqual(roles.map(({ name }) => name).sort(), [
        "audit-role",
        "isolation-runbook",
        "isolation-trigger",
        "rules-remediation",
      ]);
      for (const role of roles) {
        assert.deepEqual(
          (role.propertyDependencies["permissionsBoundary"] ?? []).map((urn) => urn.split("::").at(-1)),
          ["boundary-policy"],
          role.urn,
        );
      }
    });
  }

  it("SEC-04: leave every bounded role what its own policy allows", async () => {
    const plan = await planAccount("update", "retain");
    const boundary = plan.resources.find(({ name }) => name === "boundary-policy")?.inputs["policy"];
    const policies = plan.resources.filter(({ type }) => type === "aws:iam/rolePolicy:RolePolicy");
    assert.equal(policies.length, 4);
    const denied = JSON.stringify({ Statement: [statementOf(boundary, "NoWayRoundTheGuards")] });
    for (const { inputs, name } of policies) {
      for (const action of statementsOf(inputs["policy"]).flatMap(({ Action = [] }) => Action)) {
        assert(names(boundary, "Allow", action) && !names(denied, "Deny", action), `${name} ${action}`);
      }
    }
  });

  it("SEC-08: what is in no region is declared once, with the home region's provider", async () => {
    const plan = await planAccount("preview", "retain");
    for (const { region, type, urn } of plan.resources) {
      if (/^aws:(iam|ssoadmin)\/|^aws:s3\/accountPublic/.test(type)) assert.equal(region, EAST, urn);
    }
  });
});
