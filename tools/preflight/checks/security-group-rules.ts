/** Rules of the planned security groups, as their quota counts them. Pure. */
import type { Plan } from "../../plan/plan.ts";
import { at, items, planned, text } from "../planned.ts";
import type { Amounts } from "./quota-rules.ts";

/** Weight of a prefix list, by the id that the plan gives it. */
export type PrefixListWeights = (id: string) => number;

/** Rules of each direction by security group, inline ones included; a prefix list weighs as many rules as it may hold. */
export function securityGroupRules(plan: Plan, region: string, weigh: PrefixListWeights): Amounts {
  const groups = planned(plan, "ec2/securityGroup:SecurityGroup", region);
  const nameOf = new Map(groups.map(({ id, name }) => [id ?? "", name]));
  const amounts = new Map<string, number>();
  const add = (group: string, direction: string, weight: number) => {
    const key = `${nameOf.get(group) ?? group} ${direction}`;
    amounts.set(key, (amounts.get(key) ?? 0) + weight);
  };
  for (const { id = "", inputs } of groups) {
    for (const [key, direction] of DIRECTIONS) {
      for (const rule of items(inputs, key)) {
        const lists = items(rule, "prefixListIds").map((list) => weigh(text(list)));
        const plain = ["cidrBlocks", "ipv6CidrBlocks", "securityGroups"].map((of) => items(rule, of).length);
        add(
          id,
          direction,
          [...lists, ...plain, at(rule, "self") === true ? 1 : 0].reduce((a, b) => a + b, 0),
        );
      }
    }
  }
  for (const [type, direction] of RULE_TYPES) {
    for (const { inputs } of planned(plan, type, region)) {
      const list = text(inputs["prefixListId"]);
      add(text(inputs["securityGroupId"]), direction, list === "" ? 1 : weigh(list));
    }
  }
  return amounts;
}

const DIRECTIONS = [
  ["ingress", "inbound"],
  ["egress", "outbound"],
] as const;
const RULE_TYPES = [
  ["vpc/securityGroupIngressRule:SecurityGroupIngressRule", "inbound"],
  ["vpc/securityGroupEgressRule:SecurityGroupEgressRule", "outbound"],
] as const;

export const RULES_PER_GROUP = {
  service: "vpc",
  code: "L-0EA8095F",
  what: "Rules per security group",
} as const;
