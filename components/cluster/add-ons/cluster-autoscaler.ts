import type { Json } from "../../json.ts";
import type { AddOn } from "../add-on.ts";
import { ON_SYSTEM_NODES } from "../placement.ts";

export interface ClusterAutoscalerOptions {
  readonly clusterName: string;
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
}

const NAME = "cluster-autoscaler";

/**
 * Resizes the managed groups of this cluster, which EKS marks for it. For Kubernetes 1.35.
 * https://github.com/kubernetes/autoscaler/tree/cluster-autoscaler-chart-9.59.0
 */
export function clusterAutoscaler(options: ClusterAutoscalerOptions): AddOn {
  return {
    name: NAME,
    chart: NAME,
    repository: "https://kubernetes.github.io/autoscaler",
    version: "9.59.0",
    namespace: "kube-system",
    wave: 3,
    identities: {
      controller: { serviceAccount: NAME, policies: { groups: clusterAutoscalerPolicy(options) } },
    },
    values: {
      fullnameOverride: NAME,
      cloudProvider: "aws",
      awsRegion: options.region,
      autoDiscovery: { clusterName: options.clusterName },
      rbac: { serviceAccount: { create: true, name: NAME } },
      replicaCount: 2,
      podDisruptionBudget: { maxUnavailable: 1 },
      priorityClassName: "system-cluster-critical",
      extraArgs: {
        "balance-similar-node-groups": true,
        expander: "least-waste",
        "skip-nodes-with-system-pods": false,
      },
      ...ON_SYSTEM_NODES,
    },
  };
}

/**
 * Reads are regional; changes only to groups that carry this cluster's mark.
 * https://github.com/kubernetes/autoscaler/blob/cluster-autoscaler-chart-9.59.0/cluster-autoscaler/cloudprovider/aws/README.md
 */
function clusterAutoscalerPolicy(options: ClusterAutoscalerOptions): Json {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ReadGroups",
        Effect: "Allow",
        Action: [
          "autoscaling:DescribeAutoScalingGroups",
          "autoscaling:DescribeAutoScalingInstances",
          "autoscaling:DescribeLaunchConfigurations",
          "autoscaling:DescribeScalingActivities",
          "ec2:DescribeImages",
          "ec2:DescribeInstanceTypes",
          "ec2:DescribeLaunchTemplateVersions",
          "ec2:GetInstanceTypesFromInstanceRequirements",
        ],
        Resource: "*",
        Condition: { StringEquals: { "aws:RequestedRegion": options.region } },
      },
      {
        Sid: "ReadEmptyGroups",
        Effect: "Allow",
        Action: "eks:DescribeNodegroup",
        Resource: `arn:${options.partition}:eks:${options.region}:${options.accountId}:nodegroup/${options.clusterName}/*/*`,
      },
      {
        Sid: "ResizeOwnGroups",
        Effect: "Allow",
        Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
        Resource: `arn:${options.partition}:autoscaling:${options.region}:${options.accountId}:autoScalingGroup:*:autoScalingGroupName/*`,
        Condition: {
          StringEquals: {
            [`aws:ResourceTag/k8s.io/cluster-autoscaler/${options.clusterName}`]: "owned",
          },
        },
      },
    ],
  };
}
