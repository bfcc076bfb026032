import assert from "node:assert/strict";
import type { Plan, PlanMode, PlanObject } from "../../tools/plan/index.ts";
import { MODES, ofType, pick, planInRegion, refusals, sources } from "../../tools/plan/testing.ts";
import { ClusterSecurityGroups, type ClusterSecurityGroupsArgs } from "./cluster-security-groups.ts";
import { StoreSecurityGroups, type StoreSecurityGroupsArgs } from "./store-security-groups.ts";

const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
function planned(
  mode: PlanMode,
  cluster: Partial<ClusterSecurityGroupsArgs> = {},
  store: Partial<StoreSecurityGroupsArgs> = {},
): Promise<Plan> {
  return planInRegion(mode, "us-east-1", (provider) => {
    const groups = new ClusterSecurityGroups(
      "cluster",
      { vpcId: "vpc-1", albSecurityGroupId: "sg-alb", ...cluster },
      { provider },
    );
    const stores = new StoreSecurityGroups(
      "store",
      {
        vpcId: "vpc-1",
        stores: ["aurora", "redis"],
        clientGroupIds: { workers: groups.workersId },
        ...store,
      },
      { provider },
    );
    return { controlPlaneId: groups.controlPlaneId, auroraId: stores.idOf("aurora") };
  });
}

/** Name to the group it belongs to and what it says; the peer group by name, because its id is unknown in a preview. */
function ruleTable(plan: Plan, type: string): Record<string, PlanObject> {
  return Object.fromEntries(
    ofType(plan, type).map((rule) => [
      rule.name,
      {
        group: sources(rule, "securityGroupId").join() || String(rule.inputs["securityGroupId"]),
        peer:
          sources(rule, "referencedSecurityGroupId").join() ||
          String(rule.inputs["referencedSecurityGroupId"] ?? rule.inputs["cidrIpv4"]),
        ...pick(rule.inputs, "ipProtocol", "fromPort", "toPort"),
      },
    ]),
  );
}

const tcp = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });

for (const mode of MODES) {
  describe(`Security groups, ${mode}`, () => {
    it("NET-21: every rule is a resource of its own with exactly the ports and peer of the catalogue", async () => {
      const plan = await planned(mode);
      assert.deepEqual(ruleTable(plan, INGRESS), {
        "cluster-control-plane-443-from-workers": {
          group: "cluster-control-plane",
          peer: "cluster-workers",
          ...tcp(443),
        },
        "cluster-workers-8000-from-alb": { group: "cluster-workers", peer: "sg-alb", ...tcp(8000) },
        "cluster-workers-8443-from-alb": { group: "cluster-workers", peer: "sg-alb", ...tcp(8443) },
        "cluster-workers-all-from-control-plane": {
          group: "cluster-workers",
          peer: "cluster-control-plane",
          ipProtocol: "-1",
        },
        "cluster-workers-all-from-workers": {
          group: "cluster-workers",
          peer: "cluster-workers",
          ipProtocol: "-1",
        },
        "store-aurora-5432-from-workers": { group: "store-aurora", peer: "cluster-workers", ...tcp(5432) },
        "store-redis-6379-from-workers": { group: "store-redis", peer: "cluster-workers", ...tcp(6379) },
      });
      assert.deepEqual(ruleTable(plan, EGRESS), {
        "cluster-alb-8000-to-workers": { group: "sg-alb", peer: "cluster-workers", ...tcp(8000) },
        "cluster-alb-8443-to-workers": { group: "sg-alb", peer: "cluster-workers", ...tcp(8443) },
        "cluster-control-plane-all-to-workers": {
          group: "cluster-control-plane",
          peer: "cluster-workers",
          ipProtocol: "-1",
        },
        "cluster-workers-all-to-internet": { group: "cluster-workers", peer: "0.0.0.0/0", ipProtocol: "-1" },
      });
      assert.deepEqual(plan.diagnostics, []);
    });

    it("NET-21: no group has inline rules, which would fight with the rule resources", async () => {
      const groups = ofType(await planned(mode), "aws:ec2/securityGroup:SecurityGroup");
      assert.deepEqual(
        groups.map(({ name, inputs }) => [name, inputs["ingress"], inputs["egress"], inputs["vpcId"]]),
        ["cluster-control-plane", "cluster-workers", "store-aurora", "store-redis"].map((name) => [
          name,
          undefined,
          undefined,
          "vpc-1",
        ]),
      );
    });

    it("NET-26: node ports open to the load balancer only where they are asked for", async () => {
      const plan = await planned(mode, { gatewayPorts: [8080], nodePorts: true });
      const opened = Object.entries(ruleTable(plan, EGRESS)).filter(([, rule]) => rule["group"] === "sg-alb");
      assert.deepEqual(Object.fromEntries(opened), {
        "cluster-alb-8080-to-workers": { group: "sg-alb", peer: "cluster-workers", ...tcp(8080) },
        "cluster-alb-30000-32767-to-workers": {
          group: "sg-alb",
          peer: "cluster-workers",
          ipProtocol: "tcp",
          fromPort: 30000,
          toPort: 32767,
        },
      });
    });

    it("GAP-06: a store of another VPC takes its clients by block", async () => {
      const plan = await planned(
        mode,
        {},
        { stores: ["aurora", "opensearch"], clientGroupIds: {}, clientCidrs: { production: "10.0.0.0/16" } },
      );
      const rules = Object.entries(ruleTable(plan, INGRESS)).filter(([name]) => name.startsWith("store-"));
      assert.deepEqual(Object.fromEntries(rules), {
        "store-aurora-5432-from-production": { group: "store-aurora", peer: "10.0.0.0/16", ...tcp(5432) },
        "store-opensearch-443-from-production": {
          group: "store-opensearch",
          peer: "10.0.0.0/16",
          ...tcp(443),
        },
      });
    });
  });
}

describe("Security groups, refusals", () => {
  it("says which store has no group", async () => {
    assert.deepEqual(await refusals(planned("preview", {}, { stores: ["redis", "efs"] })), [
      'StoreSecurityGroups store has no group for "aurora" (it has redis, efs): add it to stores',
    ]);
  });
});
