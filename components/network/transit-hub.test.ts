import assert from "node:assert/strict";
import type * as aws from "@pulumi/aws";
import type { Plan, PlanMode } from "../../tools/plan/index.ts";
import { MODES, named, ofType, pick, planInRegion, refusals, sources } from "../../tools/plan/testing.ts";
import { urnName } from "../../tools/plan/urn.ts";
import { HybridConnectivity, type HybridConnectivityArgs } from "./hybrid-connectivity.ts";
import { RegionNetwork } from "./region-network.ts";
import { TransitHub, type TransitHubArgs } from "./transit-hub.ts";

const ZONES = ["us-east-1a", "us-east-1b"];
const BLOCKS = { production: "10.0.0.0/16", shared: "10.1.0.0/16", sandbox: "10.2.0.0/16" };

function hubOf(
  provider: aws.Provider,
  change: Partial<TransitHubArgs>,
  blocks: Readonly<Record<string, string>>,
): TransitHub {
  const spokes = Object.fromEntries(
    Object.entries(blocks).map(([key, cidr]) => {
      const args = {
        cidr,
        zones: ZONES,
        natGateways: "single",
        clusterNames: [],
        accountId: "111122223333",
        flowLogRetentionDays: 30,
      } as const;
      return [key, { network: new RegionNetwork(key, args, { provider }), offersStores: key === "shared" }];
    }),
  );
  return new TransitHub(
    "hub",
    { amazonSideAsn: 64513, spokes, links: [["production", "shared"]], ...change },
    { provider },
  );
}

function planned(
  mode: PlanMode,
  change: Partial<TransitHubArgs> = {},
  blocks: Readonly<Record<string, string>> = BLOCKS,
): Promise<Plan> {
  return planInRegion(mode, "us-east-1", (provider) => ({
    id: hubOf(provider, change, blocks).transitGatewayId,
  }));
}

function plannedHybrid(mode: PlanMode, change: Partial<HybridConnectivityArgs>): Promise<Plan> {
  return planInRegion(mode, "us-east-1", (provider) => {
    const hub = hubOf(provider, {}, BLOCKS);
    const hybrid = new HybridConnectivity(
      "hybrid",
      { hub, onPremisesCidrs: ["192.168.0.0/16"], reaches: ["shared"], ...change },
      { provider },
    );
    return { attachmentIds: hybrid.attachmentIds, tunnelAddresses: hybrid.tunnelAddresses };
  });
}

