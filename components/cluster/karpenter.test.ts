import assert from "node:assert/strict";
import type { Plan, PlanMode } from "../../tools/plan/index.ts";
import { MODES, named, ofType, outlives } from "../../tools/plan/testing.ts";
import { Karpenter, type KarpenterArgs } from "./karpenter.ts";
import { platformNodePools } from "./node-pools.ts";
import { CLUSTER, CLUSTER_NAME, planCluster, refusal } from "./planned-cluster.ts";

const ARGS: KarpenterArgs = {
  cluster: CLUSTER,
  clusterName: CLUSTER_NAME,
  region: "us-east-1",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  securityGroupIds: ["sg-cluster", "sg-workers"],
};

function planned(mode: PlanMode, change: Partial<KarpenterArgs> = {}): Promise<Plan> {
  return planCluster(mode, (opts) => {
    const karpenter = new Karpenter("karpenter", { ...ARGS, ...change }, opts);
    return { pools: Object.keys(karpenter.pools), queueName: karpenter.queueName };
  });
}
const release = (plan: Plan, name: string) => named(plan, `karpenter-${name}-release`).inputs;
const specOf = (plan: Plan, name: string) => JSON.parse(JSON.stringify(named(plan, name).inputs["spec"]));

describe("Karpenter", () => {
  for (const mode of MODES) {
    describe(mode, () => {
      let plan: Plan;
      before(async () => {
        plan = await planned(mode);
      });

      it("EKS-13: definitions and controller are two releases of one version, in kube-system", () => {
        for (const name of ["karpenter-crd", "karpenter"]) {
          const { chart, version, namespace, atomic } = release(plan, name);
          assert.deepEqual(
            { chart, version, namespace, atomic },
            {
              chart: `oci://public.ecr.aws/karpenter/${name}`,
              version: "1.14.1",
              namespace: "kube-system",
              atomic: true,
            },
          );
        }
        assert.equal(release(plan, "karpenter")["skipCrds"], true);
        assert(outlives(plan, "karpenter-karpenter-crd-release", "karpenter-karpenter-release"));
      });

      it("EKS-13: the controller knows cluster and queue, avoids its own nodes, and has its rights first", () => {
        const values = JSON.parse(JSON.stringify(release(plan, "karpenter")["values"]));
        assert.deepEqual(values.settings, {
          clusterName: CLUSTER_NAME,
          eksControlPlane: true,
          enableZonalShift: true,
          interruptionQueue: `${CLUSTER_NAME}-interruptions`,
        });
        assert.deepEqual(values.nodeSelector, { "platform/node-role": "system" });
        assert.equal(values.replicas, 2);
        assert(outlives(plan, "karpenter-karpenter-controller-association", "karpenter-karpenter-release"));
        const { namespace, serviceAccount } = named(
          plan,
          "karpenter-karpenter-controller-association",
        ).inputs;
        assert.deepEqual([namespace, serviceAccount], ["kube-system", "karpenter"]);
      });

      it("EKS-14, EKS-15: general and compute pools within their limits", () => {
        assert.deepEqual(plan.outputs["pools"], ["general", "compute"]);
        assert.deepEqual(specOf(plan, "karpenter-pool-general").limits, { cpu: "40", memory: "160Gi" });
        assert.deepEqual(specOf(plan, "karpenter-pool-compute").limits, { cpu: "128", memory: "256Gi" });
      });

      it("EKS-12: nodes start in every private subnet", () => {
        const spec = specOf(plan, "karpenter-node-class");
        assert.deepEqual(spec.subnetSelectorTerms, [
          { id: "subnet-a" },
          { id: "subnet-b" },
          { id: "subnet-c" },
        ]);
        assert.deepEqual(spec.securityGroupSelectorTerms, [{ id: "sg-cluster" }, { id: "sg-workers" }]);
      });

      it("SEC-07: one hop to the metadata service (C-46)", () => {
        assert.deepEqual(specOf(plan, "karpenter-node-class").metadataOptions, {
          httpEndpoint: "enabled",
          httpProtocolIPv6: "disabled",
          httpPutResponseHopLimit: 1,
          httpTokens: "required",
        });
      });

      it("COST-07: node volumes are encrypted gp3", () => {
        const [device] = specOf(plan, "karpenter-node-class").blockDeviceMappings;
        assert.deepEqual(
          [device.ebs.volumeType, device.ebs.encrypted, device.ebs.volumeSize],
          ["gp3", true, "50Gi"],
        );
      });

      it("COST-02: five kinds of warnings reach the queue before a spot node goes", () => {
        assert.equal(ofType(plan, "aws:cloudwatch/eventRule:EventRule").length, 5);
        const targets = ofType(plan, "aws:cloudwatch/eventTarget:EventTarget");
        const queue = named(plan, "karpenter-interruptions");
        for (const target of targets) assert.deepEqual(target.propertyDependencies["arn"], [queue.urn]);
        assert.equal(targets.length, 5);
        assert.equal(queue.inputs["name"], `${CLUSTER_NAME}-interruptions`);
        assert.equal(queue.inputs["sqsManagedSseEnabled"], true);
        assert.equal(queue.inputs["messageRetentionSeconds"], 300);
      });

      it("nodes may join before the first starts, and destroy drains them while the controller lives", () => {
        const entry = named(plan, "karpenter-node-access").inputs;
        assert.equal(entry["type"], "EC2_LINUX");
        for (const earlier of [
          "karpenter-node-access",
          "karpenter-node-profile",
          "karpenter-node-worker",
          "karpenter-karpenter-release",
        ])
          assert(outlives(plan, earlier, "karpenter-node-class"), earlier);
        for (const pool of ["general", "compute"]) {
          assert(outlives(plan, "karpenter-node-class", `karpenter-pool-${pool}`));
          assert.equal(named(plan, `karpenter-pool-${pool}`).options.customTimeouts?.delete, "90m");
        }
      });
    });
  }

  it("EKS-13: the controller may pass the node role and read the queue of this cluster only", async () => {
    const plan = await planned("update");
    const text = (key: string) =>
      String(named(plan, `karpenter-karpenter-controller-${key}`).inputs["policy"]);
    assert(text("nodes").includes(String(named(plan, "karpenter-node-role").outputs["arn"])));
    assert(text("cluster").includes(String(named(plan, "karpenter-interruptions").outputs["arn"])));
    const queuePolicy = String(named(plan, "karpenter-interruptions-policy").inputs["policy"]);
    for (const rule of ofType(plan, "aws:cloudwatch/eventRule:EventRule"))
      assert(queuePolicy.includes(String(rule.outputs["arn"])), rule.name);
  });

  it("NET-06: a burst pool of one zone comes after the others (C-30)", async () => {
    const plan = await planned("preview", { pools: platformNodePools({ burstZone: "us-east-1c" }) });
    assert.deepEqual(plan.outputs["pools"], ["general", "compute", "burst"]);
    assert.equal(specOf(plan, "karpenter-pool-burst").weight, 10);
  });

  it("EKS-13: image, pods, volume, taints and key follow the arguments", async () => {
    const plan = await planned("preview", {
      image: "bottlerocket",
      imageVersion: "v1.50.0",
      maxPods: 58,
      volumeSizeGib: 80,
      volumeKeyArn: "arn:aws:kms:us-east-1:111122223333:key/v",
      instanceTags: { owner: "platform" },
      startupTaints: [{ key: "cni.istio.io/not-ready", effect: "NoSchedule" }],
      zonalShift: false,
    });
    const spec = specOf(plan, "karpenter-node-class");
    assert.deepEqual(spec.amiSelectorTerms, [{ alias: "bottlerocket@v1.50.0" }]);
    assert.match(
      String(named(plan, "karpenter-karpenter-controller-volumes").inputs["policy"]),
      /"kms:CreateGrant".*"Resource":"arn:aws:kms:us-east-1:111122223333:key\/v"/,
    );
    assert.deepEqual(spec.kubelet, { maxPods: 58 });
    assert.deepEqual(spec.tags, { owner: "platform" });
    assert.deepEqual(
      spec.blockDeviceMappings.map(
        ({ deviceName, ebs }: { deviceName: string; ebs: { volumeSize: string; kmsKeyID: string } }) => [
          deviceName,
          ebs.volumeSize,
          ebs.kmsKeyID,
        ],
      ),
      [
        ["/dev/xvda", "4Gi", "arn:aws:kms:us-east-1:111122223333:key/v"],
        ["/dev/xvdb", "80Gi", "arn:aws:kms:us-east-1:111122223333:key/v"],
      ],
    );
    assert.deepEqual(specOf(plan, "karpenter-pool-general").template.spec.startupTaints, [
      { key: "cni.istio.io/not-ready", effect: "NoSchedule" },
    ]);
    assert.match(JSON.stringify(release(plan, "karpenter")["values"]), /"enableZonalShift":false/);
  });

  it("refuses pools that cannot be", async () => {
    const [pool] = platformNodePools();
    assert(pool);
    const lines = await refusal((opts) => {
      new Karpenter("karpenter", { ...ARGS, pools: [{ ...pool, weight: 0 }] }, opts);
    });
    assert.deepEqual(lines.slice(0, 2), [
      'Karpenter "karpenter":',
      '  pool "general" weight 0 is outside 1 to 100',
    ]);
  });
});
