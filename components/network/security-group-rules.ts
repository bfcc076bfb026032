import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { ruleKey, type SecurityPeer, type SecurityRule } from "./security-rules.ts";

export interface RuleResources {
  /** Parent and name prefix of the rules. */
  readonly parent: pulumi.Resource;
  readonly name: string;
  /** By the key that the rules use. */
  readonly groupIds: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Makes a resource of every rule: one rule changes without touching the others, and each shows its row in AWS. */
export function createSecurityGroupRules(rules: readonly SecurityRule[], resources: RuleResources): void {
  for (const rule of rules) {
    const args = {
      securityGroupId: idOf(rule.group, resources.groupIds),
      description: rule.description,
      ...(rule.ports === undefined
        ? { ipProtocol: "-1" }
        : { ipProtocol: "tcp", fromPort: rule.ports[0], toPort: rule.ports[1] }),
      ...peerArgs(rule.peer, resources),
    };
    const Rule =
      rule.direction === "ingress" ? aws.vpc.SecurityGroupIngressRule : aws.vpc.SecurityGroupEgressRule;
    new Rule(`${resources.name}-${ruleKey(rule)}`, args, { parent: resources.parent });
  }
}

function peerArgs(
  peer: SecurityPeer,
  { groupIds }: RuleResources,
): Pick<aws.vpc.SecurityGroupIngressRuleArgs, "cidrIpv4" | "referencedSecurityGroupId"> {
  return peer.kind === "cidr"
    ? { cidrIpv4: peer.cidr }
    : { referencedSecurityGroupId: idOf(peer.key, groupIds) };
}

function idOf(key: string, groupIds: RuleResources["groupIds"]): pulumi.Input<string> {
  const id = groupIds[key];
  if (id === undefined) {
    throw new Error(
      `no id is given for security group "${key}": known are ${Object.keys(groupIds).join(", ") || "none"}`,
    );
  }
  return id;
}
