/**
 * A fact of the account, or why it could not be read. Reading never throws but for credentials, which end the command: a
 * missing permission or a busy service must neither hide the other facts nor pass for an answer.
 */
import { Mistake } from "../terminal/exit.ts";

export type Fact<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly why: string };

/** An IAM action, for example `ec2:DescribeVpcs`. */
export type Action = `${string}:${string}`;

export const HOW_TO_GET_CREDENTIALS = `Give credentials of the account in one of these ways, then run it again:
  aws sso login --profile <profile> && export AWS_PROFILE=<profile>
  export AWS_PROFILE=<profile>      a profile of ~/.aws/config
  export AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... AWS_SESSION_TOKEN=...
The permissions that preflight needs are in docs/preflight.md; none of them changes anything.`;

const NO_CREDENTIALS = new Set(["CredentialsProviderError", "TokenProviderError"]);
const EXPIRED = new Set(["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"]);
const DENIED = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "AuthorizationError",
  "Forbidden",
  "UnauthorizedOperation",
]);
/** What services answer to credentials that are unknown to them; a region that is not enabled answers so too. */
const REFUSED = new Set([
  "AuthFailure",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "OptInRequired",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
]);
const BUSY =
  /throttl|toomanyrequests|requestlimitexceeded|limitexceeded|timeout|slowdown|unavailable|internal|networking/i;
const NETWORK = new Set(["EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EPIPE", "ETIMEDOUT"]);

/** Reads one fact; `action` is the permission it takes. @throws Mistake when there are no usable credentials */
export async function ask<T>(action: Action, read: () => Promise<T>): Promise<Fact<T>> {
  try {
    return { known: true, value: await read() };
  } catch (error) {
    refuseCredentials(error);
    return { known: false, why: whyUnknown(action, error) };
  }
}

/** The same, where some errors are answers: `answer` returns the value they stand for, or nothing. */
export async function askOr<T>(
  action: Action,
  read: () => Promise<T>,
  answer: (error: unknown) => T | undefined,
): Promise<Fact<T>> {
  return await ask(action, async () => {
    try {
      return await read();
    } catch (error) {
      const value = answer(error);
      if (value === undefined) {
        throw error;
      }
      return value;
    }
  });
}

export function map<T, U>(fact: Fact<T>, change: (value: T) => U): Fact<U> {
  return fact.known ? { known: true, value: change(fact.value) } : fact;
}

/** All facts, or the first reason why one is not known. */
export function all<T>(facts: readonly Fact<T>[]): Fact<readonly T[]> {
  const missing = facts.find((fact) => !fact.known);
  return missing === undefined
    ? { known: true, value: facts.flatMap((fact) => (fact.known ? [fact.value] : [])) }
    : missing;
}

/** @throws Mistake when `error` tells that credentials are missing or have expired */
function refuseCredentials(error: unknown): void {
  const name = errorName(error);
  if (NO_CREDENTIALS.has(name)) {
    throw new Mistake(`there are no AWS credentials here\n\n${HOW_TO_GET_CREDENTIALS}`);
  }
  if (EXPIRED.has(name)) {
    throw new Mistake(`the AWS credentials have expired\n\n${HOW_TO_GET_CREDENTIALS}`);
  }
}

export function isDenied(error: unknown): boolean {
  return DENIED.has(errorName(error)) || statusOf(error) === 403;
}

function isRefused(error: unknown): boolean {
  return REFUSED.has(errorName(error));
}

export function whyUnknown(action: Action, error: unknown): string {
  const name = errorName(error);
  if (isRefused(error)) {
    return `not known: the region refuses these credentials (${name}); it may not be enabled`;
  }
  if (isDenied(error)) {
    return `not known: needs ${action}`;
  }
  if (BUSY.test(name) || NETWORK.has(codeOf(error)) || statusOf(error) >= 500) {
    return `not known: ${action} did not answer (${codeOf(error) || name}); run it again`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return `not known: ${action} failed (${[name, message.split("\n")[0]].join(": ")})`;
}

export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

export function statusOf(error: unknown): number {
  const metadata = error instanceof Error ? Reflect.get(error, "$metadata") : undefined;
  const status =
    typeof metadata === "object" && metadata !== null ? Reflect.get(metadata, "httpStatusCode") : 0;
  return typeof status === "number" ? status : 0;
}

function codeOf(error: unknown): string {
  return error instanceof Error ? String(Reflect.get(error, "code") ?? "") : "";
}
