import assert from "node:assert/strict";
import { kubeConfig } from "./kube-config.ts";

const ARGS = {
  clusterName: "platform-usw2",
  region: "us-west-2",
  endpoint: "https://example.gr7.us-west-2.eks.amazonaws.com",
  certificateAuthority: "Q0E=",
};

describe("kubeconfig", () => {
  it("EKS-03: names region and cluster on the command line and holds no credential", () => {
    const config = JSON.parse(kubeConfig(ARGS));
    assert.equal(config["current-context"], "platform-usw2");
    assert.deepEqual(config.clusters[0].cluster, {
      server: ARGS.endpoint,
      "certificate-authority-data": "Q0E=",
    });
    const { exec } = config.users[0].user;
    assert.equal(
      [exec.command, ...exec.args].join(" "),
      "aws eks get-token --region us-west-2 --cluster-name platform-usw2 --output json",
    );
    assert.deepEqual(Object.keys(config.users[0].user), ["exec"]);
  });

  it("takes on a role when one is given", () => {
    const { exec } = JSON.parse(kubeConfig({ ...ARGS, tokenRoleArn: "arn:aws:iam::1:role/d" })).users[0].user;
    assert.deepEqual(exec.args.slice(-2), ["--role-arn", "arn:aws:iam::1:role/d"]);
  });
});
