import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { INTERFACE_SERVICES, type InterfaceService } from "./interface-services.ts";
import { createSecurityGroupRules } from "./security-group-rules.ts";

export interface InterfaceEndpointsArgs {
  /** Replaces every endpoint. */
  readonly vpcId: pulumi.Input<string>;
  /** Region of the VPC. */
  readonly region: string;
  /** One subnet in each zone that has clients; each endpoint takes one address of each. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Blocks whose members may call: those of the VPC itself, its pod block included. */
  readonly clientCidrs: readonly string[];
  /**
   * Services that get an endpoint. Adding or removing one touches no other.
   * @default all of `INTERFACE_SERVICES`
   */
  readonly services?: readonly InterfaceService[];
}

/**
 * Endpoints through which a VPC calls AWS services under their usual names, without NAT and without leaving the network.
 *
 * Each lies in one region and zone by zone: a lost zone takes only its own addresses along. An endpoint costs about
 * 7.30 USD a month in each zone, so all of them in three zones about 440 USD, plus 0.01 USD per GB (NAT: 0.045 USD).
 */
export class InterfaceEndpoints extends pulumi.ComponentResource {
  readonly securityGroupId: pulumi.Output<string>;
  /** By service. */
  readonly endpointIds: Readonly<Partial<Record<InterfaceService, pulumi.Output<string>>>>;

  constructor(name: string, args: InterfaceEndpointsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:network:InterfaceEndpoints", name, {}, opts);
    const services = args.services ?? INTERFACE_SERVICES;
    refuseUnknown(services);
    const group = new aws.ec2.SecurityGroup(
      `${name}-clients`,
      {
        vpcId: args.vpcId,
        description: "Interface endpoints: HTTPS from this VPC",
        tags: { Name: `${name}-clients` },
      },
      { parent: this },
    );
    createSecurityGroupRules(
      args.clientCidrs.map((cidr) => ({
        group: "clients",
        direction: "ingress",
        ports: [443, 443],
        peer: { kind: "cidr", key: cidr, cidr },
        description: "NET-18: HTTPS from this VPC",
      })),
      { parent: this, name, groupIds: { clients: group.id } },
    );
    this.securityGroupId = group.id;
    this.endpointIds = Object.fromEntries(
      services.map((service) => {
        const endpoint = new aws.ec2.VpcEndpoint(
          `${name}-${service}`,
          {
            vpcId: args.vpcId,
            serviceName: `com.amazonaws.${args.region}.${service}`,
            vpcEndpointType: "Interface",
            privateDnsEnabled: true,
            subnetIds: [...args.subnetIds],
            securityGroupIds: [group.id],
            tags: { Name: `${name}-${service}` },
          },
          { parent: this },
        );
        return [service, endpoint.id];
      }),
    );
    this.registerOutputs({ securityGroupId: this.securityGroupId, endpointIds: this.endpointIds });
  }
}

/** Config arrives as plain strings; a misspelt service would otherwise fail halfway through a deployment. */
function refuseUnknown(services: readonly string[]): void {
  const known: readonly string[] = INTERFACE_SERVICES;
  const problems = services.filter((service) => !known.includes(service));
  if (problems.length > 0) {
    throw new Error(
      problems
        .map(
          (service) => `services "${service}" has no interface endpoint here: use any of ${known.join(", ")}`,
        )
        .join("\n"),
    );
  }
  if (new Set(services).size !== services.length) {
    throw new Error(`services ${JSON.stringify(services)} names a service twice: name each once`);
  }
}
