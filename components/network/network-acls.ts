import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AclTier, aclRules } from "./acl-rules.ts";
import type { RegionNetwork } from "./region-network.ts";

export interface NetworkAclsArgs {
  /** Network whose subnets are guarded; pod subnets belong to the private tier. */
  readonly network: RegionNetwork;
  /** Ports of the data stores in the database tier; see `STORE_PORTS`. */
  readonly databasePorts: readonly number[];
  /**
   * Blocks outside the VPC that may open connections to the private tier.
   * @default none
   */
  readonly peerCidrs?: readonly string[];
  /**
   * Blocks outside the VPC that may use the data stores.
   * @default none
   */
  readonly databaseClientCidrs?: readonly string[];
}

/**
 * One network ACL for each tier (NET-22). Nothing passes between the public and the database tier, whatever the security
 * groups say. Free, and without a tie to another region.
 */
export class NetworkAcls extends pulumi.ComponentResource {
  readonly aclIds: Readonly<Record<AclTier, pulumi.Output<string>>>;

  constructor(name: string, args: NetworkAclsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:network:NetworkAcls", name, {}, opts);
    const { network, databasePorts, peerCidrs = [], databaseClientCidrs = [] } = args;
    const rules = aclRules({
      cidr: network.cidr,
      podCidr: network.podCidr,
      zones: network.plan.zones,
      peerCidrs,
      databasePorts,
      databaseClientCidrs,
    });
    // Rules are part of their ACL, so that a rule which someone added by hand shows in the next preview.
    const acl = (tier: AclTier, subnetIds: pulumi.Output<string>[]): pulumi.Output<string> =>
      new aws.ec2.NetworkAcl(
        `${name}-${tier}`,
        {
          vpcId: network.vpcId,
          subnetIds,
          ingress: [...rules[tier].ingress],
          egress: [...rules[tier].egress],
          tags: { Name: `${name}-${tier}` },
        },
        { parent: this },
      ).id;
    this.aclIds = {
      public: acl("public", network.publicSubnetIds),
      private: acl("private", [...network.privateSubnetIds, ...network.podSubnetIds]),
      database: acl("database", network.databaseSubnetIds),
    };
    this.registerOutputs({ aclIds: this.aclIds });
  }
}
