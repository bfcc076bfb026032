import { type Json, sortedJson } from "../json.ts";
import { ON_SYSTEM_NODES } from "./placement.ts";

/** The add-ons that EKS itself installs and patches, in the order they are needed. */
const MANAGED_ADD_ONS = [
  "eks-pod-identity-agent",
  "vpc-cni",
  "kube-proxy",
  "coredns",
  "snapshot-controller",
  "aws-ebs-csi-driver",
  "aws-efs-csi-driver",
] as const;
export type ManagedAddOnName = (typeof MANAGED_ADD_ONS)[number];
export type ManagedAddOnVersions = Readonly<Record<ManagedAddOnName, string>>;

export interface ManagedAddOn {
  readonly name: ManagedAddOnName;
  readonly version: string;
  /** JSON of the add-on's own schema (`aws eks describe-addon-configuration`). */
  readonly configuration?: string;
  /** Before the first node: a node is not Ready without a network, and a pod gets its credentials as it starts. */
  readonly beforeNodes: boolean;
  /** Add-ons that must be there first. */
  readonly after: readonly ManagedAddOnName[];
  readonly identities: readonly ManagedAddOnIdentity[];
}

export interface ManagedAddOnIdentity {
  /** What runs with it; names the role. */
  readonly part: "controller" | "node";
  /** In kube-system. */
  readonly serviceAccount: string;
  /** Path of the AWS managed policy after `arn:<partition>:iam::aws:policy/`. */
  readonly managedPolicy: string;
  /** May also use the key that encrypts volumes. */
  readonly usesVolumeKey: boolean;
}

export interface PodNetwork {
  readonly region: string;
  /** Kubernetes NetworkPolicy by the VPC CNI's own agent; off when Calico enforces it. */
  readonly networkPolicy: boolean;
  /** Addresses kept free on each node. */
  readonly warmIpTarget: number;
  /** Addresses a node takes at once when it joins. */
  readonly minimumIpTarget: number;
  /** Zone to a subnet of its own for pods, where the nodes' subnets are too small (C-56). */
  readonly podSubnets?: Readonly<Record<string, string>>;
  /** Security groups of the pods' interfaces; used with `podSubnets` only. */
  readonly securityGroupIds: readonly string[];
}

/** Every reason why these versions cannot be used. */
export function versionsProblems(versions: Readonly<Record<string, string>>): string[] {
  const known: readonly string[] = MANAGED_ADD_ONS;
  const unknown = Object.keys(versions)
    .filter((name) => !known.includes(name))
    .map((name) => `addOnVersions has the unknown add-on "${name}": known are ${known.join(", ")}`);
  const wrong = MANAGED_ADD_ONS.flatMap((name) => {
    const version: string | undefined = versions[name];
    if (version === undefined)
      return [
        `addOnVersions lacks "${name}": pin one (aws eks describe-addon-versions --addon-name ${name})`,
      ];
    return /^v\d+\.\d+\.\d+-eksbuild\.\d+$/.test(version)
      ? []
      : [`addOnVersions["${name}"] "${version}" is no build: write it as "v1.2.3-eksbuild.1"`];
  });
  return [...unknown, ...wrong];
}

/**
 * Configuration of the VPC CNI (EKS-25, C-56). Prefix delegation lifts the pods of an m5.large from 29 to 110; with the
 * two targets set a node takes one /28 at a time instead of keeping a whole spare interface, which is what would drain
 * the private /24 subnets.
 * https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/prefix-and-ip-target.md
 */
