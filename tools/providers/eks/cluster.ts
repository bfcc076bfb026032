/**
 * eks:index:Cluster 4.3 under the options that this project uses: the control plane alone, access by entries, nodes and
 * add-ons made beside it. An option that would make more is refused, so that a plan never lacks it silently.
 */
import { createHash } from "node:crypto";
import { Construction, derive, type Inputs, outputOf, referenceTo, type Tracked } from "../construct.ts";
import { kubernetesPackage } from "../kubernetes/index.ts";
import { isList, isMap, type PropertyValue, secretValue, unwrapSecrets } from "../property.ts";
import type { ConstructMonitor, ConstructRequest, ConstructResult, RegisteredResource } from "../provider.ts";

const CLUSTER_POLICY = "AmazonEKSClusterPolicy";

export async function constructCluster(
  request: ConstructRequest,
  monitor: ConstructMonitor,
): Promise<ConstructResult> {
  const construction = await Construction.begin(request, monitor, request.inputs);
  refuseUnmodelled(construction);
  const { name } = request;
  const { partition } = await monitor.invoke(
    "aws:index/getPartition:getPartition",
    {},
    request.providers["aws"] ?? "",
  );
  const role = await serviceRole(construction, `${name}-eksRole`, String(partition));
  const cluster = await construction.custom({
    type: "aws:eks/cluster:Cluster",
    name: `${name}-eksCluster`,
    inputs: clusterInputs(construction, role),
    dependsOn: role.dependsOn,
    ignoreChanges: ["accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"],
  });
  const kubeconfig = kubeconfigOf(cluster, construction.input("providerCredentialOpts"));
  const provider = await construction.custom({
    type: "pulumi:providers:kubernetes",
    name: `${name}-eks-k8s`,
    version: kubernetesPackage.version,
    inputs: { kubeconfig: derive([kubeconfig], ([config]) => JSON.stringify(config)) },
  });
  return construction.end(outputs(construction, { role: role.resource, cluster, provider, kubeconfig }));
}

/** Options that make more than the control plane, and what they must be for a cluster that this file models. */
const REQUIRED: Readonly<Record<string, (value: PropertyValue) => boolean>> = {
  authenticationMode: (value) => value === "API",
  autoMode: (value) => value === null,
  accessEntries: (value) => value === null,
  clusterSecurityGroup: (value) => value === null,
  corednsAddonOptions: (value) => isMap(value) && value["enabled"] === false,
  createInstanceRole: (value) => value !== true,
  createOidcProvider: (value) => value !== true,
  fargate: (value) => value === null || value === false,
  instanceRole: (value) => value === null,
  instanceRoles: (value) => value === null,
  kubeProxyAddonOptions: (value) => isMap(value) && value["enabled"] === false,
  serviceRole: (value) => value === null,
  skipDefaultNodeGroup: (value) => value === true,
  skipDefaultSecurityGroups: (value) => value === true,
  storageClasses: (value) => value === null,
  useDefaultVpcCni: (value) => value === true,
  vpcId: (value) => value !== null,
};

function refuseUnmodelled(construction: Construction): void {
  const refused = Object.entries(REQUIRED)
    .filter(([key, allowed]) => !allowed(unwrapSecrets(construction.input(key)?.value ?? null)))
    .map(([key]) => key);
  if (refused.length > 0) {
    throw new Error(
      `the local eks provider does not model "${construction.request.name}" with its ${refused.join(", ")}: ` +
        "it makes the control plane alone (tools/providers/eks/cluster.ts)",
    );
  }
}

interface Role {
  readonly resource: RegisteredResource;
  readonly dependsOn: readonly string[];
}

