import * as pulumi from "@pulumi/pulumi";
import { InterfaceEndpoints } from "./interface-endpoints.ts";
import type { InterfaceService } from "./interface-services.ts";
import { NetworkAcls } from "./network-acls.ts";
import { RegionNetwork } from "./region-network.ts";
import { STORE_PORTS } from "./security-rules.ts";

export interface SharedServicesNetworkArgs {
  /** Block of the VPC, apart from every other VPC's (C-55). Replaces the VPC and everything in it. */
  readonly cidr: string;
  /** Zones of the region's production VPC. */
  readonly zones: readonly string[];
  /** Block of the production VPC, whose workers use OpenSearch here. */
  readonly productionCidr: string;
  /** Account that the VPC belongs to. */
  readonly accountId: pulumi.Input<string>;
  /** Days that flow logs are kept. */
  readonly flowLogRetentionDays: pulumi.Input<number>;
  /**
   * Key of the same region for the flow logs.
   * @default the key that CloudWatch Logs owns
   */
  readonly logsKmsKeyArn?: pulumi.Input<string> | undefined;
  /**
   * Services that get an endpoint here.
   * @default all of `INTERFACE_SERVICES`
   */
  readonly interfaceServices?: readonly InterfaceService[];
}

/**
 * The shared services VPC of a region (NET-11 to NET-13, C-32): OpenSearch for logs in the database tier; builds, Jenkins
 * and security tooling in the private tier; no cluster. Joined to production by a `TransitHub`.
 *
 * One NAT gateway (C-59): when its zone is lost, builds wait, and nothing that serves documents does. Costs about 33 USD a
 * month for the gateway, and the interface endpoints.
 */
export class SharedServicesNetwork extends pulumi.ComponentResource {
  readonly network: RegionNetwork;
  readonly acls: NetworkAcls;
  readonly endpoints: InterfaceEndpoints;

  constructor(name: string, args: SharedServicesNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:network:SharedServicesNetwork", name, {}, opts);
    const { cidr, zones, productionCidr, accountId, flowLogRetentionDays, logsKmsKeyArn } = args;
    this.network = new RegionNetwork(
      `${name}-network`,
      {
        cidr,
        zones,
        natGateways: "single",
        clusterNames: [],
        accountId,
        flowLogRetentionDays,
        logsKmsKeyArn,
      },
      { parent: this },
    );
    this.acls = new NetworkAcls(
      `${name}-acl`,
      {
        network: this.network,
        databasePorts: [STORE_PORTS.opensearch.port],
        peerCidrs: [productionCidr],
        databaseClientCidrs: [productionCidr],
      },
      { parent: this },
    );
    this.endpoints = new InterfaceEndpoints(
      `${name}-endpoints`,
      {
        vpcId: this.network.vpcId,
        region: this.network.region,
        subnetIds: this.network.privateSubnetIds,
        clientCidrs: [cidr],
        services: args.interfaceServices,
      },
      { parent: this },
    );
    this.registerOutputs({
      vpcId: this.network.vpcId,
      privateSubnetIds: this.network.privateSubnetIds,
      databaseSubnetIds: this.network.databaseSubnetIds,
    });
  }
}
