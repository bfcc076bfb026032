import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import { catalogue } from "../../policy/catalogue.ts";
import { type Plan, SECRET, UNKNOWN } from "../plan/plan.ts";
import { Analyzer } from "./analyzer.ts";
import { checkPlan, checkPlans, checkWith, type Verdict } from "./check.ts";
import type { PolicyConfig } from "./policy-config.ts";
import { analyzeRequest } from "./requests.ts";
import { sampleConfig, samplePlan, sampleResource, sampleUrn } from "./sample-plan.ts";

const key = sampleResource(
  "aws:kms/key:Key",
  "data",
  { enableKeyRotation: true },
  { options: { protect: true } },
);
const bucket = sampleResource("aws:s3/bucket:Bucket", "raw", {}, { options: { protect: true } });
const part = (type: string, name: string, inputs: object) =>
  sampleResource(
    type,
    name,
    { bucket: UNKNOWN, ...inputs },
    { dependencies: [bucket.urn], propertyDependencies: { bucket: [bucket.urn] } },
  );
const switches = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
const parts = [
  part("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "raw-block", switches),
  part("aws:s3/bucketVersioning:BucketVersioning", "raw-versioning", {
    versioningConfiguration: { status: "Enabled" },
  }),
  part(
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "raw-encryption",
    { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: UNKNOWN } }] },
  ),
];
const tlsPolicy = part("aws:s3/bucketPolicy:BucketPolicy", "raw-policy", { policy: UNKNOWN });
const found = ({ violations }: Verdict) =>
  violations.map(({ rule, level, urn, message }) => [rule, level, urn, message]);

