import assert from "node:assert/strict";
import fc from "fast-check";
import { MODES } from "../../tools/plan/testing.ts";
import { ACCOUNT, EAST, planAcross, refusalOf, TWO } from "../data/planned-data.ts";
import { named } from "../edge/planned-edge.ts";
import {
  BOUNDARY_SERVICES,
  type BoundaryInput,
  boundaryPolicy,
  boundaryProblems,
  POLICY_CHARACTERS,
} from "./boundary-policy.ts";
import { PermissionBoundary } from "./permission-boundary.ts";
import { names, statementOf, statementsOf } from "./planned-security.ts";

const INPUT: BoundaryInput = {
  partition: "aws",
  accountId: ACCOUNT,
  policyName: "platform-boundary",
  regions: TWO,
  furtherServices: [],
};

for (const mode of MODES) {
  it(`SEC-08: the boundary is one policy with the name that regions know, ${mode}`, async () => {
    const plan = await planAcross([EAST], mode, ({ opts }) => {
      const { policyArn } = new PermissionBoundary(
        "boundary",
        { policyName: "platform-boundary", accountId: ACCOUNT, regions: TWO },
        opts,
      );
      return { policyArn };
    });
    const policy = named(plan, "iam/policy:Policy", "boundary-policy");
    assert.equal(policy.inputs["name"], "platform-boundary");
    assert.equal(policy.inputs["policy"], boundaryPolicy(INPUT));
    if (mode === "update") {
      assert.match(String(plan.outputs["policyArn"]), /^arn:aws:iam::\d{12}:policy\/platform-boundary$/);
    }
  });
}

describe("boundary policy", () => {
  const text = boundaryPolicy(INPUT);

  it("SEC-04: allows services by name, never everything, and not IAM", () => {
    const allowed = statementsOf(text)
      .filter(({ Effect }) => Effect === "Allow")
      .flatMap(({ Action, NotAction }) => {
        assert.equal(NotAction, undefined);
        return typeof Action === "string" ? [Action] : [...(Action ?? [])];
      });
    assert(!allowed.some((action) => ["*", "*:*", "iam:*", "organizations:*"].includes(action)));
    for (const action of ["iam:CreateRole", "iam:CreateUser", "organizations:LeaveOrganization"]) {
      assert(!names(text, "Allow", action), action);
    }
  });

  it("SEC-04: takes away users, keys, wider rights and every service that guards the account", () => {
    for (const action of [
      "cloudtrail:StopLogging",
      "config:DeleteConfigurationRecorder",
      "config:DeleteConfigRule",
      "guardduty:DeleteDetector",
      "iam:CreateAccessKey",
      "iam:CreateUser",
      "iam:DeleteRolePermissionsBoundary",
      "iam:PutRolePermissionsBoundary",
      "iam:PutRolePolicy",
      "iam:AttachRolePolicy",
      "iam:UpdateAssumeRolePolicy",
      "kms:ScheduleKeyDeletion",
      "organizations:LeaveOrganization",
      "s3:BypassGovernanceRetention",
      "securityhub:DisableSecurityHub",
    ]) {
      const denial = statementOf(text, "NoWayRoundTheGuards");
      assert.equal(denial.Condition, undefined);
      assert(names(text, "Deny", action), action);
    }
    assert.deepEqual(statementOf(text, "NoWideningOfThis").Resource, [
      `arn:aws:iam::${ACCOUNT}:policy/platform-boundary`,
    ]);
    assert(names(text, "Deny", "iam:CreatePolicyVersion"));
    assert(names(text, "Deny", "iam:SetDefaultPolicyVersion"));
  });

  it("SEC-04: leaves what workloads of the platform do", () => {
    const unlimited = statementsOf(text).filter(({ NotAction }) => NotAction === undefined);
    for (const action of [
      "dynamodb:PutItem",
      "ec2:RunInstances",
      "guardduty:SendSecurityTelemetry",
      "iam:PassRole",
      "kms:Decrypt",
      "s3:PutObject",
      "ssm:StartAutomationExecution",
    ]) {
      const rest = JSON.stringify({ Statement: unlimited });
      assert(names(rest, "Allow", action), action);
      assert(!names(rest, "Deny", action), action);
    }
  });

  it("limits regions only when some are named, and never what is in no region", () => {
    assert.deepEqual(statementOf(text, "OwnRegions").Condition, {
      StringNotEquals: { "aws:RequestedRegion": TWO },
    });
    for (const action of ["iam:GetRole", "sts:AssumeRole", "route53:ChangeResourceRecordSets"]) {
      assert(
        statementOf(text, "OwnRegions").NotAction?.some((pattern) => pattern === `${action.split(":")[0]}:*`),
      );
    }
    assert(!statementsOf(boundaryPolicy({ ...INPUT, regions: [] })).some(({ Sid }) => Sid === "OwnRegions"));
  });

  it("is either a policy that IAM takes or refused", () => {
    const service = fc.stringMatching(/^[a-z][a-z0-9-]{1,12}$/).filter((name) => name !== "iam");
    fc.assert(
      fc.property(fc.uniqueArray(service, { maxLength: 400 }), (furtherServices) => {
        const input = { ...INPUT, furtherServices };
        const fits = boundaryPolicy(input).length <= POLICY_CHARACTERS;
        assert.equal(
          boundaryProblems(input).some((problem) => problem.includes("characters and IAM takes")),
          !fits,
        );
      }),
    );
    assert.deepEqual(boundaryProblems(INPUT), []);
    assert.equal(new Set(BOUNDARY_SERVICES).size, BOUNDARY_SERVICES.length);
  });
});

describe("PermissionBoundary", () => {
  it("refuses to open what it is there to close", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new PermissionBoundary(
            "boundary",
            { policyName: "a b", accountId: "1", regions: ["east"], furtherServices: ["iam", "*"] },
            opts,
          ),
      ),
      [
        "PermissionBoundary boundary:",
        'accountId: "1" is no account; write its 12 digits',
        'regions: "east" is not an AWS region name; write it like us-east-1',
        'policyName: "a b" is no policy\'s name; use letters, digits and +=,.@_-',
        'furtherServices: "iam" cannot be opened; name the prefix of a service\'s actions, such as mq, but not iam or organizations',
        'furtherServices: "*" cannot be opened; name the prefix of a service\'s actions, such as mq, but not iam or organizations',
      ],
    );
  });
});
