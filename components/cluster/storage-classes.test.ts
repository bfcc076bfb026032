import assert from "node:assert/strict";
import { MODES, named } from "../../tools/plan/testing.ts";
import { planCluster } from "./planned-cluster.ts";
import { StorageClasses } from "./storage-classes.ts";

describe("StorageClasses", () => {
  for (const mode of MODES) {
    it(`EKS-26: gp3 by the EBS driver is the encrypted default (${mode})`, async () => {
      const plan = await planCluster(mode, (opts) => {
        const classes = new StorageClasses("storage", { volumeKeyArn: "arn:key" }, opts);
        return { name: classes.defaultClassName };
      });
      const { inputs, options } = named(plan, "storage-gp3");
      assert.deepEqual(inputs["metadata"], {
        annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        name: "gp3",
      });
      assert.equal(inputs["provisioner"], "ebs.csi.aws.com");
      assert.deepEqual(inputs["parameters"], { encrypted: "true", kmsKeyId: "arn:key", type: "gp3" });
      assert.equal(inputs["volumeBindingMode"], "WaitForFirstConsumer");
      assert.equal(inputs["allowVolumeExpansion"], true);
      assert.equal(options.deleteBeforeReplace, true);
      assert.equal(plan.outputs["name"], "gp3");
    });

    it(`COST-07: without a key the account's own encrypts; snapshots outlive their objects (${mode})`, async () => {
      const plan = await planCluster(mode, (opts) => {
        new StorageClasses("storage", {}, opts);
      });
      assert.deepEqual(named(plan, "storage-gp3").inputs["parameters"], { encrypted: "true", type: "gp3" });
      const snapshots = named(plan, "storage-snapshots").inputs;
      assert.deepEqual([snapshots["driver"], snapshots["deletionPolicy"]], ["ebs.csi.aws.com", "Retain"]);
    });
  }
});
