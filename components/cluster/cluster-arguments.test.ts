import assert from "node:assert/strict";
import { type CheckedClusterArguments, clusterProblems } from "./cluster-arguments.ts";
import { countProblems } from "./node-sizes.ts";
import { ADD_ON_VERSIONS } from "./planned-cluster.ts";

const good: CheckedClusterArguments = {
  clusterName: "platform-use1",
  version: "1.35",
  region: "us-east-1",
  accountId: "111122223333",
  addOnVersions: ADD_ON_VERSIONS,
};
const problemsOf = (change: Partial<CheckedClusterArguments>) => clusterProblems({ ...good, ...change });

describe("arguments of a cluster", () => {
  it("accepts good ones", () => {
    assert.deepEqual(clusterProblems(good), []);
    assert.deepEqual(problemsOf({ region: "us-gov-west-1", publicAccessCidrs: ["203.0.113.0/24"] }), []);
  });

  it("names every problem at once", () => {
    const problems = problemsOf({ clusterName: "-x", accountId: "1", region: "virginia", version: "1.28" });
    assert.deepEqual(problems, [
      'clusterName "-x" is no cluster name: use up to 100 letters, digits, dashes and underscores',
      'accountId "1" is no AWS account: use its 12 digits',
      'region "virginia" is no AWS region: write it as "us-east-1"',
      'version "1.28" is not in standard support: choose one of 1.34, 1.35, 1.36',
    ]);
  });

  it("SEC-05: refuses an API server that is open to the internet", () => {
    for (const cidr of ["0.0.0.0/0", "::/0"])
      assert.deepEqual(problemsOf({ publicAccessCidrs: ["203.0.113.0/24", cidr] }), [
        `publicAccessCidrs "${cidr}" opens the API server to the internet: name the administrators' networks`,
      ]);
  });

  it("EKS-22: refuses unknown, missing and unpinned managed add-ons", () => {
    const { coredns: _, ...withoutDns } = ADD_ON_VERSIONS;
    assert.deepEqual(problemsOf({ addOnVersions: { ...withoutDns, "core-dns": "latest" } }), [
      'addOnVersions has the unknown add-on "core-dns": known are eks-pod-identity-agent, vpc-cni, kube-proxy, coredns, snapshot-controller, aws-ebs-csi-driver, aws-efs-csi-driver',
      'addOnVersions lacks "coredns": pin one (aws eks describe-addon-versions --addon-name coredns)',
    ]);
    assert.deepEqual(problemsOf({ addOnVersions: { ...ADD_ON_VERSIONS, coredns: "latest" } }), [
      'addOnVersions["coredns"] "latest" is no build: write it as "v1.2.3-eksbuild.1"',
    ]);
  });

  it("refuses impossible counts, also zero where zero is no node", () => {
    assert.deepEqual(countProblems("systemNodes", { min: 4, desired: 4, max: 3 }), [
      "systemNodes.min 4 is above systemNodes.max 3: lower min or raise max",
    ]);
    assert.deepEqual(countProblems("systemNodes", { min: 1, desired: 0, max: 3 }), [
      "systemNodes.desired 0 is outside 1 to 3: choose a count between them",
    ]);
    assert.deepEqual(countProblems("systemNodes", { min: 0, desired: 0, max: 0 }), [
      "systemNodes.max 0 allows no node: use at least 1",
    ]);
    assert.deepEqual(countProblems("systemNodes", { min: 0.5, desired: 1, max: 3 }), [
      "systemNodes.min 0.5 is no count: use a whole number from 0",
    ]);
    assert.deepEqual(problemsOf({ systemNodes: { min: 0, desired: 0, max: 3 }, warmIpTarget: 0 }), [
      "warmIpTarget 0 is no count of addresses: use a whole number from 1",
    ]);
  });

  it("refuses a retention that CloudWatch does not know", () => {
    assert.deepEqual(problemsOf({ logRetentionDays: 365 }), []);
    assert.match(
      problemsOf({ logRetentionDays: 100 })[0] ?? "",
      /^logRetentionDays 100 is refused by CloudWatch: use one of 1, 3, /,
    );
  });
});
