import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import { sortedJson } from "../json.ts";
import { type AddOn, type ClusterReference, HelmAddOn } from "./add-on.ts";
import { karpenterController, karpenterDefinitions } from "./add-ons/karpenter.ts";
import { INTERRUPTION_EVENTS, interruptionQueuePolicy, karpenterPolicies } from "./karpenter-policy.ts";
import { volumeKeyPolicy } from "./managed-add-ons.ts";
import { nodeRole } from "./managed-nodes.ts";
import {
  type NodePoolPlan,
  type NodeTaintPlan,
  nodePoolProblems,
  nodePoolSpec,
  platformNodePools,
} from "./node-pools.ts";
import { NODE_IMAGES, type NodeImage, nodeVolumes } from "./node-sizes.ts";

export interface KarpenterArgs {
  readonly cluster: ClusterReference;
  /** Physical name of that cluster. */
  readonly clusterName: string;
  readonly region: string;
  /** AWS partition. @default "aws" */
  readonly partition?: string;
  /** Subnets that nodes start in, one a zone. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups of the nodes; the cluster's own among them. */
  readonly securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  /** @default the platform's general and compute pools */
  readonly pools?: readonly NodePoolPlan[];
  /** Taints of a new node that an agent takes off, as istio-cni does. @default none */
  readonly startupTaints?: readonly NodeTaintPlan[];
  /** Start no node in a zone that traffic was shifted from. @default true */
  readonly zonalShift?: boolean;
  /** @default "al2023" */
  readonly image?: NodeImage;
  /** Release of the image, for example "v20261101"; a change renews the nodes within their disruption budget. @default "latest" */
  readonly imageVersion?: string;
  /** Pods a node takes; 110 is what prefix delegation gives an m5.large. @default 110 */
  readonly maxPods?: number;
  /** Volume of images, logs and scratch files, GiB. @default 50 */
  readonly volumeSizeGib?: number;
  /** ARN of the key that encrypts it. @default the account's EBS key */
  readonly volumeKeyArn?: pulumi.Input<string>;
  /** Tags of instances, volumes and network interfaces. @default none */
  readonly instanceTags?: Readonly<Record<string, string>>;
  /** ARN of the policy that bounds the roles made here. @default none */
  readonly permissionsBoundaryArn?: pulumi.Input<string>;
}

const NODE_CLASS = "platform";

/**
 * Karpenter and its node pools (EKS-13, C-24). Regional: spot interruptions and health events of the region arrive on a
 * queue of the region; starting a node calls nothing outside it. A lost zone: pods move to nodes in the others.
 *
 * Destroy: pools first, then the node class, which waits until the last node is gone, then the controller, last the
 * queue, the roles and the nodes' access. Make what runs on these nodes depend on this component.
 *
 * Needs explicit `aws` and `kubernetes` providers. An account that never used spot instances also needs the
 * service-linked role of spot.amazonaws.com.
 */
export class Karpenter extends pulumi.ComponentResource {
  readonly nodeRoleArn: pulumi.Output<string>;
  readonly nodeRoleName: pulumi.Output<string>;
  readonly queueName: pulumi.Output<string>;
  /** NodePools by name. */
  readonly pools: Readonly<Record<string, kubernetes.apiextensions.CustomResource>>;

  constructor(name: string, args: KarpenterArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform:cluster:Karpenter", name, {}, opts);
    const pools = args.pools ?? platformNodePools();
    refuse(this, `Karpenter "${name}"`, nodePoolProblems(pools));

    const nodes = karpenterNodes(name, args, this);
    const queue = interruptionQueue(name, args.clusterName, this);
    const controller = this.install(name, args, nodes.role, queue, opts.dependsOn);
    const nodeClass = new kubernetes.apiextensions.CustomResource(
      `${name}-node-class`,
      {
        apiVersion: "karpenter.k8s.aws/v1",
        kind: "EC2NodeClass",
        metadata: { name: NODE_CLASS },
        spec: nodeClassSpec(args, nodes.profile),
      },
      // It goes when the last node has drained and terminated.
      { parent: this, dependsOn: [controller, ...nodes.access], customTimeouts: { delete: "90m" } },
    );
    this.pools = Object.fromEntries(
      pools.map((pool) => [
        pool.name,
        new kubernetes.apiextensions.CustomResource(
          `${name}-pool-${pool.name}`,
          {
            apiVersion: "karpenter.sh/v1",
            kind: "NodePool",
            metadata: { name: pool.name },
            spec: nodePoolSpec(pool, { nodeClass: NODE_CLASS, startupTaints: args.startupTaints ?? [] }),
          },
          { parent: this, dependsOn: [nodeClass], customTimeouts: { delete: "90m" } },
        ),
      ]),
    );
    this.nodeRoleArn = nodes.role.arn;
    this.nodeRoleName = nodes.role.name;
    this.queueName = queue.name;
    this.registerOutputs({
      nodeRoleArn: this.nodeRoleArn,
      nodeRoleName: this.nodeRoleName,
      queueName: this.queueName,
    });
  }

