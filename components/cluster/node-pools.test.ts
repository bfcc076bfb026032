import assert from "node:assert/strict";
import { sortedJson } from "../json.ts";
import { type NodePoolPlan, nodePoolProblems, nodePoolSpec, platformNodePools } from "./node-pools.ts";

const CONTEXT = { nodeClass: "platform", startupTaints: [] };
function specOf(name: string, pools = platformNodePools()) {
  const pool = pools.find((one) => one.name === name);
  assert(pool, name);
  return JSON.parse(sortedJson(nodePoolSpec(pool, CONTEXT)));
}
function requirement(
  spec: { template: { spec: { requirements: { key: string; values: string[] }[] } } },
  key: string,
) {
  return spec.template.spec.requirements.find((one) => one.key === key)?.values;
}
const TYPE = "node.kubernetes.io/instance-type";
const CAPACITY = "karpenter.sh/capacity-type";

describe("node pools", () => {
  it("EKS-09: the general pool is m5.large and m5.xlarge, spot with on-demand as the fallback", () => {
    const spec = specOf("general");
    assert.deepEqual(requirement(spec, TYPE), ["m5.large", "m5.xlarge"]);
    assert.deepEqual(requirement(spec, CAPACITY), ["spot", "on-demand"]);
    assert.deepEqual(spec.template.spec.taints, []);
  });

  it("EKS-10: the compute pool is c5.2xlarge and c5.4xlarge, on-demand, for those who ask for it", () => {
    const spec = specOf("compute");
    assert.deepEqual(requirement(spec, TYPE), ["c5.2xlarge", "c5.4xlarge"]);
    assert.deepEqual(requirement(spec, CAPACITY), ["on-demand"]);
    assert.deepEqual(spec.template.spec.taints, [
      { key: "platform/pool", value: "compute", effect: "NoSchedule" },
    ]);
  });

  it("EKS-14: ten general nodes, all m5.xlarge, are 40 vCPU and 160 GiB", () => {
    assert.deepEqual(specOf("general").limits, { cpu: "40", memory: "160Gi" });
  });

  it("EKS-15: eight compute nodes, all c5.4xlarge, are 128 vCPU and 256 GiB", () => {
    assert.deepEqual(specOf("compute").limits, { cpu: "128", memory: "256Gi" });
  });

  it("EKS-12: no pool is pinned to a zone; the burst pool only takes what the full general pool cannot", () => {
    for (const name of ["general", "compute"])
      assert.equal(requirement(specOf(name), "topology.kubernetes.io/zone"), undefined);
    assert.deepEqual(
      platformNodePools().map((pool) => pool.name),
      ["general", "compute"],
    );
    const pools = platformNodePools({ burstZone: "us-east-1c" });
    const burst = specOf("burst", pools);
    assert.deepEqual(requirement(burst, "topology.kubernetes.io/zone"), ["us-east-1c"]);
    assert(burst.weight < specOf("general", pools).weight);
  });

  it("COST-21, EKS-21: every pool packs its pods onto fewer nodes as load falls, a tenth at a time", () => {
    for (const pool of platformNodePools({ burstZone: "us-east-1c" })) {
      const spec = specOf(pool.name, [pool]);
      assert.deepEqual(spec.disruption, {
        budgets: [{ nodes: "10%" }],
        consolidateAfter: "5m",
        consolidationPolicy: "WhenEmptyOrUnderutilized",
      });
      assert.equal(spec.template.spec.expireAfter, "720h");
      assert.equal(spec.template.spec.terminationGracePeriod, "1h");
    }
  });

  it("refuses pools that could never start a node", () => {
    const bad: NodePoolPlan = {
      name: "x",
      instanceTypes: [],
      capacityTypes: [],
      zones: [],
      limits: { cpu: 0, memoryGib: 1.5 },
      weight: 101,
    };
    assert.deepEqual(nodePoolProblems([bad, { ...bad, instanceTypes: ["m5.large"] }]).slice(0, 7), [
      'pool "x" is given twice: names are unique',
      'pool "x" instanceTypes is empty: name at least one EC2 instance type',
      'pool "x" capacityTypes is empty: name spot, on-demand or both',
      'pool "x" zones is empty: name one, or leave it out for all',
      'pool "x" weight 101 is outside 1 to 100',
      'pool "x" limits.cpu 0 is no size: use a whole number from 1',
      'pool "x" limits.memoryGib 1.5 is no size: use a whole number from 1',
    ]);
    assert.deepEqual(nodePoolProblems(platformNodePools({ burstZone: "us-east-1c" })), []);
  });
});
