import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";
import { accountProblems, serviceTrust } from "../security/policy-statements.ts";

export interface ChatChannelArgs {
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string;
  /** Id of the Slack workspace, for example `T012ABCDEFG`. Replaces the channel. */
  readonly slackTeamId: string;
  /** Id of the Slack channel, for example `C012ABCDEFG`. */
  readonly slackChannelId: string;
  /** Boundary of the role (SEC-04). @default none */
  readonly permissionsBoundaryArn?: pulumi.Input<string>;
  /** Topics of any region that the channel is told of. */
  readonly topicArns: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * A Slack channel that follows alert topics (GAP-16), with no secret anywhere: the workspace admits AWS once, by hand, in the
 * console of Amazon Q Developer in chat applications. Belongs to the `global` stack: one channel can be configured once
 * in an account, for the topics of all regions.
 *
 * People read there and can do nothing: the role has no permission, and the guardrail denies what it might be given.
 */
export class ChatChannel extends pulumi.ComponentResource {
  readonly chatConfigurationArn: pulumi.Output<string>;

  constructor(name: string, args: ChatChannelArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:observability:ChatChannel", name, {}, opts);
    refuse(`ChatChannel "${name}"`, problems(args));
    const { accountId, partition = "aws" } = args;
    const role = new aws.iam.Role(
      `${name}-reader`,
      {
        description: "Alerts in chat; may do nothing",
        assumeRolePolicy: serviceTrust({ service: "chatbot.amazonaws.com", accountId }),
        permissionsBoundary: args.permissionsBoundaryArn,
      },
      { parent: this },
    );
    const channel = new aws.chatbot.SlackChannelConfiguration(
      `${name}-slack`,
      {
        configurationName: name,
        slackTeamId: args.slackTeamId,
        slackChannelId: args.slackChannelId,
        iamRoleArn: role.arn,
        // Left out it would be AdministratorAccess.
        guardrailPolicyArns: [`arn:${partition}:iam::aws:policy/AWSDenyAll`],
        loggingLevel: "ERROR",
        snsTopicArns: args.topicArns,
        userAuthorizationRequired: true,
      },
      { parent: this },
    );
    this.chatConfigurationArn = channel.chatConfigurationArn;
    this.registerOutputs({ chatConfigurationArn: this.chatConfigurationArn });
  }
}

function problems(args: ChatChannelArgs): string[] {
  const found = accountProblems(args.accountId);
  if (!/^T[A-Z0-9]{8,}$/.test(args.slackTeamId)) {
    found.push(`slackTeamId: "${args.slackTeamId}" is no workspace; write its id, like T012ABCDEFG`);
  }
  if (!/^[CG][A-Z0-9]{8,}$/.test(args.slackChannelId)) {
    found.push(`slackChannelId: "${args.slackChannelId}" is no channel; write its id, like C012ABCDEFG`);
  }
  return found;
}