  private install(
    name: string,
    args: KarpenterArgs,
    role: aws.iam.Role,
    queue: aws.sqs.Queue,
    dependsOn: pulumi.ComponentResourceOptions["dependsOn"],
  ): HelmAddOn {
    const release = (addOn: AddOn, after: pulumi.ComponentResourceOptions["dependsOn"]) =>
      new HelmAddOn(
        `${name}-${addOn.name}`,
        { addOn, cluster: args.cluster, permissionsBoundaryArn: args.permissionsBoundaryArn },
        { parent: this, dependsOn: after },
      );
    const controller = karpenterController({
      clusterName: args.clusterName,
      interruptionQueue: queue.name,
      zonalShift: args.zonalShift ?? true,
    });
    return release(
      {
        ...controller,
        identities: { controller: { serviceAccount: "karpenter", policies: policies(args, role, queue) } },
      },
      [release(karpenterDefinitions(), dependsOn)],
    );
  }
}

function policies(args: KarpenterArgs, role: aws.iam.Role, queue: aws.sqs.Queue) {
  const documents = pulumi
    .all([args.cluster.accountId, args.cluster.arn, role.arn, queue.arn])
    .apply(([accountId, clusterArn, nodeRoleArn, queueArn]) =>
      Object.entries(
        karpenterPolicies({
          partition: args.partition ?? "aws",
          region: args.region,
          accountId,
          clusterName: args.clusterName,
          clusterArn,
          nodeRoleArn,
          queueArn,
        }),
      ).map(([key, policy]): [string, string] => [key, sortedJson(policy)]),
    );
  const text = (wanted: string) => documents.apply((all) => all.find(([key]) => key === wanted)?.[1] ?? "");
  // EC2 encrypts a new node's volume with the rights of whoever starts the node.
  const volumes: Record<string, pulumi.Output<string>> = args.volumeKeyArn === undefined
    ? {}
    : { volumes: pulumi.output(args.volumeKeyArn).apply((arn) => sortedJson(volumeKeyPolicy(arn))) };
  return { nodes: text("nodes"), cluster: text("cluster"), discovery: text("discovery"), ...volumes };
}

/** Role, instance profile and access entry of the nodes; not shared with the managed group, whose entry goes with it. */
function karpenterNodes(name: string, args: KarpenterArgs, parent: pulumi.Resource) {
  const { role, rights } = nodeRole(name, args, parent);
  const profile = new aws.iam.InstanceProfile(`${name}-node-profile`, { role: role.name }, { parent });
  const entry = new aws.eks.AccessEntry(
    `${name}-node-access`,
    { clusterName: args.cluster.name, principalArn: role.arn, type: "EC2_LINUX" },
    { parent },
  );
  return { role, profile, access: [entry, profile, ...rights] };
}

function interruptionQueue(name: string, clusterName: string, parent: pulumi.Resource): aws.sqs.Queue {
  const queue = new aws.sqs.Queue(
    `${name}-interruptions`,
    {
      name: `${clusterName}-interruptions`,
      // Older news of an interruption is no use: the node is gone two minutes after the warning.
      messageRetentionSeconds: 300,
      sqsManagedSseEnabled: true,
    },
    { parent },
  );
  const rules = Object.entries(INTERRUPTION_EVENTS).map(([key, event]) => {
    const rule = new aws.cloudwatch.EventRule(
      `${name}-${key}`,
      {
        description: `Karpenter of ${clusterName}: ${event.detail}`,
        eventPattern: sortedJson({ source: [event.source], "detail-type": [event.detail] }),
      },
      { parent },
    );
    new aws.cloudwatch.EventTarget(`${name}-${key}-target`, { rule: rule.name, arn: queue.arn }, { parent });
    return rule;
  });
  new aws.sqs.QueuePolicy(
    `${name}-interruptions-policy`,
    {
      queueUrl: queue.url,
      policy: pulumi
        .all([queue.arn, pulumi.all(rules.map((rule) => rule.arn))])
        .apply(([queueArn, ruleArns]) => sortedJson(interruptionQueuePolicy(queueArn, ruleArns))),
    },
    { parent },
  );
  return queue;
}

function nodeClassSpec(args: KarpenterArgs, profile: aws.iam.InstanceProfile) {
  const imageName = args.image ?? "al2023";
  const byId = (ids: pulumi.Input<pulumi.Input<string>[]>) =>
    pulumi.output(ids).apply((known) => known.map((id) => ({ id })));
  return {
    amiSelectorTerms: [{ alias: `${NODE_IMAGES[imageName].alias}@${args.imageVersion ?? "latest"}` }],
    instanceProfile: profile.name,
    subnetSelectorTerms: byId(args.subnetIds),
    securityGroupSelectorTerms: byId(args.securityGroupIds),
    // One hop: no pod reaches the node's own credentials (C-46).
    metadataOptions: {
      httpEndpoint: "enabled",
      httpProtocolIPv6: "disabled",
      httpPutResponseHopLimit: 1,
      httpTokens: "required",
    },
    kubelet: { maxPods: args.maxPods ?? 110 },
    detailedMonitoring: true,
    blockDeviceMappings: nodeVolumes(imageName, args.volumeSizeGib ?? 50).map(({ device, sizeGib }) => ({
      deviceName: device,
      ebs: {
        volumeType: "gp3",
        volumeSize: `${sizeGib}Gi`,
        encrypted: true,
        kmsKeyID: args.volumeKeyArn,
        deleteOnTermination: true,
      },
    })),
    tags: { ...args.instanceTags },
  };
}