async function serviceRole(construction: Construction, name: string, partition: string): Promise<Role> {
  const tags = construction.input("tags");
  const component = await construction.component({ type: "eks:index:ServiceRole", name, inputs: {} });
  const assumeRolePolicy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Effect: "Allow",
        Principal: { Service: ["eks.amazonaws.com"] },
      },
    ],
  });
  const role = await construction.custom({
    type: "aws:iam/role:Role",
    name: `${name}-role`,
    parent: component.urn,
    inputs: { assumeRolePolicy, description: "Allows EKS to manage clusters on your behalf.", tags },
  });
  // The name comes from the policy's ARN in the standard partition, whatever the partition is.
  const hash = createHash("sha1")
    .update(`arn:aws:iam::aws:policy/${CLUSTER_POLICY}`)
    .digest("hex")
    .slice(0, 8);
  const attachment = await construction.custom({
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    name: `${name}-${hash}`,
    parent: component.urn,
    inputs: {
      policyArn: `arn:${partition}:iam::aws:policy/${CLUSTER_POLICY}`,
      role: { value: outputOf(role, "name").value, dependencies: [role.urn] },
    },
  });
  await construction.outputsOf(component.urn, {
    directRole: referenceTo(role).value,
    resolvedRole: referenceTo(role).value,
  });
  return { resource: role, dependsOn: [role.urn, attachment.urn] };
}

function clusterInputs(construction: Construction, role: Role): Inputs {
  const optional = (key: string) => construction.input(key);
  const serviceCidr = optional("kubernetesServiceIpAddressRange");
  const keyArn = optional("encryptionConfigKeyArn");
  return {
    name: optional("name"),
    roleArn: outputOf(role.resource, "arn"),
    bootstrapSelfManagedAddons: optional("bootstrapSelfManagedAddons") ?? true,
    kubernetesNetworkConfig:
      serviceCidr === undefined && optional("ipFamily") === undefined
        ? undefined
        : networkConfig(serviceCidr, optional("ipFamily")),
    vpcConfig: vpcConfig(construction),
    version: optional("version"),
    enabledClusterLogTypes: optional("enabledClusterLogTypes"),
    tags: tagsOf(construction),
    encryptionConfig:
      keyArn && derive([keyArn], ([arn = null]) => ({ provider: { keyArn: arn }, resources: ["secrets"] })),
    accessConfig: derive([optional("authenticationMode") ?? none()], ([authenticationMode = null]) => ({
      authenticationMode,
      bootstrapClusterCreatorAdminPermissions: true,
    })),
    upgradePolicy: optional("upgradePolicy"),
    deletionProtection: optional("deletionProtection"),
  };
}

function none(): Tracked {
  return { value: null, dependencies: [] };
}

function networkConfig(serviceCidr: Tracked | undefined, ipFamily: Tracked | undefined): Tracked {
  return derive([serviceCidr ?? none(), ipFamily ?? none()], ([cidr = null, family]) => ({
    ipFamily: family ?? "ipv4",
    ...(cidr === null || family === "ipv6" ? {} : { serviceIpv4Cidr: cidr }),
  }));
}

/** Nested unknowns stay where they are, so that what is known shows. */
function vpcConfig(construction: Construction): Tracked {
  const subnets = ["publicSubnetIds", "privateSubnetIds"].flatMap((key) => construction.input(key) ?? []);
  const subnetIds =
    construction.input("subnetIds") ??
    derive(subnets, (lists) => lists.flatMap((list) => (isList(list) ? [...list] : [])));
  const parts = Object.entries({
    endpointPrivateAccess: construction.input("endpointPrivateAccess"),
    endpointPublicAccess: construction.input("endpointPublicAccess"),
    publicAccessCidrs: construction.input("publicAccessCidrs"),
    subnetIds,
  }).flatMap(([key, part]) => (part === undefined ? [] : [[key, part] as const]));
  return {
    value: Object.fromEntries(parts.map(([key, { value }]) => [key, value])),
    dependencies: [...new Set(parts.flatMap(([, { dependencies }]) => dependencies))],
  };
}

function tagsOf(construction: Construction): Tracked {
  return derive(
    [construction.input("tags") ?? none(), construction.input("clusterTags") ?? none()],
    ([tags, clusterTags]) => ({
      Name: `${construction.request.name}-eksCluster`,
      ...(isMap(clusterTags) ? clusterTags : {}),
      ...(isMap(tags) ? tags : {}),
    }),
  );
}

