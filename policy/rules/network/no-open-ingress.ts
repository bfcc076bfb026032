import { z } from "zod";
import { iso27001, pciDss, soc2 } from "../../core/controls.ts";
import type { Inspection } from "../../core/inspection.ts";
import { resourceRule } from "../../core/rule.ts";

const config = {
  open: z
    .array(z.strictObject({ name: z.string().min(1), ports: z.array(z.int().min(1).max(65535)).min(1) }))
    .default([])
    .describe(
      "Resource names of security groups or rules that may take traffic from anywhere, and on which ports",
    ),
};

interface Ingress {
  readonly property: string;
  readonly sources: () => readonly (string | undefined)[];
  readonly ports: () => { readonly from?: number; readonly to?: number };
}

interface Allowance {
  readonly config: { readonly open: readonly { readonly name: string; readonly ports: readonly number[] }[] };
  readonly name: string;
}

const everyone = new Set(["0.0.0.0/0", "::/0"]);

function closed(ingress: Ingress, inspection: Inspection, { config: { open }, name }: Allowance): void {
  inspection.attempt(() => {
    const source = ingress.sources().find((cidr) => cidr !== undefined && everyone.has(cidr));
    if (source === undefined) return;
    const { from, to } = ingress.ports();
    const ports = open.find((allowed) => allowed.name === name)?.ports ?? [];
    if (from !== undefined && from === to && ports.includes(from)) return;
    const allowed =
      ports.length === 0 ? "narrower than the whole internet" : `open on port ${ports.join(", ")} only`;
    inspection.say(
      `${ingress.property} lets ${source} in on ${showPorts(from, to)}; it must be ${allowed}. Name a prefix list, a security group or a CIDR block of your own.`,
    );
  });
}

function showPorts(from?: number, to?: number): string {
  if (from === undefined || to === undefined) return "every port";
  return from === to ? `port ${from}` : `ports ${from}-${to}`;
}

interface InlineRule {
  readonly cidrBlocks?: readonly string[];
  readonly ipv6CidrBlocks?: readonly string[];
  readonly fromPort: number;
  readonly toPort: number;
}

function inlineRules(
  rules: readonly InlineRule[] | undefined,
  inspection: Inspection,
  allowance: Allowance,
): void {
  (rules ?? []).forEach((rule, at) => {
    const sources = () => [...(rule.cidrBlocks ?? []), ...(rule.ipv6CidrBlocks ?? [])];
    const ports = () => ({ from: rule.fromPort, to: rule.toPort });
    closed({ property: `ingress[${at}]`, sources, ports }, inspection, allowance);
  });
}

export const noOpenIngress = resourceRule({
  id: "no-open-ingress",
  title: "No security group takes traffic from the whole internet unless the stack's settings say so",
  why: "A port that is open to everyone is found by scanners within minutes; only the public edge has a reason to be.",
  severity: "critical",
  level: "mandatory",
  controls: [...soc2("CC6.6"), ...iso27001("A.8.20", "A.8.22"), ...pciDss("1.3.1", "1.4.2")],
  requirements: ["SEC-01", "SEC-04"],
  remediation: "Replace 0.0.0.0/0 and ::/0 by a prefix list, a security group or a known CIDR block.",
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  config,
  checks: {
    "aws:ec2/securityGroup:SecurityGroup": (group, inspection, context) =>
      inlineRules(group.ingress, inspection, context),
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": (group, inspection, context) =>
      inlineRules(group.ingress, inspection, context),
    "aws:ec2/securityGroupRule:SecurityGroupRule": (rule, inspection, context) => {
      if (rule.type !== "ingress") return;
      const sources = () => [...(rule.cidrBlocks ?? []), ...(rule.ipv6CidrBlocks ?? [])];
      const ports = () => ({ from: rule.fromPort, to: rule.toPort });
      closed({ property: "the rule", sources, ports }, inspection, context);
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": (rule, inspection, context) => {
      const ports = () => ({ from: rule.fromPort, to: rule.toPort });
      closed({ property: "cidrIpv4", sources: () => [rule.cidrIpv4], ports }, inspection, context);
      closed({ property: "cidrIpv6", sources: () => [rule.cidrIpv6], ports }, inspection, context);
    },
  },
});
