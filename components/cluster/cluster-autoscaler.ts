import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import { type ClusterReference, HelmAddOn } from "./add-on.ts";
import { clusterAutoscaler } from "./add-ons/cluster-autoscaler.ts";
import { ManagedNodes } from "./managed-nodes.ts";
import { countProblems, type NodeCounts, type NodeImage } from "./node-sizes.ts";

export interface ClusterAutoscalerArgs {
  readonly cluster: ClusterReference;
  /** Physical name of that cluster. */
  readonly clusterName: string;
  readonly accountId: string;
  readonly region: string;
  /** Kubernetes version of the nodes. */
  readonly version: string;
  /** AWS partition. @default "aws" */
  readonly partition?: string;
  /** Subnets of the nodes, one a zone. Replaces the groups. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups of the nodes; the cluster's own among them. */
  readonly securityGroupIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Nodes of the general group. @default 1 to 10 */
  readonly general?: NodeCounts;
  /** Nodes of the compute group. @default 0 to 8 */
  readonly compute?: NodeCounts;
  /** Replaces the groups. @default "al2023" */
  readonly image?: NodeImage;
  /** ARN of the key of the nodes' volumes. @default the account's EBS key */
  readonly volumeKeyArn?: pulumi.Input<string>;
  /** Tags of instances, volumes and network interfaces. @default none */
  readonly instanceTags?: Readonly<Record<string, string>>;
  /** ARN of the policy that bounds the roles made here. @default none */
  readonly permissionsBoundaryArn?: pulumi.Input<string>;
}

/** EKS-14 and EKS-15, verbatim. */
const GENERAL = { min: 1, desired: 1, max: 10 };
const COMPUTE = { min: 0, desired: 0, max: 8 };

/**
 * The other way to grow (C-24, instead of `Karpenter`, never beside it): two managed groups of EKS-09 and EKS-10 that the
 * Cluster Autoscaler resizes. Nodes carry the labels and taints of the Karpenter pools, so workloads do not differ.
 *
 * Needs explicit `aws` and `kubernetes` providers.
 */
export class ClusterAutoscaler extends pulumi.ComponentResource {
  readonly general: ManagedNodes;
  readonly compute: ManagedNodes;

  constructor(name: string, args: ClusterAutoscalerArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform:cluster:ClusterAutoscaler", name, {}, opts);
    const sizes = { general: args.general ?? GENERAL, compute: args.compute ?? COMPUTE };
    refuse(this, `ClusterAutoscaler "${name}"`, [
      ...countProblems("general", sizes.general),
      ...countProblems("compute", sizes.compute),
    ]);

    const common = {
      clusterName: args.cluster.name,
      version: args.version,
      partition: args.partition,
      subnetIds: args.subnetIds,
      securityGroupIds: args.securityGroupIds,
      autoscaled: true,
      image: args.image,
      volumeKeyArn: args.volumeKeyArn,
      instanceTags: args.instanceTags,
      permissionsBoundaryArn: args.permissionsBoundaryArn,
    };
    const options = pulumi.mergeOptions({ dependsOn: opts.dependsOn }, { parent: this });
    this.general = new ManagedNodes(
      `${name}-general`,
      {
        ...common,
        counts: sizes.general,
        // The autoscaler needs nodes of one size in a group; spot wants several types, so large is left to Karpenter.
        instanceTypes: ["m5.xlarge", "m5a.xlarge", "m5d.xlarge"],
        capacityType: "SPOT",
        labels: { "platform/node-role": "general" },
      },
      options,
    );
    this.compute = new ManagedNodes(
      `${name}-compute`,
      {
        ...common,
        counts: sizes.compute,
        instanceTypes: ["c5.4xlarge"],
        labels: { "platform/node-role": "compute" },
        taints: [{ key: "platform/pool", value: "compute", effect: "NO_SCHEDULE" }],
      },
      options,
    );
    new HelmAddOn(
      `${name}-controller`,
      {
        addOn: clusterAutoscaler({
          clusterName: args.clusterName,
          accountId: args.accountId,
          region: args.region,
          partition: args.partition ?? "aws",
        }),
        cluster: args.cluster,
        permissionsBoundaryArn: args.permissionsBoundaryArn,
      },
      pulumi.mergeOptions(options, { dependsOn: [this.general, this.compute] }),
    );
    this.registerOutputs({ generalRoleArn: this.general.roleArn, computeRoleArn: this.compute.roleArn });
  }
}
