/** Who asks, and whether the role that deploys can be had. */
import type { StackContext } from "../context.ts";
import type { Fact } from "../fact.ts";
import type { Caller } from "../facts/account.ts";
import type { Taken } from "../facts/compute.ts";
import { type Finding, findingsOf, quoted } from "../finding.ts";

const account = findingsOf("account");
const deployer = findingsOf("deployer");

/** The program refuses any other account, so nothing else of the stack is worth asking. */
export function judgeAccount(stack: string, accountId: string, caller: Caller): Finding {
  return caller.accountId === accountId
    ? account.ok("account", `credentials are of ${accountId}`)
    : account.stop({
        about: "account",
        is: `the credentials are of account ${caller.accountId} (${caller.arn})`,
        needs: `account ${accountId} (platform:accountId)`,
        fix: [
          `export AWS_PROFILE=<a profile of ${accountId}>`,
          `pulumi config set platform:accountId ${caller.accountId} --stack ${quoted(stack)}   # if the configuration is wrong`,
        ],
      });
}

export async function checkDeployer(context: StackContext): Promise<readonly Finding[]> {
  const { deployerRoleArn: roleArn, facts } = context;
  const caller = await facts.account.caller();
  if (!caller.known) {
    return [deployer.unknown("deployer role", caller.why)];
  }
  if (isSession(caller.value.arn, roleArn)) {
    return [deployer.ok("deployer role", `credentials are of ${roleName(roleArn)}`)];
  }
  const role = await facts.account.role(roleName(roleArn));
  const assumable =
    role.known && role.value.free
      ? { known: true as const, value: false }
      : await facts.account.mayAssume(roleArn);
  return [judgeDeployer(context, caller.value, { role, assumable })];
}

interface DeployerFacts {
  readonly role: Fact<Taken>;
  readonly assumable: Fact<boolean>;
}

/**
 * Only the deployer role gets access to the clusters, and everything inside them is made with the credentials of the `up`:
 * a region's stack fails without it, the global stack does not need it.
 */
export function judgeDeployer(
  { stack, config, deployerRoleArn: roleArn }: Pick<StackContext, "stack" | "config" | "deployerRoleArn">,
  caller: Caller,
  { role, assumable }: DeployerFacts,
): Finding {
  const name = roleName(roleArn);
  const about = "deployer role";
  const problem = config.scopes.includes("region") ? deployer.stop : deployer.note;
  if (role.known && role.value.free) {
    return problem({
      about,
      is: `the role ${name} does not exist`,
      needs: `${roleArn}, which runs Pulumi and administers the clusters`,
      fix: [
        `aws iam create-role --role-name ${name} --assume-role-policy-document ${quoted(trustOf(config.accountId, roleArn))}`,
        `aws iam attach-role-policy --role-name ${name} --policy-arn arn:${partitionOf(roleArn)}:iam::aws:policy/AdministratorAccess`,
      ],
    });
  }
  if (!assumable.known) {
    return deployer.unknown(about, assumable.why);
  }
  if (!assumable.value) {
    return problem({
      about,
      is: `${caller.arn} may not take on ${name}`,
      needs: "the role's trust policy and the caller's permissions to allow sts:AssumeRole",
      fix: [
        `aws iam get-role --role-name ${name} --query Role.AssumeRolePolicyDocument`,
        `aws iam update-assume-role-policy --role-name ${name} --policy-document ${quoted(trustOf(config.accountId, roleArn))}`,
      ],
    });
  }
  return deployer.note({
    about,
    is: `the credentials are of ${caller.arn}, which may take on ${name}`,
    needs: `run pulumi as ${name}`,
    fix: [
      `aws configure set profile.${name}.role_arn ${roleArn} && aws configure set profile.${name}.source_profile <your profile>`,
      `AWS_PROFILE=${name} pulumi up --stack ${quoted(stack)}`,
    ],
  });
}

/** Sessions of a role name it without its path: `arn:aws:sts::1:assumed-role/name/session`. */
export function isSession(callerArn: string, roleArn: string): boolean {
  const session = /^arn:[\w-]+:sts::(\d+):assumed-role\/([^/]+)\//.exec(callerArn);
  const role = /^arn:[\w-]+:iam::(\d+):role\//.exec(roleArn);
  return session !== null && session[1] === role?.[1] && session[2] === roleName(roleArn);
}

function roleName(roleArn: string): string {
  return roleArn.split("/").at(-1) ?? roleArn;
}

function partitionOf(arn: string): string {
  return arn.split(":")[1] ?? "aws";
}

function trustOf(accountId: string, roleArn: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:${partitionOf(roleArn)}:iam::${accountId}:root` },
        Action: ["sts:AssumeRole", "sts:TagSession"],
      },
    ],
  });
}
