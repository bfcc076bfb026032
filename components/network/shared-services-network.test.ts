import assert from "node:assert/strict";
import type { Plan } from "../../tools/plan/index.ts";
import { MODES, named, ofType, planInRegion, sources } from "../../tools/plan/testing.ts";
import { SharedServicesNetwork } from "./shared-services-network.ts";

const ZONES = ["us-west-2a", "us-west-2b", "us-west-2c"];

for (const mode of MODES) {
  describe(`SharedServicesNetwork, ${mode}`, () => {
    let plan: Plan;
    before(async () => {
      plan = await planInRegion(mode, "us-west-2", (provider) => {
        const shared = new SharedServicesNetwork(
          "shared",
          {
            cidr: "10.11.0.0/16",
            zones: ZONES,
            productionCidr: "10.10.0.0/16",
            accountId: "111122223333",
            flowLogRetentionDays: 90,
            interfaceServices: ["logs", "sts"],
          },
          { provider },
        );
        return { vpcId: shared.network.vpcId };
      });
    });

    it("NET-11: has a VPC of its own with the drawn layout (GAP-05)", () => {
      assert.deepEqual(
        ofType(plan, "aws:ec2/vpc:Vpc").map(({ inputs }) => inputs["cidrBlock"]),
        ["10.11.0.0/16"],
      );
      const blocks = (tier: string) =>
        ZONES.map((zone) => named(plan, `shared-network-${tier}-${zone}`).inputs["cidrBlock"]);
      assert.deepEqual(blocks("public"), ["10.11.1.0/24", "10.11.2.0/24", "10.11.3.0/24"]);
      assert.deepEqual(blocks("private"), ["10.11.10.0/24", "10.11.20.0/24", "10.11.30.0/24"]);
      assert.deepEqual(blocks("database"), ["10.11.11.0/24", "10.11.21.0/24", "10.11.31.0/24"]);
    });

    it("NET-12: its database tier offers OpenSearch to itself and to production, and nothing else", () => {
      const ingress = named(plan, "shared-acl-database").inputs["ingress"];
      assert.ok(Array.isArray(ingress));
      assert.deepEqual(
        ingress
          .filter(({ ruleNo }) => ruleNo >= 300)
          .map(({ cidrBlock, fromPort, toPort }) => [cidrBlock, fromPort, toPort]),
        [
          ["10.11.0.0/16", 443, 443],
          ["10.10.0.0/16", 443, 443],
        ],
      );
    });

    it("NET-13: has one NAT gateway and interface endpoints in every zone (C-59)", () => {
      assert.deepEqual(
        ofType(plan, "aws:ec2/natGateway:NatGateway").map(({ name }) => name),
        ["shared-network-nat-us-west-2a"],
      );
      const endpoints = ofType(plan, "aws:ec2/vpcEndpoint:VpcEndpoint").filter(
        ({ inputs }) => inputs["vpcEndpointType"] === "Interface",
      );
      assert.deepEqual(
        endpoints.map((endpoint) => [endpoint.inputs["serviceName"], sources(endpoint, "subnetIds")]),
        ["logs", "sts"].map((service) => [
          `com.amazonaws.us-west-2.${service}`,
          ZONES.map((zone) => `shared-network-private-${zone}`),
        ]),
      );
    });

    it("NET-12: no cluster finds its subnets", () => {
      for (const { name, inputs } of ofType(plan, "aws:ec2/subnet:Subnet")) {
        assert.deepEqual(inputs["tags"], { Name: name });
      }
      assert.deepEqual(plan.diagnostics, []);
    });
  });
}
