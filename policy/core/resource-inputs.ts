import type * as aws from "@pulumi/aws";
import type { input as k8s } from "@pulumi/kubernetes/types/index.js";
import type { Unwrap } from "@pulumi/pulumi";

/**
 * Pulumi type tokens that rules look at, with the inputs of each, so that a misspelt property in a rule is a compile
 * error. Types only: the pack loads no provider SDK, which keeps its start fast.
 */
export interface ResourceInputs {
  "aws:alb/listener:Listener": aws.alb.ListenerArgs;
  "aws:cloudfront/distribution:Distribution": aws.cloudfront.DistributionArgs;
  "aws:dynamodb/table:Table": aws.dynamodb.TableArgs;
  "aws:dynamodb/tableReplica:TableReplica": aws.dynamodb.TableReplicaArgs;
  "aws:ebs/volume:Volume": aws.ebs.VolumeArgs;
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": aws.ec2.DefaultSecurityGroupArgs;
  "aws:ec2/instance:Instance": aws.ec2.InstanceArgs;
  "aws:ec2/launchTemplate:LaunchTemplate": aws.ec2.LaunchTemplateArgs;
  "aws:ec2/securityGroup:SecurityGroup": aws.ec2.SecurityGroupArgs;
  "aws:ec2/securityGroupRule:SecurityGroupRule": aws.ec2.SecurityGroupRuleArgs;
  "aws:eks/cluster:Cluster": aws.eks.ClusterArgs;
  "aws:eks/nodeGroup:NodeGroup": aws.eks.NodeGroupArgs;
  "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": aws.elasticache.GlobalReplicationGroupArgs;
  "aws:elasticache/replicationGroup:ReplicationGroup": aws.elasticache.ReplicationGroupArgs;
  "aws:iam/groupPolicy:GroupPolicy": aws.iam.GroupPolicyArgs;
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": aws.iam.GroupPolicyAttachmentArgs;
  "aws:iam/policy:Policy": aws.iam.PolicyArgs;
  "aws:iam/policyAttachment:PolicyAttachment": aws.iam.PolicyAttachmentArgs;
  "aws:iam/role:Role": aws.iam.RoleArgs;
  "aws:iam/rolePolicy:RolePolicy": aws.iam.RolePolicyArgs;
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": aws.iam.RolePolicyAttachmentArgs;
  "aws:iam/userPolicy:UserPolicy": aws.iam.UserPolicyArgs;
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": aws.iam.UserPolicyAttachmentArgs;
  "aws:kms/key:Key": aws.kms.KeyArgs;
  "aws:lb/listener:Listener": aws.lb.ListenerArgs;
  "aws:opensearch/domain:Domain": aws.opensearch.DomainArgs;
  "aws:rds/cluster:Cluster": aws.rds.ClusterArgs;
  "aws:rds/clusterInstance:ClusterInstance": aws.rds.ClusterInstanceArgs;
  "aws:rds/globalCluster:GlobalCluster": aws.rds.GlobalClusterArgs;
  "aws:rds/instance:Instance": aws.rds.InstanceArgs;
  "aws:route53/record:Record": aws.route53.RecordArgs;
  "aws:s3/bucket:Bucket": aws.s3.BucketArgs;
  "aws:s3/bucketPolicy:BucketPolicy": aws.s3.BucketPolicyArgs;
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": aws.s3.BucketPublicAccessBlockArgs;
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": aws.s3.BucketServerSideEncryptionConfigurationArgs;
  "aws:s3/bucketVersioning:BucketVersioning": aws.s3.BucketVersioningArgs;
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": aws.vpc.SecurityGroupIngressRuleArgs;
  "kubernetes:core/v1:ConfigMap": k8s.core.v1.ConfigMap;
  "kubernetes:karpenter.sh/v1:NodePool": KarpenterNodePool;
  "kubernetes:storage.k8s.io/v1:StorageClass": k8s.storage.v1.StorageClass;
}

/** The part of Karpenter's custom resource that rules read. */
export interface KarpenterNodePool {
  readonly spec?: {
    readonly template?: {
      readonly spec?: {
        readonly requirements?: readonly {
          readonly key: string;
          readonly operator?: string;
          readonly values?: readonly string[];
        }[];
      };
    };
  };
}

export type KnownType = keyof ResourceInputs;
/** Inputs as a rule sees them: plain values; reading one that preview does not know throws. */
export type PropsOf<T extends KnownType> = Unwrap<ResourceInputs[T]>;