describe("checkPlan", () => {
  let running: Analyzer;
  before(async () => {
    running = await Analyzer.start();
  });
  after(() => running[Symbol.asyncDispose]());
  const check = (plan: Plan, policyConfig: PolicyConfig) => checkWith(running, plan, policyConfig);

  it("GOV-11: runs the pack on a compliant plan and says what it could not decide", async () => {
    const verdict = await checkPlan(samplePlan(key, bucket, ...parts, tlsPolicy), {
      policyConfig: sampleConfig,
    });
    deepEqual(found(verdict), []);
    deepEqual(verdict.failures, []);
    deepEqual(verdict.undecided, [
      { rule: "s3-tls-only", reason: "raw.policy is not known before the update" },
    ]);
    ok(verdict.ok);
    equal(verdict.resources, 7);
    equal(verdict.rules.total, catalogue.length);
    // kms-rotation, data-protected, required-tags, provider-region and the four rules on buckets.
    equal(verdict.rules.applied, 8);
    ok(verdict.milliseconds.start > 0);
  });

  it("GOV-11: reports resource and stack violations with rule, level, resource and remedy", async () => {
    const plan = samplePlan({ ...key, inputs: {}, options: {} }, bucket, ...parts.slice(1), tlsPolicy);
    const verdict = await check(plan, { ...sampleConfig, "data-protected": "advisory" });
    deepEqual(found(verdict), [
      [
        "s3-public-access-blocked",
        "mandatory",
        bucket.urn,
        "no aws.s3.BucketPublicAccessBlock names this bucket; it must have one. Add it with all four switches true.",
      ],
      [
        "data-protected",
        "advisory",
        key.urn,
        "the resource option protect is false; it must be true. Set protect: true; to delete the resource on purpose, turn it off in an update of its own.",
      ],
      [
        "kms-rotation",
        "mandatory",
        key.urn,
        'enableKeyRotation is ["SYMMETRIC_DEFAULT",null]; it must be true for a symmetric key. Set enableKeyRotation: true; replicas of a multi-region key follow their primary.',
      ],
    ]);
    equal(verdict.ok, false);
    const [first] = verdict.violations;
    equal(first?.severity, "critical");
    match(first?.remediation ?? "", /BucketPublicAccessBlock/);
  });

  it("passes with advisories alone, and leaves out what the settings turn off", async () => {
    const plan = samplePlan({ ...key, inputs: {}, options: {} });
    const policyConfig = { ...sampleConfig, "data-protected": "advisory", "kms-rotation": "disabled" };
    const verdict = await check(plan, policyConfig);
    deepEqual(
      verdict.violations.map(({ rule }) => rule),
      ["data-protected"],
    );
    deepEqual(verdict.rules.disabled, ["kms-rotation"]);
    ok(verdict.ok);
  });

  it("honours a waiver for one resource and lists it", async () => {
    const waiver = {
      urn: key.urn,
      who: "team-platform",
      why: "key of a partner, rotated there",
      until: "2999-12-31",
    };
    const other = { ...key, urn: sampleUrn(key.type, "other"), name: "other", inputs: {} };
    const verdict = await check(samplePlan({ ...key, inputs: {} }, other), {
      ...sampleConfig,
      "kms-rotation": { waivers: [waiver] },
    });
    deepEqual(
      verdict.violations.map(({ urn }) => urn),
      [other.urn],
    );
    deepEqual(verdict.waivers, [{ rule: "kms-rotation", ...waiver }]);
  });

  it("takes a waiver that ended for a violation, even of a resource that was mended", async () => {
    const waiver = {
      urn: key.urn,
      who: "team-platform",
      why: "key of a partner, rotated there",
      until: "2020-01-31",
    };
    const verdict = await check(samplePlan(key), { ...sampleConfig, "kms-rotation": { waivers: [waiver] } });
    deepEqual(found(verdict), [
      [
        "kms-rotation",
        "mandatory",
        key.urn,
        "the waiver of team-platform ended on 2020-01-31 (key of a partner, rotated there). Mend the resource and remove the waiver, or agree on a new date.",
      ],
    ]);
    deepEqual(verdict.waivers, []);
  });

  it("finds secrets set but does not see into them", async () => {
    const configMap = sampleResource("kubernetes:core/v1:ConfigMap", "settings", {
      data: { url: SECRET, LEVEL: "info" },
    });
    const database = sampleResource(
      "aws:rds/cluster:Cluster",
      "records",
      {
        storageEncrypted: true,
        kmsKeyId: SECRET,
        backupRetentionPeriod: SECRET,
        deletionProtection: true,
        finalSnapshotIdentifier: "last",
      },
      { options: { protect: true } },
    );
    const verdict = await check(samplePlan(configMap, database), sampleConfig);
    deepEqual(found(verdict), []);
    deepEqual(verdict.undecided, [
      {
        rule: "rds-backup-retention",
        urn: database.urn,
        reason: "backupRetentionPeriod is secret, and a plan holds no secret",
      },
    ]);
  });

  it("refuses settings that are wrong, all at once", async () => {
    const waiver = { urn: "urn:pulumi:*", who: "x", why: "short", until: "soon" };
    const policyConfig = {
      ...sampleConfig,
      "s3-versionned": {},
      "kms-rotation": { waivers: [waiver] },
      "eks-version": { flor: "1.34" },
      "no-open-ingress": "relaxed",
    };
    await rejects(check(samplePlan(), policyConfig), (error: Error) => {
      equal(error.name, "Mistake");
      for (const part of [
        "s3-versionned: no such rule",
        "kms-rotation.waivers.0.urn: a full URN, without a wildcard",
        "kms-rotation.waivers.0.until: Invalid ISO date",
        'eks-version: Unrecognized key: "flor"',
        'no-open-ingress: "relaxed" is no level; use advisory, mandatory, disabled',
      ])
        ok(error.message.includes(part), `${part}\nis not in\n${error.message}`);
      return true;
    });
  });

  it("refuses a waiver for a resource that is not there", async () => {
    const waiver = {
      urn: sampleUrn("aws:kms/key:Key", "gone"),
      who: "team",
      why: "was needed once",
      until: "2999-12-31",
    };
    await rejects(check(samplePlan(key), { ...sampleConfig, "kms-rotation": { waivers: [waiver] } }), {
      name: "Mistake",
      message: `waivers name resources that the stack does not have; remove them\n  kms-rotation: ${waiver.urn} (team)`,
    });
  });

  it("names a stack without settings", async () => {
    await rejects(checkPlans([samplePlan(key)]), { name: "Mistake", message: /sample\.json cannot be read/ });
  });

  it("takes a rule that crashes for a failure that names rule and resource", async () => {
    const broken = sampleResource("kubernetes:core/v1:ConfigMap", "broken", {
      data: { key: ["not", "text"] },
    });
    const crash = sampleResource("aws:ec2/launchTemplate:LaunchTemplate", "crash", {
      blockDeviceMappings: "text",
    });
    const verdict = await check(samplePlan(broken, crash), sampleConfig);
    equal(verdict.ok, false);
    deepEqual(
      verdict.failures.map(({ urn }) => urn),
      [crash.urn],
    );
    match(
      verdict.failures[0]?.message ?? "",
      /rule ebs-gp3-encrypted failed on urn:.*::crash: mappings\.forEach is not a function/,
    );
  });
});

