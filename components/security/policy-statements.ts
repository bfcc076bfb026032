/** Statements of the policy documents that guard the account, and the trust of roles that AWS services take. */
import { type Json, sortedJson } from "../json.ts";

export type Statement = { readonly [key: string]: Json };

export function allow(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  condition?: Json,
): Statement {
  return statement("Allow", { sid, actions, resources, condition });
}

export function deny(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  condition?: Json,
): Statement {
  return statement("Deny", { sid, actions, resources, condition });
}

function statement(
  effect: "Allow" | "Deny",
  parts: {
    readonly sid: string;
    readonly actions: readonly string[];
    readonly resources: readonly string[];
    readonly condition: Json | undefined;
  },
): Statement {
  return {
    Sid: parts.sid,
    Effect: effect,
    Action: parts.actions,
    Resource: parts.resources,
    ...(parts.condition === undefined ? {} : { Condition: parts.condition }),
  };
}

export function policyText(statements: readonly Statement[]): string {
  return sortedJson({ Version: "2012-10-17", Statement: statements });
}

/**
 * Trust of a role that an AWS service takes for this account's resources only: without the conditions another account
 * could make the service use the role for it.
 */
export function serviceTrust(input: {
  readonly service: string;
  readonly accountId: string;
  /** ARN, wildcards allowed, of what the service acts for. */
  readonly sourceArn?: string | undefined;
}): string {
  return policyText([
    {
      Sid: "OneServiceOfOneAccount",
      Effect: "Allow",
      Principal: { Service: input.service },
      Action: "sts:AssumeRole",
      Condition: {
        StringEquals: { "aws:SourceAccount": input.accountId },
        ...(input.sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": input.sourceArn } }),
      },
    },
  ]);
}

/** One sentence when `accountId` is no account, else nothing. */
export function accountProblems(accountId: string): string[] {
  return /^\d{12}$/.test(accountId) ? [] : [`accountId: "${accountId}" is no account; write its 12 digits`];
}
