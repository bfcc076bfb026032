/** Shapes of a Kafka cluster that MSK takes, who may replicate from it, and what a replicator's role may do. */
import { wholeNumberProblem } from "../argument-problems.ts";
import { type Json, sortedJson } from "../json.ts";

export interface StreamingShape {
  readonly clusterName: string;
  readonly kafkaVersion: string;
  readonly instanceType: string;
  readonly subnetCount: number;
  readonly volumeGiB: number;
  readonly maximumVolumeGiB: number;
}

const CLUSTER_NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;

/** Every reason why MSK would refuse the cluster, or why it would lose data with a zone. */
export function streamingProblems(shape: StreamingShape): string[] {
  const { clusterName, instanceType, kafkaVersion, maximumVolumeGiB, subnetCount, volumeGiB } = shape;
  const found: string[] = [];
  if (!CLUSTER_NAME.test(clusterName)) {
    found.push(`clusterName: "${clusterName}" is no cluster name; use up to 64 letters, digits and hyphens`);
  }
  if (!/^(3\.[89]|4\.[01])\.x\.kraft$/.test(kafkaVersion)) {
    found.push(
      `kafkaVersion: "${kafkaVersion}" is no version with KRaft that MSK supports; write it like 3.9.x.kraft`,
    );
  }
  // Smaller brokers cannot be reached from another VPC, which replication to another region needs.
  if (!/^kafka\.m(5|7g)\.(\d*x)?large$/.test(instanceType)) {
    found.push(`instanceType: "${instanceType}" cannot be replicated; use a kafka.m7g or kafka.m5 type`);
  }
  if (subnetCount !== 3) {
    found.push(
      `subnetIds: ${subnetCount} subnets are given; give three, each in another zone, for three copies of every record`,
    );
  }
  found.push(
    ...wholeNumberProblem("volumeGiB", volumeGiB, {
      from: 1,
      to: 16_384,
      fix: "it is the disk of one broker",
    }),
    ...wholeNumberProblem("maximumVolumeGiB", maximumVolumeGiB, {
      from: volumeGiB,
      to: 16_384,
      fix: "the disk grows from volumeGiB up to it, and never shrinks",
    }),
  );
  return found;
}

/** Three copies, two of which must be written before a record is acknowledged; topics are made on purpose. */
export const BROKER_PROPERTIES: string = [
  "auto.create.topics.enable=false",
  "default.replication.factor=3",
  "log.retention.hours=168",
  "min.insync.replicas=2",
  "num.partitions=6",
  "unclean.leader.election.enable=false",
  "",
].join("\n");

/** Lets MSK itself connect a replicator of another region. */
export function replicationAccess(clusterArn: string): string {
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Replicators",
        Effect: "Allow",
        Principal: { Service: "kafka.amazonaws.com" },
        Action: ["kafka:CreateVpcConnection", "kafka:DescribeClusterV2", "kafka:GetBootstrapBrokers"],
        Resource: clusterArn,
      },
    ],
  });
}

export interface ReplicatorShape {
  readonly replicatorName: string;
  readonly topics: readonly string[];
  readonly excludedTopics: readonly string[];
}

export function replicatorProblems({ excludedTopics, replicatorName, topics }: ReplicatorShape): string[] {
  const found: string[] = [];
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,127}$/.test(replicatorName)) {
    found.push(`replicatorName: "${replicatorName}" is no name; use up to 128 letters, digits and hyphens`);
  }
  if (topics.length === 0) found.push("topics: is empty; name patterns of topics, such as orders\\..*");
  for (const pattern of [...topics, ...excludedTopics]) {
    if (!isPattern(pattern)) found.push(`topics: "${pattern}" is no regular expression`);
  }
  return found;
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text);
    return text !== "";
  } catch {
    return false;
  }
}

/** Only MSK, for a replicator of the own account. */
export function replicatorTrust(accountId: string): string {
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Replicator",
        Effect: "Allow",
        Principal: { Service: "kafka.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      },
    ],
  });
}

/** https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator-create-iam-perms.html */
export function replicatorPolicy(input: {
  readonly sourceClusterArn: string;
  readonly targetClusterArn: string;
}): string {
  const { sourceClusterArn: source, targetClusterArn: target } = input;
  const allow = (sid: string, action: Json, resource: Json): Json => ({
    Sid: sid,
    Effect: "Allow",
    Action: action,
    Resource: resource,
  });
  const actions = (...names: string[]) => names.map((name) => `kafka-cluster:${name}`);
  const [topics, groups] = ["topic", "group"].map((kind) =>
    [source, target].map((arn) => `${arn.replace(":cluster/", `:${kind}/`)}/*`).sort(),
  );
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      allow(
        "Clusters",
        actions(
          "AlterCluster",
          "AlterClusterDynamicConfiguration",
          "Connect",
          "DescribeCluster",
          "DescribeClusterDynamicConfiguration",
        ),
        [source, target].sort(),
      ),
      allow(
        "Topics",
        actions(
          "AlterTopic",
          "AlterTopicDynamicConfiguration",
          "CreateTopic",
          "DescribeTopic",
          "DescribeTopicDynamicConfiguration",
          "ReadData",
          "WriteData",
        ),
        topics ?? [],
      ),
      allow("Write", actions("WriteDataIdempotently"), target),
      allow("Groups", actions("AlterGroup", "DescribeGroup"), groups ?? []),
    ],
  });
}
