import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import { clusterProblems } from "./cluster-arguments.ts";
import { accessEntries, type ClusterAccessEntry, controlPlane } from "./control-plane.ts";
import { kubeConfig } from "./kube-config.ts";
import { EksAddOn } from "./managed-add-on.ts";
import { type ManagedAddOnVersions, managedAddOns, podNetworkConfiguration } from "./managed-add-ons.ts";
import { ManagedNodes } from "./managed-nodes.ts";
import type { NodeCounts, NodeImage } from "./node-sizes.ts";
import { SYSTEM_LABEL, SYSTEM_TAINT } from "./placement.ts";

export interface KubernetesClusterArgs {
  /** Physical name, known to runbooks, DNS and other stacks. Replaces the cluster. */
  readonly clusterName: string;
  /** Kubernetes version in standard support, for example "1.35"; raised one minor at a time, never lowered. */
  readonly version: string;
  /** Oldest version that may be deployed. @default the oldest in standard support */
  readonly versionFloor?: string;
  /** AWS region. Replaces the cluster. */
  readonly region: string;
  /** AWS account. Replaces the cluster. */
  readonly accountId: string;
  /** AWS partition. @default "aws" */
  readonly partition?: string;
  /** Replaces the cluster. */
  readonly vpcId: pulumi.Input<string>;
  /** Private subnets, one a zone, of the control plane's interfaces and of the nodes. */
  readonly privateSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Range of Service addresses, outside every network that is connected. Replaces the cluster. @default chosen by EKS */
  readonly serviceCidr?: string;
  /** IAM role that applies Kubernetes objects: the one `pulumi up` runs as, or `tokenRoleArn`. Becomes cluster admin. */
  readonly deployerRoleArn: pulumi.Input<string>;
  /** Role that the token command takes on; then also give it as `deployerRoleArn`. @default the caller's credentials */
  readonly tokenRoleArn?: pulumi.Input<string>;
  /** Who else may use the Kubernetes API, by a stable key. @default nobody */
  readonly accessEntries?: Readonly<Record<string, ClusterAccessEntry>>;
  /** ARN of the key that encrypts Kubernetes secrets (SEC-12). Replaces the cluster. */
  readonly secretsKeyArn: pulumi.Input<string>;
  /** ARN of the key of the control plane's logs. @default CloudWatch's own */
  readonly logKeyArn?: pulumi.Input<string>;
  /** Days that control plane logs are kept. @default 365 */
  readonly logRetentionDays?: number;
  /** Networks that reach the API server from outside the VPC. @default none: private only */
  readonly publicAccessCidrs?: readonly string[];
  /** AWS refuses to delete the cluster until this is false. @default true */
  readonly deletionProtection?: boolean;
  /** An operator, or AWS, may move traffic off an impaired zone. @default true */
  readonly zonalShift?: boolean;
  /** Also create the cluster's OpenID Connect provider, for roles taken by IRSA. @default false: EKS Pod Identity */
  readonly irsa?: boolean;
  /** Exact build of every managed add-on, for example "v1.20.4-eksbuild.1". */
  readonly addOnVersions: ManagedAddOnVersions;
  /** Kubernetes NetworkPolicy by the VPC CNI; false when Calico enforces it. @default true */
  readonly networkPolicy?: boolean;
  /** Free pod addresses a node keeps. @default 5 */
  readonly warmIpTarget?: number;
  /** Pod addresses a node takes as it joins. @default 16, one prefix */
  readonly minimumIpTarget?: number;
  /** Zone to a subnet for pods alone, in the secondary range 100.64.0.0/16 (C-56). @default pods share the nodes' subnets */
  readonly podSubnetIds?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Security groups of the control plane's interfaces by purpose, beside the cluster's own. @default none */
  readonly controlPlaneSecurityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups of the nodes by purpose, beside the cluster's own. @default none */
  readonly nodeSecurityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /** Nodes of the on-demand group that carries the platform's own pods. @default 3 to 6, one a zone */
  readonly systemNodes?: NodeCounts;
  /** @default ["m5.xlarge"] */
  readonly systemInstanceTypes?: readonly string[];
  /** Replaces the group. @default "al2023" */
  readonly nodeImage?: NodeImage;
  /** Volume of a system node, GiB. @default 50 */
  readonly nodeVolumeSizeGib?: number;
  /** ARN of the key of node and pod volumes. @default the account's EBS key */
  readonly volumeKeyArn?: pulumi.Input<string>;
  /** Tags of instances, volumes and network interfaces. @default none */
  readonly instanceTags?: Readonly<Record<string, string>>;
  /** ARN of the policy that bounds every role made here. @default none */
  readonly permissionsBoundaryArn?: pulumi.Input<string>;
}

