import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import type { Plan } from "../tools/plan/index.ts";
import { named, ofType, planOf } from "./plans.ts";

const REGION_OF = { prod: "us-east-1", dr: "us-west-2" } as const;
const root = new URL("..", import.meta.url);

describe("the production stacks", () => {
  let plans: Readonly<Record<"global" | "prod" | "dr", Plan>>;
  before(async () => {
    plans = { global: await planOf("global"), prod: await planOf("prod"), dr: await planOf("dr") };
  });

  it("SHAPE-01: the packages that carry the platform are its dependencies, pinned", () => {
    const read = (file: string) => JSON.parse(readFileSync(new URL(file, root), "utf8"));
    const versions = {
      ...read("package.json").dependencies,
      ...read("package.json").devDependencies,
      ...read("policy/package.json").dependencies,
    };
    for (const name of ["pulumi", "aws", "eks", "kubernetes", "kubernetes-cert-manager", "policy"]) {
      assert.match(versions[`@pulumi/${name}`], /^\d+\.\d+\.\d+$/, name);
    }
    assert.match(versions["mocha"], /^\d+\.\d+\.\d+$/);
  });

  it("SHAPE-02: the top level has the folders and files of the design", () => {
    for (const path of [
      "infra",
      "components",
      "policy",
      "services/document-service",
      "Pulumi.yaml",
      "Pulumi.prod.yaml",
      "Pulumi.dr.yaml",
      "package.json",
    ]) {
      assert.ok(existsSync(new URL(path, root)), path);
    }
  });

  it("SHAPE-03, DR-01, EKS-03: each region has an EKS cluster and its own health-checked weighted record", () => {
    for (const [stack, region] of Object.entries(REGION_OF)) {
      const clusters = ofType(plans[stack as keyof typeof REGION_OF], "aws:eks/cluster:Cluster");
      assert.deepEqual(
        clusters.map((cluster) => [cluster.region, cluster.inputs["name"]]),
        [[region, "platform"]],
      );
    }
    const records = ofType(plans.global, "aws:route53/record:Record").filter(
      (record) => record.inputs["weightedRoutingPolicies"],
    );
    assert.equal(records.length, 2);
    for (const record of records) {
      assert.ok(record.inputs["healthCheckId"], record.name);
    }
  });

  it("SHAPE-04: Aurora and DynamoDB span the regions, buckets replicate both ways, Prometheus runs in each cluster", () => {
    assert.equal(ofType(plans.global, "aws:rds/globalCluster:GlobalCluster").length, 1);
    const replicas = ofType(plans.global, "aws:dynamodb/table:Table").map(
      (table) => table.inputs["replicas"],
    );
    assert.deepEqual(
      replicas.map((list) => (list as { regionName: string }[]).map(({ regionName }) => regionName)),
      [["us-west-2"]],
    );
    assert.equal(ofType(plans.global, "BucketReplicationConfig").length, 2);
    for (const stack of ["prod", "dr"] as const) {
      const charts = ofType(plans[stack], "kubernetes:helm.sh/v3:Release").map(
        ({ inputs }) => inputs["name"],
      );
      assert.ok(charts.includes("kube-prometheus-stack"), `${stack}: ${charts}`);
    }
  });

  it("SHAPE-05: the document service is deployed in both regions", () => {
    for (const stack of ["prod", "dr"] as const) {
      const application = named(plans[stack], "Application", "document-service-application");
      const spec = application.inputs["spec"] as { source: { path: string } };
      assert.equal(spec.source.path, "deploy/document-service");
    }
  });

  it("DR-03: the primary region is us-east-1 and the secondary us-west-2, and nothing else is in a region's stack", () => {
    for (const [stack, region] of Object.entries(REGION_OF)) {
      const plan = plans[stack as keyof typeof REGION_OF];
      const elsewhere = plan.resources.filter(
        (resource) => resource.region !== undefined && resource.region !== region,
      );
      assert.deepEqual(
        elsewhere.map(({ urn, region: other }) => [urn, other]),
        [],
      );
    }
  });

  it("DR-17: making dr primary evacuates us-east-1, raises its capacity and changes nothing else", async () => {
    const taken = await planOf("dr", { role: "primary" });
    const before = new Map(plans.dr.resources.map((resource) => [resource.urn, resource]));
    const added = taken.resources
      .filter(({ urn }) => !before.has(urn))
      .map(({ name, inputs }) => [name, inputs["key"]]);
    assert.deepEqual(added, [["switch-evacuate-us-east-1", "evacuate/us-east-1"]]);
    const changed = taken.resources.filter((resource) => {
      const old = before.get(resource.urn);
      return old !== undefined && JSON.stringify(old.inputs) !== JSON.stringify(resource.inputs);
    });
    assert.deepEqual(changed.map(({ name }) => name).sort(), [
      "cluster-system-group",
      "document-service-application",
      "warm-capacity-placeholders",
    ]);
    assert.equal(taken.resources.length, plans.dr.resources.length + 1);
  });

  it("CICD-17, SHAPE-06: every stack file is a stack of the one program", async () => {
    for (const stack of ["global", "prod", "dr", "staging", "dev"]) {
      for (const mode of ["preview", "update"] as const) {
        const plan = await planOf(stack, {}, mode);
        assert.ok(plan.resources.length > 50, `${stack} ${mode}: ${plan.resources.length}`);
        assert.deepEqual(plan.diagnostics, [], `${stack} ${mode}`);
      }
    }
  });

  it("CICD-19: planning a stack twice gives the same plan", async () => {
    const { planStack } = await import("../tools/plan/index.ts");
    const again = await planStack("dev");
    assert.deepEqual(again, await planOf("dev"));
  });
});
