import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as kubernetes from "@pulumi/kubernetes";
import * as certManager from "@pulumi/kubernetes-cert-manager";
import * as pulumi from "@pulumi/pulumi";
import { type Plan, type PlannedResource, planProgram, SECRET, UNKNOWN } from "../plan/index.ts";

class Bare extends pulumi.CustomResource {
  constructor(provider: kubernetes.Provider) {
    super("kubernetes:core/v1:Pod", "bare", { metadata: { name: "bare" } }, { provider });
  }
}

const MODES = ["preview", "update"] as const;

function providers() {
  return {
    aws: new aws.Provider("us-east-1", { region: "us-east-1" }),
    eks: new eks.Provider("eks"),
    kubernetes: new kubernetes.Provider("cluster", {
      kubeconfig: "{}",
      clusterIdentifier: "arn:aws:eks:us-west-2:123456789012:cluster/documents",
    }),
    certManager: new certManager.Provider("cert-manager"),
  };
}

function clusterArgs(extra: Partial<eks.ClusterArgs> = {}): eks.ClusterArgs {
  return {
    name: "documents",
    version: "1.35",
    vpcId: "vpc-1",
    privateSubnetIds: ["subnet-1", "subnet-2"],
    authenticationMode: eks.AuthenticationMode.Api,
    skipDefaultNodeGroup: true,
    skipDefaultSecurityGroups: true,
    createOidcProvider: false,
    useDefaultVpcCni: true,
    kubeProxyAddonOptions: { enabled: false },
    corednsAddonOptions: { enabled: false },
    ...extra,
  };
}

function named(plan: Plan, name: string): PlannedResource {
  const found = plan.resources.find((resource) => resource.name === name);
  assert(found, `${name} is not among ${plan.resources.map((resource) => resource.name).join(", ")}`);
  return found;
}

describe("eks.Cluster made by the local provider", () => {
  for (const mode of MODES) {
    it(`makes the control plane with its role and provider (${mode})`, async () => {
      const plan = await planProgram(
        () => {
          const { aws, eks: eksProvider } = providers();
          const logs = new (class extends pulumi.ComponentResource {})("platform:test:Logs", "logs");
          const cluster = new eks.Cluster("main", clusterArgs(), {
            providers: { aws, eks: eksProvider },
            dependsOn: [logs],
          });
          return {
            endpoint: cluster.eksCluster.apply((made) => made.endpoint),
            group: cluster.eksCluster.apply((made) => made.vpcConfig.clusterSecurityGroupId),
            kubeconfig: cluster.kubeconfigJson,
          };
        },
        { mode },
      );
      const tree = plan.resources
        .filter(({ urn }) => urn.includes("eks:index:Cluster"))
        .map(({ urn }) => urn.split("::").slice(2).join(" "))
        .sort();
      assert.deepEqual(tree, [
        "eks:index:Cluster main",
        "eks:index:Cluster$aws:eks/cluster:Cluster main-eksCluster",
        "eks:index:Cluster$eks:index:ServiceRole main-eksRole",
        "eks:index:Cluster$eks:index:ServiceRole$aws:iam/role:Role main-eksRole-role",
        "eks:index:Cluster$eks:index:ServiceRole$aws:iam/rolePolicyAttachment:RolePolicyAttachment main-eksRole-4b490823",
        "eks:index:Cluster$pulumi:providers:kubernetes main-eks-k8s",
      ]);
      const made = named(plan, "main-eksCluster");
      const role = named(plan, "main-eksRole-role");
      assert.equal(made.region, "us-east-1");
      assert.deepEqual(made.propertyDependencies, { roleArn: [role.urn] });
      assert.deepEqual(made.dependencies, [role.urn, named(plan, "main-eksRole-4b490823").urn].sort());
      assert.deepEqual(made.inputs["vpcConfig"], { subnetIds: ["subnet-1", "subnet-2"] });
      assert.equal(plan.outputs["kubeconfig"], SECRET);
      assert.match(
        String(plan.outputs["endpoint"]),
        mode === "preview" ? new RegExp(UNKNOWN) : /^https:\/\/.*eks\.amazonaws\.com$/,
      );
      assert.match(
        String(plan.outputs["group"]),
        mode === "preview" ? new RegExp(UNKNOWN) : /^sg-[0-9a-f]{17}$/,
      );
    });
  }

  it("gives children what a transform on the component changes", async () => {
    const plan = await planProgram(() => {
      const { aws, eks: eksProvider } = providers();
      new eks.Cluster("main", clusterArgs(), {
        providers: { aws, eks: eksProvider },
        protect: true,
        transforms: [
          ({ type, props, opts }) =>
            type === "aws:eks/cluster:Cluster"
              ? { props: { ...props, zonalShiftConfig: { enabled: true } }, opts }
              : undefined,
        ],
      });
    });
    const made = named(plan, "main-eksCluster");
    assert.deepEqual(made.inputs["zonalShiftConfig"], { enabled: true });
    assert.deepEqual(Object.keys(made.propertyDependencies), ["roleArn"]);
    assert.equal(made.options.protect, true);
  });

  it("refuses options that it does not model", async () => {
    await assert.rejects(
      planProgram(() => {
        const { aws, eks: eksProvider } = providers();
        new eks.Cluster("main", clusterArgs({ skipDefaultNodeGroup: false, fargate: true }), {
          providers: { aws, eks: eksProvider },
        });
      }),
      /does not model "main" with its fargate, skipDefaultNodeGroup/,
    );
  });
});