describe("analyzer", () => {
  it("GOV-11: starts as the Pulumi CLI starts it and describes every rule", async () => {
    const starter = join(import.meta.dirname, "../../node_modules/@pulumi/pulumi/cmd/run-policy-pack");
    const folder = join(import.meta.dirname, "../../policy");
    await using analyzer = await Analyzer.start({ command: [starter, "127.0.0.1:1", folder] });
    const info = await analyzer.info();
    equal(info.getName(), "document-platform");
    match(info.getVersion(), /^\d+\.\d+\.\d+$/);
    deepEqual(
      info
        .getPoliciesList()
        .map((policy) => [
          policy.getName(),
          policy.getEnforcementlevel(),
          policy.getPolicyType(),
          Object.keys(policy.getConfigschema()?.getProperties()?.toJavaScript() ?? {}).sort(),
          policy.getUrl(),
        ]),
      catalogue.map((rule) => [
        rule.id,
        rule.level === "mandatory" ? proto.EnforcementLevel.MANDATORY : proto.EnforcementLevel.ADVISORY,
        rule.scope === "stack" ? proto.PolicyType.POLICY_TYPE_STACK : proto.PolicyType.POLICY_TYPE_RESOURCE,
        Object.keys(rule.configSchema.shape).sort(),
        rule.url,
      ]),
    );
  });

  it("skips a rule of one type before it unpacks another type's properties", async () => {
    await using analyzer = await Analyzer.start();
    const plan = samplePlan(key);
    const answer = await analyzer.analyze(analyzeRequest(plan.resources[0] ?? key, plan));
    const reasons = new Map(
      answer.getNotApplicableList().map((entry) => [entry.getPolicyName(), entry.getReason()]),
    );
    equal(reasons.get("kms-rotation"), "Policy only applies to resources of type 'aws:kms/key:Key'");
  });

  it("ends its process", async () => {
    const started: { kill?: number } = {};
    {
      await using analyzer = await Analyzer.start();
      started.kill = analyzer.processId;
    }
    await rejects(async () => process.kill(started.kill ?? 0, 0), { code: "ESRCH" });
  });

  const packFolder = mkdtempSync(join(tmpdir(), "pack-"));
  after(() => rmSync(packFolder, { recursive: true }));
  const withEntry = (source: string) => {
    writeFileSync(join(packFolder, "index.js"), source);
    return rejects(Analyzer.start({ packFolder, startTimeoutMilliseconds: 2_000 }), (error: Error) => {
      equal(error.name, "AnalyzerError");
      started = error.message;
      return true;
    });
  };
  let started = "";
  it("says in its own words why a pack does not start", async () => {
    await withEntry('console.error("no such module"); process.exit(3);');
    equal(started, `the policy pack in ${packFolder} did not start: it ended with code 3:\nno such module`);
    await withEntry('console.log("hello"); setInterval(() => {}, 1000);');
    equal(started, `the policy pack in ${packFolder} did not start: it printed "hello" instead of a port`);
    await withEntry("setInterval(() => {}, 1000);");
    equal(started, `the policy pack in ${packFolder} did not start: it printed no port within 2 s`);
  });
});
