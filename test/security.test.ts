import assert from "node:assert/strict";
import type { Plan } from "../tools/plan/index.ts";
import { at, documentsOf, listAt, named, ofType, planOf } from "./plans.ts";

const REGIONS = ["us-east-1", "us-west-2"];

/** Regions of all resources of a type, sorted; one for each resource. */
function regionsOf(plan: Plan, type: string): (string | undefined)[] {
  return ofType(plan, type)
    .map(({ region }) => region)
    .sort();
}

describe("security of the account", () => {
  let plan: Plan;
  before(async () => {
    plan = await planOf("global");
  });

  it("SEC-01: an attacker meets a layer at every step, in both regions", async () => {
    const layers = {
      global: ["aws:wafv2/webAcl:WebAcl", "aws:kms/key:Key", "Detector", "Trail"],
      region: [
        "aws:wafv2/webAcl:WebAcl",
        "WebAclAssociation",
        "NetworkAcl",
        "SecurityGroupIngressRule",
        "ResourceQuota",
        "PodIdentityAssociation",
      ],
    };
    for (const [stack, types] of [
      ["global", layers.global],
      ["prod", layers.region],
      ["dr", layers.region],
    ] as const) {
      const of = await planOf(stack);
      for (const type of types) {
        assert.ok(ofType(of, type).length > 0, `${stack} ${type}`);
      }
    }
  });

  it("SEC-03: without MFA the people of the account may do nothing but set it up", () => {
    const policy = named(plan, "aws:iam/policy:Policy", "mandatory-mfa-policy");
    const [statement, ...others] = listAt(documentsOf(policy)[0]?.document, "Statement");
    assert.deepEqual(others, []);
    assert.equal(at(statement, "Effect"), "Deny");
    assert.equal(at(statement, "Resource"), "*");
    assert.equal(at(statement, "Condition", "BoolIfExists", "aws:MultiFactorAuthPresent"), "false");
    const free = listAt(statement, "NotAction").map(String);
    assert.ok(free.includes("iam:EnableMFADevice"));
    assert.deepEqual(
      free.filter((action) => !/^(iam:.*(MFA|Password|User).*|sts:GetSessionToken)$/.test(action)),
      [],
    );
    const attachment = named(plan, "GroupPolicyAttachment", "mandatory-mfa-attachment");
    assert.equal(attachment.inputs["policyArn"], policy.outputs["arn"]);
  });

  it("SEC-04: a boundary is the most that a role of the platform can be granted", () => {
    const boundary = named(plan, "aws:iam/policy:Policy", "role-boundary-policy");
    assert.equal(boundary.inputs["name"], "platform-boundary");
    const allowed = listAt(documentsOf(boundary)[0]?.document, "Statement")
      .filter((statement) => at(statement, "Effect") === "Allow")
      .flatMap((statement) => [at(statement, "Action")].flat());
    for (const forbidden of ["*", "iam:*", "organizations:*", "account:*"]) {
      assert.ok(!allowed.includes(forbidden), forbidden);
    }
  });

  it("SEC-08: roles and policies are the account's: made once, in no region's name twice", async () => {
    const names = new Map<unknown, string>();
    for (const stack of ["global", "prod", "dr"]) {
      for (const { inputs, urn } of ofType(await planOf(stack), "aws:iam/role:Role")) {
        assert.equal(names.get(inputs["name"]), undefined, urn);
        names.set(inputs["name"], urn);
      }
    }
    assert.ok(names.size > 20);
  });

  it("SEC-16: Inspector watches images and machines of both regions for new vulnerabilities", () => {
    assert.deepEqual(regionsOf(plan, "aws:inspector2/enabler:Enabler"), REGIONS);
    for (const { inputs } of ofType(plan, "aws:inspector2/enabler:Enabler")) {
      assert.deepEqual(inputs["accountIds"], ["111122223333"]);
      assert.ok(listAt(inputs, "resourceTypes").includes("ECR"));
      assert.ok(listAt(inputs, "resourceTypes").includes("EC2"));
    }
    assert.deepEqual(regionsOf(plan, "RegistryScanningConfiguration"), REGIONS);
    for (const { inputs } of ofType(plan, "RegistryScanningConfiguration")) {
      assert.equal(inputs["scanType"], "ENHANCED");
      assert.equal(at(inputs, "rules", 0, "scanFrequency"), "CONTINUOUS_SCAN");
    }
  });

  it("SEC-18: GuardDuty watches both regions, Kubernetes audit logs, running pods and S3 among them", () => {
    assert.deepEqual(regionsOf(plan, "aws:guardduty/detector:Detector"), REGIONS);
    for (const region of REGIONS) {
      const detector = named(plan, "Detector", `threat-detection-detector-${region}`);
      assert.equal(detector.inputs["enable"], true);
      const features = ofType(plan, "DetectorFeature").filter(
        ({ inputs }) => inputs["detectorId"] === detector.id,
      );
      const enabled = features
        .filter(({ inputs }) => inputs["status"] === "ENABLED")
        .map(({ inputs }) => inputs["name"]);
      for (const name of ["EKS_AUDIT_LOGS", "RUNTIME_MONITORING", "S3_DATA_EVENTS", "RDS_LOGIN_EVENTS"]) {
        assert.ok(enabled.includes(name), `${region} ${name}`);
      }
    }
  });

  it("SEC-19: Security Hub checks both regions and gathers their findings in the home region", () => {
    assert.deepEqual(regionsOf(plan, "aws:securityhub/account:Account"), REGIONS);
    const [gathered, ...others] = ofType(plan, "FindingAggregator");
    assert.deepEqual(others, []);
    assert.equal(gathered?.region, "us-east-1");
    assert.deepEqual(gathered?.inputs["specifiedRegions"], ["us-west-2"]);
    assert.deepEqual(regionsOf(plan, "StandardsSubscription"), [
      "us-east-1",
      "us-east-1",
      "us-west-2",
      "us-west-2",
    ]);
  });

  it("SEC-20: one trail records every region, provably unchanged, in a bucket that is locked for a year", () => {
    const [trail, ...others] = ofType(plan, "aws:cloudtrail/trail:Trail");
    assert.deepEqual(others, []);
    assert.equal(trail?.inputs["isMultiRegionTrail"], true);
    assert.equal(trail?.inputs["includeGlobalServiceEvents"], true);
    assert.equal(trail?.inputs["enableLogFileValidation"], true);
    assert.match(String(trail?.inputs["kmsKeyId"]), /^arn:aws:kms:us-east-1:/);
    const bucket = named(plan, "aws:s3/bucket:Bucket", "audit-trail-logs-bucket");
    assert.equal(trail?.inputs["s3BucketName"], bucket.inputs["bucket"]);
    assert.equal(bucket.inputs["objectLockEnabled"], true);
    const lock = named(plan, "BucketObjectLockConfiguration", "audit-trail-logs-lock");
    assert.equal(at(lock.inputs, "rule", "defaultRetention", "days"), 365);
  });

  it("SEC-22: Macie searches the documents of both regions for personal data every week", () => {
    assert.deepEqual(regionsOf(plan, "aws:macie2/account:Account"), REGIONS);
    const searched = ofType(plan, "ClassificationJob").map(({ region, inputs }) => [
      region,
      inputs["jobType"],
      at(inputs, "s3JobDefinition", "bucketDefinitions", 0, "buckets"),
    ]);
    assert.deepEqual(
      searched,
      REGIONS.map((region) => [region, "SCHEDULED", [`platform-documents-111122223333-${region}`]]),
    );
  });

  it("SEC-23: grave findings page somebody, in each region by itself; a broken-in machine can be isolated there", () => {
    for (const region of REGIONS) {
      const page = named(plan, "aws:sns/topic:Topic", `alerts-page-${region}-topic`).outputs["arn"];
      for (const event of ["guardduty-high", "securityhub-critical", "root-used", "guard-disabled"]) {
        const rule = named(plan, "EventRule", `security-alerts-${event}-${region}`);
        const target = named(plan, "EventTarget", `security-alerts-${event}-${region}`);
        assert.equal(target.inputs["rule"], rule.inputs["name"], event);
        assert.equal(target.inputs["arn"], page, event);
      }
      const runbook = named(plan, "aws:ssm/document:Document", `instance-isolation-runbook-${region}`);
      assert.equal(runbook.region, region);
    }
  });

  it("GOV-05: Config records both regions and judges them by the same rules", () => {
    assert.deepEqual(regionsOf(plan, "aws:cfg/recorder:Recorder"), REGIONS);
    assert.deepEqual(
      ofType(plan, "RecorderStatus").map(({ inputs }) => inputs["isEnabled"]),
      [true, true],
    );
    const rules = (region: string) =>
      ofType(plan, "aws:cfg/rule:Rule")
        .filter((rule) => rule.region === region)
        .map(({ inputs }) => String(inputs["name"]));
    const [home = [], peer = []] = REGIONS.map(rules);
    assert.ok(peer.length >= 20, `${peer.length}`);
    // The account as a whole (its root, its users, its trail) is judged once.
    assert.deepEqual(
      peer.filter((name) => !home.includes(name)),
      [],
    );
    for (const name of [
      "s3-encrypted",
      "rds-encrypted",
      "eks-secrets-encrypted",
      "no-open-ssh",
      "vpc-flow-logs",
    ]) {
      assert.ok(peer.includes(`platform-${name}`), name);
    }
  });

  it("GOV-06: violations that a document of AWS can mend are mended without anybody's doing, as a role of their own", () => {
    const rules = ofType(plan, "aws:cfg/rule:Rule").map(
      ({ region, inputs }) => `${region} ${inputs["name"]}`,
    );
    const remedies = ofType(plan, "RemediationConfiguration");
    assert.ok(remedies.length >= 10, `${remedies.length}`);
    for (const { name, region, inputs } of remedies) {
      assert.equal(inputs["automatic"], true, name);
      assert.equal(inputs["targetType"], "SSM_DOCUMENT", name);
      assert.ok(rules.includes(`${region} ${inputs["configRuleName"]}`), name);
      const role = listAt(inputs, "parameters").find(
        (parameter) => at(parameter, "name") === "AutomationAssumeRole",
      );
      assert.match(
        String(at(role, "staticValue")),
        /^arn:aws:iam::111122223333:role\/account-rules-remediation-/,
      );
    }
  });
});
