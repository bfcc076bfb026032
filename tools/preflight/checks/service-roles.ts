/** Roles that AWS services make for themselves on first use, where the caller may. */
import type { Plan } from "../../plan/plan.ts";
import type { StackContext } from "../context.ts";
import type { Fact } from "../fact.ts";
import type { Taken } from "../facts/compute.ts";
import { type Finding, findingsOf } from "../finding.ts";
import { planned } from "../planned.ts";
import { nodesNeeds } from "./vcpus.ts";

const roles = findingsOf("service role");

export interface ServiceRole {
  readonly role: string;
  readonly service: string;
  /** What does not work without it. */
  readonly without: string;
}

export function serviceRoleNeeds(plan: Plan, regions: readonly string[]): ServiceRole[] {
  const nodes = regions.flatMap((region) => nodesNeeds(plan, region));
  const anywhere = (type: string) => regions.some((region) => planned(plan, type, region).length > 0);
  return [
    ...(nodes.some(({ markets }) => markets.includes("spot"))
      ? [
          {
            role: "AWSServiceRoleForEC2Spot",
            service: "spot.amazonaws.com",
            without: "Karpenter may not make it, and starts no spot node",
          },
        ]
      : []),
    ...(anywhere("eks/nodeGroup:NodeGroup")
      ? [
          {
            role: "AWSServiceRoleForAutoScaling",
            service: "autoscaling.amazonaws.com",
            without: "the first node group makes it, and its first encrypted volume may come too early",
          },
        ]
      : []),
    ...(anywhere("lb/loadBalancer:LoadBalancer")
      ? [
          {
            role: "AWSServiceRoleForElasticLoadBalancing",
            service: "elasticloadbalancing.amazonaws.com",
            without:
              "the first load balancer makes it, where the deployer may call iam:CreateServiceLinkedRole",
          },
        ]
      : []),
  ];
}

export async function checkServiceRoles({ plan, regions, facts }: StackContext): Promise<readonly Finding[]> {
  return await Promise.all(
    serviceRoleNeeds(plan, regions).map(async (need) =>
      judgeServiceRole(need, await facts.account.role(need.role)),
    ),
  );
}

export function judgeServiceRole({ role, service, without }: ServiceRole, found: Fact<Taken>): Finding {
  if (!found.known) {
    return roles.unknown(role, found.why);
  }
  return found.value.free
    ? roles.note({
        about: role,
        is: `the role does not exist; ${without}`,
        needs: "the service-linked role, once for the account",
        fix: [`aws iam create-service-linked-role --aws-service-name ${service}`],
      })
    : roles.ok(role, "exists");
}
