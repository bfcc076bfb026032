import assert from "node:assert/strict";
import fc from "fast-check";
import { catalogue as guardrails } from "../../policy/catalogue.ts";
import type { PlanMode } from "../../tools/plan/index.ts";
import { MODES, sources, waitsFor } from "../../tools/plan/testing.ts";
import { ACCOUNT, EAST, planAcross, refusalOf, TWO, WEST } from "../data/planned-data.ts";
import { named, ofType } from "../edge/planned-edge.ts";
import { REMEDIABLE_RULES, remediationPolicy } from "./config-remediations.ts";
import { CONFIG_RULES, type ConfigRule, type ManagedRule, rulesOf } from "./config-rule-catalogue.ts";
import { ConfigRules, type ConfigRulesArgs } from "./config-rules.ts";
import { ConfigurationRecorder } from "./configuration-recorder.ts";
import { statementOf, statementsOf, unboundedWrites } from "./planned-security.ts";

const ALL = Object.entries(CONFIG_RULES) as [ConfigRule, ManagedRule][];
const planRules = (mode: PlanMode, change: Partial<ConfigRulesArgs> = {}) =>
  planAcross(TWO, mode, ({ providers }) => {
    const recorder = new ConfigurationRecorder("config", {
      regions: TWO,
      providers,
      accountId: ACCOUNT,
      bucketNames: { [EAST]: "platform-config-east", [WEST]: "platform-config-west" },
      dataProtection: "retain",
    });
    const rules = new ConfigRules("rules", {
      regions: TWO,
      providers,
      accountId: ACCOUNT,
      prefix: "platform",
      oldestKubernetesVersion: "1.34",
      recorderReady: recorder.ready,
      ...change,
    });
    return { ruleNames: rules.ruleNames };
  });

for (const mode of MODES) {
  describe(`ConfigRules, ${mode}`, () => {
    it("GOV-05: every region is judged by managed rules once its recorder runs", async () => {
      const plan = await planRules(mode);
      for (const region of TWO) {
        const made = ofType(plan, "cfg/rule:Rule").filter((rule) => rule.region === region);
        const expected = ALL.filter(([, { global }]) => region === EAST || global !== true);
        assert.deepEqual(
          made.map(({ inputs }) => inputs["name"]).sort(),
          expected.map(([key]) => `platform-${key}`).sort(),
        );
        for (const rule of made) assert(waitsFor(rule).includes(`config-status-${region}`), rule.urn);
      }
      assert(ALL.length >= 25);
      assert.deepEqual(named(plan, "cfg/rule:Rule", "rules-eks-version-us-west-2").inputs, {
        name: "platform-eks-version",
        description: "Clusters run a version that is still supported",
        source: { owner: "AWS", sourceIdentifier: "EKS_CLUSTER_SUPPORTED_VERSION" },
        inputParameters: '{"oldestVersionSupported":"1.34"}',
      });
      assert.equal(
        named(plan, "cfg/rule:Rule", "rules-root-mfa-us-east-1").inputs["maximumExecutionFrequency"],
        "TwentyFour_Hours",
      );
    });

    it("GOV-06: what is safe to mend is mended at once by a runbook with a role of its own", async () => {
      const plan = await planRules(mode);
      const remediations = ofType(plan, "cfg/remediationConfiguration:RemediationConfiguration");
      assert.equal(remediations.length, REMEDIABLE_RULES.length * TWO.length);
      for (const remediation of remediations) {
        assert.equal(remediation.inputs["automatic"], true);
        assert.equal(remediation.inputs["targetType"], "SSM_DOCUMENT");
        assert(sources(remediation, "parameters").includes("rules-remediation"));
        assert.deepEqual(sources(remediation, "configRuleName"), [remediation.name]);
      }
      const ssh = named(
        plan,
        "cfg/remediationConfiguration:RemediationConfiguration",
        "rules-no-open-ssh-us-west-2",
      );
      assert.equal(ssh.region, WEST);
      assert.equal(ssh.inputs["targetId"], "AWS-DisableIncomingSSHOnPort22");
      assert.match(
        JSON.stringify(ssh.inputs["parameters"]),
        /"SecurityGroupIds","resourceValue":"RESOURCE_ID"/,
      );
    });
  });
}

