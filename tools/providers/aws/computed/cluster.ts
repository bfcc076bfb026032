import type { ComputedTable } from "../computed.ts";

/** EKS and the functions and scaling beside it. */
export const CLUSTER: ComputedTable = {
  "aws:eks/cluster:Cluster": {
    id: "{name}",
    arn: "arn:{partition}:eks:{region}:{account}:cluster/{name}",
    clusterId: "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    endpoint: "https://{upper:32}.gr7.{region}.eks.amazonaws.com",
    certificateAuthority: { data: "TE9DQUwtQ0VSVElGSUNBVEUtQVVUSE9SSVRZ" },
    vpcConfig: { clusterSecurityGroupId: "sg-{hex:17}", vpcId: "vpc-{hex:17}" },
    identities: [{ oidcs: [{ issuer: "https://oidc.eks.{region}.amazonaws.com/id/{upper:32}" }] }],
    platformVersion: "eks.1",
    status: "ACTIVE",
    createdAt: "2026-01-01 00:00:00 +0000 UTC",
  },
  "aws:eks/nodeGroup:NodeGroup": {
    id: "{clusterName}:{nodeGroupName}",
    nodeGroupName: "{nodeGroupNamePrefix|logical}",
    arn: "arn:{partition}:eks:{region}:{account}:nodegroup/{clusterName}/{nodeGroupName}/{hex:32}",
    resources: [
      { autoscalingGroups: [{ name: "eks-{nodeGroupName}-{hex:12}" }], remoteAccessSecurityGroupId: "" },
    ],
    status: "ACTIVE",
  },
  "aws:eks/addon:Addon": {
    id: "{clusterName}:{addonName}",
    arn: "arn:{partition}:eks:{region}:{account}:addon/{clusterName}/{addonName}/{hex:32}",
    createdAt: "2026-01-01T00:00:00Z",
    modifiedAt: "2026-01-01T00:00:00Z",
  },
  "aws:eks/accessEntry:AccessEntry": {
    id: "{clusterName}:{principalArn}",
    accessEntryArn: "arn:{partition}:eks:{region}:{account}:access-entry/{clusterName}/{hex:32}",
    userName: "{principalArn}",
  },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    id: "{clusterName}#{principalArn}#{policyArn}",
    associatedAt: "2026-01-01T00:00:00Z",
    modifiedAt: "2026-01-01T00:00:00Z",
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    id: "a-{hex:17}",
    associationId: "{id}",
    associationArn: "arn:{partition}:eks:{region}:{account}:podidentityassociation/{clusterName}/{id}",
  },
  "aws:eks/fargateProfile:FargateProfile": {
    id: "{clusterName}:{fargateProfileName}",
    arn: "arn:{partition}:eks:{region}:{account}:fargateprofile/{clusterName}/{fargateProfileName}/{hex:32}",
    status: "ACTIVE",
  },
  "aws:lambda/function:Function": {
    id: "{name}",
    arn: "arn:{partition}:lambda:{region}:{account}:function:{name}",
    invokeArn: "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations",
    qualifiedArn: "{arn}:$LATEST",
    version: "$LATEST",
    lastModified: "2026-01-01T00:00:00.000+0000",
  },
  "aws:lambda/permission:Permission": { id: "{statementId|logical}" },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    id: "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    uuid: "{id}",
  },
  "aws:autoscaling/group:Group": {
    id: "{name}",
    arn: "arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:{hex:32}:autoScalingGroupName/{name}",
  },
};
