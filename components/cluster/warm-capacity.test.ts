import assert from "node:assert/strict";
import { MODES, named } from "../../tools/plan/testing.ts";
import { planCluster, refusal } from "./planned-cluster.ts";
import { WarmCapacity } from "./warm-capacity.ts";

describe("WarmCapacity", () => {
  for (const mode of MODES) {
    it(`EKS-34: room for the peer's traffic is held by pods that give way to all others (${mode})`, async () => {
      const plan = await planCluster(mode, (opts) => {
        new WarmCapacity("warm", { namespace: "platform", replicas: 4 }, opts);
      });
      const priority = named(plan, "warm-priority").inputs;
      assert.deepEqual([priority["value"], priority["preemptionPolicy"]], [-10, "Never"]);
      const { spec } = JSON.parse(JSON.stringify(named(plan, "warm-placeholders").inputs));
      assert.equal(spec.replicas, 4);
      assert.deepEqual(spec.template.spec.nodeSelector, { "platform/node-role": "general" });
      const [container] = spec.template.spec.containers;
      assert.deepEqual(container.resources, {
        limits: { cpu: "1", memory: "4Gi" },
        requests: { cpu: "1", memory: "4Gi" },
      });
      assert.match(container.image, /:\d+\.\d+\.\d+$/);
      assert.equal(spec.template.spec.priorityClassName, "warm");
    });
  }

  it("EKS-34: zero placeholders is a size, not a default", async () => {
    const plan = await planCluster("preview", (opts) => {
      new WarmCapacity("warm", { namespace: "platform", replicas: 0, pool: "compute", cpu: 2.5 }, opts);
    });
    const { spec } = JSON.parse(JSON.stringify(named(plan, "warm-placeholders").inputs));
    assert.equal(spec.replicas, 0);
    assert.equal(spec.template.spec.nodeSelector["platform/node-role"], "compute");
    assert.equal(spec.template.spec.containers[0].resources.requests.cpu, "2.5");
  });

  it("refuses sizes that are none", async () => {
    const lines = await refusal((opts) => {
      new WarmCapacity("warm", { namespace: "platform", replicas: -1, cpu: 0, memoryGib: 0 }, opts);
    });
    assert.deepEqual(lines.slice(0, 4), [
      'WarmCapacity "warm":',
      "  replicas -1 is no count: use a whole number from 0",
      "  cpu 0 is no size: use a number above 0",
      "  memoryGib 0 is no size: use a number above 0",
    ]);
  });
});
