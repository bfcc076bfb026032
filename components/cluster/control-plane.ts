import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as pulumi from "@pulumi/pulumi";
import type { KubernetesClusterArgs } from "./kubernetes-cluster.ts";

/** Who may use the Kubernetes API (SEC-05): an IAM principal, and what it may do where. */
export interface ClusterAccessEntry {
  /** IAM role or user. Replaces the entry. */
  readonly principalArn: pulumi.Input<string>;
  /** EKS access policy, for example "AmazonEKSViewPolicy". @default none: rights come from `kubernetesGroups` */
  readonly policy?: `AmazonEKS${string}Policy`;
  /** Namespaces the policy holds in. @default the whole cluster */
  readonly namespaces?: readonly string[];
  /** Kubernetes groups that the cluster's own RBAC knows. @default none */
  readonly kubernetesGroups?: readonly string[];
}

/** Every log that the control plane writes: API, audit, authenticator, controller manager, scheduler. */
const CONTROL_PLANE_LOGS = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;

type DependsOn = pulumi.ComponentResourceOptions["dependsOn"];

/** The control plane and the log group it writes to. */
export function controlPlane(
  name: string,
  args: KubernetesClusterArgs,
  parent: pulumi.Resource,
  dependsOn: DependsOn,
): eks.Cluster {
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    {
      // EKS writes here and nowhere else; made first, or EKS makes it without retention and key.
      name: `/aws/eks/${args.clusterName}/cluster`,
      retentionInDays: args.logRetentionDays ?? 365,
      kmsKeyId: args.logKeyArn,
    },
    { parent },
  );
  const network = controlPlaneNetwork(args);
  return new eks.Cluster(
    `${name}-control-plane`,
    {
      name: args.clusterName,
      version: args.version,
      vpcId: args.vpcId,
      privateSubnetIds: args.privateSubnetIds,
      kubernetesServiceIpAddressRange: args.serviceCidr,
      ...network,
      authenticationMode: eks.AuthenticationMode.Api,
      encryptionConfigKeyArn: args.secretsKeyArn,
      enabledClusterLogTypes: [...CONTROL_PLANE_LOGS],
      deletionProtection: args.deletionProtection ?? true,
      upgradePolicy: { supportType: "STANDARD" },
      // Nodes, add-ons, security groups and the token issuer are made beside it, with pinned versions and own rights.
      skipDefaultNodeGroup: true,
      skipDefaultSecurityGroups: true,
      createOidcProvider: false,
      bootstrapSelfManagedAddons: false,
      useDefaultVpcCni: true,
      kubeProxyAddonOptions: { enabled: false },
      corednsAddonOptions: { enabled: false },
    },
    pulumi.mergeOptions(
      { dependsOn },
      {
        parent,
        // The group outlives the cluster on destroy too, or EKS would make it anew.
        dependsOn: [logGroup],
        transforms: [controlPlaneTransform(args)],
      },
    ),
  );
}

/** Private inside the VPC; public for the named networks alone. */
function controlPlaneNetwork(args: KubernetesClusterArgs) {
  const cidrs = args.publicAccessCidrs ?? [];
  return {
    endpointPrivateAccess: true,
    endpointPublicAccess: cidrs.length > 0,
    publicAccessCidrs: cidrs.length > 0 ? [...cidrs] : undefined,
  };
}

/**
 * What eks.Cluster has no argument for. The principal that creates the cluster gets no hidden admin entry (its own entry
 * is explicit, and can be revoked); security groups are given by id; its role is bounded.
 */
function controlPlaneTransform(args: KubernetesClusterArgs): pulumi.ResourceTransform {
  const vpcConfig = args.controlPlaneSecurityGroupIds
    ? {
        vpcConfig: {
          ...controlPlaneNetwork(args),
          subnetIds: args.privateSubnetIds,
          securityGroupIds: args.controlPlaneSecurityGroupIds,
        },
      }
    : {};
  return ({ type, props, opts }) => {
    if (type === "aws:iam/role:Role")
      return { props: { ...props, permissionsBoundary: args.permissionsBoundaryArn }, opts };
    if (type !== "aws:eks/cluster:Cluster") return undefined;
    return {
      props: {
        ...props,
        ...vpcConfig,
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
        zonalShiftConfig: { enabled: args.zonalShift ?? true },
      },
      opts,
    };
  };
}

/** The entries of the API server; the deployer's first, without which no object could be applied. */
export function accessEntries(
  name: string,
  args: KubernetesClusterArgs,
  where: {
    readonly clusterName: pulumi.Input<string>;
    readonly partition: string;
    readonly parent: pulumi.Resource;
  },
): pulumi.Resource[] {
  const { clusterName, partition, parent } = where;
  const entries: Record<string, ClusterAccessEntry> = {
    deployer: { principalArn: args.deployerRoleArn, policy: "AmazonEKSClusterAdminPolicy" },
    ...args.accessEntries,
  };
  return Object.entries(entries).flatMap(([key, entry]) => {
    const created = new aws.eks.AccessEntry(
      `${name}-access-${key}`,
      {
        clusterName,
        principalArn: entry.principalArn,
        kubernetesGroups: entry.kubernetesGroups ? [...entry.kubernetesGroups] : undefined,
      },
      { parent },
    );
    if (entry.policy === undefined) return [created];
    const association = new aws.eks.AccessPolicyAssociation(
      `${name}-access-${key}-policy`,
      {
        clusterName,
        principalArn: entry.principalArn,
        policyArn: `arn:${partition}:eks::aws:cluster-access-policy/${entry.policy}`,
        accessScope: entry.namespaces
          ? { type: "namespace", namespaces: [...entry.namespaces] }
          : { type: "cluster" },
      },
      { parent, dependsOn: [created] },
    );
    return [created, association];
  });
}
