import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import {
  inlinePolicy,
  PERMISSION_SET_NAMES,
  PERMISSION_SETS,
  type PermissionSetName,
  type PermissionSetSpec,
  reservedRoleArn,
} from "./permission-sets.ts";
import { accountProblems } from "./policy-statements.ts";

export interface PermissionAssignment {
  readonly permissionSet: PermissionSetName;
  readonly principalType: "GROUP" | "USER";
  /** Id of the group or user in the identity store. Replaces the assignment. */
  readonly principalId: pulumi.Input<string>;
}

export interface IdentityCenterArgs {
  /**
   * ARN of the IAM Identity Center instance. There is one in an organisation, it is made in the console, and its management
   * account or a delegated administrator runs this; without an instance leave the component out. Replaces everything.
   */
  readonly instanceArn: pulumi.Input<string>;
  /** Account that people get access to. Replaces the assignments. */
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /** Prefix of the platform's physical names; sets are named `<prefix>-<set>`. Replaces the sets. */
  readonly prefix: string;
  /** Who has which set, by a stable key. @default nobody */
  readonly assignments?: Readonly<Record<string, PermissionAssignment>> | undefined;
}

/**
 * People's access to the account by task: permission sets with short sessions, assigned to groups (SEC-02, C-47). Belongs to
 * the `global` stack with the provider of the instance's own region; API clients never come this way.
 *
 * MFA (SEC-03) is a setting of the instance and in no API: Settings, Authentication, "Every time they sign in", and "Require
 * them to register an MFA device". A policy cannot stand in for it: AWS marks every session of IAM Identity Center as one
 * without MFA, so that a denial on `aws:MultiFactorAuthPresent` in a set locks everybody out. `MandatoryMfa` has that policy,
 * for users.
 *
 * Under failure: when the instance's region is lost nobody gets a new session, open ones last their hours.
 */
export class IdentityCenter extends pulumi.ComponentResource {
  /** Permission set ARN by name. */
  readonly permissionSetArns: Readonly<Record<PermissionSetName, pulumi.Output<string>>>;
  /** Roles of the set for emergencies, `*` for what AWS adds: what `SecurityAlerts` watches. */
  readonly breakGlassRoleArn: string;

  constructor(name: string, args: IdentityCenterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:security:IdentityCenter", name, {}, opts);
    refuse(this, `IdentityCenter ${name}`, problems(args));
    const { accountId, partition = "aws", prefix } = args;
    const sets = Object.fromEntries(
      PERMISSION_SET_NAMES.map((set) => [set, this.#createSet(name, set, args)]),
    ) as Record<PermissionSetName, pulumi.Output<string>>;
    this.permissionSetArns = sets;
    this.breakGlassRoleArn = reservedRoleArn({
      partition,
      accountId,
      permissionSet: `${prefix}-break-glass`,
    });
    this.registerOutputs({
      permissionSetArns: this.permissionSetArns,
      breakGlassRoleArn: this.breakGlassRoleArn,
    });
  }

  #createSet(name: string, set: PermissionSetName, args: IdentityCenterArgs): pulumi.Output<string> {
    const { accountId, instanceArn, partition = "aws", prefix } = args;
    const { description, managedPolicies, sessionHours }: PermissionSetSpec = PERMISSION_SETS[set];
    const { arn } = new aws.ssoadmin.PermissionSet(
      `${name}-${set}`,
      { instanceArn, name: `${prefix}-${set}`, description, sessionDuration: `PT${sessionHours}H` },
      { parent: this },
    );
    const assignments = Object.entries(args.assignments ?? {})
      .filter(([, { permissionSet }]) => permissionSet === set)
      .map(
        ([key, { principalId, principalType }]) =>
          new aws.ssoadmin.AccountAssignment(
            `${name}-${key}`,
            {
              instanceArn,
              permissionSetArn: arn,
              principalId,
              principalType,
              targetId: accountId,
              targetType: "AWS_ACCOUNT",
            },
            { parent: this },
          ),
      );
    // A policy that goes is taken from every account that has the set; so assignments come first and go last.
    const options = { parent: this, dependsOn: assignments };
    for (const policy of managedPolicies) {
      new aws.ssoadmin.ManagedPolicyAttachment(
        `${name}-${set}-${policy.slice(policy.lastIndexOf("/") + 1)}`,
        {
          instanceArn,
          permissionSetArn: arn,
          managedPolicyArn: `arn:${partition}:iam::aws:policy/${policy}`,
        },
        options,
      );
    }
    const inline = inlinePolicy(set, { partition, accountId, prefix });
    if (inline !== undefined) {
      new aws.ssoadmin.PermissionSetInlinePolicy(
        `${name}-${set}`,
        { instanceArn, permissionSetArn: arn, inlinePolicy: inline },
        options,
      );
    }
    return arn;
  }
}

/** A permission set's name has 32 characters at most. */
const NAME_CHARACTERS = 32;

function problems({ accountId, prefix }: IdentityCenterArgs): string[] {
  const found = accountProblems(accountId);
  const longest = Math.max(...PERMISSION_SET_NAMES.map((set) => set.length)) + 1;
  if (!/^[a-z][a-z0-9-]*$/.test(prefix) || prefix.length + longest > NAME_CHARACTERS) {
    found.push(
      `prefix: "${prefix}" is no prefix of permission sets; use up to ${NAME_CHARACTERS - longest} lower-case letters, digits and hyphens`,
    );
  }
  return found;
}