describe("the local kubernetes provider", () => {
  it("plans objects in the region of their cluster, with status only after an update", async () => {
    for (const mode of MODES) {
      const plan = await planProgram(
        () => {
          const { kubernetes: provider } = providers();
          const namespace = new kubernetes.core.v1.Namespace("ns", {}, { provider });
          return { phase: namespace.status.phase, name: namespace.metadata.name };
        },
        { mode },
      );
      assert.equal(named(plan, "ns").region, "us-west-2");
      assert.match(String(plan.outputs["name"]), /^ns-[0-9a-f]{8}$/);
      assert.equal(plan.outputs["phase"], mode === "preview" ? UNKNOWN : "Active");
    }
  });

  it("refuses an object without a kind", async () => {
    await assert.rejects(
      planProgram(() => {
        const { kubernetes: provider } = providers();
        new kubernetes.apiextensions.CustomResource(
          "odd",
          { apiVersion: "example.com/v1", kind: "" },
          { provider },
        );
        new Bare(provider);
      }),
      /"bare" \(kubernetes:core\/v1:Pod\) has properties that its provider refuses: apiVersion: .*; kind: /,
    );
  });

  it("makes one resource of each object of a group, objects and text alike", async () => {
    const plan = await planProgram(() => {
      const { kubernetes: provider } = providers();
      const group = new kubernetes.yaml.v2.ConfigGroup(
        "app",
        {
          objs: [
            {
              apiVersion: "v1",
              kind: "ConfigMap",
              metadata: { name: "settings", namespace: "docs" },
              data: { a: "1" },
            },
          ],
          yaml: "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: token\nstringData:\n  value: hidden-text\n",
        },
        { provider },
      );
      new kubernetes.core.v1.Namespace("after", {}, { provider, dependsOn: [group] });
    });
    const tree = plan.resources
      .filter(({ urn }) => urn.includes("ConfigGroup$"))
      .map(({ type, name }) => `${type} ${name}`);
    assert.deepEqual(tree, [
      "kubernetes:apps/v1:Deployment app-web",
      "kubernetes:core/v1:ConfigMap app-docs/settings",
      "kubernetes:core/v1:Secret app-token",
    ]);
    assert.equal(named(plan, "app-token").inputs["stringData"], SECRET);
    assert(!JSON.stringify(plan).includes("hidden-text"));
    assert.deepEqual(named(plan, "after").dependencies, [named(plan, "app").urn]);
  });

  it("answers a Helm release with its status", async () => {
    const plan = await planProgram(() => {
      const { kubernetes: provider } = providers();
      const release = new kubernetes.helm.v3.Release(
        "ingress",
        { chart: "kong", version: "2.0.0", namespace: "edge" },
        { provider },
      );
      return { status: release.status.status, version: release.status.version };
    });
    assert.deepEqual(plan.outputs, { status: "deployed", version: "2.0.0" });
  });
});

describe("CertManager made by the local provider", () => {
  it("is one Helm release with the component's arguments as values", async () => {
    const plan = await planProgram(() => {
      const { kubernetes: provider, certManager: own } = providers();
      const manager = new certManager.CertManager(
        "certs",
        { installCRDs: true, helmOptions: { namespace: "cert-manager", version: "1.20.0" } },
        { providers: { kubernetes: provider, "kubernetes-cert-manager": own } },
      );
      return { status: manager.status.status };
    });
    const release = named(plan, "certs-helm");
    assert.equal(release.parent, named(plan, "certs").urn);
    assert.equal(release.inputs["chart"], "cert-manager");
    assert.deepEqual(release.inputs["values"], { installCRDs: true });
    assert.equal(plan.outputs["status"], "deployed");
  });
});