/** VPC route table to destination, of routes through the gateway. */
function routesThroughHub(plan: Plan): [string, unknown][] {
  return ofType(plan, "aws:ec2/route:Route")
    .filter((route) => sources(route, "transitGatewayId").includes("hub-gateway"))
    .map((route): [string, unknown] => [
      sources(route, "routeTableId").join(),
      route.inputs["destinationCidrBlock"],
    ])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** Which attachment's block a gateway table learns. */
function propagations(plan: Plan): [string, string][] {
  return ofType(plan, "aws:ec2transitgateway/routeTablePropagation:RouteTablePropagation").map(
    (propagation) => [
      sources(propagation, "transitGatewayRouteTableId").join(),
      sources(propagation, "transitGatewayAttachmentId").join(),
    ],
  );
}

for (const mode of MODES) {
  describe(`TransitHub, ${mode}`, () => {
    let plan: Plan;
    before(async () => {
      plan = await planned(mode);
    });

    it("NET-15: one gateway per region, whose default tables connect nothing", () => {
      assert.deepEqual(
        ofType(plan, "aws:ec2transitgateway/transitGateway:TransitGateway").map(({ inputs }) =>
          pick(
            inputs,
            "amazonSideAsn",
            "autoAcceptSharedAttachments",
            "defaultRouteTableAssociation",
            "defaultRouteTablePropagation",
          ),
        ),
        [
          {
            amazonSideAsn: 64513,
            autoAcceptSharedAttachments: "disable",
            defaultRouteTableAssociation: "disable",
            defaultRouteTablePropagation: "disable",
          },
        ],
      );
    });

    it("NET-15: every VPC is attached in all its zones and has a table of its own", () => {
      for (const attachment of ofType(plan, "aws:ec2transitgateway/vpcAttachment:VpcAttachment")) {
        const [spoke] = sources(attachment, "vpcId").map((vpc) => vpc.replace("-vpc", ""));
        assert.deepEqual(
          sources(attachment, "subnetIds"),
          ZONES.map((zone) => `${spoke}-private-${zone}`),
        );
        assert.deepEqual(
          pick(
            attachment.inputs,
            "transitGatewayDefaultRouteTableAssociation",
            "transitGatewayDefaultRouteTablePropagation",
          ),
          {
            transitGatewayDefaultRouteTableAssociation: false,
            transitGatewayDefaultRouteTablePropagation: false,
          },
        );
      }
      assert.deepEqual(
        ofType(plan, "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation").map(
          (association) => [
            sources(association, "transitGatewayAttachmentId").join(),
            sources(association, "transitGatewayRouteTableId").join(),
          ],
        ),
        ["production", "sandbox", "shared"].map((spoke) => [
          `hub-${spoke}-attachment`,
          `hub-${spoke}-routes`,
        ]),
      );
    });

    it("NET-11: production and shared services reach each other; answers of shared stores find their way back", () => {
      assert.deepEqual(propagations(plan), [
        ["hub-production-routes", "hub-shared-attachment"],
        ["hub-shared-routes", "hub-production-attachment"],
      ]);
      assert.deepEqual(routesThroughHub(plan), [
        ["production-private-us-east-1a-routes", "10.1.0.0/16"],
        ["production-private-us-east-1b-routes", "10.1.0.0/16"],
        ["shared-database-routes", "10.0.0.0/16"],
        ["shared-private-us-east-1a-routes", "10.0.0.0/16"],
        ["shared-private-us-east-1b-routes", "10.0.0.0/16"],
      ]);
      const route = named(plan, "hub-production-to-shared-us-east-1a");
      assert.ok(route.dependencies.map(urnName).includes("hub-production-attachment"));
    });

    it("NET-20: what is not linked is dropped by name", () => {
      assert.deepEqual(
        ofType(plan, "aws:ec2transitgateway/route:Route").map((route) => [
          route.name,
          sources(route, "transitGatewayRouteTableId").join(),
          ...Object.values(pick(route.inputs, "destinationCidrBlock", "blackhole")),
        ]),
        [
          ["hub-production-not-sandbox", "hub-production-routes", "10.2.0.0/16", true],
          ["hub-sandbox-not-production", "hub-sandbox-routes", "10.0.0.0/16", true],
          ["hub-sandbox-not-shared", "hub-sandbox-routes", "10.1.0.0/16", true],
          ["hub-shared-not-sandbox", "hub-shared-routes", "10.2.0.0/16", true],
        ],
      );
      assert.deepEqual(plan.diagnostics, []);
    });
  });

  describe(`HybridConnectivity, ${mode}`, () => {
    it("NET-17: the VPN ends at the hub, by BGP, with strong tunnels and its keys in Secrets Manager", async () => {
      const plan = await plannedHybrid(mode, { vpn: { peerIp: "203.0.113.9", customerAsn: 65010 } });
      assert.deepEqual(pick(named(plan, "hybrid-vpn-device").inputs, "bgpAsn", "ipAddress", "type"), {
        bgpAsn: "65010",
        ipAddress: "203.0.113.9",
        type: "ipsec.1",
      });
      const vpn = named(plan, "hybrid-vpn");
      assert.deepEqual(sources(vpn, "transitGatewayId"), ["hub-gateway"]);
      assert.deepEqual(pick(vpn.inputs, "presharedKeyStorage", "staticRoutesOnly", "type"), {
        presharedKeyStorage: "SecretsManager",
        staticRoutesOnly: false,
        type: "ipsec.1",
      });
      for (const tunnel of ["tunnel1", "tunnel2"]) {
        const settings = Object.entries(vpn.inputs).filter(([key]) => key.startsWith(tunnel));
        assert.deepEqual(
          Object.fromEntries(settings.map(([key, value]) => [key.slice(tunnel.length), value])),
          {
            IkeVersions: ["ikev2"],
            Phase1DhGroupNumbers: [19, 20, 21],
            Phase1EncryptionAlgorithms: ["AES256", "AES256-GCM-16"],
            Phase1IntegrityAlgorithms: ["SHA2-256", "SHA2-384", "SHA2-512"],
            Phase2DhGroupNumbers: [19, 20, 21],
            Phase2EncryptionAlgorithms: ["AES256", "AES256-GCM-16"],
            Phase2IntegrityAlgorithms: ["SHA2-256", "SHA2-384", "SHA2-512"],
          },
        );
      }
      assert.deepEqual(Object.keys(Object(plan.outputs["attachmentIds"])), ["vpn"]);
      assert.equal([plan.outputs["tunnelAddresses"]].flat().length, 2);
    });

    it("NET-16: Direct Connect ends at the hub and tells the data centre only of the spokes that it may reach", async () => {
      const directConnect = { connectionId: "dxcon-1", vlan: 101, customerAsn: 65010, gatewayAsn: 64600 };
      const plan = await plannedHybrid(mode, { directConnect });
      const gateway = named(plan, "hybrid-direct-connect-gateway");
      assert.equal(gateway.inputs["amazonSideAsn"], "64600");
      const circuit = named(plan, "hybrid-direct-connect-interface");
      assert.deepEqual(pick(circuit.inputs, "addressFamily", "bgpAsn", "connectionId", "vlan"), {
        addressFamily: "ipv4",
        bgpAsn: 65010,
        connectionId: "dxcon-1",
        vlan: 101,
      });
      assert.deepEqual(sources(circuit, "dxGatewayId"), [gateway.name]);
      const association = named(plan, "hybrid-direct-connect-gateway-association");
      assert.deepEqual(association.inputs["allowedPrefixes"], ["10.1.0.0/16"]);
      assert.deepEqual(sources(association, "associatedGatewayId"), ["hub-gateway"]);
      assert.deepEqual(Object.keys(Object(plan.outputs["attachmentIds"])), ["direct-connect"]);
    });

    it("COST-12: with both ways, both learn and teach the same blocks, so that BGP falls back to the VPN", async () => {
      const plan = await plannedHybrid(mode, {
        vpn: { peerIp: "203.0.113.9", customerAsn: 65010 },
        directConnect: { connectionId: "dxcon-1", vlan: 101, customerAsn: 65010, gatewayAsn: 64600 },
      });
      assert.deepEqual(
        propagations(plan).filter((pair) => pair.join().includes("hybrid")),
        [
          ["hub-shared-routes", "hybrid-direct-connect-gateway-association"],
          ["hub-shared-routes", "hybrid-vpn"],
          ["hybrid-routes", "hub-shared-attachment"],
        ],
      );
      const associated = ofType(
        plan,
        "aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation",
      ).filter((association) => sources(association, "transitGatewayRouteTableId").includes("hybrid-routes"));
      assert.deepEqual(
        associated.map(({ name }) => name),
        ["hybrid-direct-connect-association", "hybrid-vpn-association"],
      );
      assert.deepEqual(
        routesThroughHub(plan).filter(([, destination]) => destination === "192.168.0.0/16"),
        ["database", "private-us-east-1a", "private-us-east-1b"].map((key) => [
          `shared-${key}-routes`,
          "192.168.0.0/16",
        ]),
      );
      assert.deepEqual(plan.diagnostics, []);
    });
  });
}

describe("TransitHub, refusals", () => {
  it("names bad numbers, links and blocks at once", async () => {
    const planning = planned(
      "preview",
      {
        amazonSideAsn: 1,
        links: [
          ["production", "stage"],
          ["shared", "shared"],
        ],
      },
      {
        production: "10.0.0.0/16",
        shared: "10.0.0.0/20",
      },
    );
    assert.deepEqual(await refusals(planning), [
      "amazonSideAsn 1 is not a private ASN: use 64512 to 65534",
      'links ["production","stage"] names "stage", which is no spoke: use production, shared',
      'links ["shared","shared"] joins a spoke to itself: name two spokes',
      "shared 10.0.0.0/20 overlaps production 10.0.0.0/16: give each a block of its own",
    ]);
  });
});

describe("HybridConnectivity, refusals", () => {
  it("GAP-13: without the facts of a data centre there is no connection to it", async () => {
    assert.deepEqual(await refusals(plannedHybrid("preview", { onPremisesCidrs: [], reaches: ["moon"] })), [
      "neither vpn nor directConnect is given: give the facts of at least one",
      "onPremisesCidrs is empty: name the blocks of the data centre",
      'reaches "moon" is no spoke of the hub: use production, shared, sandbox',
    ]);
  });

  it("names every fact that AWS would refuse", async () => {
    const planning = plannedHybrid("preview", {
      onPremisesCidrs: ["10.0.0.0/8"],
      vpn: { peerIp: "203.0.113.9", customerAsn: 0 },
      directConnect: { connectionId: "dxcon-1", vlan: 5000, customerAsn: 1.5, gatewayAsn: 64513 },
    });
    assert.deepEqual(await refusals(planning), [
      "onPremisesCidrs 10.0.0.0/8 overlaps spoke production 10.0.0.0/16: routes would be ambiguous",
      "onPremisesCidrs 10.0.0.0/8 overlaps spoke shared 10.1.0.0/16: routes would be ambiguous",
      "onPremisesCidrs 10.0.0.0/8 overlaps spoke sandbox 10.2.0.0/16: routes would be ambiguous",
      "vpn.customerAsn 0 is not an ASN: use 1 to 2147483646",
      "directConnect.vlan 5000 is not a VLAN: use 1 to 4094",
      "directConnect.customerAsn 1.5 is not an ASN: use 1 to 2147483646",
      "directConnect.gatewayAsn 64513 is the transit gateway's: AWS joins the two only when they differ",
    ]);
  });
});
