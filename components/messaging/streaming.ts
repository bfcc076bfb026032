import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type DataProtection, protectionOptions } from "../data/protection.ts";
import { refuse } from "../edge/arguments.ts";
import { createSecurityGroupRules } from "../network/security-group-rules.ts";
import { StoreSecurityGroups } from "../network/store-security-groups.ts";
import { BROKER_PROPERTIES, replicationAccess, streamingProblems } from "./streaming-rules.ts";

export interface StreamingArgs {
  /** Name of the cluster in its region. Replaces the cluster. */
  readonly clusterName: string;
  readonly vpcId: pulumi.Input<string>;
  /** Three database subnets, each in another zone. Replaces the cluster. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Security groups of clients, by a stable name. */
  readonly clientSecurityGroupIds: Readonly<Record<string, pulumi.Input<string>>>;
  /** Security groups that may read the brokers' metrics, by a stable name. @default none */
  readonly monitorSecurityGroupIds?: Readonly<Record<string, pulumi.Input<string>>> | undefined;
  /** Key of this region for what is on disk. Replaces the cluster. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Key of this region for the logs, usable by `logs.<region>.amazonaws.com`. */
  readonly logKmsKeyArn: pulumi.Input<string>;
  /** Days that the brokers' logs are kept. @default 90 */
  readonly logRetentionDays?: pulumi.Input<number> | undefined;
  /** Version with KRaft, up only. @default "3.9.x.kraft" */
  readonly kafkaVersion?: string | undefined;
  /** @default "kafka.m7g.large", the smallest that can be replicated (GAP-08) */
  readonly instanceType?: string | undefined;
  /** First disk of each of the three brokers in GiB. @default 100 */
  readonly volumeGiB?: number | undefined;
  /** What a disk may grow to in GiB, by itself, when it is 70 % full. @default 1000 */
  readonly maximumVolumeGiB?: number | undefined;
  /** Whether another region's cluster is replicated from this one. @default false */
  readonly replicated?: boolean | undefined;
  /** `retain` protects the cluster; `release` lets destroy delete it with its records. */
  readonly dataProtection: DataProtection;
}

/**
 * The Kafka cluster of one region, for streams of Express and LangGraph (MSG-03, C-23: an option): a broker in each of
 * three zones, three copies of every record, TLS and IAM for clients, disks that grow, metrics for Prometheus.
 *
 * A zone's loss costs nothing but a third of the throughput. Regions have clusters of their own; `StreamingReplicator`
 * copies topics, asynchronously. Three kafka.m7g.large with 100 GiB cost about 480 USD a month.
 */
export class Streaming extends pulumi.ComponentResource {
  readonly clusterArn: pulumi.Output<string>;
  /** Addresses for clients that sign in with IAM. */
  readonly bootstrapBrokers: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: StreamingArgs;

  constructor(name: string, args: StreamingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:messaging:Streaming", name, {}, opts);
    this.#name = name;
    this.#args = args;
    const shape = {
      clusterName: args.clusterName,
      kafkaVersion: args.kafkaVersion ?? "3.9.x.kraft",
      instanceType: args.instanceType ?? "kafka.m7g.large",
      subnetCount: args.subnetIds.length,
      volumeGiB: args.volumeGiB ?? 100,
      maximumVolumeGiB: args.maximumVolumeGiB ?? 1000,
    };
    refuse(`Streaming ${name}`, streamingProblems(shape));

    this.securityGroupId = this.#createAccess();
    const cluster = this.#createCluster(shape);
    this.#growDisks(cluster.arn, shape.maximumVolumeGiB);
    if (args.replicated ?? false) {
      new aws.msk.ClusterPolicy(
        `${name}-replication`,
        { clusterArn: cluster.arn, policy: cluster.arn.apply(replicationAccess) },
        { parent: this },
      );
    }
    this.clusterArn = cluster.arn;
    this.bootstrapBrokers = cluster.bootstrapBrokersSaslIam;
    this.registerOutputs({
      clusterArn: this.clusterArn,
      bootstrapBrokers: this.bootstrapBrokers,
      securityGroupId: this.securityGroupId,
    });
  }

