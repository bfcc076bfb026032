import { cases, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { noFullAccess } from "./no-full-access.ts";

const document = (...statements: object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });
const read = { Effect: "Allow", Action: ["s3:GetObject"], Resource: "arn:aws:s3:::docs/*" };
const all = { Effect: "Allow", Action: "*", Resource: "*" };
const allows = (property: string, grant: string, statement: string | number) =>
  `${property} allows ${grant} in statement ${statement}; it must name the actions that are needed. List them, and narrow Resource to what they act on.`;
const administrator = (property: string, arn: string) =>
  `${property} is "${arn}"; it must be a policy with the actions that are needed. Attach a policy of your own; people get broad rights through IAM Identity Center for a while, never a role of the platform.`;
const admin = "arn:aws:iam::aws:policy/AdministratorAccess";

describe("no-full-access", () => {
  for (const type of [
    "aws:iam/policy:Policy",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/userPolicy:UserPolicy",
    "aws:iam/groupPolicy:GroupPolicy",
  ] as const)
    cases(noFullAccess, type, { policy: document(read) }, [
      ["SEC-04: refuses every action", { policy: document(all) }, [allows("policy", 'Action "*"', 1)]],
      [
        "refuses *:*",
        { policy: document(read, { ...all, Action: ["*:*"] }) },
        [allows("policy", 'Action "*:*"', 2)],
      ],
      [
        "refuses it on one resource too",
        { policy: document({ ...all, Resource: "arn:x" }) },
        [allows("policy", 'Action "*"', 1)],
      ],
      [
        "names the statement",
        { policy: document({ ...all, Sid: "Admin" }) },
        [allows("policy", 'Action "*"', "Admin")],
      ],
      [
        "refuses everything but some",
        { policy: document({ Effect: "Allow", NotAction: ["iam:*"], Resource: "*" }) },
        [allows("policy", 'NotAction ["iam:*"]', 1)],
      ],
      ["lets a deny of everything be", { policy: document(read, { ...all, Effect: "Deny" }) }, []],
      ["refuses text that is no policy", { policy: "no" }, ["policy is no policy document: it is not JSON."]],
      ["does not decide on an unknown document", { policy: UNKNOWN }, [undecided("policy")]],
    ]);

  cases(
    noFullAccess,
    "aws:iam/role:Role",
    { assumeRolePolicy: "{}", inlinePolicies: [{ name: "read", policy: document(read) }] },
    [
      ["takes a role without policies", { inlinePolicies: undefined }, []],
      ["takes an empty inline policy, which means none", { inlinePolicies: [{}] }, []],
      [
        "refuses an inline policy",
        { inlinePolicies: [{ policy: document(read) }, { policy: document(all) }] },
        [allows("inlinePolicies[1].policy", 'Action "*"', 1)],
      ],
      [
        "refuses a managed policy of AWS",
        { managedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess", admin] },
        [administrator("managedPolicyArns[1]", admin)],
      ],
      [
        "reports managed policies when an inline one is not known yet",
        { inlinePolicies: [{ policy: UNKNOWN }], managedPolicyArns: [admin] },
        [administrator("managedPolicyArns[0]", admin), undecided("inlinePolicies.0.policy")],
      ],
    ],
  );

  for (const type of [
    "aws:iam/policyAttachment:PolicyAttachment",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/userPolicyAttachment:UserPolicyAttachment",
    "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
  ] as const)
    cases(noFullAccess, type, { policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy" }, [
      ["refuses an administrator's policy", { policyArn: admin }, [administrator("policyArn", admin)]],
      [
        "refuses it in another partition",
        { policyArn: "arn:aws-us-gov:iam::aws:policy/PowerUserAccess" },
        [administrator("policyArn", "arn:aws-us-gov:iam::aws:policy/PowerUserAccess")],
      ],
      ["does not decide on an unknown ARN", { policyArn: UNKNOWN }, [undecided("policyArn")]],
    ]);
});
