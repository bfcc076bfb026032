import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";
import { createSecurityGroupRules } from "../network/security-group-rules.ts";
import { STORE_PORTS } from "../network/security-rules.ts";
import { replicatorPolicy, replicatorProblems, replicatorTrust } from "./streaming-rules.ts";

/** One of the two clusters of a replicator. */
export interface ReplicatedCluster {
  readonly clusterArn: pulumi.Input<string>;
  /** Subnets of its brokers. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly vpcId: pulumi.Input<string>;
  /** Group of its brokers; it gets a rule that lets the replicator in. */
  readonly securityGroupId: pulumi.Input<string>;
}

export interface StreamingReplicatorArgs {
  /** Name of the replicator in the target's region. Replaces the replicator. */
  readonly replicatorName: string;
  readonly accountId: string;
  /** Cluster of the other region, made with `replicated`. Replaces the replicator. */
  readonly source: Pick<ReplicatedCluster, "clusterArn" | "subnetIds">;
  /** Cluster of the provider's region. Replaces the replicator. */
  readonly target: ReplicatedCluster;
  /** Regular expressions of the topics to copy. @default every topic */
  readonly topics?: readonly string[] | undefined;
  /** Regular expressions of topics to leave out; Kafka's own are always left out. @default none */
  readonly excludedTopics?: readonly string[] | undefined;
}

/**
 * Copies topics and the places of their consumer groups from another region's cluster into this region's (MSG-03),
 * seconds behind. Belongs into the stack that knows both clusters; its provider is that of the target's region, so that
 * the loss of the source's region leaves the copies and the replicator.
 *
 * Copied topics carry the source cluster's alias before their name. Two regions that copy each other therefore never copy
 * what was copied, and a consumer reads both: its region's topic and the peer's.
 */
export class StreamingReplicator extends pulumi.ComponentResource {
  readonly replicatorArn: pulumi.Output<string>;

  constructor(name: string, args: StreamingReplicatorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:messaging:StreamingReplicator", name, {}, opts);
    const topics = args.topics ?? [".*"];
    const excludedTopics = args.excludedTopics ?? [];
    refuse(
      `StreamingReplicator ${name}`,
      replicatorProblems({ replicatorName: args.replicatorName, topics, excludedTopics }),
    );
    const [role, policy] = this.#createRole(name, args);
    const groupId = this.#createAccess(name, args);
    const replicator = new aws.msk.Replicator(
      name,
      {
        replicatorName: args.replicatorName,
        description: "Topics of the other region",
        serviceExecutionRoleArn: role.arn,
        kafkaClusters: [
          // A source in another region is reached through its private connectivity, without a group.
          {
            amazonMskCluster: { mskClusterArn: args.source.clusterArn },
            vpcConfig: { subnetIds: args.source.subnetIds },
          },
          {
            amazonMskCluster: { mskClusterArn: args.target.clusterArn },
            vpcConfig: { subnetIds: args.target.subnetIds, securityGroupsIds: [groupId] },
          },
        ],
        replicationInfoList: {
          sourceKafkaClusterArn: args.source.clusterArn,
          targetKafkaClusterArn: args.target.clusterArn,
          targetCompressionType: "LZ4",
          topicReplications: [
            {
              topicsToReplicates: [...topics],
              topicsToExcludes: ["__.*", ...excludedTopics],
              topicNameConfiguration: { type: "PREFIXED_WITH_SOURCE_CLUSTER_ALIAS" },
              copyTopicConfigurations: true,
              copyAccessControlListsForTopics: false,
              detectAndCopyNewTopics: true,
              startingPosition: { type: "EARLIEST" },
            },
          ],
          consumerGroupReplications: [
            {
              consumerGroupsToReplicates: [".*"],
              consumerGroupsToExcludes: ["__.*"],
              detectAndCopyNewConsumerGroups: true,
              synchroniseConsumerGroupOffsets: true,
            },
          ],
        },
      },
      // A replicator that starts before its role may read and write fails for good.
      { parent: this, dependsOn: [policy] },
    );
    this.replicatorArn = replicator.arn;
    this.registerOutputs({ replicatorArn: this.replicatorArn });
  }

  #createAccess(name: string, { replicatorName, target }: StreamingReplicatorArgs): pulumi.Output<string> {
    const group = new aws.ec2.SecurityGroup(
      `${name}-access`,
      { vpcId: target.vpcId, description: `Replicator ${replicatorName}`, tags: { Name: `${name}-access` } },
      { parent: this },
    );
    const port = [STORE_PORTS.msk.port, STORE_PORTS.msk.port] as const;
    const description = "MSG-03: replicator to its target's brokers";
    createSecurityGroupRules(
      [
        {
          group: "replicator",
          direction: "egress",
          ports: port,
          peer: { kind: "group", key: "msk" },
          description,
        },
        {
          group: "msk",
          direction: "ingress",
          ports: port,
          peer: { kind: "group", key: "replicator" },
          description,
        },
      ],
      { parent: this, name, groupIds: { msk: target.securityGroupId, replicator: group.id } },
    );
    return group.id;
  }

  #createRole(name: string, args: StreamingReplicatorArgs): readonly [aws.iam.Role, aws.iam.RolePolicy] {
    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: `Replicator ${args.replicatorName}`,
        assumeRolePolicy: replicatorTrust(args.accountId),
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-role`,
      {
        role: role.id,
        policy: pulumi
          .all([args.source.clusterArn, args.target.clusterArn])
          .apply(([sourceClusterArn, targetClusterArn]) =>
            replicatorPolicy({ sourceClusterArn, targetClusterArn }),
          ),
      },
      { parent: this },
    );
    return [role, policy];
  }
}
