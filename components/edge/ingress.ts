/** Checks and shares of a region's entry. Pure. */

import { isHostName, unknownRegionProblems, wholeNumberProblem } from "../argument-problems.ts";

/** A cluster that takes part of the region's traffic. */
export interface IngressSlot {
  /** For example `even`; part of the target group's name. */
  readonly name: string;
  /** Percent of the region's traffic, a whole number; all slots sum to 100. */
  readonly weight: number;
}

/** Who may reach a region's load balancer: CloudFront and Route 53's checkers, or everyone. */
export type IngressExposure = "cloudfront" | "internet";

/** The settings of an entry that can be judged before anything is deployed. */
export interface IngressSettings {
  readonly name: string;
  readonly region: string;
  readonly domain: string;
  readonly exposure: IngressExposure;
  readonly originHeaderName?: string;
  readonly originHeaderValueCount: number;
  readonly targetPort: number;
  readonly slots: readonly IngressSlot[];
}

/** What a listener does with a request: all to one target group, or a share to each. */
export function forwardAction<A>(
  targets: readonly { readonly arn: A; readonly weight: number }[],
): ForwardAction<A> {
  const [only, ...others] = targets;
  if (only !== undefined && others.length === 0) return { type: "forward", targetGroupArn: only.arn };
  return { type: "forward", forward: { targetGroups: targets.map(({ arn, weight }) => ({ arn, weight })) } };
}

export interface ForwardAction<A> {
  readonly type: "forward";
  readonly targetGroupArn?: A;
  readonly forward?: { targetGroups: { arn: A; weight: number }[] };
}

/** Everything wrong with an entry's settings, one sentence each. */
export function ingressProblems(settings: IngressSettings): string[] {
  const { domain, region, targetPort } = settings;
  return [
    ...unknownRegionProblems("region", [region]),
    ...(isHostName(domain) ? [] : [`domain: "${domain}" is not a DNS name; write it like example.com`]),
    ...wholeNumberProblem("targetPort", targetPort, { from: 1, to: 65535, fix: "give the gateway's port" }),
    ...headerProblems(settings),
    ...slotProblems(settings),
  ];
}

function headerProblems(settings: IngressSettings): string[] {
  const { exposure, originHeaderName, originHeaderValueCount } = settings;
  const problems: string[] = [];
  if (exposure === "cloudfront" && originHeaderName === undefined) {
    problems.push(
      "originHeaderName: needed when exposure is cloudfront, else anyone's CloudFront gets in; name one, such as x-origin-key",
    );
  }
  if (originHeaderName !== undefined && !/^[a-z0-9-]{1,40}$/i.test(originHeaderName)) {
    problems.push(`originHeaderName: "${originHeaderName}" may hold up to 40 letters, digits and hyphens`);
  }
  if (originHeaderName !== undefined) {
    const fix = "give the current value, and the next one while it is changed";
    problems.push(
      ...wholeNumberProblem("originHeaderValues: length", originHeaderValueCount, { from: 1, to: 3, fix }),
    );
  }
  return problems;
}

function slotProblems({ name, slots }: IngressSettings): string[] {
  const problems: string[] = [];
  if (`${name}-alb`.length > NAME_ROOM) {
    problems.push(
      `name: "${name}-alb" is longer than the ${NAME_ROOM} characters that a load balancer's name has room for`,
    );
  }
  slots.forEach((slot, index) => {
    const at = `slots[${index}]`;
    const { length } = `${name}-${slot.name}`;
    if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(slot.name)) {
      problems.push(`${at}.name: "${slot.name}" may hold only lower-case letters, digits and inner hyphens`);
    } else if (length > NAME_ROOM) {
      problems.push(
        `${at}.name: "${name}-${slot.name}" has ${length} characters, a target group's name has room for ${NAME_ROOM}; shorten it`,
      );
    }
    if (slots.findIndex((other) => other.name === slot.name) < index) {
      problems.push(`${at}.name: "${slot.name}" is listed twice; name every slot once`);
    }
    problems.push(
      ...wholeNumberProblem(`${at}.weight`, slot.weight, { from: 0, to: 100, fix: "give a percentage" }),
    );
  });
  const sum = slots.reduce((total, { weight }) => total + weight, 0);
  if (sum !== 100) problems.push(`slots: the weights sum to ${sum}; make them sum to 100`);
  return problems;
}

/** ELB allows 32 characters; Pulumi adds a hyphen and seven of its own. */
const NAME_ROOM = 24;
