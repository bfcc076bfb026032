import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyText, type Statement } from "./policy-statements.ts";

export interface MandatoryMfaArgs {
  /** Name of the group that every IAM user of the account belongs to. Replaces the group. */
  readonly groupName: string;
  /** Name of the policy. Replaces it. */
  readonly policyName: string;
}

/**
 * What a user may do before MFA: look at the own account and register a device. The statement matches a session without MFA
 * and one that says nothing of it, which is what a request with an access key is.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage-mfa-only.html
 */
export function denyWithoutMfa(): string {
  const statement: Statement = {
    Sid: "OnlyMfaWithoutMfa",
    Effect: "Deny",
    NotAction: [
      "iam:CreateVirtualMFADevice",
      "iam:EnableMFADevice",
      "iam:GetMFADevice",
      "iam:GetUser",
      "iam:ListMFADevices",
      "iam:ListVirtualMFADevices",
      "iam:ResyncMFADevice",
      "sts:GetSessionToken",
    ],
    Resource: "*",
    Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
  };
  return policyText([statement]);
}

/**
 * Denies everything to IAM users without MFA (SEC-03): a group for the users that an account still has, such as the one kept
 * for the day IAM Identity Center is down. Sessions of IAM Identity Center get MFA from its own setting. IAM is in no region;
 * belongs to the `global` stack.
 */
export class MandatoryMfa extends pulumi.ComponentResource {
  readonly groupName: pulumi.Output<string>;
  readonly policyArn: pulumi.Output<string>;

  constructor(name: string, args: MandatoryMfaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:security:MandatoryMfa", name, {}, opts);
    const policy = new aws.iam.Policy(
      `${name}-policy`,
      { name: args.policyName, description: "Nothing without MFA", policy: denyWithoutMfa() },
      { parent: this },
    );
    const group = new aws.iam.Group(`${name}-group`, { name: args.groupName }, { parent: this });
    const attachment = new aws.iam.GroupPolicyAttachment(
      `${name}-attachment`,
      { group: group.name, policyArn: policy.arn },
      { parent: this },
    );
    // By way of the attachment: a member added before it would be free for that time.
    this.groupName = attachment.group;
    this.policyArn = policy.arn;
    this.registerOutputs({ groupName: this.groupName, policyArn: this.policyArn });
  }
}
