import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { cidrsOverlap } from "./cidr.ts";

export interface PeeringSide {
  readonly region: string;
  /** Provider of that region. */
  readonly provider: aws.Provider;
  /** Replaces the connection. */
  readonly vpcId: pulumi.Input<string>;
  /** Block of the VPC; the other side routes it here. */
  readonly cidr: string;
  /** Second block of the VPC, not routed: pods leave under their node's address. AWS compares it all the same. */
  readonly podCidr?: string | undefined;
  /** Tables whose subnets reach the other side, by a key that names them, for example the zone. */
  readonly routeTableIds: Readonly<Record<string, pulumi.Input<string>>>;
}

export interface RegionPeeringArgs {
  readonly requester: PeeringSide;
  readonly accepter: PeeringSide;
}

/**
 * The private connection between the production VPCs of two regions (NET-14, C-58), encrypted by AWS on its backbone.
 *
 * Belongs into a stack of its own that is applied after both regions and that neither reads, so that no region's stack
 * needs the other. A lost region leaves the other's VPC as it was, with a route that leads nowhere. No hourly fee; about
 * 0.02 USD per GB between regions.
 */
export class RegionPeering extends pulumi.ComponentResource {
  readonly connectionId: pulumi.Output<string>;

  constructor(name: string, args: RegionPeeringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:network:RegionPeering", name, {}, opts);
    refuse(args);
    const { requester, accepter } = args;
    const connection = new aws.ec2.VpcPeeringConnection(
      `${name}-${requester.region}`,
      {
        vpcId: requester.vpcId,
        peerVpcId: accepter.vpcId,
        peerRegion: accepter.region,
        // AWS accepts by itself only within a region; the accepter below does it.
        autoAccept: false,
        tags: { Name: name },
      },
      { parent: this, provider: requester.provider },
    );
    const acceptance = new aws.ec2.VpcPeeringConnectionAccepter(
      `${name}-${accepter.region}`,
      { vpcPeeringConnectionId: connection.id, autoAccept: true, tags: { Name: name } },
      { parent: this, provider: accepter.provider },
    );
    // By way of the acceptance: options and routes are refused until the connection is active.
    this.connectionId = acceptance.id;
    new aws.ec2.PeeringConnectionOptions(
      `${name}-${requester.region}-options`,
      { vpcPeeringConnectionId: this.connectionId, requester: { allowRemoteVpcDnsResolution: true } },
      { parent: this, provider: requester.provider },
    );
    new aws.ec2.PeeringConnectionOptions(
      `${name}-${accepter.region}-options`,
      { vpcPeeringConnectionId: this.connectionId, accepter: { allowRemoteVpcDnsResolution: true } },
      { parent: this, provider: accepter.provider },
    );
    this.#route(name, requester, accepter);
    this.#route(name, accepter, requester);
    this.registerOutputs({ connectionId: this.connectionId });
  }

  #route(name: string, from: PeeringSide, to: PeeringSide): void {
    for (const [key, routeTableId] of Object.entries(from.routeTableIds)) {
      new aws.ec2.Route(
        `${name}-${from.region}-${key}`,
        { routeTableId, destinationCidrBlock: to.cidr, vpcPeeringConnectionId: this.connectionId },
        { parent: this, provider: from.provider },
      );
    }
  }
}

function refuse({ requester, accepter }: RegionPeeringArgs): void {
  const blocks = ({ cidr, podCidr }: PeeringSide): string[] => [
    cidr,
    ...(podCidr === undefined ? [] : [podCidr]),
  ];
  const problems = blocks(requester).flatMap((left) =>
    blocks(accepter)
      .filter((right) => cidrsOverlap(left, right))
      .map(
        (right) =>
          `${requester.region} ${left} overlaps ${accepter.region} ${right}: AWS peers VPCs only when none of their blocks overlap`,
      ),
  );
  if (requester.region === accepter.region) {
    problems.push(
      `requester and accepter are both in ${requester.region}: join VPCs of one region by a TransitHub`,
    );
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
