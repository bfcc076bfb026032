import assert from "node:assert/strict";
import { MODES, named, ofType, outlives } from "../../tools/plan/testing.ts";
import { ClusterAutoscaler, type ClusterAutoscalerArgs } from "./cluster-autoscaler.ts";
import { CLUSTER, CLUSTER_NAME, planCluster, refusal } from "./planned-cluster.ts";

const ARGS: ClusterAutoscalerArgs = {
  cluster: CLUSTER,
  clusterName: CLUSTER_NAME,
  accountId: "111122223333",
  region: "us-east-1",
  version: "1.35",
  subnetIds: ["subnet-a", "subnet-b"],
  securityGroupIds: ["sg-cluster"],
};

describe("ClusterAutoscaler", () => {
  for (const mode of MODES) {
    it(`EKS-14: the general group is 1 to 10 spot nodes; EKS-15: the compute group 0 to 8 on demand (${mode})`, async () => {
      const plan = await planCluster(mode, (opts) => {
        new ClusterAutoscaler("scaling", ARGS, opts);
      });
      const groups = ofType(plan, "aws:eks/nodeGroup:NodeGroup").map(({ inputs, options }) => [
        inputs["capacityType"],
        inputs["scalingConfig"],
        options.ignoreChanges,
      ]);
      assert.deepEqual(groups, [
        ["ON_DEMAND", { desiredSize: 0, maxSize: 8, minSize: 0 }, ["scalingConfig.desiredSize"]],
        ["SPOT", { desiredSize: 1, maxSize: 10, minSize: 1 }, ["scalingConfig.desiredSize"]],
      ]);
      assert.deepEqual(named(plan, "scaling-compute-group").inputs["taints"], [
        { effect: "NO_SCHEDULE", key: "platform/pool", value: "compute" },
      ]);
      assert(outlives(plan, "scaling-compute-group", "scaling-controller-release"));
      assert.equal(named(plan, "scaling-controller-release").inputs["version"], "9.59.0");
    });
  }

  it("EKS-14: the autoscaler changes groups that carry this cluster's mark, and no others", async () => {
    const plan = await planCluster("preview", (opts) => {
      new ClusterAutoscaler("scaling", ARGS, opts);
    });
    const policy = JSON.parse(String(named(plan, "scaling-controller-controller-groups").inputs["policy"]));
    const changes = policy.Statement.filter(
      ({ Action }: { Action: string | string[] }) =>
        ![Action].flat().every((one) => /:(Describe|Get)/.test(one)),
    );
    assert.deepEqual(
      changes.map(({ Condition }: { Condition: unknown }) => Condition),
      [{ StringEquals: { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${CLUSTER_NAME}`]: "owned" } }],
    );
  });

  it("refuses impossible sizes of both groups at once", async () => {
    const lines = await refusal((opts) => {
      new ClusterAutoscaler(
        "scaling",
        { ...ARGS, general: { min: 5, desired: 5, max: 4 }, compute: { min: 0, desired: 9, max: 8 } },
        opts,
      );
    });
    assert.deepEqual(lines.slice(0, 3), [
      'ClusterAutoscaler "scaling":',
      "  general.min 5 is above general.max 4: lower min or raise max",
      "  compute.desired 9 is outside 0 to 8: choose a count between them",
    ]);
  });
});
