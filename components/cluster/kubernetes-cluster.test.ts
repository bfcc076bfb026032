import assert from "node:assert/strict";
import { Route } from "@pulumi/aws/ec2/index.js";
import * as kubernetes from "@pulumi/kubernetes";
import type { Plan, PlanMode, PlanValue } from "../../tools/plan/index.ts";
import { MODES, named, ofType, outlives } from "../../tools/plan/testing.ts";
import { urnName } from "../../tools/plan/urn.ts";
import { KubernetesCluster, type KubernetesClusterArgs } from "./kubernetes-cluster.ts";
import { ADD_ON_VERSIONS, CLUSTER_ARN, CLUSTER_NAME, planCluster, refusal } from "./planned-cluster.ts";

const BOUNDARY = "arn:aws:iam::111122223333:policy/boundary";
const ARGS: KubernetesClusterArgs = {
  clusterName: CLUSTER_NAME,
  version: "1.35",
  region: "us-east-1",
  accountId: "111122223333",
  vpcId: "vpc-1",
  privateSubnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  deployerRoleArn: "arn:aws:iam::111122223333:role/deployer",
  secretsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/secrets",
  logKeyArn: "arn:aws:kms:us-east-1:111122223333:key/logs",
  volumeKeyArn: "arn:aws:kms:us-east-1:111122223333:key/volumes",
  addOnVersions: ADD_ON_VERSIONS,
};

function planned(mode: PlanMode, change: Partial<KubernetesClusterArgs> = {}): Promise<Plan> {
  return planCluster(mode, ({ providers: { aws, eks } }) => {
    if (!aws || !eks) throw new Error("no providers");
    const cluster = new KubernetesCluster("cluster", { ...ARGS, ...change }, { providers: { aws, eks } });
    new kubernetes.core.v1.ConfigMap(
      "object",
      { metadata: { name: "object", namespace: "default" } },
      { provider: cluster.kubernetesProvider },
    );
    const { name, arn, accountId, endpoint, certificateAuthority, oidcIssuer, oidcProviderArn } = cluster;
    const { clusterSecurityGroupId, nodeSecurityGroupIds, nodeRoleArn, nodeRoleName } = cluster;
    return {
      ...{ name, arn, accountId, endpoint, certificateAuthority, oidcIssuer, oidcProviderArn },
      ...{ clusterSecurityGroupId, nodeSecurityGroupIds, nodeRoleArn, nodeRoleName },
    };
  });
}
const controlPlane = (plan: Plan) => named(plan, "cluster-control-plane-eksCluster").inputs;
const configurationOf = (plan: Plan, name: string) =>
  JSON.parse(String(named(plan, `cluster-${name}-add-on`).inputs["configurationValues"]));
const object = (value: PlanValue | undefined): Readonly<Record<string, PlanValue>> => {
  assert(value !== null && typeof value === "object" && !Array.isArray(value));
  return Object.fromEntries(Object.entries(value));
};

