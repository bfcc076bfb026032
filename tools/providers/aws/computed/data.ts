import { isList, isMap } from "../../property.ts";
import type { ComputedTable } from "../computed.ts";

/** Databases, caches, queues, topics, brokers and search. */
export const DATA: ComputedTable = {
  "aws:rds/globalCluster:GlobalCluster": {
    id: "{globalClusterIdentifier}",
    arn: "arn:{partition}:rds::{account}:global-cluster:{globalClusterIdentifier}",
    endpoint: "{globalClusterIdentifier}.global-{hex:12}.global.rds.amazonaws.com",
    globalClusterResourceId: "cluster-{hex:16}",
    engineVersionActual: "{engineVersion}",
  },
  "aws:rds/cluster:Cluster": {
    id: "{clusterIdentifier}",
    clusterIdentifier: "{clusterIdentifierPrefix|logical}",
    arn: "arn:{partition}:rds:{region}:{account}:cluster:{clusterIdentifier}",
    clusterResourceId: "cluster-{upper:26}",
    endpoint: "{clusterIdentifier}.cluster-{hex:12}.{region}.rds.amazonaws.com",
    readerEndpoint: "{clusterIdentifier}.cluster-ro-{hex:12}.{region}.rds.amazonaws.com",
    hostedZoneId: "Z2R2ITUGPM61AM",
    engineVersionActual: "{engineVersion}",
    port: 5432,
    backupRetentionPeriod: 1,
    networkType: "IPV4",
  },
  "aws:rds/clusterInstance:ClusterInstance": {
    id: "{identifier}",
    identifier: "{identifierPrefix|logical}",
    arn: "arn:{partition}:rds:{region}:{account}:db:{identifier}",
    dbiResourceId: "db-{upper:26}",
    endpoint: "{identifier}.{hex:12}.{region}.rds.amazonaws.com",
    engineVersionActual: "{engineVersion}",
    port: 5432,
    writer: false,
  },
  "aws:rds/instance:Instance": {
    id: "db-{upper:26}",
    identifier: "{identifierPrefix|logical}",
    arn: "arn:{partition}:rds:{region}:{account}:db:{identifier}",
    address: "{identifier}.{hex:12}.{region}.rds.amazonaws.com",
    port: 5432,
    endpoint: "{address}:{port}",
    resourceId: "{id}",
  },
  "aws:rds/subnetGroup:SubnetGroup": {
    id: "{name}",
    arn: "arn:{partition}:rds:{region}:{account}:subgrp:{name}",
  },
  "aws:rds/clusterParameterGroup:ClusterParameterGroup": {
    id: "{name}",
    arn: "arn:{partition}:rds:{region}:{account}:cluster-pg:{name}",
  },
  "aws:rds/parameterGroup:ParameterGroup": {
    id: "{name}",
    arn: "arn:{partition}:rds:{region}:{account}:pg:{name}",
  },
  "aws:rds/proxy:Proxy": {
    id: "{name}",
    arn: "arn:{partition}:rds:{region}:{account}:db-proxy:prx-{hex:17}",
    endpoint: "{name}.proxy-{hex:12}.{region}.rds.amazonaws.com",
  },
  "aws:docdb/globalCluster:GlobalCluster": {
    id: "{globalClusterIdentifier}",
    arn: "arn:{partition}:rds::{account}:global-cluster:{globalClusterIdentifier}",
    globalClusterResourceId: "cluster-{hex:16}",
    status: "available",
  },
  "aws:docdb/cluster:Cluster": {
    id: "{clusterIdentifier}",
    clusterIdentifier: "{clusterIdentifierPrefix|logical}",
    arn: "arn:{partition}:rds:{region}:{account}:cluster:{clusterIdentifier}",
    clusterResourceId: "cluster-{upper:26}",
    endpoint: "{clusterIdentifier}.cluster-{hex:12}.{region}.docdb.amazonaws.com",
    readerEndpoint: "{clusterIdentifier}.cluster-ro-{hex:12}.{region}.docdb.amazonaws.com",
    hostedZoneId: "ZNKXH85TT8WVW",
  },
  "aws:docdb/clusterInstance:ClusterInstance": {
    id: "{identifier}",
    identifier: "{identifierPrefix|logical}",
    arn: "arn:{partition}:rds:{region}:{account}:db:{identifier}",
    endpoint: "{identifier}.{hex:12}.{region}.docdb.amazonaws.com",
    port: 27017,
  },
  "aws:docdb/subnetGroup:SubnetGroup": {
    id: "{name}",
    arn: "arn:{partition}:rds:{region}:{account}:subgrp:{name}",
  },
  "aws:docdb/clusterParameterGroup:ClusterParameterGroup": {
    id: "{name}",
    arn: "arn:{partition}:rds:{region}:{account}:cluster-pg:{name}",
  },
  "aws:dynamodb/table:Table": {
    id: "{name}",
    arn: "arn:{partition}:dynamodb:{region}:{account}:table/{name}",
    streamArn: "{arn}/stream/2026-01-01T00:00:00.000",
    streamLabel: "2026-01-01T00:00:00.000",
    replicas: (value) => {
      const copies = value("replicas");
      const label = "2026-01-01T00:00:00.000";
      return (isList(copies) ? copies : []).map((copy) => {
        const region = isMap(copy) ? String(copy["regionName"]) : "";
        const arn = String(value("arn")).replace(/^(arn:[^:]+:dynamodb:)[^:]+/, `$1${region}`);
        return { ...(isMap(copy) ? copy : {}), arn, streamArn: `${arn}/stream/${label}`, streamLabel: label };
      });
    },
  },
  "aws:dynamodb/tableReplica:TableReplica": {
    id: "{globalTableArn}:{region}",
    arn: "{globalTableArn}",
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    id: "{replicationGroupId}",
    replicationGroupId: "{logical}",
    arn: "arn:{partition}:elasticache:{region}:{account}:replicationgroup:{replicationGroupId}",
    primaryEndpointAddress: "master.{replicationGroupId}.{hex:6}.{region}.cache.amazonaws.com",
    readerEndpointAddress: "replica.{replicationGroupId}.{hex:6}.{region}.cache.amazonaws.com",
    configurationEndpointAddress: "clustercfg.{replicationGroupId}.{hex:6}.{region}.cache.amazonaws.com",
    engineVersionActual: "{engineVersion}",
    memberClusters: ["{replicationGroupId}-001"],
  },
  "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": {
    id: "{globalReplicationGroupId}",
    globalReplicationGroupId: "ldgnf-{globalReplicationGroupIdSuffix}",
    arn: "arn:{partition}:elasticache::{account}:globalreplicationgroup:{globalReplicationGroupId}",
    engineVersionActual: "{engineVersion}",
  },
  "aws:elasticache/serverlessCache:ServerlessCache": {
    id: "{name}",
    arn: "arn:{partition}:elasticache:{region}:{account}:serverlesscache:{name}",
    endpoints: [{ address: "{name}-{hex:6}.serverless.{region}.cache.amazonaws.com", port: 6379 }],
    readerEndpoints: [{ address: "{name}-{hex:6}.serverless.{region}.cache.amazonaws.com", port: 6380 }],
    status: "available",
  },
  "aws:elasticache/subnetGroup:SubnetGroup": {
    id: "{name}",
    arn: "arn:{partition}:elasticache:{region}:{account}:subnetgroup:{name}",
  },
  "aws:elasticache/parameterGroup:ParameterGroup": {
    id: "{name}",
    arn: "arn:{partition}:elasticache:{region}:{account}:parametergroup:{name}",
  },
  "aws:elasticache/user:User": {
    id: "{userId}",
    arn: "arn:{partition}:elasticache:{region}:{account}:user:{userId}",
  },
  "aws:elasticache/userGroup:UserGroup": {
    id: "{userGroupId}",
    arn: "arn:{partition}:elasticache:{region}:{account}:usergroup:{userGroupId}",
  },
  "aws:sqs/queue:Queue": {
    id: "https://sqs.{region}.amazonaws.com/{account}/{name}",
    arn: "arn:{partition}:sqs:{region}:{account}:{name}",
    url: "{id}",
  },
  "aws:sqs/queuePolicy:QueuePolicy": { id: "{queueUrl}" },
  "aws:sns/topic:Topic": {
    id: "{arn}",
    arn: "arn:{partition}:sns:{region}:{account}:{name}",
    owner: "{account}",
  },
  "aws:sns/topicPolicy:TopicPolicy": { id: "{arn}", owner: "{account}" },
  "aws:sns/topicSubscription:TopicSubscription": {
    id: "{arn}",
    arn: "{topic}:{hex:32}",
    ownerId: "{account}",
  },
  "aws:mq/broker:Broker": {
    id: "b-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    arn: "arn:{partition}:mq:{region}:{account}:broker:{brokerName}:{id}",
    instances: [
      {
        consoleUrl: "https://{id}.mq.{region}.amazonaws.com",
        endpoints: ["amqps://{id}.mq.{region}.amazonaws.com:5671"],
        ipAddress: "10.0.0.30",
      },
    ],
  },
  "aws:mq/configuration:Configuration": {
    id: "c-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    arn: "arn:{partition}:mq:{region}:{account}:configuration:{id}",
    latestRevision: 1,
  },
  "aws:msk/cluster:Cluster": {
    id: "{arn}",
    arn: "arn:{partition}:kafka:{region}:{account}:cluster/{clusterName}/{hex:32}",
    bootstrapBrokersSaslIam: "b-1.{clusterName}.{hex:6}.c2.kafka.{region}.amazonaws.com:9098",
    bootstrapBrokersTls: "b-1.{clusterName}.{hex:6}.c2.kafka.{region}.amazonaws.com:9094",
    clusterUuid: "{hex:32}",
    currentVersion: "K{upper:13}",
    zookeeperConnectString: "z-1.{clusterName}.{hex:6}.c2.kafka.{region}.amazonaws.com:2181",
  },
  "aws:msk/serverlessCluster:ServerlessCluster": {
    id: "{arn}",
    arn: "arn:{partition}:kafka:{region}:{account}:cluster/{clusterName}/{hex:32}",
    bootstrapBrokersSaslIam: "boot-{hex:8}.c2.kafka-serverless.{region}.amazonaws.com:9098",
    clusterUuid: "{hex:32}",
  },
  "aws:kinesis/stream:Stream": {
    id: "{arn}",
    arn: "arn:{partition}:kinesis:{region}:{account}:stream/{name}",
  },
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": {
    id: "{arn}",
    arn: "arn:{partition}:firehose:{region}:{account}:deliverystream/{name}",
  },
  "aws:opensearch/domain:Domain": {
    id: "{arn}",
    arn: "arn:{partition}:es:{region}:{account}:domain/{domainName}",
    domainId: "{account}/{domainName}",
    endpoint: "vpc-{domainName}-{hex:26}.{region}.es.amazonaws.com",
    dashboardEndpoint: "{endpoint}/_dashboards",
  },
  "aws:redshiftserverless/namespace:Namespace": {
    id: "{namespaceName}",
    namespaceId: "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    arn: "arn:{partition}:redshift-serverless:{region}:{account}:namespace/{namespaceId}",
    adminPasswordSecretArn:
      "arn:{partition}:secretsmanager:{region}:{account}:secret:redshift!{namespaceName}-{adminUsername}-{hex:6}",
  },
  "aws:redshiftserverless/usageLimit:UsageLimit": {
    id: "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    arn: "arn:{partition}:redshift-serverless:{region}:{account}:usagelimit/{id}",
  },
  "aws:redshiftserverless/workgroup:Workgroup": {
    id: "{workgroupName}",
    workgroupId: "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    arn: "arn:{partition}:redshift-serverless:{region}:{account}:workgroup/{workgroupId}",
    endpoints: [
      {
        address: "{workgroupName}.{account}.{region}.redshift-serverless.amazonaws.com",
        port: 5439,
        vpcEndpoints: [],
      },
    ],
  },
};
