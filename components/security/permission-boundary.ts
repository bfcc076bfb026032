import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { unknownRegionProblems } from "../argument-problems.ts";
import { refuse } from "../arguments.ts";
import { boundaryPolicy, boundaryProblems } from "./boundary-policy.ts";
import { accountProblems } from "./policy-statements.ts";

export interface PermissionBoundaryArgs {
  /** Name of the policy; regional stacks know the boundary by it. Replaces the policy. */
  readonly policyName: string;
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /** Regions that bounded roles may work in. @default any */
  readonly regions?: readonly string[] | undefined;
  /** Services beyond those that the platform's components use, by the prefix of their actions. @default none */
  readonly furtherServices?: readonly string[] | undefined;
}

/**
 * The policy that bounds every role the platform makes (SEC-04): it grants nothing by itself and takes away, whatever a role's
 * own policies say, users and access keys, new rights for itself, every service that guards the account, other regions.
 * IAM is in no region; belongs to the `global` stack. Not for the deployer, who manages the guards.
 */
export class PermissionBoundary extends pulumi.ComponentResource {
  readonly policyArn: pulumi.Output<string>;

  constructor(name: string, args: PermissionBoundaryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:security:PermissionBoundary", name, {}, opts);
    const { accountId, furtherServices = [], partition = "aws", policyName, regions = [] } = args;
    const input = { partition, accountId, policyName, regions, furtherServices };
    refuse(this, `PermissionBoundary ${name}`, [
      ...accountProblems(accountId),
      ...unknownRegionProblems("regions", regions),
      ...boundaryProblems(input),
    ]);
    const policy = new aws.iam.Policy(
      `${name}-policy`,
      {
        name: policyName,
        description: "The most that a role of the platform can be granted",
        policy: boundaryPolicy(input),
      },
      { parent: this },
    );
    this.policyArn = policy.arn;
    this.registerOutputs({ policyArn: this.policyArn });
  }
}
