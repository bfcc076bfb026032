import assert from "node:assert/strict";
import { MODES, sources } from "../../tools/plan/testing.ts";
import { EAST, planAcross } from "../data/planned-data.ts";
import { named } from "../edge/planned-edge.ts";
import { denyWithoutMfa, MandatoryMfa } from "./mandatory-mfa.ts";
import { names, statementsOf } from "./planned-security.ts";

for (const mode of MODES) {
  it(`SEC-03: users of the group can do nothing without MFA, ${mode}`, async () => {
    const plan = await planAcross([EAST], mode, ({ opts }) => {
      const { groupName } = new MandatoryMfa(
        "mfa",
        { groupName: "people", policyName: "only-with-mfa" },
        opts,
      );
      return { groupName };
    });
    assert.equal(named(plan, "iam/policy:Policy", "mfa-policy").inputs["policy"], denyWithoutMfa());
    const attachment = named(plan, "iam/groupPolicyAttachment:GroupPolicyAttachment", "mfa-attachment");
    assert.equal(attachment.inputs["group"], "people");
    assert.deepEqual(sources(attachment, "policyArn"), ["mfa-policy"]);
    assert.equal(plan.outputs["groupName"], "people");
  });
}

it("SEC-03: without MFA a user can register a device and nothing else", () => {
  const text = denyWithoutMfa();
  for (const action of ["iam:EnableMFADevice", "iam:CreateVirtualMFADevice", "sts:GetSessionToken"]) {
    assert(!names(text, "Deny", action), action);
  }
  for (const action of ["iam:DeactivateMFADevice", "iam:CreateAccessKey", "s3:GetObject", "sts:AssumeRole"]) {
    assert(names(text, "Deny", action), action);
  }
  // A request with an access key says nothing of MFA; Bool alone would let it pass.
  assert.deepEqual(statementsOf(text)[0]?.Condition, {
    BoolIfExists: { "aws:MultiFactorAuthPresent": "false" },
  });
});