describe("ConfigRules", () => {
  it("GOV-06: leaves to people what is not named, and leaves out what is excluded with its rights", async () => {
    const plan = await planRules("update", {
      automaticRemediations: ["no-open-ssh"],
      excludedRules: ["kms-rotation"],
    });
    assert.deepEqual(
      ofType(plan, "cfg/remediationConfiguration:RemediationConfiguration")
        .filter(({ inputs }) => inputs["automatic"] === true)
        .map(({ name }) => name),
      ["rules-no-open-ssh-us-east-1", "rules-no-open-ssh-us-west-2"],
    );
    assert(!plan.resources.some(({ name }) => name.includes("kms-rotation")));
    const policy = String(named(plan, "iam/rolePolicy:RolePolicy", "rules-remediation").inputs["policy"]);
    assert(!policy.includes("kms:"));
    assert.deepEqual(
      statementsOf(named(plan, "iam/role:Role", "rules-remediation").inputs["assumeRolePolicy"])[0]
        ?.Condition,
      {
        StringEquals: { "aws:SourceAccount": ACCOUNT },
        ArnLike: { "aws:SourceArn": `arn:aws:ssm:*:${ACCOUNT}:automation-execution/*` },
      },
    );
  });

  it("refuses bad arguments all at once", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ providers }) =>
          new ConfigRules("rules", {
            regions: [EAST],
            providers,
            accountId: ACCOUNT,
            prefix: "-",
            oldestKubernetesVersion: "1",
            excludedRules: ["no-open-ssh"],
            automaticRemediations: ["no-open-ssh"],
          }),
      ),
      [
        "ConfigRules rules:",
        'prefix: "-" is no prefix of a rule\'s name; use up to 64 letters, digits and hyphens',
        'oldestKubernetesVersion: "1" is no Kubernetes version; write it like 1.34',
        'automaticRemediations: "no-open-ssh" is one of excludedRules; take it out of one of them',
      ],
    );
  });
});

describe("catalogue of Config rules", () => {
  it("GOV-05: names guardrails that exist, so that a control's layers can be read together (C-51)", () => {
    const known = new Set<string>(guardrails.map(({ id }) => id));
    const named = ALL.flatMap(([, { guardrail }]) => (guardrail === undefined ? [] : [guardrail]));
    assert.deepEqual(
      named.filter((id) => !known.has(id)),
      [],
    );
    assert(named.length >= 15);
  });

  it("names every rule of AWS once", () => {
    const identifiers = ALL.map(([, { identifier }]) => identifier);
    assert.equal(new Set(identifiers).size, identifiers.length);
  });

  it("judges what is in no region in the home region only", () => {
    const excluded = fc.uniqueArray(fc.constantFrom(...ALL.map(([key]) => key)));
    fc.assert(
      fc.property(excluded, (left) => {
        const home = rulesOf({ home: true, excluded: left }).map(([key]) => key);
        const other = rulesOf({ home: false, excluded: left }).map(([key]) => key);
        assert.deepEqual(new Set([...home, ...left]), new Set(ALL.map(([key]) => key)));
        assert.deepEqual(
          home.filter((key) => !other.includes(key)),
          ALL.filter(([key, { global }]) => global === true && !left.includes(key)).map(([key]) => key),
        );
      }),
    );
  });
});

describe("rights of the remediation role", () => {
  it("SEC-04: writes only to resources of the own account, and everywhere only the one account setting", () => {
    const policy = remediationPolicy({ partition: "aws", accountId: ACCOUNT, rules: REMEDIABLE_RULES });
    assert.deepEqual(unboundedWrites(policy), ["ec2:EnableEbsEncryptionByDefault"]);
    assert.deepEqual(statementOf(policy, "S3BucketPrivate"), {
      Sid: "S3BucketPrivate",
      Effect: "Allow",
      Action: ["s3:GetBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock"],
      Resource: ["arn:aws:s3:::*"],
      Condition: { StringEquals: { "aws:ResourceAccount": ACCOUNT } },
    });
    assert(!policy.includes("Delete"));
    assert(!policy.includes("Terminate"));
  });

  it("SEC-04: grows only with the rules that need it", () => {
    fc.assert(
      fc.property(fc.subarray([...REMEDIABLE_RULES]), (rules) => {
        const sids = statementsOf(remediationPolicy({ partition: "aws", accountId: ACCOUNT, rules })).map(
          ({ Sid }) => Sid,
        );
        const withoutAccountSetting = rules.filter((rule) => rule !== "ebs-encryption-by-default");
        assert.equal(
          sids.filter((sid) => sid !== "Lookups" && sid !== "Runbooks").length,
          withoutAccountSetting.length,
        );
      }),
    );
  });
});