function kubeconfigOf(cluster: RegisteredResource, credentials: Tracked | undefined): Tracked {
  return derive(
    [
      ...["arn", "name", "endpoint", "certificateAuthority"].map((key) => outputOf(cluster, key)),
      credentials ?? none(),
    ],
    ([arn, name = null, server = null, authority, options]) => {
      const region = String(arn).split(":")[3] ?? "";
      const given = isMap(options) ? options : {};
      const args = [
        ...["--region", region, "eks", "get-token", "--cluster-name", name, "--output", "json"],
        ...(given["roleArn"] === undefined ? [] : ["--role", given["roleArn"]]),
      ];
      const exec = {
        apiVersion: "client.authentication.k8s.io/v1beta1",
        command: "aws",
        args,
        env: [
          { name: "KUBERNETES_EXEC_INFO", value: '{"apiVersion": "client.authentication.k8s.io/v1beta1"}' },
        ],
      };
      const data = isMap(authority) ? (authority["data"] ?? null) : null;
      return {
        apiVersion: "v1",
        clusters: [{ cluster: { server, "certificate-authority-data": data }, name: "kubernetes" }],
        contexts: [{ context: { cluster: "kubernetes", user: "aws" }, name: "aws" }],
        "current-context": "aws",
        kind: "Config",
        users: [{ name: "aws", user: { exec } }],
      };
    },
  );
}

interface Made {
  readonly role: RegisteredResource;
  readonly cluster: RegisteredResource;
  readonly provider: RegisteredResource;
  readonly kubeconfig: Tracked;
}

function outputs(construction: Construction, made: Made): Record<string, Tracked> {
  const { role, cluster, provider, kubeconfig } = made;
  const config = { ...kubeconfig, value: secretValue(kubeconfig.value) };
  const json = derive([kubeconfig], ([value]) => JSON.stringify(value));
  const clusterSecurityGroupId = derive([outputOf(cluster, "vpcConfig")], ([vpc]) =>
    isMap(vpc) ? (vpc["clusterSecurityGroupId"] ?? null) : null,
  );
  const oidcProviderUrl = derive([outputOf(cluster, "identities")], ([identities]) => issuerOf(identities));
  const nothing = { value: "", dependencies: [] };
  const core = {
    cluster: referenceTo(cluster).value,
    clusterIamRole: referenceTo(role).value,
    endpoint: outputOf(cluster, "endpoint").value,
    instanceRoles: [],
    kubeconfig: config.value,
    nodeGroupOptions: {},
    provider: referenceTo(provider).value,
    storageClasses: {},
    vpcId: construction.input("vpcId")?.value ?? null,
    subnetIds: construction.input("subnetIds")?.value ?? construction.input("privateSubnetIds")?.value ?? [],
  };
  return {
    autoModeNodeRoleName: nothing,
    clusterIngressRuleId: nothing,
    clusterSecurityGroupId,
    core: { value: core, dependencies: [cluster.urn, role.urn, provider.urn] },
    defaultNodeGroupAsgName: nothing,
    eksCluster: referenceTo(cluster),
    fargateProfileId: nothing,
    fargateProfileStatus: nothing,
    instanceRoles: { value: [], dependencies: [] },
    kubeconfig: config,
    kubeconfigJson: { ...json, value: secretValue(json.value) },
    nodeSecurityGroupId: clusterSecurityGroupId,
    oidcIssuer: derive([oidcProviderUrl], ([url]) => String(url).replace("https://", "")),
    oidcProviderArn: nothing,
    oidcProviderUrl,
  };
}

function issuerOf(identities: PropertyValue | undefined): string {
  const [identity] = isList(identities) ? identities : [];
  const [oidc] = isMap(identity) && isList(identity["oidcs"]) ? identity["oidcs"] : [];
  return isMap(oidc) ? String(oidc["issuer"] ?? "") : "";
}
