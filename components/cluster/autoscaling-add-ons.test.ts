import assert from "node:assert/strict";
import { MODES, named, ofType, outlives } from "../../tools/plan/testing.ts";
import { keda } from "./add-ons/keda.ts";
import { metricsServer } from "./add-ons/metrics-server.ts";
import { vpa } from "./add-ons/vpa.ts";
import { AddOns } from "./add-ons.ts";
import { CLUSTER, CLUSTER_NAME, planCluster } from "./planned-cluster.ts";

describe("autoscaling add-ons", () => {
  for (const mode of MODES) {
    it(`EKS-19: vertical recommendations, after the metrics they come from, and nothing that acts (${mode})`, async () => {
      const plan = await planCluster(mode, (opts) => {
        new AddOns("add-ons", { addOns: [vpa(), metricsServer()], cluster: CLUSTER }, opts);
      });
      const values = JSON.parse(JSON.stringify(named(plan, "add-ons-vpa-release").inputs["values"]));
      assert.equal(values.recommender.enabled, true);
      assert.equal(values.updater.enabled, false);
      assert.equal(values.admissionController.enabled, false);
      assert(outlives(plan, "add-ons-metrics-server-release", "add-ons-vpa-release"));
    });

    it(`EKS-18: queue depth scales workers, on replicas that survive a node (${mode})`, async () => {
      const plan = await planCluster(mode, (opts) => {
        new AddOns("add-ons", { addOns: [keda({ clusterName: CLUSTER_NAME })], cluster: CLUSTER }, opts);
      });
      const values = JSON.parse(JSON.stringify(named(plan, "add-ons-keda-release").inputs["values"]));
      for (const part of ["operator", "metricsServer", "webhooks"])
        assert.equal(values[part].replicaCount, 2, part);
      assert.deepEqual(values.crds.additionalAnnotations, { "helm.sh/resource-policy": "keep" });
      assert.deepEqual(ofType(plan, "aws:iam/role:Role"), [], "a broker's queue needs no AWS rights");
    });
  }

  it("EKS-20: requests are changed by themselves only when asked for", () => {
    const { updater, admissionController } = JSON.parse(JSON.stringify(vpa({ automatic: true }).values));
    assert.deepEqual([updater.enabled, admissionController.enabled], [true, true]);
    assert.equal(admissionController.replicaCount, 2);
  });

  it("EKS-18: a scaler that reads AWS has an identity of its own", async () => {
    const plan = await planCluster("preview", (opts) => {
      const read = {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sqs:GetQueueAttributes", Resource: "*" }],
      };
      const addOns = [keda({ clusterName: CLUSTER_NAME, policies: { queues: read } })];
      new AddOns("add-ons", { addOns, cluster: CLUSTER }, opts);
    });
    assert.equal(named(plan, "add-ons-keda-operator-association").inputs["serviceAccount"], "keda-operator");
  });
});
