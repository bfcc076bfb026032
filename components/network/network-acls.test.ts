import assert from "node:assert/strict";
import { MODES, ofType, planInRegion, sources } from "../../tools/plan/testing.ts";
import { aclRules } from "./acl-rules.ts";
import { NetworkAcls } from "./network-acls.ts";
import { RegionNetwork } from "./region-network.ts";
import { planSubnets } from "./subnet-plan.ts";

const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];

for (const mode of MODES) {
  describe(`NetworkAcls, ${mode}`, () => {
    it("NET-22: each tier has its own ACL with its rules on all its subnets, pods in the private one", async () => {
      const plan = await planInRegion(mode, "us-east-1", (provider) => {
        const network = new RegionNetwork(
          "network",
          {
            cidr: "10.0.0.0/16",
            podCidr: "100.64.0.0/16",
            zones: ZONES,
            natGateways: "perZone",
            clusterNames: [],
            accountId: "111122223333",
            flowLogRetentionDays: 30,
          },
          { provider },
        );
        const args = {
          network,
          databasePorts: [5432],
          peerCidrs: ["10.1.0.0/16"],
          databaseClientCidrs: ["10.2.0.0/16"],
        };
        return { ids: new NetworkAcls("acl", args, { provider }).aclIds };
      });
      const expected = aclRules({
        cidr: "10.0.0.0/16",
        podCidr: "100.64.0.0/16",
        zones: planSubnets({ cidr: "10.0.0.0/16", podCidr: "100.64.0.0/16", zones: ZONES }).zones,
        peerCidrs: ["10.1.0.0/16"],
        databasePorts: [5432],
        databaseClientCidrs: ["10.2.0.0/16"],
      });
      const subnets = (tier: string) => ZONES.map((zone) => `network-${tier}-${zone}`);
      assert.deepEqual(
        ofType(plan, "aws:ec2/networkAcl:NetworkAcl").map((acl) => [
          acl.name,
          sources(acl, "subnetIds"),
          acl.inputs["ingress"],
          acl.inputs["egress"],
        ]),
        [
          ["acl-database", subnets("database"), expected.database.ingress, expected.database.egress],
          [
            "acl-private",
            [...subnets("pod"), ...subnets("private")],
            expected.private.ingress,
            expected.private.egress,
          ],
          ["acl-public", subnets("public"), expected.public.ingress, expected.public.egress],
        ],
      );
      const guarded = ofType(plan, "aws:ec2/networkAcl:NetworkAcl").flatMap((acl) =>
        sources(acl, "subnetIds"),
      );
      assert.deepEqual(
        guarded.toSorted(),
        ofType(plan, "aws:ec2/subnet:Subnet").map(({ name }) => name),
      );
      assert.deepEqual(plan.diagnostics, []);
    });
  });
}