export function podNetworkConfiguration(network: PodNetwork): string {
  const custom: Record<string, string> = network.podSubnets
    ? { AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: "true", ENI_CONFIG_LABEL_DEF: "topology.kubernetes.io/zone" }
    : {};
  const configuration: Record<string, Json> = {
    enableNetworkPolicy: String(network.networkPolicy),
    env: {
      AWS_VPC_K8S_PLUGIN_LOG_LEVEL: "INFO",
      AWS_VPC_K8S_CNI_LOGLEVEL: "INFO",
      ENABLE_PREFIX_DELEGATION: "true",
      // Calico learns a pod's address from this annotation; without it new pods start without traffic.
      ANNOTATE_POD_IP: String(!network.networkPolicy),
      MINIMUM_IP_TARGET: String(network.minimumIpTarget),
      WARM_IP_TARGET: String(network.warmIpTarget),
      ...custom,
    },
  };
  if (network.podSubnets)
    configuration["eniConfig"] = {
      create: true,
      region: network.region,
      subnets: Object.fromEntries(
        Object.entries(network.podSubnets).map(([zone, id]) => [
          zone,
          { id, securityGroups: [...network.securityGroupIds] },
        ]),
      ),
    };
  return sortedJson(configuration);
}

const CONTROLLER = { replicaCount: 2, ...ON_SYSTEM_NODES };

/** All managed add-ons of a cluster but for the VPC CNI's configuration, which needs the cluster's security group. */
export function managedAddOns(versions: ManagedAddOnVersions): readonly ManagedAddOn[] {
  const of = (
    name: ManagedAddOnName,
    rest: { beforeNodes?: boolean; after?: ManagedAddOnName[]; configuration?: Json } & Partial<
      Pick<ManagedAddOn, "identities">
    >,
  ): ManagedAddOn => ({
    name,
    version: versions[name],
    beforeNodes: rest.beforeNodes ?? false,
    after: rest.after ?? [],
    identities: rest.identities ?? [],
    configuration: rest.configuration === undefined ? undefined : sortedJson(rest.configuration),
  });
  const efs = { managedPolicy: "service-role/AmazonEFSCSIDriverPolicy", usesVolumeKey: false };
  return [
    of("eks-pod-identity-agent", { beforeNodes: true }),
    of("vpc-cni", {
      beforeNodes: true,
      after: ["eks-pod-identity-agent"],
      identities: [
        {
          part: "node",
          serviceAccount: "aws-node",
          managedPolicy: "AmazonEKS_CNI_Policy",
          usesVolumeKey: false,
        },
      ],
    }),
    of("kube-proxy", { beforeNodes: true }),
    of("coredns", {
      configuration: {
        ...ON_SYSTEM_NODES,
        autoScaling: { enabled: true, minReplicas: 2, maxReplicas: 10 },
      },
    }),
    of("snapshot-controller", { configuration: ON_SYSTEM_NODES }),
    of("aws-ebs-csi-driver", {
      // Its snapshotter looks for the snapshot definitions once, as it starts.
      after: ["snapshot-controller"],
      identities: [
        {
          part: "controller",
          serviceAccount: "ebs-csi-controller-sa",
          managedPolicy: "AmazonEBSCSIDriverPolicyV2",
          usesVolumeKey: true,
        },
      ],
      configuration: { controller: CONTROLLER, node: { tolerateAllTaints: true } },
    }),
    of("aws-efs-csi-driver", {
      identities: [
        { part: "controller", serviceAccount: "efs-csi-controller-sa", ...efs },
        { part: "node", serviceAccount: "efs-csi-node-sa", ...efs },
      ],
      configuration: {
        controller: {
          ...CONTROLLER,
          // A released volume must not take its files along: EFS holds raw documents.
          deleteAccessPointRootDir: false,
        },
      },
    }),
  ];
}

/** Rights on the key that encrypts volumes, as the EBS CSI driver's documentation lists them. */
export function volumeKeyPolicy(keyArn: string): Json {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "GrantForAwsResourcesOnly",
        Effect: "Allow",
        Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
        Resource: keyArn,
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      },
      {
        Sid: "UseKeyForVolumes",
        Effect: "Allow",
        Action: ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        Resource: keyArn,
      },
    ],
  };
}
