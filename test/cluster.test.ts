import assert from "node:assert/strict";
import type { Plan } from "../tools/plan/index.ts";
import { at, existsBefore, listAt, named, namesById, ofType, planOf } from "./plans.ts";

const SITES = [
  { stack: "prod", region: "us-east-1", minimumPods: 5 },
  { stack: "dr", region: "us-west-2", minimumPods: 3 },
] as const;
type Site = (typeof SITES)[number];

const CLUSTER = "aws:eks/cluster:Cluster";
/** Kubernetes resources that run or hold something for a workload, by namespace of the seeds. */
const SEED_NAMESPACES = ["infrastructure", "platform", "apps", "workers", "batch"];

const plans = new Map<string, Plan>();

function everywhere(check: (plan: Plan, site: Site) => void): void {
  for (const site of SITES) {
    const plan = plans.get(site.stack);
    assert.ok(plan);
    check(plan, site);
  }
}

function cluster(plan: Plan) {
  return named(plan, CLUSTER, "cluster-control-plane-eksCluster");
}

function pool(plan: Plan, name: string): unknown {
  return at(named(plan, "NodePool", `nodes-pool-${name}`).inputs, "spec");
}

/** Values of one requirement of a node pool. */
function requirement(spec: unknown, key: string): unknown {
  return at(
    listAt(spec, "template", "spec", "requirements").find((each) => at(each, "key") === key),
    "values",
  );
}

/** Chart and version by the name of the release. */
function releases(plan: Plan): Record<string, unknown> {
  return Object.fromEntries(
    ofType(plan, "kubernetes:helm.sh/v3:Release").map(({ inputs }) => [inputs["name"], inputs["version"]]),
  );
}

