import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { asnProblems } from "./bgp.ts";
import type { RegionNetwork } from "./region-network.ts";
import { linked, type TransitLink, transitProblems } from "./transit-links.ts";

export interface TransitSpoke {
  readonly network: RegionNetwork;
  /**
   * Whether linked spokes use data stores in its database tier, which needs a way back to them.
   * @default false
   */
  readonly offersStores?: boolean;
}

export interface TransitHubArgs {
  /**
   * Private ASN of the AWS side, 64512 to 65534; another one in every region and for every Direct Connect gateway.
   * Cannot change while a VPN or Direct Connect is attached.
   */
  readonly amazonSideAsn: number;
  /** By name, for example production and shared. */
  readonly spokes: Readonly<Record<string, TransitSpoke>>;
  /** Pairs of spokes that reach each other, both ways. */
  readonly links: readonly TransitLink[];
}

export interface AttachedSpoke extends TransitSpoke {
  readonly key: string;
  readonly attachment: aws.ec2transitgateway.VpcAttachment;
  readonly table: aws.ec2transitgateway.RouteTable;
}

/**
 * The transit gateway of one region: VPCs as spokes, each with a route table of its own, and nothing connected that `links`
 * does not name (NET-15, C-58). The gateway's default tables stay off, so that a new attachment reaches nothing.
 *
 * Refers to no other region; AWS runs it in every zone that has an attachment. About 36 USD a month for each attachment
 * and 0.02 USD per GB.
 */
export class TransitHub extends pulumi.ComponentResource {
  readonly transitGatewayId: pulumi.Output<string>;
  readonly amazonSideAsn: number;
  readonly spokes: readonly AttachedSpoke[];

  readonly #name: string;

  constructor(name: string, args: TransitHubArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:network:TransitHub", name, {}, opts);
    const { amazonSideAsn, spokes, links } = args;
    this.#name = name;
    this.amazonSideAsn = amazonSideAsn;
    refuse(args);
    const gateway = new aws.ec2transitgateway.TransitGateway(
      `${name}-gateway`,
      {
        amazonSideAsn,
        description: "Joins the networks of this region",
        autoAcceptSharedAttachments: "disable",
        defaultRouteTableAssociation: "disable",
        defaultRouteTablePropagation: "disable",
        tags: { Name: name },
      },
      { parent: this },
    );
    this.transitGatewayId = gateway.id;
    this.spokes = Object.entries(spokes).map(([key, spoke]) => this.#attach(key, spoke));
    for (const here of this.spokes) {
      for (const there of this.spokes) {
        if (linked(links, here.key, there.key)) {
          this.#connect(here, there);
        } else if (here !== there) {
          this.#drop(here, there);
        }
      }
    }
    this.registerOutputs({
      transitGatewayId: this.transitGatewayId,
      attachmentIds: Object.fromEntries(this.spokes.map(({ key, attachment }) => [key, attachment.id])),
      routeTableIds: Object.fromEntries(this.spokes.map(({ key, table }) => [key, table.id])),
    });
  }

  #attach(key: string, spoke: TransitSpoke): AttachedSpoke {
    const name = `${this.#name}-${key}`;
    const attachment = new aws.ec2transitgateway.VpcAttachment(
      `${name}-attachment`,
      {
        transitGatewayId: this.transitGatewayId,
        vpcId: spoke.network.vpcId,
        subnetIds: spoke.network.privateSubnetIds,
        transitGatewayDefaultRouteTableAssociation: false,
        transitGatewayDefaultRouteTablePropagation: false,
        tags: { Name: name },
      },
      { parent: this },
    );
    const table = new aws.ec2transitgateway.RouteTable(
      `${name}-routes`,
      { transitGatewayId: this.transitGatewayId, tags: { Name: name } },
      { parent: this },
    );
    new aws.ec2transitgateway.RouteTableAssociation(
      `${name}-association`,
      { transitGatewayAttachmentId: attachment.id, transitGatewayRouteTableId: table.id },
      { parent: this },
    );
    return { key, ...spoke, attachment, table };
  }

  /** `here` learns the way to `there`; the other direction has its own call. */
  #connect(here: AttachedSpoke, there: AttachedSpoke): void {
    const name = `${this.#name}-${here.key}-to-${there.key}`;
    new aws.ec2transitgateway.RouteTablePropagation(
      name,
      { transitGatewayAttachmentId: there.attachment.id, transitGatewayRouteTableId: here.table.id },
      { parent: this },
    );
    routeToHub(name, { hub: this, spoke: here, destination: there.network.cidr, parent: this });
  }

  /** A data centre that advertises a wide block would otherwise carry the traffic there and back (NET-20). */
  #drop(here: AttachedSpoke, there: AttachedSpoke): void {
    new aws.ec2transitgateway.Route(
      `${this.#name}-${here.key}-not-${there.key}`,
      {
        blackhole: true,
        destinationCidrBlock: there.network.cidr,
        transitGatewayRouteTableId: here.table.id,
      },
      { parent: this },
    );
  }
}

export interface HubRoute {
  readonly hub: TransitHub;
  readonly spoke: AttachedSpoke;
  readonly destination: string;
  readonly parent: pulumi.Resource;
}

/** Routes from the spoke's own tables to the gateway. */
export function routeToHub(name: string, { hub, spoke, destination, parent }: HubRoute): void {
  const { network, offersStores = false, attachment } = spoke;
  const tables = {
    ...network.privateRouteTableIds,
    ...(offersStores ? { database: network.databaseRouteTableId } : {}),
  };
  for (const [key, routeTableId] of Object.entries(tables)) {
    new aws.ec2.Route(
      `${name}-${key}`,
      { routeTableId, destinationCidrBlock: destination, transitGatewayId: hub.transitGatewayId },
      // AWS refuses a route to a gateway that the VPC is not attached to.
      { parent, dependsOn: [attachment] },
    );
  }
}

function refuse({ amazonSideAsn, spokes, links }: TransitHubArgs): void {
  const cidrs = Object.fromEntries(Object.entries(spokes).map(([key, { network }]) => [key, network.cidr]));
  const problems = [...asnProblems("amazonSideAsn", amazonSideAsn), ...transitProblems(cidrs, links)];
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