describe("KubernetesCluster", () => {
  for (const mode of MODES) {
    describe(mode, () => {
      let plan: Plan;
      before(async () => {
        plan = await planned(mode);
      });

      it("EKS-01: one EKS cluster of the given name and version, in the provider's region", () => {
        const clusters = ofType(plan, "aws:eks/cluster:Cluster");
        assert.deepEqual(
          clusters.map(({ region, inputs }) => [region, inputs["name"], inputs["version"]]),
          [["us-east-1", CLUSTER_NAME, "1.35"]],
        );
        assert.deepEqual(controlPlane(plan)["upgradePolicy"], { supportType: "STANDARD" });
        assert.equal(controlPlane(plan)["deletionProtection"], true);
        assert.deepEqual(controlPlane(plan)["zonalShiftConfig"], { enabled: true });
        assert.equal(controlPlane(plan)["bootstrapSelfManagedAddons"], false);
      });

      it("EKS-08: the control plane spans the given subnets and answers inside the VPC only", () => {
        assert.deepEqual(controlPlane(plan)["vpcConfig"], {
          endpointPrivateAccess: true,
          endpointPublicAccess: false,
          subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
        });
      });

      it("SEC-05: access entries alone decide who gets in; the deployer's is explicit", () => {
        assert.deepEqual(controlPlane(plan)["accessConfig"], {
          authenticationMode: "API",
          bootstrapClusterCreatorAdminPermissions: false,
        });
        assert.deepEqual(
          ofType(plan, "aws:eks/accessEntry:AccessEntry").map(({ inputs }) => inputs["principalArn"]),
          ["arn:aws:iam::111122223333:role/deployer"],
        );
        const policy = named(plan, "cluster-access-deployer-policy").inputs;
        assert.equal(
          policy["policyArn"],
          "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        );
        assert.deepEqual(policy["accessScope"], { type: "cluster" });
      });

      it("SEC-12: Kubernetes secrets are envelope-encrypted with the given key", () => {
        assert.deepEqual(controlPlane(plan)["encryptionConfig"], {
          provider: { keyArn: "arn:aws:kms:us-east-1:111122223333:key/secrets" },
          resources: ["secrets"],
        });
      });

      it("OBS-02: all five logs go to a group of our own, made before and deleted after the cluster", () => {
        assert.deepEqual(controlPlane(plan)["enabledClusterLogTypes"], [
          "api",
          "audit",
          "authenticator",
          "controllerManager",
          "scheduler",
        ]);
        const { inputs } = named(plan, "cluster-logs");
        assert.deepEqual(
          [inputs["name"], inputs["retentionInDays"], inputs["kmsKeyId"]],
          [`/aws/eks/${CLUSTER_NAME}/cluster`, 365, "arn:aws:kms:us-east-1:111122223333:key/logs"],
        );
        assert(outlives(plan, "cluster-logs", "cluster-control-plane-eksCluster"));
      });

      it("EKS-22: every managed add-on at its pinned build, none installed behind our back", () => {
        const builds = ofType(plan, "aws:eks/addon:Addon").map(({ inputs }) => [
          String(inputs["addonName"]),
          inputs["addonVersion"],
        ]);
        assert.deepEqual(Object.fromEntries(builds), ADD_ON_VERSIONS);
        assert.equal(builds.length, Object.keys(ADD_ON_VERSIONS).length);
      });

      it("EKS-25: the network runs before the first node, with its addresses tuned (C-56)", () => {
        assert(outlives(plan, "cluster-vpc-cni-add-on", "cluster-system-group"));
        assert(outlives(plan, "cluster-vpc-cni-node-association", "cluster-vpc-cni-add-on"));
        const { env } = configurationOf(plan, "vpc-cni");
        assert.deepEqual(
          [env.ENABLE_PREFIX_DELEGATION, env.WARM_IP_TARGET, env.MINIMUM_IP_TARGET],
          ["true", "5", "16"],
        );
      });

      it("EKS-24: the EBS driver has a role of its own that may use the volume key", () => {
        assert(outlives(plan, "cluster-snapshot-controller-add-on", "cluster-aws-ebs-csi-driver-add-on"));
        const association = named(plan, "cluster-aws-ebs-csi-driver-controller-association").inputs;
        assert.deepEqual(
          [association["namespace"], association["serviceAccount"]],
          ["kube-system", "ebs-csi-controller-sa"],
        );
        assert.match(
          String(named(plan, "cluster-aws-ebs-csi-driver-controller-key").inputs["policy"]),
          /"Resource":"arn:aws:kms:us-east-1:111122223333:key\/volumes"/,
        );
      });

      it("EKS-12: system nodes on demand in all subnets, tainted and labelled for the platform's pods", () => {
        const group = named(plan, "cluster-system-group").inputs;
        assert.deepEqual(group["subnetIds"], ["subnet-a", "subnet-b", "subnet-c"]);
        assert.equal(group["capacityType"], "ON_DEMAND");
        assert.deepEqual(group["scalingConfig"], { desiredSize: 3, maxSize: 6, minSize: 3 });
        assert.deepEqual(group["labels"], { "platform/node-role": "system" });
        assert.deepEqual(group["taints"], [
          { effect: "NO_SCHEDULE", key: "CriticalAddonsOnly", value: "true" },
        ]);
        assert.equal(named(plan, "cluster-system-group").options.ignoreChanges, undefined);
      });

      it("SEC-07: no pod reaches a node's credentials, and those allow little (C-46)", () => {
        const metadata = object(named(plan, "cluster-system-template").inputs["metadataOptions"]);
        assert.equal(metadata["httpTokens"], "required");
        assert.equal(metadata["httpPutResponseHopLimit"], 1);
        const rights = ofType(plan, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")
          .filter(({ name }) => name.startsWith("cluster-system-"))
          .map(({ inputs }) => inputs["policyArn"]);
        assert.deepEqual(rights, [
          "arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly",
          "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
          "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy",
        ]);
      });

      it("COST-07: node volumes are gp3, encrypted with the given key", () => {
        assert.deepEqual(named(plan, "cluster-system-template").inputs["blockDeviceMappings"], [
          {
            deviceName: "/dev/xvda",
            ebs: {
              deleteOnTermination: "true",
              encrypted: "true",
              kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/volumes",
              volumeSize: 50,
              volumeType: "gp3",
            },
          },
        ]);
      });

      it("EKS-03: objects go to this cluster by its ARN; an unreachable one is never taken for an empty one", () => {
        const { inputs } = named(plan, "cluster-kubernetes");
        assert.equal(inputs["clusterIdentifier"], CLUSTER_ARN);
        assert.equal(String(inputs["deleteUnreachable"]), "false");
        assert.equal(String(inputs["enableServerSideApply"]), "true");
      });

      it("destroy takes objects first, then add-ons, nodes, network, access and control plane", () => {
        const order = [
          "cluster-control-plane-eksCluster",
          "cluster-vpc-cni-add-on",
          "cluster-system-group",
          "cluster-coredns-add-on",
          "cluster-kubernetes",
          "object",
        ];
        for (const [index, later] of order.slice(1).entries()) {
          assert(outlives(plan, order[index] ?? "", later), `${order[index]} outlives ${later}`);
          assert(!outlives(plan, later, order[index] ?? ""), `${later} does not outlive ${order[index]}`);
        }
        assert(outlives(plan, "cluster-access-deployer-policy", "object"));
      });

      it("SEC-11: opens nothing to the world and keeps every child under the component", () => {
        assert(!JSON.stringify(plan.resources.map(({ inputs }) => inputs)).includes("0.0.0.0/0"));
        const roots = plan.resources.filter(
          ({ parent, type }) => parent?.endsWith("::project-stack") && !type.startsWith("pulumi:providers:"),
        );
        assert.deepEqual(roots.map(({ name }) => name).sort(), ["cluster", "object"]);
      });
    });
  }

  it("EKS-03: tells what the rest of the region needs", async () => {
    const { outputs, resources } = await planned("update", { nodeSecurityGroupIds: ["sg-workers"] });
    assert.equal(outputs["name"], CLUSTER_NAME);
    assert.equal(outputs["arn"], CLUSTER_ARN);
    assert.equal(outputs["accountId"], "111122223333");
    assert.match(String(outputs["endpoint"]), /^https:\/\/.+us-east-1\.eks\.amazonaws\.com$/);
    assert.match(String(outputs["oidcIssuer"]), /^https:\/\/oidc\.eks\.us-east-1\./);
    assert.equal(outputs["oidcProviderArn"], "");
    assert.deepEqual(outputs["nodeSecurityGroupIds"], [outputs["clusterSecurityGroupId"], "sg-workers"]);
    const role = resources.find(({ name }) => name === "cluster-system-node-role");
    assert.deepEqual(
      [outputs["nodeRoleArn"], outputs["nodeRoleName"]],
      [role?.outputs["arn"], role?.outputs["name"]],
    );
    assert.notEqual(String(outputs["certificateAuthority"]), "");
  });

  it("EKS-08: named networks reach the public endpoint, security groups come by id", async () => {
    const plan = await planned("preview", {
      publicAccessCidrs: ["203.0.113.0/24"],
      controlPlaneSecurityGroupIds: ["sg-control"],
    });
    assert.deepEqual(controlPlane(plan)["vpcConfig"], {
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["203.0.113.0/24"],
      securityGroupIds: ["sg-control"],
      subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
    });
  });

  it("SEC-05: others get the access policy, namespaces and groups that are given", async () => {
    const plan = await planned("preview", {
      accessEntries: {
        readers: {
          principalArn: "arn:aws:iam::111122223333:role/readers",
          policy: "AmazonEKSViewPolicy",
          namespaces: ["apps", "workers"],
        },
        operators: {
          principalArn: "arn:aws:iam::111122223333:role/operators",
          kubernetesGroups: ["operators"],
        },
      },
    });
    const readers = named(plan, "cluster-access-readers-policy").inputs;
    assert.deepEqual(readers["accessScope"], { namespaces: ["apps", "workers"], type: "namespace" });
    assert.equal(readers["policyArn"], "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy");
    assert.deepEqual(named(plan, "cluster-access-operators").inputs["kubernetesGroups"], ["operators"]);
    assert(!plan.resources.some(({ name }) => name === "cluster-access-operators-policy"));
  });

  it("SEC-07: with IRSA the issuer is known to IAM, without a look at its certificate", async () => {
    const plan = await planned("update", { irsa: true });
    const [issuer] = ofType(plan, "aws:iam/openIdConnectProvider:OpenIdConnectProvider");
    assert.equal(issuer?.inputs["url"], plan.outputs["oidcIssuer"]);
    assert.deepEqual(issuer?.inputs["clientIdLists"], ["sts.amazonaws.com"]);
    assert.equal(issuer?.inputs["thumbprintLists"], undefined);
    assert.equal(plan.outputs["oidcProviderArn"], issuer?.outputs["arn"]);
  });

  it("EKS-25: pod subnets carry the nodes' security groups (C-56)", async () => {
    const plan = await planned("update", {
      podSubnetIds: { "us-east-1a": "subnet-pods" },
      nodeSecurityGroupIds: ["sg-workers"],
    });
    assert.deepEqual(configurationOf(plan, "vpc-cni").eniConfig.subnets, {
      "us-east-1a": {
        id: "subnet-pods",
        securityGroups: [String(plan.outputs["clusterSecurityGroupId"]), "sg-workers"],
      },
    });
  });

  it("SEC-06: the boundary holds for every role", async () => {
    const plan = await planned("preview", { permissionsBoundaryArn: BOUNDARY });
    const roles = ofType(plan, "aws:iam/role:Role");
    assert.equal(roles.length, 6);
    for (const { name, inputs } of roles) assert.equal(inputs["permissionsBoundary"], BOUNDARY, name);
  });

  it("EKS-05, EKS-06: a region runs a pair of clusters as well as one (C-25)", async () => {
    const plan = await planCluster("update", ({ providers: { aws, eks } }) => {
      if (!aws || !eks) throw new Error("no providers");
      for (const slot of ["even", "odd"]) {
        const args = { ...ARGS, clusterName: `${CLUSTER_NAME}-${slot}` };
        new KubernetesCluster(`cluster-${slot}`, args, { providers: { aws, eks } });
      }
    });
    assert.deepEqual(
      ofType(plan, "aws:eks/cluster:Cluster").map(({ inputs }) => inputs["name"]),
      [`${CLUSTER_NAME}-even`, `${CLUSTER_NAME}-odd`],
    );
    const trust = (slot: string) =>
      String(named(plan, `cluster-${slot}-vpc-cni-node-role`).inputs["assumeRolePolicy"]);
    assert(trust("even").includes(`cluster/${CLUSTER_NAME}-even"`), "a slot's roles trust that slot alone");
    assert(!trust("even").includes(`${CLUSTER_NAME}-odd`));
  });

  it("COST-07: every volume of a Bottlerocket node is encrypted gp3", async () => {
    const plan = await planned("preview", { nodeImage: "bottlerocket", nodeVolumeSizeGib: 80 });
    const devices = JSON.parse(
      JSON.stringify(named(plan, "cluster-system-template").inputs["blockDeviceMappings"]),
    );
    assert.deepEqual(
      devices.map(({ deviceName, ebs }: { deviceName: string; ebs: Record<string, unknown> }) => [
        deviceName,
        ebs["volumeSize"],
        ebs["volumeType"],
        ebs["encrypted"],
      ]),
      [
        ["/dev/xvda", 4, "gp3", "true"],
        ["/dev/xvdb", 80, "gp3", "true"],
      ],
    );
    assert.equal(named(plan, "cluster-system-group").inputs["amiType"], "BOTTLEROCKET_x86_64");
  });

  it("comes after the network it depends on, and goes before it", async () => {
    const plan = await planCluster("preview", ({ providers: { aws, eks } }) => {
      if (!aws || !eks) throw new Error("no providers");
      const route = new Route("way-out", { routeTableId: "rtb-1", natGatewayId: "nat-1" }, { provider: aws });
      new KubernetesCluster("cluster", ARGS, { providers: { aws, eks }, dependsOn: [route] });
    });
    for (const later of ["cluster-control-plane-eksCluster", "cluster-system-group", "cluster-kubernetes"])
      assert(outlives(plan, "way-out", later), later);
  });

  it("keeps generated names within IAM's 64 characters, also for a slot of a pair (C-25)", async () => {
    const plan = await planCluster("update", ({ providers: { aws, eks } }) => {
      if (!aws || !eks) throw new Error("no providers");
      new KubernetesCluster("cluster-even", ARGS, { providers: { aws, eks } });
    });
    for (const { inputs } of ofType(plan, "aws:iam/role:Role"))
      assert(String(inputs["name"]).length <= 64, String(inputs["name"]));
  });

  it("refuses bad arguments, all at once, before anything is made", async () => {
    const lines = await refusal(({ providers: { aws, eks } }) => {
      if (!aws || !eks) throw new Error("no providers");
      new KubernetesCluster(
        "cluster",
        { ...ARGS, version: "1.28", systemNodes: { min: 4, desired: 4, max: 2 } },
        { providers: { aws, eks } },
      );
    });
    assert.deepEqual(lines.slice(0, 3), [
      'KubernetesCluster "cluster":',
      '  version "1.28" is not in standard support: choose one of 1.34, 1.35, 1.36',
      "  systemNodes.min 4 is above systemNodes.max 2: lower min or raise max",
    ]);
  });

  it("EKS-03: creates the same resources in preview and in update", async () => {
    const [preview, update] = await Promise.all([planned("preview"), planned("update")]);
    const names = ({ resources }: Plan) => resources.map(({ urn }) => urnName(urn)).sort();
    assert.deepEqual(names(preview), names(update));
  });
});