describe("clusters of the production stacks", () => {
  before(async () => {
    for (const { stack } of SITES) {
      plans.set(stack, await planOf(stack));
    }
  });

  it("EKS-01, EKS-02: containers run on EKS; there is nothing of ECS", () => {
    everywhere((plan) => {
      assert.equal(ofType(plan, CLUSTER).length, 1);
      assert.deepEqual(
        plan.resources.filter(({ type }) => type.startsWith("aws:ecs/")),
        [],
      );
    });
  });

  it("EKS-03, EKS-04: one cluster a region, of one name, in the private subnets of three zones", () => {
    everywhere((plan, { region }) => {
      const { inputs, region: where } = cluster(plan);
      const names = namesById(plan);
      assert.deepEqual([where, inputs["name"]], [region, "platform"]);
      assert.deepEqual(
        listAt(inputs, "vpcConfig", "subnetIds").map((id) => names.get(id)),
        ["a", "b", "c"].map((zone) => `network-private-${region}${zone}`),
      );
      assert.equal(at(inputs, "zonalShiftConfig", "enabled"), true);
    });
  });

  it("EKS-07: cluster and nodes run the configured version, in standard support", () => {
    everywhere((plan) => {
      const { inputs } = cluster(plan);
      assert.equal(inputs["version"], "1.35");
      assert.equal(at(inputs, "upgradePolicy", "supportType"), "STANDARD");
      assert.equal(named(plan, "NodeGroup", "cluster-system-group").inputs["version"], "1.35");
      const proxy = named(plan, "Addon", "cluster-kube-proxy-add-on").inputs["addonVersion"];
      assert.match(String(proxy), /^v1\.35\./);
    });
  });

  it("EKS-08: every control-plane log is kept, encrypted, in a group that is there before the cluster", () => {
    everywhere((plan) => {
      assert.deepEqual(cluster(plan).inputs["enabledClusterLogTypes"], [
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
      ]);
      const logs = named(plan, "LogGroup", "cluster-logs");
      assert.equal(logs.inputs["name"], "/aws/eks/platform/cluster");
      assert.equal(logs.inputs["retentionInDays"], 90);
      assert.match(String(logs.inputs["kmsKeyId"]), /^arn:aws:kms:/);
      assert.ok(existsBefore(plan, cluster(plan)).has(logs.urn));
    });
  });

  it("SEC-12, SEC-11: Kubernetes secrets are enveloped with the region's own key of the cluster", async () => {
    const { outputs } = await planOf("global");
    everywhere((plan, { region }) => {
      assert.deepEqual(cluster(plan).inputs["encryptionConfig"], {
        provider: { keyArn: at(outputs, "global", "keyArns", "cluster", region) },
        resources: ["secrets"],
      });
    });
  });

  it("SEC-01, NET-19: the API server has a private endpoint only, and cannot be deleted by mistake", () => {
    everywhere((plan) => {
      const { inputs } = cluster(plan);
      assert.equal(at(inputs, "vpcConfig", "endpointPrivateAccess"), true);
      assert.equal(at(inputs, "vpcConfig", "endpointPublicAccess"), false);
      assert.equal(inputs["deletionProtection"], true);
    });
  });

  it("SEC-05: access is by entries alone: the deployer administers, nodes join, whoever made the cluster has none", () => {
    everywhere((plan) => {
      assert.deepEqual(cluster(plan).inputs["accessConfig"], {
        authenticationMode: "API",
        bootstrapClusterCreatorAdminPermissions: false,
      });
      const roles = new Map(
        ofType(plan, "aws:iam/role:Role").map(({ name, outputs }) => [outputs["arn"], name]),
      );
      assert.deepEqual(
        ofType(plan, "AccessEntry").map(({ inputs }) => [
          roles.get(inputs["principalArn"]) ?? inputs["principalArn"],
          inputs["type"],
          inputs["kubernetesGroups"],
        ]),
        [
          ["nodes-node-role", "EC2_LINUX", undefined],
          ["arn:aws:iam::111122223333:role/platform-deployer", undefined, undefined],
        ],
      );
      const [policy, ...others] = ofType(plan, "AccessPolicyAssociation").map(({ inputs }) => inputs);
      assert.deepEqual(others, []);
      assert.equal(policy?.["principalArn"], "arn:aws:iam::111122223333:role/platform-deployer");
      assert.equal(
        policy?.["policyArn"],
        "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      );
    });
  });

  it("EKS-22, EKS-24, EKS-25: the managed add-ons are pinned to a build", () => {
    const builds = {
      "aws-ebs-csi-driver": "v1.57.1-eksbuild.1",
      "aws-efs-csi-driver": "v2.3.1-eksbuild.1",
      coredns: "v1.13.2-eksbuild.3",
      "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
      "kube-proxy": "v1.35.2-eksbuild.4",
      "snapshot-controller": "v8.3.0-eksbuild.1",
      "vpc-cni": "v1.21.1-eksbuild.5",
    };
    everywhere((plan) => {
      const addOns = ofType(plan, "aws:eks/addon:Addon").map(({ inputs }) => [
        inputs["addonName"],
        inputs["addonVersion"],
      ]);
      assert.deepEqual(Object.fromEntries(addOns), builds);
      assert.equal(addOns.length, Object.keys(builds).length);
      assert.equal(cluster(plan).inputs["bootstrapSelfManagedAddons"], false);
    });
  });

  it("EKS-25, NET-23: the CNI gives pods addresses in their own subnets and enforces network policies", () => {
    everywhere((plan, { region }) => {
      const addOn = named(plan, "Addon", "cluster-vpc-cni-add-on").inputs;
      const settings: unknown = JSON.parse(String(addOn["configurationValues"]));
      const names = namesById(plan);
      assert.equal(at(settings, "enableNetworkPolicy"), "true");
      assert.equal(at(settings, "env", "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"), "true");
      assert.equal(at(settings, "env", "WARM_IP_TARGET"), "5");
      assert.equal(at(settings, "env", "MINIMUM_IP_TARGET"), "16");
      for (const zone of ["a", "b", "c"].map((letter) => `${region}${letter}`)) {
        const subnet = at(settings, "eniConfig", "subnets", zone, "id");
        assert.equal(names.get(subnet), `network-pod-${zone}`);
      }
    });
  });

  it("EKS-12: system nodes are on demand, one or more in each zone, up to six in both regions", () => {
    everywhere((plan, { region }) => {
      const { inputs } = named(plan, "NodeGroup", "cluster-system-group");
      assert.equal(inputs["capacityType"], "ON_DEMAND");
      assert.equal(listAt(inputs, "subnetIds").length, 3, region);
      assert.equal(at(inputs, "scalingConfig", "minSize"), 3);
      assert.equal(at(inputs, "scalingConfig", "maxSize"), 6);
      assert.deepEqual(inputs["taints"], [
        { effect: "NO_SCHEDULE", key: "CriticalAddonsOnly", value: "true" },
      ]);
      assert.deepEqual(inputs["updateConfig"], { maxUnavailable: 1 });
    });
  });

  it("EKS-09, EKS-14, COST-02: the general pool is m5, spot before on-demand, within ten m5.xlarge", () => {
    everywhere((plan) => {
      const spec = pool(plan, "general");
      assert.deepEqual(requirement(spec, "node.kubernetes.io/instance-type"), ["m5.large", "m5.xlarge"]);
      assert.deepEqual(requirement(spec, "karpenter.sh/capacity-type"), ["spot", "on-demand"]);
      assert.deepEqual(at(spec, "limits"), { cpu: "40", memory: "160Gi" });
      assert.deepEqual(listAt(spec, "template", "spec", "taints"), []);
    });
  });

  it("EKS-10, EKS-15: the compute pool is c5 on demand, within eight c5.4xlarge, for those who ask for it", () => {
    everywhere((plan) => {
      const spec = pool(plan, "compute");
      assert.deepEqual(requirement(spec, "node.kubernetes.io/instance-type"), ["c5.2xlarge", "c5.4xlarge"]);
      assert.deepEqual(requirement(spec, "karpenter.sh/capacity-type"), ["on-demand"]);
      assert.deepEqual(at(spec, "limits"), { cpu: "128", memory: "256Gi" });
      assert.deepEqual(listAt(spec, "template", "spec", "taints"), [
        { effect: "NoSchedule", key: "platform/pool", value: "compute" },
      ]);
    });
  });

  it("EKS-13, EKS-21, COST-21: Karpenter adds nodes on demand and consolidates those that are not needed", () => {
    everywhere((plan) => {
      assert.equal(releases(plan)["karpenter"], releases(plan)["karpenter-crd"]);
      assert.equal(releases(plan)["cluster-autoscaler"], undefined);
      for (const { name, inputs } of ofType(plan, "NodePool")) {
        const spec = at(inputs, "spec");
        assert.equal(at(spec, "disruption", "consolidationPolicy"), "WhenEmptyOrUnderutilized", name);
        assert.deepEqual(at(spec, "disruption", "budgets"), [{ nodes: "10%" }], name);
        assert.ok(at(spec, "limits", "cpu"), name);
        assert.deepEqual(requirement(spec, "kubernetes.io/arch"), ["amd64"], name);
      }
    });
  });

  it("EKS-34: what limits a region's growth is equal in both regions", () => {
    const limits = SITES.map(({ stack }) => {
      const plan = plans.get(stack);
      assert.ok(plan);
      return {
        pools: ofType(plan, "NodePool").map(({ name, inputs }) => [name, at(inputs, "spec", "limits")]),
        systemNodes: at(named(plan, "NodeGroup", "cluster-system-group").inputs, "scalingConfig", "maxSize"),
        quotas: ofType(plan, "ResourceQuota").map(({ name, inputs }) => [name, at(inputs, "spec", "hard")]),
      };
    });
    assert.deepEqual(limits[0], limits[1]);
    assert.ok((limits[0]?.pools.length ?? 0) >= 2);
  });

  it("EKS-16: a region keeps pods for its share of the traffic and grows to twenty; alone it keeps all", async () => {
    const patch = (plan: Plan): unknown => {
      const { inputs } = named(plan, "Application", "document-service-application");
      return JSON.parse(String(at(inputs, "spec", "source", "kustomize", "patches", 0, "patch")));
    };
    for (const { stack, minimumPods } of SITES) {
      assert.deepEqual(patch(await planOf(stack)), [
        { op: "replace", path: "/spec/minReplicas", value: minimumPods },
        { op: "replace", path: "/spec/maxReplicas", value: 20 },
      ]);
    }
    assert.deepEqual(at(patch(await planOf("dr", { role: "primary" })), 0, "value"), 6);
    assert.deepEqual(at(patch(await planOf("prod", { evacuate: ["us-west-2"] })), 0, "value"), 6);
  });

  it("EKS-26, COST-07, DR-26: volumes are gp3, backed up, encrypted with the region's key: of pods by default, of nodes always", async () => {
    const { outputs } = await planOf("global");
    everywhere((plan, { region }) => {
      const key = at(outputs, "global", "keyArns", "cluster", region);
      const storage = named(plan, "StorageClass", "storage-gp3").inputs;
      assert.deepEqual(storage["parameters"], {
        encrypted: "true",
        kmsKeyId: key,
        // DR-26: by this tag AWS Backup finds the volumes of pods.
        tagSpecification_1: "backup=daily",
        type: "gp3",
      });
      assert.deepEqual(at(storage, "metadata", "annotations"), {
        "storageclass.kubernetes.io/is-default-class": "true",
      });
      assert.equal(storage["volumeBindingMode"], "WaitForFirstConsumer");
      const [system] = listAt(
        named(plan, "LaunchTemplate", "cluster-system-template").inputs,
        "blockDeviceMappings",
      );
      const [karpenter] = listAt(
        named(plan, "EC2NodeClass", "nodes-node-class").inputs,
        "spec",
        "blockDeviceMappings",
      );
      assert.deepEqual(
        [at(system, "ebs", "volumeType"), at(system, "ebs", "encrypted"), at(system, "ebs", "kmsKeyId")],
        ["gp3", "true", key],
      );
      assert.deepEqual(
        [
          at(karpenter, "ebs", "volumeType"),
          at(karpenter, "ebs", "encrypted"),
          at(karpenter, "ebs", "kmsKeyID"),
        ],
        ["gp3", true, key],
      );
    });
  });

  it("SEC-04, SEC-07: no pod reaches the credentials of its node", () => {
    everywhere((plan) => {
      const template = named(plan, "LaunchTemplate", "cluster-system-template").inputs;
      const nodeClass = named(plan, "EC2NodeClass", "nodes-node-class").inputs;
      for (const options of [template["metadataOptions"], at(nodeClass, "spec", "metadataOptions")]) {
        assert.equal(at(options, "httpTokens"), "required");
        assert.equal(at(options, "httpPutResponseHopLimit"), 1);
      }
    });
  });

  it("SEC-06, SEC-07: every AWS role of a pod belongs to one service account of one cluster", () => {
    everywhere((plan, { region }) => {
      const roles = new Map(ofType(plan, "aws:iam/role:Role").map((role) => [role.outputs["arn"], role]));
      const bound = ofType(plan, "PodIdentityAssociation").map(({ inputs }) => {
        const trust: unknown = JSON.parse(
          String(roles.get(inputs["roleArn"] ?? null)?.inputs["assumeRolePolicy"]),
        );
        const [statement, ...others] = listAt(trust, "Statement");
        assert.deepEqual(others, []);
        assert.deepEqual(at(statement, "Principal"), { Service: "pods.eks.amazonaws.com" });
        assert.deepEqual(at(statement, "Condition"), {
          ArnEquals: { "aws:SourceArn": `arn:aws:eks:${region}:111122223333:cluster/platform` },
          StringEquals: {
            "aws:RequestTag/kubernetes-namespace": inputs["namespace"],
            "aws:RequestTag/kubernetes-service-account": inputs["serviceAccount"],
            "aws:SourceAccount": "111122223333",
          },
        });
        return `${inputs["namespace"]}/${inputs["serviceAccount"]}`;
      });
      assert.equal(new Set(bound).size, bound.length);
      assert.equal(
        new Set(ofType(plan, "PodIdentityAssociation").map(({ inputs }) => inputs["roleArn"])).size,
        bound.length,
      );
      for (const account of [
        "apps/document-service",
        "kube-system/aws-node",
        "kube-system/ebs-csi-controller-sa",
        "kube-system/karpenter",
        "kube-system/aws-load-balancer-controller",
      ]) {
        assert.ok(bound.includes(account), account);
      }
    });
  });

  it("EKS-27, EKS-28, EKS-29, EKS-30, EKS-31: the seeds' five namespaces exist, beside conventional ones", () => {
    everywhere((plan) => {
      const namespaces = ofType(plan, "kubernetes:core/v1:Namespace").map(({ inputs }) =>
        at(inputs, "metadata", "name"),
      );
      for (const name of SEED_NAMESPACES) {
        assert.ok(namespaces.includes(name), name);
      }
      assert.equal(new Set(namespaces).size, namespaces.length);
      assert.ok(!namespaces.includes("kube-system"));
    });
  });

  it("EKS-29, EKS-30, EKS-31: workloads of the platform's own run restricted, within a quota, and expose nothing themselves", () => {
    everywhere((plan) => {
      for (const name of ["apps", "workers", "batch"]) {
        const namespace = named(plan, "kubernetes:core/v1:Namespace", `namespaces-${name}`).inputs;
        assert.equal(at(namespace, "metadata", "labels", "pod-security.kubernetes.io/enforce"), "restricted");
        const hard = at(named(plan, "ResourceQuota", `namespaces-${name}-quota`).inputs, "spec", "hard");
        assert.equal(at(hard, "services.loadbalancers"), "0", name);
        assert.equal(at(hard, "services.nodeports"), "0", name);
        const [limits] = listAt(
          named(plan, "LimitRange", `namespaces-${name}-defaults`).inputs,
          "spec",
          "limits",
        );
        assert.equal(at(limits, "type"), "Container", name);
        assert.ok(at(limits, "defaultRequest", "cpu"), name);
      }
    });
    const hard = ["apps", "workers", "batch"].map((name) => {
      const plan = plans.get("prod");
      assert.ok(plan);
      const quota = at(named(plan, "ResourceQuota", `namespaces-${name}-quota`).inputs, "spec", "hard");
      return [at(quota, "requests.cpu"), at(quota, "requests.memory"), at(quota, "pods")];
    });
    assert.deepEqual(hard, [
      ["40", "160Gi", "200"],
      ["120", "240Gi", "100"],
      ["16", "64Gi", "50"],
    ]);
  });

  it("EKS-23, EKS-32: the charts are pinned; cert-manager and the load balancer controller are among them", () => {
    everywhere((plan) => {
      const installed = releases(plan);
      for (const [name, version] of Object.entries(installed)) {
        assert.match(String(version), /^v?\d+\.\d+\.\d+$/, name);
      }
      for (const name of [
        "argo-cd",
        "aws-load-balancer-controller",
        "cert-manager",
        "karpenter",
        "kube-prometheus-stack",
        "metrics-server",
      ]) {
        assert.ok(name in installed, name);
      }
      for (const { name, inputs } of ofType(plan, "kubernetes:helm.sh/v3:Release")) {
        assert.equal(inputs["atomic"], true, name);
        assert.equal(inputs["createNamespace"], false, name);
      }
      assert.deepEqual(releases(plans.get("prod") ?? plan), releases(plans.get("dr") ?? plan));
    });
  });

  it("EKS-33: the service gets its settings from a ConfigMap, and its pods no Kubernetes credentials", () => {
    everywhere((plan, { region }) => {
      const settings = named(plan, "ConfigMap", "document-service-settings").inputs;
      assert.equal(at(settings, "metadata", "namespace"), "apps");
      assert.equal(at(settings, "data", "REGION"), region);
      const account = named(plan, "ServiceAccount", "document-service-account").inputs;
      assert.equal(account["automountServiceAccountToken"], false);
    });
  });
});

describe("clusters of other shapes", () => {
  it("EKS-07: the version is configuration, of the nodes too", async () => {
    const plan = await planOf("prod", {
      cluster: { version: "1.34", addOnVersions: { "kube-proxy": "v1.34.1-eksbuild.2" } },
    });
    assert.equal(cluster(plan).inputs["version"], "1.34");
    assert.equal(named(plan, "NodeGroup", "cluster-system-group").inputs["version"], "1.34");
    assert.equal(
      named(plan, "Addon", "cluster-kube-proxy-add-on").inputs["addonVersion"],
      "v1.34.1-eksbuild.2",
    );
  });

  it("SEC-04: a public API endpoint exists only for the ranges that are named", async () => {
    const plan = await planOf("prod", { cluster: { publicAccessCidrs: ["198.51.100.0/24"] } });
    const vpcConfig = cluster(plan).inputs["vpcConfig"];
    assert.equal(at(vpcConfig, "endpointPublicAccess"), true);
    assert.deepEqual(at(vpcConfig, "publicAccessCidrs"), ["198.51.100.0/24"]);
    assert.equal(at(vpcConfig, "endpointPrivateAccess"), true);
  });

  it("EKS-21: without pod subnets the pods share the nodes' subnets", async () => {
    const plan = await planOf("dev");
    const addOn = named(plan, "Addon", "cluster-vpc-cni-add-on").inputs;
    const settings: unknown = JSON.parse(String(addOn["configurationValues"]));
    assert.equal(at(settings, "eniConfig"), undefined);
    assert.equal(at(settings, "env", "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG"), undefined);
    assert.deepEqual(
      ofType(plan, "Subnet").filter(({ name }) => name.includes("-pod-")),
      [],
    );
  });

  it("EKS-15: dev may go down to one system node, staging to two", async () => {
    const sizes = async (stack: string) =>
      at(named(await planOf(stack), "NodeGroup", "cluster-system-group").inputs, "scalingConfig");
    assert.deepEqual(await sizes("dev"), { desiredSize: 3, maxSize: 3, minSize: 1 });
    assert.deepEqual(await sizes("staging"), { desiredSize: 4, maxSize: 4, minSize: 2 });
  });
});