const DEFAULTS = {
  partition: "aws",
  systemNodes: { min: 3, desired: 3, max: 6 },
  systemInstanceTypes: ["m5.xlarge"],
  warmIpTarget: 5,
  minimumIpTarget: 16,
} as const;

/**
 * One EKS cluster of one region (EKS-01, EKS-03): control plane, system nodes, managed add-ons, and a Kubernetes provider.
 *
 * Make it depend on the network: nodes cannot join before their subnets have a way out. Give it explicit providers: `{ providers: { aws: regional, eks: new eks.Provider("eks") } }`; the eks provider only
 * routes to its plugin, credentials and region come from the aws one.
 *
 * A lost zone leaves two thirds of the system nodes and an API server in the others. A lost peer region is not noticed:
 * every endpoint used here is regional.
 *
 * Destroy runs backwards: objects made with `kubernetesProvider` go first, while their controllers and nodes still live;
 * then CoreDNS and the storage drivers, the nodes, the network add-ons, the access of the deployer, the control plane.
 */
export class KubernetesCluster extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  readonly accountId: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  readonly certificateAuthority: pulumi.Output<string>;
  /** `https://` URL of the token issuer. */
  readonly oidcIssuer: pulumi.Output<string>;
  /** ARN of the OpenID Connect provider; empty unless `irsa`. */
  readonly oidcProviderArn: pulumi.Output<string>;
  /** The group EKS puts on its own interfaces and on nodes. */
  readonly clusterSecurityGroupId: pulumi.Output<string>;
  /** That group and those given by purpose: what every node of this cluster carries. */
  readonly nodeSecurityGroupIds: pulumi.Output<string[]>;
  readonly nodeRoleArn: pulumi.Output<string>;
  readonly nodeRoleName: pulumi.Output<string>;
  /** For every object in the cluster; ready once nodes run and cluster DNS answers. */
  readonly kubernetesProvider: kubernetes.Provider;

  constructor(name: string, args: KubernetesClusterArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform:cluster:KubernetesCluster", name, {}, opts);
    refuse(this, `KubernetesCluster "${name}"`, clusterProblems(args));
    const partition = args.partition ?? DEFAULTS.partition;
    const arn = `arn:${partition}:eks:${args.region}:${args.accountId}:cluster/${args.clusterName}`;

    const control = controlPlane(name, args, this, opts.dependsOn).eksCluster;
    const clusterName = control.apply((cluster) => cluster.name);
    this.clusterSecurityGroupId = control.apply((cluster) => cluster.vpcConfig.clusterSecurityGroupId);
    this.endpoint = control.apply((cluster) => cluster.endpoint);
    this.certificateAuthority = control.apply((cluster) => cluster.certificateAuthority.data);
    this.oidcIssuer = control.apply((cluster) => cluster.identities).apply(issuerOf);
    this.oidcProviderArn = args.irsa
      ? new aws.iam.OpenIdConnectProvider(
          `${name}-issuer`,
          { url: this.oidcIssuer, clientIdLists: ["sts.amazonaws.com"] },
          { parent: this },
        ).arn
      : pulumi.output("");

    const access = accessEntries(name, args, { clusterName, partition, parent: this });
    const securityGroupIds = pulumi
      .all([this.clusterSecurityGroupId, args.nodeSecurityGroupIds ?? []])
      .apply(([own, byPurpose]) => [own, ...byPurpose]);
    const { nodes, addOns } = nodesAndAddOns(name, args, {
      clusterName,
      arn,
      partition,
      securityGroupIds,
      parent: this,
    });

    this.name = clusterName;
    this.arn = pulumi.output(arn);
    this.accountId = pulumi.output(args.accountId);
    this.nodeRoleArn = nodes.roleArn;
    this.nodeRoleName = nodes.roleName;
    this.nodeSecurityGroupIds = securityGroupIds;
    this.kubernetesProvider = new kubernetes.Provider(
      `${name}-kubernetes`,
      {
        kubeconfig: pulumi
          .all([this.endpoint, this.certificateAuthority, args.tokenRoleArn])
          .apply(([endpoint, certificateAuthority, tokenRoleArn]) =>
            kubeConfig({
              clusterName: args.clusterName,
              region: args.region,
              endpoint,
              certificateAuthority,
              tokenRoleArn,
            }),
          ),
        // Known before the cluster is: a new endpoint or authority must not read as another cluster, and replace all.
        clusterIdentifier: arn,
        enableServerSideApply: true,
        // An API server that does not answer is no reason to forget what runs in it.
        deleteUnreachable: false,
      },
      { parent: this, dependsOn: [...access, nodes, ...addOns] },
    );
    this.registerOutputs({
      name: this.name,
      arn: this.arn,
      accountId: this.accountId,
      endpoint: this.endpoint,
      certificateAuthority: this.certificateAuthority,
      oidcIssuer: this.oidcIssuer,
      oidcProviderArn: this.oidcProviderArn,
      clusterSecurityGroupId: this.clusterSecurityGroupId,
      nodeSecurityGroupIds: this.nodeSecurityGroupIds,
      nodeRoleArn: this.nodeRoleArn,
      nodeRoleName: this.nodeRoleName,
      kubernetesProvider: this.kubernetesProvider,
    });
  }
}

