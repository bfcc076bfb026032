import assert from "node:assert/strict";
import { MODES, named, ofType, outlives } from "../../tools/plan/testing.ts";
import { NAMESPACES, namespaceProblems } from "./namespace-plan.ts";
import { Namespaces, type NamespacesArgs } from "./namespaces.ts";
import { platformNodePools } from "./node-pools.ts";
import { planCluster } from "./planned-cluster.ts";

const planned = (mode: (typeof MODES)[number], args: NamespacesArgs = {}) =>
  planCluster(mode, (opts) => ({ names: new Namespaces("ns", args, opts).names }));
const labelsOf = (inputs: { readonly [key: string]: unknown }): Record<string, string> =>
  JSON.parse(JSON.stringify(inputs["metadata"])).labels;

describe("Namespaces", () => {
  for (const mode of MODES) {
    for (const [row, name] of [
      ["EKS-27", "infrastructure"],
      ["EKS-28", "platform"],
      ["EKS-29", "apps"],
      ["EKS-30", "workers"],
      ["EKS-31", "batch"],
    ] as const)
      it(`${row}: the namespace ${name} exists verbatim (${mode})`, async () => {
        const { inputs } = named(await planned(mode), `ns-${name}`);
        assert.equal(JSON.parse(JSON.stringify(inputs["metadata"])).name, name);
      });

    it(`the rest have their customary homes, and there is no other namespace (C-31, ${mode})`, async () => {
      const plan = await planned(mode);
      const names = ofType(plan, "kubernetes:core/v1:Namespace").map(({ name }) => name.replace("ns-", ""));
      assert.deepEqual(names, [
        "apps",
        "argocd",
        "batch",
        "calico-system",
        "falco",
        "infrastructure",
        "istio-system",
        "kyverno",
        "platform",
        "velero",
        "workers",
      ]);
    });

    it(`WORK-10: batch has a quota, defaults and no sidecars that would keep a job running (${mode})`, async () => {
      const plan = await planned(mode);
      const quota = named(plan, "ns-batch-quota");
      assert.deepEqual(quota.inputs["spec"], {
        hard: {
          pods: "50",
          "requests.cpu": "16",
          "requests.memory": "64Gi",
          "services.loadbalancers": "0",
          "services.nodeports": "0",
        },
      });
      assert.equal(labelsOf(named(plan, "ns-batch").inputs)["istio-injection"], undefined);
      assert(outlives(plan, "ns-batch", "ns-batch-quota"));
      assert.deepEqual(named(plan, "ns-batch-defaults").inputs["spec"], {
        limits: [
          {
            default: { memory: "512Mi" },
            defaultRequest: { cpu: "100m", memory: "128Mi" },
            type: "Container",
          },
        ],
      });
    });
  }

  it("SEC-05: our own code runs under the restricted standard, and every namespace warns of less", async () => {
    const plan = await planned("preview");
    for (const { name } of NAMESPACES) {
      const labels = labelsOf(named(plan, `ns-${name}`).inputs);
      assert.equal(labels["pod-security.kubernetes.io/warn"], "restricted", name);
      assert.equal(labels["pod-security.kubernetes.io/audit"], "restricted", name);
      if (["apps", "workers", "batch"].includes(name))
        assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted", name);
    }
  });

  it("EKS-04: apps and workers are in the mesh, unless there is none", async () => {
    const meshed = (plan: Awaited<ReturnType<typeof planned>>) =>
      ofType(plan, "kubernetes:core/v1:Namespace")
        .filter(({ inputs }) => labelsOf(inputs)["istio-injection"] === "enabled")
        .map(({ name }) => name);
    assert.deepEqual(meshed(await planned("preview")), ["ns-apps", "ns-workers"]);
    assert.deepEqual(meshed(await planned("preview", { mesh: false })), []);
  });

  it("EKS-30: no quota asks for more than its pool can give", () => {
    const [general, compute] = platformNodePools();
    for (const [name, pool] of [
      ["apps", general],
      ["workers", compute],
      ["batch", general],
    ] as const) {
      const quota = NAMESPACES.find((plan) => plan.name === name)?.quota;
      assert(quota && pool);
      assert(quota.cpu <= pool.limits.cpu && quota.memoryGib <= pool.limits.memoryGib, name);
    }
  });

  it("refuses twins, bad names and quotas that would refuse every plain pod", () => {
    assert.deepEqual(namespaceProblems(NAMESPACES), []);
    assert.deepEqual(
      namespaceProblems([
        { name: "a", podSecurity: "restricted" },
        { name: "a", podSecurity: "restricted", quota: { cpu: 0, memoryGib: 1, pods: 1 } },
        { name: "A_b", podSecurity: "restricted" },
      ]),
      [
        'namespace "a" is given twice: names are unique in a cluster',
        'namespace "a" has a quota without containerDefaults: pods that ask for nothing would be refused',
        'namespace "a" quota.cpu 0 is no size: use a whole number from 1',
        'namespace "A_b" is no name: use up to 63 lower-case letters, digits and dashes',
      ],
    );
  });
});
