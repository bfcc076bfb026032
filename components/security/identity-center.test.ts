import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import { MODES, waitsFor } from "../../tools/plan/testing.ts";
import { ACCOUNT, EAST, planAcross, refusalOf } from "../data/planned-data.ts";
import { named, ofType, pick } from "../edge/planned-edge.ts";
import { IdentityCenter, type IdentityCenterArgs } from "./identity-center.ts";
import { inlinePolicy, PERMISSION_SET_NAMES } from "./permission-sets.ts";
import { names, statementsOf, unboundedWrites } from "./planned-security.ts";

const INSTANCE = "arn:aws:sso:::instance/ssoins-1111222233334444";
const INPUT = { partition: "aws", accountId: ACCOUNT, prefix: "platform" };
const planPeople = (mode: PlanMode, change: Partial<IdentityCenterArgs> = {}) =>
  planAcross([EAST], mode, ({ opts }) => {
    const people = new IdentityCenter(
      "people",
      {
        instanceArn: INSTANCE,
        accountId: ACCOUNT,
        prefix: "platform",
        assignments: {
          "operators-run": { permissionSet: "operator", principalType: "GROUP", principalId: "g-1" },
        },
        ...change,
      },
      opts,
    );
    return { permissionSetArns: people.permissionSetArns, breakGlassRoleArn: people.breakGlassRoleArn };
  });

for (const mode of MODES) {
  describe(`IdentityCenter, ${mode}`, () => {
    it("SEC-02: one permission set for each task, with a short session", async () => {
      const plan = await planPeople(mode);
      assert.deepEqual(
        Object.fromEntries(
          ofType(plan, "ssoadmin/permissionSet:PermissionSet").map(({ inputs }) => [
            inputs["name"],
            inputs["sessionDuration"],
          ]),
        ),
        {
          "platform-auditor": "PT8H",
          "platform-break-glass": "PT1H",
          "platform-developer-read": "PT8H",
          "platform-admin": "PT4H",
          "platform-operator": "PT8H",
        },
      );
      const assignment = named(plan, "ssoadmin/accountAssignment:AccountAssignment", "people-operators-run");
      assert.deepEqual(
        pick(assignment, "instanceArn", "principalId", "principalType", "targetId", "targetType"),
        {
          instanceArn: INSTANCE,
          principalId: "g-1",
          principalType: "GROUP",
          targetId: ACCOUNT,
          targetType: "AWS_ACCOUNT",
        },
      );
      // A policy that goes is taken from the accounts of the set, so the assignment must still be there.
      assert(
        waitsFor(
          named(
            plan,
            "ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
            "people-operator-ViewOnlyAccess",
          ),
        ).includes("people-operators-run"),
      );
      assert(
        waitsFor(
          named(plan, "ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", "people-operator"),
        ).includes("people-operators-run"),
      );
    });

    it("SEC-04: everything is allowed to the set for emergencies alone", async () => {
      const plan = await planPeople(mode);
      const administrators = ofType(plan, "ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment").filter(
        ({ inputs }) => inputs["managedPolicyArn"] === "arn:aws:iam::aws:policy/AdministratorAccess",
      );
      assert.deepEqual(
        administrators.map(({ name }) => name),
        ["people-break-glass-AdministratorAccess"],
      );
    });
  });
}

describe("permission sets", () => {
  it("SEC-04: no inline policy allows everything, or writes everywhere", () => {
    for (const set of PERMISSION_SET_NAMES) {
      const text = inlinePolicy(set, INPUT);
      if (text === undefined) continue;
      assert(text.length <= 10240, "IAM Identity Center takes 10,240 characters");
      assert.deepEqual(unboundedWrites(text), [], set);
    }
  });

  it("SEC-03: nobody but in an emergency makes a user or a key, which MFA would not guard", () => {
    for (const set of PERMISSION_SET_NAMES) {
      const text = inlinePolicy(set, INPUT);
      assert.equal(
        text !== undefined && names(text, "Deny", "iam:CreateAccessKey"),
        set !== "break-glass",
        set,
      );
    }
  });

  it("SEC-04: operators, developers and auditors read no content", () => {
    for (const set of ["operator", "developer-read", "auditor"] as const) {
      for (const action of [
        "s3:GetObject",
        "dynamodb:Query",
        "secretsmanager:GetSecretValue",
        "kms:Decrypt",
      ]) {
        assert(names(inlinePolicy(set, INPUT), "Deny", action), `${set} ${action}`);
      }
    }
  });

  it("DR-17: operators evacuate a region and move the writers, and change nothing else", () => {
    const allowed = statementsOf(inlinePolicy("operator", INPUT)).filter(({ Effect }) => Effect === "Allow");
    const text = JSON.stringify({ Statement: allowed });
    assert(names(text, "Allow", "s3:PutObject"));
    assert(names(text, "Allow", "rds:SwitchoverGlobalCluster"));
    for (const action of [
      "s3:PutBucketPolicy",
      "ec2:TerminateInstances",
      "rds:DeleteDBCluster",
      "iam:PutRolePolicy",
    ]) {
      assert(!names(text, "Allow", action), action);
    }
    const switches = ["arn:aws:s3:::platform-*/evacuate/*"];
    assert.deepEqual(allowed.find(({ Sid }) => Sid === "EvacuateRegions")?.Resource, switches);
    const denial = statementsOf(inlinePolicy("operator", INPUT)).find(({ Sid }) => Sid === "NoContent");
    assert.deepEqual(denial?.NotResource, switches, "who turns a switch must see that it is turned");
  });

  it("SEC-03: no set asks its sessions for MFA, which AWS marks as without it for all of them", () => {
    for (const set of PERMISSION_SET_NAMES) {
      assert.doesNotMatch(inlinePolicy(set, INPUT) ?? "", /MultiFactorAuth/, set);
    }
  });
});

describe("IdentityCenter", () => {
  it("GOV-10: tells which roles an alert has to watch", async () => {
    const plan = await planPeople("update");
    assert.equal(
      plan.outputs["breakGlassRoleArn"],
      `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_platform-break-glass_*`,
    );
  });

  it("refuses a prefix that makes names too long", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new IdentityCenter(
            "people",
            { instanceArn: INSTANCE, accountId: ACCOUNT, prefix: "a-very-long-prefix" },
            opts,
          ),
      ),
      [
        "IdentityCenter people:",
        'prefix: "a-very-long-prefix" is no prefix of permission sets; use up to 17 lower-case letters, digits and hyphens',
      ],
    );
  });
});
