import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { asnProblems, customerAsnProblems } from "./bgp.ts";
import { cidrsOverlap } from "./cidr.ts";
import { type AttachedSpoke, routeToHub, type TransitHub } from "./transit-hub.ts";

/** What the data centre's network team has to say about its VPN device (GAP-13). Every change replaces the connection. */
export interface VpnFacts {
  /** Public address of the device. */
  readonly peerIp: string;
  /** ASN of the data centre, 1 to 2147483646. */
  readonly customerAsn: number;
}

/** What the Direct Connect order and the data centre's network team have to say (GAP-13). Every change replaces the interface. */
export interface DirectConnectFacts {
  /** `dxcon-...`, a dedicated connection, or a hosted one of at least 1 Gbit/s. */
  readonly connectionId: string;
  /** 1 to 4094, unused on the connection. */
  readonly vlan: number;
  /** ASN of the data centre, 1 to 2147483646. */
  readonly customerAsn: number;
  /** Private ASN of the Direct Connect gateway, another one than the transit gateway's. */
  readonly gatewayAsn: number;
}

export interface HybridConnectivityArgs {
  /** Transit gateway of the region. */
  readonly hub: TransitHub;
  /** Blocks of the data centre. */
  readonly onPremisesCidrs: readonly string[];
  /** Spokes that the data centre and they themselves reach. */
  readonly reaches: readonly string[];
  /** The way over the internet (NET-17). @default none; at least one way is needed */
  readonly vpn?: VpnFacts;
  /** The dedicated way (NET-16). @default none; at least one way is needed */
  readonly directConnect?: DirectConnectFacts;
}

/** Both tunnels: IKEv2, 256 bit, elliptic curves. AWS by default also takes IKEv1, SHA-1 and 1024 bit Diffie-Hellman. */
const ENCRYPTION = ["AES256", "AES256-GCM-16"];
const INTEGRITY = ["SHA2-256", "SHA2-384", "SHA2-512"];
const DIFFIE_HELLMAN_GROUPS = [19, 20, 21];

/**
 * The region's connection to a data centre by VPN, by Direct Connect, or by both (C-58).
 *
 * With both, AWS sends over Direct Connect and turns to the VPN when it fails, as both advertise the same blocks by BGP.
 * Each region has its own; none depends on another. About 36 USD a month for the VPN and 36 USD for each attachment, plus
 * the port fee of the Direct Connect order.
 */
export class HybridConnectivity extends pulumi.ComponentResource {
  /** By way: `vpn`, `direct-connect`. */
  readonly attachmentIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** Public addresses of the two VPN tunnels; empty without a VPN. */
  readonly tunnelAddresses: pulumi.Output<string>[];

  readonly #name: string;

  constructor(name: string, args: HybridConnectivityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:network:HybridConnectivity", name, {}, opts);
    this.#name = name;
    refuse(args);
    const { hub, vpn, directConnect } = args;
    const spokes = hub.spokes.filter(({ key }) => args.reaches.includes(key));
    const connection = vpn === undefined ? undefined : this.#createVpn(hub, vpn);
    const association =
      directConnect === undefined ? undefined : this.#createDirectConnect(hub, spokes, directConnect);
    this.attachmentIds = {
      ...(connection === undefined ? {} : { vpn: connection.transitGatewayAttachmentId }),
      ...(association === undefined ? {} : { "direct-connect": association.transitGatewayAttachmentId }),
    };
    this.tunnelAddresses =
      connection === undefined ? [] : [connection.tunnel1Address, connection.tunnel2Address];
    this.#joinSpokes(hub, spokes, args.onPremisesCidrs);
    this.registerOutputs({ attachmentIds: this.attachmentIds, tunnelAddresses: this.tunnelAddresses });
  }

