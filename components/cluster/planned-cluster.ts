/** How the tests of this folder plan a component of a cluster. */
import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as kubernetes from "@pulumi/kubernetes";
import * as certManager from "@pulumi/kubernetes-cert-manager";
import type * as pulumi from "@pulumi/pulumi";
import { type Plan, type PlanMode, planProgram } from "../../tools/plan/index.ts";
import { refusals } from "../../tools/plan/testing.ts";
import type { ManagedAddOnVersions } from "./managed-add-ons.ts";

/** Examples, of the form that EKS uses. */
export const ADD_ON_VERSIONS: ManagedAddOnVersions = {
  "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
  "vpc-cni": "v1.20.4-eksbuild.2",
  "kube-proxy": "v1.35.0-eksbuild.2",
  coredns: "v1.12.4-eksbuild.1",
  "snapshot-controller": "v8.3.0-eksbuild.1",
  "aws-ebs-csi-driver": "v1.53.0-eksbuild.1",
  "aws-efs-csi-driver": "v2.1.14-eksbuild.1",
};

export const CLUSTER_NAME = "platform-use1";
export const CLUSTER_ARN = `arn:aws:eks:us-east-1:111122223333:cluster/${CLUSTER_NAME}`;
export const CLUSTER = { name: CLUSTER_NAME, arn: CLUSTER_ARN, accountId: "111122223333" };

/** Plans what `build` declares with explicit providers of us-east-1; what it returns becomes the stack's outputs. */
export function planCluster(
  mode: PlanMode,
  build: (
    opts: pulumi.ComponentResourceOptions & { providers: Record<string, pulumi.ProviderResource> },
  ) => unknown,
): Promise<Plan> {
  return planProgram(
    () =>
      build({
        providers: {
          aws: new aws.Provider("aws", { region: "us-east-1" }),
          eks: new eks.Provider("eks"),
          kubernetes: new kubernetes.Provider("kubernetes", { clusterIdentifier: CLUSTER_ARN }),
          "kubernetes-cert-manager": new certManager.Provider("cert-manager"),
        },
      }),
    { mode },
  );
}

/** The lines of the error that a program was refused with. */
export function refusal(build: Parameters<typeof planCluster>[1]): Promise<string[]> {
  return refusals(planCluster("preview", build));
}