interface ClusterParts {
  readonly clusterName: pulumi.Output<string>;
  readonly arn: string;
  readonly partition: string;
  readonly securityGroupIds: pulumi.Output<string[]>;
  readonly parent: pulumi.Resource;
}

/** Network add-ons, then nodes, then the add-ons that run on them. */
function nodesAndAddOns(name: string, args: KubernetesClusterArgs, parts: ClusterParts) {
  const { clusterName, partition, securityGroupIds, parent } = parts;
  const installed = new Map<string, EksAddOn>();
  const install = (beforeNodes: boolean, dependsOn: readonly pulumi.Resource[]) => {
    for (const addOn of managedAddOns(args.addOnVersions).filter((one) => one.beforeNodes === beforeNodes)) {
      const after = addOn.after.flatMap((other) => installed.get(other) ?? []);
      const component = new EksAddOn(
        `${name}-${addOn.name}`,
        {
          addOn,
          configuration: addOn.name === "vpc-cni" ? podNetwork(args, securityGroupIds) : undefined,
          clusterName,
          clusterArn: parts.arn,
          accountId: args.accountId,
          partition,
          volumeKeyArn: args.volumeKeyArn,
          permissionsBoundaryArn: args.permissionsBoundaryArn,
        },
        { parent, dependsOn: [...dependsOn, ...after] },
      );
      installed.set(addOn.name, component);
    }
  };
  install(true, []);
  const nodes = new ManagedNodes(
    `${name}-system`,
    {
      clusterName,
      version: args.version,
      partition,
      subnetIds: args.privateSubnetIds,
      securityGroupIds,
      counts: args.systemNodes ?? DEFAULTS.systemNodes,
      instanceTypes: args.systemInstanceTypes ?? DEFAULTS.systemInstanceTypes,
      image: args.nodeImage,
      volumeSizeGib: args.nodeVolumeSizeGib,
      volumeKeyArn: args.volumeKeyArn,
      labels: SYSTEM_LABEL,
      taints: [{ ...SYSTEM_TAINT, effect: "NO_SCHEDULE" }],
      instanceTags: args.instanceTags,
      permissionsBoundaryArn: args.permissionsBoundaryArn,
    },
    { parent, dependsOn: [...installed.values()] },
  );
  install(false, [nodes]);
  return { nodes, addOns: [...installed.values()] };
}

function issuerOf(identities: readonly { readonly oidcs: readonly { readonly issuer: string }[] }[]): string {
  const issuer = identities[0]?.oidcs[0]?.issuer;
  if (issuer === undefined) throw new Error("EKS named no token issuer for the cluster; refresh the stack");
  return issuer;
}

function podNetwork(
  args: KubernetesClusterArgs,
  securityGroupIds: pulumi.Output<string[]>,
): pulumi.Input<string> {
  const network = {
    region: args.region,
    networkPolicy: args.networkPolicy ?? true,
    warmIpTarget: args.warmIpTarget ?? DEFAULTS.warmIpTarget,
    minimumIpTarget: args.minimumIpTarget ?? DEFAULTS.minimumIpTarget,
  };
  // The security groups are unknown in a first preview; without subnets for pods they are not needed.
  if (!args.podSubnetIds) return podNetworkConfiguration({ ...network, securityGroupIds: [] });
  return pulumi
    .all([securityGroupIds, args.podSubnetIds])
    .apply(([groups, podSubnets]) =>
      podNetworkConfiguration({ ...network, podSubnets, securityGroupIds: groups }),
    );
}
