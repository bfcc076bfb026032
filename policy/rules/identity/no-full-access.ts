import { iso27001, pciDss, soc2 } from "../../core/controls.ts";
import type { Inspection } from "../../core/inspection.ts";
import { MalformedPolicy, type Statement, statementsOf } from "../../core/policy-document.ts";
import { resourceRule } from "../../core/rule.ts";

const everything = new Set(["*", "*:*"]);
/** Managed policies of AWS that amount to the same. */
const administrators = /^arn:[^:]+:iam::aws:policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

function tooMuch({ effect, actions, notActions }: Statement): string | undefined {
  if (effect !== "Allow") return undefined;
  const action = actions.find((candidate) => everything.has(candidate));
  if (action !== undefined) return `Action "${action}"`;
  // Allowing everything but a few actions grows with every service that AWS adds.
  return notActions.length > 0 ? `NotAction ${JSON.stringify(notActions)}` : undefined;
}

function leastPrivilege(property: string, read: () => unknown, inspection: Inspection): void {
  inspection.attempt(() => {
    const document = read();
    if (document === undefined) return;
    try {
      statementsOf(document).forEach((statement, at) => {
        const grant = tooMuch(statement);
        if (grant !== undefined)
          inspection.say(
            `${property} allows ${grant} in statement ${statement.sid ?? at + 1}; it must name the actions that are needed. List them, and narrow Resource to what they act on.`,
          );
      });
    } catch (error) {
      if (!(error instanceof MalformedPolicy)) throw error;
      inspection.say(`${property} is no policy document: ${error.message}.`);
    }
  });
}

function noAdministrator(property: string, read: () => unknown, inspection: Inspection): void {
  inspection.must({
    property,
    read,
    is: (arn) => typeof arn !== "string" || !administrators.test(arn),
    allowed: "a policy with the actions that are needed",
    fix: "Attach a policy of your own; people get broad rights through IAM Identity Center for a while, never a role of the platform.",
  });
}

export const noFullAccess = resourceRule({
  id: "no-full-access",
  title: "No identity may do everything",
  why: "An identity that may do everything turns any leak of its credentials into the loss of the account.",
  severity: "critical",
  level: "mandatory",
  controls: [...soc2("CC6.3"), ...iso27001("A.5.15", "A.8.2"), ...pciDss("7.2.2")],
  requirements: ["SEC-04"],
  remediation: "Replace * by the actions that are needed and narrow Resource to the resources they act on.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
  config: {},
  checks: {
    "aws:iam/policy:Policy": (policy, inspection) =>
      leastPrivilege("policy", () => policy.policy, inspection),
    "aws:iam/rolePolicy:RolePolicy": (policy, inspection) =>
      leastPrivilege("policy", () => policy.policy, inspection),
    "aws:iam/userPolicy:UserPolicy": (policy, inspection) =>
      leastPrivilege("policy", () => policy.policy, inspection),
    "aws:iam/groupPolicy:GroupPolicy": (policy, inspection) =>
      leastPrivilege("policy", () => policy.policy, inspection),
    "aws:iam/role:Role": (role, inspection) => {
      inspection.attempt(() => {
        (role.inlinePolicies ?? []).forEach((_, at) => {
          leastPrivilege(`inlinePolicies[${at}].policy`, () => role.inlinePolicies?.[at]?.policy, inspection);
        });
      });
      inspection.attempt(() => {
        (role.managedPolicyArns ?? []).forEach((_, at) => {
          noAdministrator(`managedPolicyArns[${at}]`, () => role.managedPolicyArns?.[at], inspection);
        });
      });
    },
    "aws:iam/policyAttachment:PolicyAttachment": (attachment, inspection) =>
      noAdministrator("policyArn", () => attachment.policyArn, inspection),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (attachment, inspection) =>
      noAdministrator("policyArn", () => attachment.policyArn, inspection),
    "aws:iam/userPolicyAttachment:UserPolicyAttachment": (attachment, inspection) =>
      noAdministrator("policyArn", () => attachment.policyArn, inspection),
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": (attachment, inspection) =>
      noAdministrator("policyArn", () => attachment.policyArn, inspection),
  },
});
