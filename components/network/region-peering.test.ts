import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { type PlanMode, planProgram } from "../../tools/plan/index.ts";
import { MODES, named, ofType, pick, refusals, sources } from "../../tools/plan/testing.ts";
import { urnName } from "../../tools/plan/urn.ts";
import { type PeeringSide, RegionPeering } from "./region-peering.ts";

const EAST = {
  region: "us-east-1",
  vpcId: "vpc-east",
  cidr: "10.0.0.0/16",
  routeTableIds: { "us-east-1a": "rtb-east-a", "us-east-1b": "rtb-east-b" },
};
const WEST = {
  region: "us-west-2",
  vpcId: "vpc-west",
  cidr: "10.10.0.0/16",
  routeTableIds: { "us-west-2a": "rtb-west-a" },
};

function planned(mode: PlanMode, east: Partial<PeeringSide> = {}, west: Partial<PeeringSide> = {}) {
  return planProgram(
    () => {
      const [here, there] = [EAST, WEST].map(({ region }) => new aws.Provider(region, { region }));
      assert.ok(here !== undefined && there !== undefined);
      const peering = new RegionPeering("peering", {
        requester: { ...EAST, provider: here, ...east },
        accepter: { ...WEST, provider: there, ...west },
      });
      return { connectionId: peering.connectionId };
    },
    { mode },
  );
}

for (const mode of MODES) {
  describe(`RegionPeering, ${mode}`, () => {
    it("NET-14: one region asks, the other accepts, each through its own provider", async () => {
      const plan = await planned(mode);
      const connection = named(plan, "peering-us-east-1");
      assert.deepEqual(
        [connection.region, pick(connection.inputs, "autoAccept", "peerRegion", "peerVpcId", "vpcId")],
        [
          "us-east-1",
          { autoAccept: false, peerRegion: "us-west-2", peerVpcId: "vpc-west", vpcId: "vpc-east" },
        ],
      );
      const acceptance = named(plan, "peering-us-west-2");
      assert.deepEqual(
        [acceptance.region, acceptance.inputs["autoAccept"], sources(acceptance, "vpcPeeringConnectionId")],
        ["us-west-2", true, ["peering-us-east-1"]],
      );
      assert.deepEqual(plan.diagnostics, []);
    });

    it("NET-14: each side routes the other's block, once the connection is accepted", async () => {
      const plan = await planned(mode);
      assert.deepEqual(
        ofType(plan, "aws:ec2/route:Route").map((route) => [
          route.region,
          ...Object.values(pick(route.inputs, "routeTableId", "destinationCidrBlock")),
          sources(route, "vpcPeeringConnectionId").join(),
        ]),
        [
          ["us-east-1", "rtb-east-a", "10.10.0.0/16", "peering-us-west-2"],
          ["us-east-1", "rtb-east-b", "10.10.0.0/16", "peering-us-west-2"],
          ["us-west-2", "rtb-west-a", "10.0.0.0/16", "peering-us-west-2"],
        ],
      );
    });

    it("NET-14: private names of one side resolve to private addresses on the other", async () => {
      const plan = await planned(mode);
      assert.deepEqual(
        ofType(plan, "aws:ec2/peeringConnectionOptions:PeeringConnectionOptions").map((options) => [
          options.region,
          pick(options.inputs, "requester", "accepter"),
          options.dependencies.map(urnName),
        ]),
        [
          ["us-east-1", { requester: { allowRemoteVpcDnsResolution: true } }, ["peering-us-west-2"]],
          ["us-west-2", { accepter: { allowRemoteVpcDnsResolution: true } }, ["peering-us-west-2"]],
        ],
      );
    });
  });
}

describe("RegionPeering, refusals", () => {
  it("C-55: refuses VPCs that overlap in any block, pod blocks included", async () => {
    assert.deepEqual(
      await refusals(
        planned("preview", { podCidr: "100.64.0.0/16" }, { cidr: "10.0.0.0/20", podCidr: "100.64.0.0/16" }),
      ),
      [
        "us-east-1 10.0.0.0/16 overlaps us-west-2 10.0.0.0/20: AWS peers VPCs only when none of their blocks overlap",
        "us-east-1 100.64.0.0/16 overlaps us-west-2 100.64.0.0/16: AWS peers VPCs only when none of their blocks overlap",
      ],
    );
  });

  it("refuses two VPCs of one region", async () => {
    assert.deepEqual(await refusals(planned("preview", {}, { region: "us-east-1" })), [
      "requester and accepter are both in us-east-1: join VPCs of one region by a TransitHub",
    ]);
  });
});
