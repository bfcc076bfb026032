import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Address ranges that AWS itself maintains and that may reach a region's entry, as the region knows them. */
export interface EdgePrefixLists {
  /** Id of the list of CloudFront's origin-facing servers. Weighs 55 rules in a security group. */
  readonly cloudfrontPrefixListId: pulumi.Output<string>;
  /** Id of the list of Route 53's health checkers. Weighs 25 rules in a security group. */
  readonly healthCheckersPrefixListId: pulumi.Output<string>;
  /** IPv4 ranges of the health checkers, sorted, so that the order AWS answers in is never a change. */
  readonly healthCheckerCidrs: pulumi.Output<string[]>;
}

/**
 * Looks the lists up in the region of the provider in `opts`. IPv4 only: a checker that is given a host name connects by
 * IPv4, and neither the load balancers nor S3's regional hosts have an IPv6 address. No other region is asked.
 */
export function edgePrefixLists(region: string, opts: pulumi.InvokeOptions): EdgePrefixLists {
  const cloudfront = aws.ec2.getManagedPrefixListOutput(
    { name: "com.amazonaws.global.cloudfront.origin-facing" },
    opts,
  );
  const checkers = aws.ec2.getManagedPrefixListOutput(
    { name: `com.amazonaws.${region}.route53-healthchecks` },
    opts,
  );
  return {
    cloudfrontPrefixListId: cloudfront.id,
    healthCheckersPrefixListId: checkers.id,
    healthCheckerCidrs: checkers.entries.apply((entries) => entries.map((entry) => entry.cidr).sort()),
  };
}