  #createVpn(hub: TransitHub, { peerIp, customerAsn }: VpnFacts): aws.ec2.VpnConnection {
    const name = `${this.#name}-vpn`;
    const device = new aws.ec2.CustomerGateway(
      `${name}-device`,
      { type: "ipsec.1", ipAddress: peerIp, bgpAsn: String(customerAsn), tags: { Name: `${name}-device` } },
      { parent: this },
    );
    return new aws.ec2.VpnConnection(
      name,
      {
        type: "ipsec.1",
        customerGatewayId: device.id,
        transitGatewayId: hub.transitGatewayId,
        staticRoutesOnly: false,
        // Keeps the tunnels' keys out of the stack's state.
        presharedKeyStorage: "SecretsManager",
        tunnel1IkeVersions: ["ikev2"],
        tunnel1Phase1EncryptionAlgorithms: ENCRYPTION,
        tunnel1Phase1IntegrityAlgorithms: INTEGRITY,
        tunnel1Phase1DhGroupNumbers: DIFFIE_HELLMAN_GROUPS,
        tunnel1Phase2EncryptionAlgorithms: ENCRYPTION,
        tunnel1Phase2IntegrityAlgorithms: INTEGRITY,
        tunnel1Phase2DhGroupNumbers: DIFFIE_HELLMAN_GROUPS,
        tunnel2IkeVersions: ["ikev2"],
        tunnel2Phase1EncryptionAlgorithms: ENCRYPTION,
        tunnel2Phase1IntegrityAlgorithms: INTEGRITY,
        tunnel2Phase1DhGroupNumbers: DIFFIE_HELLMAN_GROUPS,
        tunnel2Phase2EncryptionAlgorithms: ENCRYPTION,
        tunnel2Phase2IntegrityAlgorithms: INTEGRITY,
        tunnel2Phase2DhGroupNumbers: DIFFIE_HELLMAN_GROUPS,
        tags: { Name: name },
      },
      { parent: this },
    );
  }

  #createDirectConnect(
    hub: TransitHub,
    spokes: readonly AttachedSpoke[],
    { connectionId, vlan, customerAsn, gatewayAsn }: DirectConnectFacts,
  ): aws.directconnect.GatewayAssociation {
    const name = `${this.#name}-direct-connect`;
    const gateway = new aws.directconnect.Gateway(
      `${name}-gateway`,
      { amazonSideAsn: String(gatewayAsn) },
      { parent: this },
    );
    new aws.directconnect.TransitVirtualInterface(
      `${name}-interface`,
      {
        connectionId,
        dxGatewayId: gateway.id,
        addressFamily: "ipv4",
        bgpAsn: customerAsn,
        vlan,
        tags: { Name: name },
      },
      { parent: this, additionalSecretOutputs: ["bgpAuthKey"] },
    );
    return new aws.directconnect.GatewayAssociation(
      `${name}-gateway-association`,
      {
        dxGatewayId: gateway.id,
        associatedGatewayId: hub.transitGatewayId,
        // What the data centre hears of: nothing but the spokes that it may reach.
        allowedPrefixes: spokes.map(({ network }) => network.cidr),
      },
      { parent: this },
    );
  }

  #joinSpokes(hub: TransitHub, spokes: readonly AttachedSpoke[], onPremisesCidrs: readonly string[]): void {
    const table = new aws.ec2transitgateway.RouteTable(
      `${this.#name}-routes`,
      { transitGatewayId: hub.transitGatewayId, tags: { Name: this.#name } },
      { parent: this },
    );
    const propagate = (
      key: string,
      transitGatewayAttachmentId: pulumi.Input<string>,
      transitGatewayRouteTableId: pulumi.Input<string>,
    ) =>
      new aws.ec2transitgateway.RouteTablePropagation(
        `${this.#name}-${key}`,
        { transitGatewayAttachmentId, transitGatewayRouteTableId },
        { parent: this },
      );
    for (const spoke of spokes) {
      propagate(`to-${spoke.key}`, spoke.attachment.id, table.id);
      for (const destination of onPremisesCidrs) {
        routeToHub(`${this.#name}-${spoke.key}-to-${destination}`, { hub, spoke, destination, parent: this });
      }
    }
    for (const [way, attachmentId] of Object.entries(this.attachmentIds)) {
      new aws.ec2transitgateway.RouteTableAssociation(
        `${this.#name}-${way}-association`,
        { transitGatewayAttachmentId: attachmentId, transitGatewayRouteTableId: table.id },
        { parent: this },
      );
      for (const { key, table: spokeTable } of spokes)
        propagate(`${key}-by-${way}`, attachmentId, spokeTable.id);
    }
  }
}

function refuse({ hub, onPremisesCidrs, reaches, vpn, directConnect }: HybridConnectivityArgs): void {
  const spokes = hub.spokes.map(({ key }) => key);
  const problems = [
    ...(vpn === undefined && directConnect === undefined
      ? ["neither vpn nor directConnect is given: give the facts of at least one"]
      : []),
    ...(onPremisesCidrs.length === 0 ? ["onPremisesCidrs is empty: name the blocks of the data centre"] : []),
    ...reaches
      .filter((key) => !spokes.includes(key))
      .map((key) => `reaches "${key}" is no spoke of the hub: use ${spokes.join(", ")}`),
    ...onPremisesCidrs.flatMap((cidr) =>
      hub.spokes
        .filter(({ network }) => cidrsOverlap(network.cidr, cidr))
        .map(
          ({ key, network }) =>
            `onPremisesCidrs ${cidr} overlaps spoke ${key} ${network.cidr}: routes would be ambiguous`,
        ),
    ),
    ...(vpn === undefined ? [] : customerAsnProblems("vpn.customerAsn", vpn.customerAsn)),
    ...(directConnect === undefined ? [] : directConnectProblems(directConnect, hub.amazonSideAsn)),
  ];
  if (problems.length > 0) throw new Error(problems.join("\n"));
}

function directConnectProblems(
  { vlan, customerAsn, gatewayAsn }: DirectConnectFacts,
  hubAsn: number,
): string[] {
  return [
    ...(Number.isInteger(vlan) && vlan >= 1 && vlan <= 4094
      ? []
      : [`directConnect.vlan ${vlan} is not a VLAN: use 1 to 4094`]),
    ...customerAsnProblems("directConnect.customerAsn", customerAsn),
    ...asnProblems("directConnect.gatewayAsn", gatewayAsn),
    ...(gatewayAsn === hubAsn
      ? [
          `directConnect.gatewayAsn ${gatewayAsn} is the transit gateway's: AWS joins the two only when they differ`,
        ]
      : []),
  ];
}
