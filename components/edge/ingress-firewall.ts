import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "./arguments.ts";
import type { IngressExposure } from "./ingress.ts";

export interface IngressFirewallArgs {
  /** Replaces the groups. */
  readonly vpcId: pulumi.Input<string>;
  /** `cloudfront` admits port 443 from two lists of AWS; `internet` admits 80 and 443 from 0.0.0.0/0 (NET-25, C-49). */
  readonly exposure: IngressExposure;
  /** `edgePrefixLists(region).cloudfrontPrefixListId`; needed when exposure is `cloudfront`. */
  readonly cloudfrontPrefixListId?: pulumi.Input<string>;
  /** `edgePrefixLists(region).healthCheckersPrefixListId`; needed when exposure is `cloudfront`. */
  readonly healthCheckersPrefixListId?: pulumi.Input<string>;
  /** IPv4 ranges of the load balancer's targets, as a rule the VPC's own. */
  readonly targetCidrs: readonly string[];
  /** Ports that the load balancer opens on its targets. */
  readonly targetPorts: readonly number[];
}

/**
 * Security groups of a region's load balancer. Belongs to the region's stack.
 *
 * Two groups, because a rule that names a prefix list counts with the list's weight: CloudFront's weighs 55, the checkers'
 * 25, and a group holds 60. For the same reason CloudFront gets port 443 alone, once: it never speaks plain HTTP to an
 * origin, and a second rule would not fit.
 */
export class IngressFirewall extends pulumi.ComponentResource {
  /** Groups for the load balancer; targets admit the first. */
  readonly securityGroupIds: pulumi.Output<string[]>;
  /** The group that targets admit. */
  readonly entrySecurityGroupId: pulumi.Output<string>;

  constructor(name: string, args: IngressFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:edge:IngressFirewall", name, {}, opts);
    refuse(`IngressFirewall "${name}"`, firewallProblems(args));

    const group = (what: string, description: string) =>
      new aws.ec2.SecurityGroup(
        `${name}-${what}`,
        { vpcId: args.vpcId, description, tags: { Name: `${name}-${what}` } },
        { parent: this },
      );
    const admit = (what: string, to: aws.ec2.SecurityGroup, rule: IngressRule) =>
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-${what}`,
        { securityGroupId: to.id, ipProtocol: "tcp", fromPort: 443, toPort: 443, ...rule },
        { parent: this },
      );

    const entry = group("entry", "Load balancer: users in, targets out");
    const groups = [entry];
    if (args.exposure === "cloudfront") {
      const checkers = group("checkers", "Load balancer: health checkers of Route 53 in");
      groups.push(checkers);
      admit("from-cloudfront", entry, {
        prefixListId: args.cloudfrontPrefixListId,
        description: "HTTPS from CloudFront",
      });
      admit("from-checkers", checkers, {
        prefixListId: args.healthCheckersPrefixListId,
        description: "HTTPS from Route 53 health checkers",
      });
    } else {
      const anyone = { cidrIpv4: "0.0.0.0/0" };
      admit("from-internet-https", entry, { ...anyone, description: "HTTPS from anywhere" });
      admit("from-internet-http", entry, {
        ...anyone,
        fromPort: 80,
        toPort: 80,
        description: "HTTP from anywhere, redirected to HTTPS",
      });
    }
    for (const cidrIpv4 of args.targetCidrs) {
      for (const port of new Set(args.targetPorts)) {
        new aws.vpc.SecurityGroupEgressRule(
          `${name}-to-${cidrIpv4}-${port}`,
          {
            securityGroupId: entry.id,
            cidrIpv4,
            ipProtocol: "tcp",
            fromPort: port,
            toPort: port,
            description: "To the targets",
          },
          { parent: this },
        );
      }
    }
    this.securityGroupIds = pulumi.all(groups.map(({ id }) => id));
    this.entrySecurityGroupId = entry.id;
    this.registerOutputs({
      securityGroupIds: this.securityGroupIds,
      entrySecurityGroupId: this.entrySecurityGroupId,
    });
  }
}

type IngressRule = Pick<
  aws.vpc.SecurityGroupIngressRuleArgs,
  "cidrIpv4" | "prefixListId" | "fromPort" | "toPort" | "description"
>;

function firewallProblems(args: IngressFirewallArgs): string[] {
  const problems: string[] = [];
  if (args.exposure === "cloudfront") {
    for (const list of ["cloudfrontPrefixListId", "healthCheckersPrefixListId"] as const) {
      if (args[list] === undefined) {
        problems.push(`${list}: needed when exposure is cloudfront; look it up with edgePrefixLists(region)`);
      }
    }
  }
  if (args.targetCidrs.length === 0) problems.push("targetCidrs: empty; give the range of the targets");
  for (const cidr of args.targetCidrs.filter((range) => range.endsWith("/0"))) {
    problems.push(`targetCidrs: "${cidr}" is everything; give the range of the targets`);
  }
  return problems;
}
