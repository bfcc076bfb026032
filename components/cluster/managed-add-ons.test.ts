import assert from "node:assert/strict";
import { sortedJson } from "../json.ts";
import { managedAddOns, podNetworkConfiguration, volumeKeyPolicy } from "./managed-add-ons.ts";
import { ADD_ON_VERSIONS } from "./planned-cluster.ts";

const addOns = managedAddOns(ADD_ON_VERSIONS);
const NETWORK = {
  region: "us-east-1",
  networkPolicy: true,
  warmIpTarget: 5,
  minimumIpTarget: 16,
  securityGroupIds: ["sg-1"],
};

describe("managed add-ons", () => {
  it("EKS-22: all of them are pinned, in an order that works", () => {
    assert.deepEqual(Object.fromEntries(addOns.map(({ name, version }) => [name, version])), ADD_ON_VERSIONS);
    const names = addOns.map(({ name }) => name);
    for (const addOn of addOns)
      for (const other of addOn.after) assert(names.indexOf(other) < names.indexOf(addOn.name));
    assert.deepEqual(
      addOns.filter(({ beforeNodes }) => beforeNodes).map(({ name }) => name),
      ["eks-pod-identity-agent", "vpc-cni", "kube-proxy"],
    );
  });

  it("EKS-24: each AWS service account has a role of its own, with its managed policy", () => {
    assert.deepEqual(
      addOns.flatMap(({ identities }) =>
        identities.map(({ serviceAccount, managedPolicy }) => `${serviceAccount} ${managedPolicy}`),
      ),
      [
        "aws-node AmazonEKS_CNI_Policy",
        "ebs-csi-controller-sa AmazonEBSCSIDriverPolicyV2",
        "efs-csi-controller-sa service-role/AmazonEFSCSIDriverPolicy",
        "efs-csi-node-sa service-role/AmazonEFSCSIDriverPolicy",
      ],
    );
  });

  it("every controller can run where there are system nodes only", () => {
    for (const { name, configuration, beforeNodes } of addOns) {
      if (beforeNodes) continue;
      assert.match(configuration ?? "", /"nodeSelector":\{"platform\/node-role":"system"\}/, name);
      assert.match(configuration ?? "", /"tolerations":\[\{"key":"CriticalAddonsOnly"/, name);
    }
  });

  it("EKS-25: prefixes of addresses, few of them idle (C-56)", () => {
    assert.deepEqual(JSON.parse(podNetworkConfiguration(NETWORK)), {
      enableNetworkPolicy: "true",
      env: {
        ANNOTATE_POD_IP: "false",
        AWS_VPC_K8S_CNI_LOGLEVEL: "INFO",
        AWS_VPC_K8S_PLUGIN_LOG_LEVEL: "INFO",
        ENABLE_PREFIX_DELEGATION: "true",
        MINIMUM_IP_TARGET: "16",
        WARM_IP_TARGET: "5",
      },
    });
  });

  it("EKS-25: pods take addresses of a range of their own where the nodes' is too small (C-56)", () => {
    const configuration = JSON.parse(
      podNetworkConfiguration({
        ...NETWORK,
        podSubnets: { "us-east-1a": "subnet-a", "us-east-1b": "subnet-b" },
      }),
    );
    assert.deepEqual(configuration.eniConfig, {
      create: true,
      region: "us-east-1",
      subnets: {
        "us-east-1a": { id: "subnet-a", securityGroups: ["sg-1"] },
        "us-east-1b": { id: "subnet-b", securityGroups: ["sg-1"] },
      },
    });
    assert.equal(configuration.env.AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG, "true");
    assert.equal(configuration.env.ENI_CONFIG_LABEL_DEF, "topology.kubernetes.io/zone");
  });

  it("with Calico the network plugin leaves policies alone and tells pods' addresses", () => {
    const configuration = JSON.parse(podNetworkConfiguration({ ...NETWORK, networkPolicy: false }));
    assert.equal(configuration.enableNetworkPolicy, "false");
    assert.equal(configuration.env.ANNOTATE_POD_IP, "true");
  });

  it("SEC-11: the volume key may be used for volumes of AWS services, and no other", () => {
    const policy = JSON.parse(sortedJson(volumeKeyPolicy("arn:aws:kms:us-east-1:111122223333:key/k")));
    for (const statement of policy.Statement)
      assert.equal(statement.Resource, "arn:aws:kms:us-east-1:111122223333:key/k");
    assert.deepEqual(policy.Statement[0].Condition, { Bool: { "kms:GrantIsForAWSResource": "true" } });
  });
});
