import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import { countProblems, NODE_IMAGES, type NodeCounts, type NodeImage, nodeVolumes } from "./node-sizes.ts";

export interface NodeTaint {
  readonly key: string;
  readonly value: string;
  readonly effect: "NO_SCHEDULE" | "NO_EXECUTE" | "PREFER_NO_SCHEDULE";
}

export interface ManagedNodesArgs {
  /** Name of the EKS cluster. Replaces the group. */
  readonly clusterName: pulumi.Input<string>;
  /** Kubernetes version of the nodes; follows the control plane's. */
  readonly version: string;
  /** AWS partition of the managed policies. @default "aws" */
  readonly partition?: string;
  /** Subnets of the nodes, one a zone. Replaces the group. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups of the nodes; the cluster's own among them. */
  readonly securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Nodes. Give `desired` to an autoscaler by `autoscaled`. */
  readonly counts: NodeCounts;
  /** `desired` belongs to an autoscaler after the first deployment. @default false */
  readonly autoscaled?: boolean;
  /** EC2 instance types, first choice first. Replaces the group. */
  readonly instanceTypes: readonly string[];
  /** Replaces the group. @default "ON_DEMAND" */
  readonly capacityType?: "ON_DEMAND" | "SPOT";
  /** Replaces the group. @default "al2023" */
  readonly image?: NodeImage;
  /** Release of the image, for example "1.35.0-20261101". @default the newest as the group is made */
  readonly imageRelease?: string;
  /** Volume of images, logs and scratch files, GiB. @default 50 */
  readonly volumeSizeGib?: number;
  /** ARN of the key that encrypts it; its policy must admit EC2 Auto Scaling. @default the account's EBS key */
  readonly volumeKeyArn?: pulumi.Input<string>;
  /** Kubernetes labels. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Kubernetes taints. @default none */
  readonly taints?: readonly NodeTaint[];
  /** Tags of instances, volumes and network interfaces; a provider's default tags do not reach them. @default none */
  readonly instanceTags?: Readonly<Record<string, string>>;
  /** ARN of the policy that bounds the node role. @default none */
  readonly permissionsBoundaryArn?: pulumi.Input<string>;
}

/** What a node itself may do: join, answer Pod Identity, pull images, be reached by Session Manager. No more (C-46). */
const NODE_POLICIES = {
  worker: "AmazonEKSWorkerNodePolicy",
  images: "AmazonEC2ContainerRegistryPullOnly",
  sessions: "AmazonSSMManagedInstanceCore",
} as const;

/**
 * One EKS managed node group with its role and launch template: encrypted gp3 volumes, IMDSv2 with one hop, so that no
 * pod reaches the node's credentials. Regional. EC2 Auto Scaling replaces a lost node, in another zone when one is gone.
 */
export class ManagedNodes extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;
  readonly roleName: pulumi.Output<string>;
  readonly nodeGroup: aws.eks.NodeGroup;

  constructor(name: string, args: ManagedNodesArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform:cluster:ManagedNodes", name, {}, opts);
    refuse(this, `ManagedNodes "${name}"`, countProblems("counts", args.counts));

    const role = nodeRole(name, args, this);
    const template = launchTemplate(name, args, this);
    this.nodeGroup = new aws.eks.NodeGroup(
      `${name}-group`,
      {
        clusterName: args.clusterName,
        version: args.version,
        releaseVersion: args.imageRelease,
        nodeRoleArn: role.role.arn,
        subnetIds: args.subnetIds,
        capacityType: args.capacityType ?? "ON_DEMAND",
        amiType: NODE_IMAGES[args.image ?? "al2023"].amiType,
        instanceTypes: [...args.instanceTypes],
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        scalingConfig: {
          minSize: args.counts.min,
          desiredSize: args.counts.desired,
          maxSize: args.counts.max,
        },
        updateConfig: { maxUnavailable: 1 },
        nodeRepairConfig: { enabled: true },
        labels: { ...args.labels },
        taints: (args.taints ?? []).map((taint) => ({ ...taint })),
      },
      pulumi.mergeOptions(
        { dependsOn: opts.dependsOn },
        {
          parent: this,
          // Without its rights a node cannot join, nor leave in order.
          dependsOn: role.rights,
          // An autoscaler owns the count; resetting it on each deployment would take nodes from running pods.
          ignoreChanges: args.autoscaled ? ["scalingConfig.desiredSize"] : [],
        },
      ),
    );
    this.roleArn = role.role.arn;
    this.roleName = role.role.name;
    this.registerOutputs({ roleArn: this.roleArn, roleName: this.roleName, nodeGroup: this.nodeGroup });
  }
}

export interface NodeRoleArgs {
  readonly partition?: string;
  readonly permissionsBoundaryArn?: pulumi.Input<string>;
  /** Physical name. @default generated */
  readonly roleName?: pulumi.Input<string>;
}

/** The role of EC2 instances that join a cluster; shared with the nodes that Karpenter starts. */
export function nodeRole(
  name: string,
  args: NodeRoleArgs,
  parent: pulumi.Resource,
): { readonly role: aws.iam.Role; readonly rights: pulumi.Resource[] } {
  const role = new aws.iam.Role(
    `${name}-node-role`,
    {
      name: args.roleName,
      description: "Nodes of a Kubernetes cluster",
      assumeRolePolicy: JSON.stringify({
        Statement: [
          { Action: "sts:AssumeRole", Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" } },
        ],
        Version: "2012-10-17",
      }),
      permissionsBoundary: args.permissionsBoundaryArn,
    },
    { parent },
  );
  const rights = Object.entries(NODE_POLICIES).map(
    ([key, policy]) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-node-${key}`,
        { role: role.name, policyArn: `arn:${args.partition ?? "aws"}:iam::aws:policy/${policy}` },
        { parent },
      ),
  );
  return { role, rights };
}

function launchTemplate(name: string, args: ManagedNodesArgs, parent: pulumi.Resource) {
  const tags = { ...args.instanceTags };
  return new aws.ec2.LaunchTemplate(
    `${name}-template`,
    {
      updateDefaultVersion: true,
      vpcSecurityGroupIds: args.securityGroupIds,
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      monitoring: { enabled: true },
      blockDeviceMappings: nodeVolumes(args.image ?? "al2023", args.volumeSizeGib ?? 50).map(
        ({ device, sizeGib }) => ({
          deviceName: device,
          ebs: {
            volumeType: "gp3",
            volumeSize: sizeGib,
            encrypted: "true",
            kmsKeyId: args.volumeKeyArn,
            deleteOnTermination: "true",
          },
        }),
      ),
      tagSpecifications:
        Object.keys(tags).length === 0
          ? []
          : ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
    },
    { parent },
  );
}