  #createAccess(): pulumi.Output<string> {
    const { clientSecurityGroupIds, monitorSecurityGroupIds = {}, vpcId } = this.#args;
    const groupId = new StoreSecurityGroups(
      `${this.#name}-access`,
      { vpcId, stores: ["msk"], clientGroupIds: clientSecurityGroupIds },
      { parent: this },
    ).idOf("msk");
    createSecurityGroupRules(
      Object.keys(monitorSecurityGroupIds).map((key) => ({
        group: "msk",
        direction: "ingress",
        // The JMX and the node exporter of every broker.
        ports: [11001, 11002],
        peer: { kind: "group", key },
        description: `MSG-03: metrics of the brokers for ${key}`,
      })),
      { parent: this, name: this.#name, groupIds: { ...monitorSecurityGroupIds, msk: groupId } },
    );
    return groupId;
  }

  #createCluster(shape: {
    readonly clusterName: string;
    readonly kafkaVersion: string;
    readonly instanceType: string;
    readonly volumeGiB: number;
  }): aws.msk.Cluster {
    const { kmsKeyArn, replicated = false, subnetIds } = this.#args;
    const configuration = new aws.msk.Configuration(
      `${this.#name}-configuration`,
      { description: `Brokers of ${shape.clusterName}`, serverProperties: BROKER_PROPERTIES },
      { parent: this },
    );
    return new aws.msk.Cluster(
      this.#name,
      {
        clusterName: shape.clusterName,
        kafkaVersion: shape.kafkaVersion,
        numberOfBrokerNodes: subnetIds.length,
        brokerNodeGroupInfo: {
          instanceType: shape.instanceType,
          clientSubnets: [...subnetIds],
          securityGroups: [this.securityGroupId],
          storageInfo: { ebsStorageInfo: { volumeSize: shape.volumeGiB } },
          connectivityInfo: {
            publicAccess: { type: "DISABLED" },
            // Left out, not false: MSK refuses a change of its connectivity that changes nothing.
            ...(replicated ? { vpcConnectivity: { clientAuthentication: { sasl: { iam: true } } } } : {}),
          },
        },
        clientAuthentication: { sasl: { iam: true, scram: false }, unauthenticated: false },
        encryptionInfo: {
          encryptionAtRestKmsKeyArn: kmsKeyArn,
          encryptionInTransit: { clientBroker: "TLS", inCluster: true },
        },
        configurationInfo: { arn: configuration.arn, revision: configuration.latestRevision },
        enhancedMonitoring: "PER_BROKER",
        openMonitoring: {
          prometheus: { jmxExporter: { enabledInBroker: true }, nodeExporter: { enabledInBroker: true } },
        },
        loggingInfo: {
          brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: this.#createLogGroup().name } },
        },
      },
      {
        parent: this,
        // The name is known to clients' policies, so a replacement cannot exist beside what it replaces.
        deleteBeforeReplace: true,
        ...protectionOptions(this.#args.dataProtection),
        // Disks grow by themselves, and MSK cannot shrink one.
        ignoreChanges: ["brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize"],
      },
    );
  }

  #growDisks(clusterArn: pulumi.Output<string>, maxCapacity: number): void {
    const target = new aws.appautoscaling.Target(
      `${this.#name}-disks`,
      {
        serviceNamespace: "kafka",
        resourceId: clusterArn,
        scalableDimension: "kafka:broker-storage:VolumeSize",
        // MSK takes no other lower bound.
        minCapacity: 1,
        maxCapacity,
      },
      { parent: this },
    );
    new aws.appautoscaling.Policy(
      `${this.#name}-disks`,
      {
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        resourceId: target.resourceId,
        scalableDimension: target.scalableDimension,
        targetTrackingScalingPolicyConfiguration: {
          targetValue: 70,
          disableScaleIn: true,
          predefinedMetricSpecification: { predefinedMetricType: "KafkaBrokerStorageUtilization" },
        },
      },
      { parent: this },
    );
  }

  #createLogGroup(): aws.cloudwatch.LogGroup {
    const { clusterName, logKmsKeyArn, logRetentionDays = 90 } = this.#args;
    return new aws.cloudwatch.LogGroup(
      `${this.#name}-log`,
      { name: `/aws/msk/${clusterName}`, kmsKeyId: logKmsKeyArn, retentionInDays: logRetentionDays },
      { parent: this },
    );
  }
}
