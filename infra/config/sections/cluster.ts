/** Clusters, what runs in them, and how it is delivered. */
import { z } from "zod";
import { cidr, count, version } from "./values.ts";

const addOnBuild = (name: string, build: string) =>
  z
    .string()
    .regex(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/)
    .default(build)
    .meta({
      description: `Build of the managed add-on ${name}; \`aws eks describe-addon-versions --addon-name ${name}\` lists them.`,
      allowed: `a build such as ${build}`,
    });

/** Builds that published configurations of Kubernetes 1.35 clusters run together. */
const addOnVersions = z.strictObject({
  "eks-pod-identity-agent": addOnBuild("eks-pod-identity-agent", "v1.3.10-eksbuild.2"),
  "vpc-cni": addOnBuild("vpc-cni", "v1.21.1-eksbuild.5"),
  "kube-proxy": addOnBuild("kube-proxy", "v1.35.2-eksbuild.4"),
  coredns: addOnBuild("coredns", "v1.13.2-eksbuild.3"),
  "snapshot-controller": addOnBuild("snapshot-controller", "v8.3.0-eksbuild.1"),
  "aws-ebs-csi-driver": addOnBuild("aws-ebs-csi-driver", "v1.57.1-eksbuild.1"),
  "aws-efs-csi-driver": addOnBuild("aws-efs-csi-driver", "v2.3.1-eksbuild.1"),
});

export const cluster = z
  .strictObject({
    version: version(/^1\.\d{2}$/, "1.35")
      .default("1.35")
      .meta({ description: "Kubernetes version of the cluster; one minor version at a time upwards." }),
    publicAccessCidrs: z.array(cidr).default([]).meta({
      description: "Ranges that may reach the public API endpoint; none makes the endpoint private only.",
    }),
    systemNodes: z
      .strictObject({
        instanceTypes: z
          .array(z.string().regex(/^[a-z0-9-]+\.[a-z0-9]+$/))
          .min(1)
          .default(["m6i.xlarge"])
          .meta({
            description: "Instance types of the on-demand system group.",
            allowed: "EC2 instance types such as m6i.large",
          }),
        minimum: count(1, 50).default(3).meta({ description: "Fewest system nodes." }),
        maximum: count(1, 50).default(6).meta({ description: "Most system nodes." }),
        diskGiB: count(20, 500)
          .default(50)
          .meta({ description: "Root volume of a node in GiB (gp3, encrypted)." }),
      })
      .prefault({}),
    slots: z
      .record(
        z.string().regex(/^[a-z]{2,8}$/),
        count(0, 100).meta({ description: "Share of the region's traffic in per cent." }),
      )
      .default({ main: 100 })
      .meta({
        description:
          "Clusters of a region and their per cent of its traffic: one, or { even: 50, odd: 50 } to shift traffic between sprints.",
        allowed: "names of two to eight lower-case letters with weights that sum to 100",
      }),
    addOnVersions: addOnVersions.prefault({}),
    autoscaler: z.enum(["karpenter", "clusterAutoscaler"]).default("karpenter").meta({
      description: "What adds nodes for the workloads; never both.",
    }),
    nodeImage: z
      .string()
      .regex(/^(latest|v\d{8})$/)
      .default("latest")
      .meta({
        description:
          "Release of the node image that Karpenter starts; production pins one, so that nodes change when it does.",
        allowed: "latest, or a release such as v20261101",
      }),
    warmPods: count(0, 200).default(10).meta({
      description:
        "Placeholder pods (1 vCPU, 4 GiB) that keep room for 100 % of the traffic; a region keeps its share.",
    }),
    logRetentionDays: z
      .union([z.literal(30), z.literal(90), z.literal(365)])
      .default(90)
      .meta({ description: "Days that control-plane logs are kept.", allowed: "30, 90 or 365" }),
  })
  .meta({ description: "The EKS cluster of a region." });

export const documents = z
  .strictObject({
    version: version(/^\d+\.\d+\.\d+$/, "0.1.0")
      .default("0.1.0")
      .meta({
        description: "Release of the document service: the immutable image tag in the region's registry.",
      }),
    replicas: z
      .strictObject({
        minimum: count(1, 100).default(6).meta({
          description:
            "Fewest pods that serve 100 % of the traffic; a region keeps its share, never under 3 in production.",
        }),
        maximum: count(1, 100)
          .default(20)
          .meta({ description: "Most pods in one region; equal in every region." }),
      })
      .prefault({}),
    cacheTtlSeconds: count(1, 86400)
      .default(300)
      .meta({ description: "Seconds a document stays in the cache." }),
    maximumBytes: count(1, 1073741824).default(26214400).meta({ description: "Largest document in bytes." }),
  })
  .meta({ description: "The document service." });

export const delivery = z
  .strictObject({
    deployMode: z.enum(["argocd", "direct"]).default("argocd").meta({
      description: "Who applies first-party Kubernetes objects: Argo CD from Git, or Pulumi itself.",
    }),
    repositoryUrl: z
      .url()
      .default("https://github.com/example/document-platform.git")
      .meta({ description: "Git repository that Argo CD follows.", allowed: "an https URL" }),
    revision: z
      .string()
      .min(1)
      .default("main")
      .meta({ description: "Branch, tag or commit that Argo CD follows." }),
  })
  .meta({ description: "Delivery of first-party workloads." });
