/** A small plan of one region, an account that has room for it, and the means to spoil either; for tests. */

import { ACMClient, ListCertificatesCommand } from "@aws-sdk/client-acm";
import {
  DescribeAddressesCommand,
  DescribeAvailabilityZonesCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  DescribeInternetGatewaysCommand,
  DescribeManagedPrefixListsCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRegionsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeTransitGatewaysCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  DescribeAddonVersionsCommand,
  DescribeClusterCommand,
  DescribeClusterVersionsCommand,
  EKSClient,
  ListClustersCommand,
} from "@aws-sdk/client-eks";
import { GetAccountSummaryCommand, GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import {
  GetAccountLimitCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListTagsForResourceCommand,
  Route53Client,
} from "@aws-sdk/client-route-53";
import { HeadBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { mockClient } from "aws-sdk-client-mock";
import { parseConfig } from "../../infra/config/parse.ts";
import type { ConfigValues } from "../../infra/config/schema.ts";
import type { Plan, PlannedResource, PlanObject } from "../plan/plan.ts";

export const REGION = "us-east-1";
export const ACCOUNT = "111122223333";
export const DEPLOYER = `arn:aws:iam::${ACCOUNT}:role/platform-deployer`;
export const SERVERS = ["ns-1.awsdns-01.com", "ns-2.awsdns-02.org"];

/** An error as the SDK throws it. */
export function failure(name: string, status = 400): Error {
  return Object.assign(new Error(`${name} was answered`), { name, $metadata: { httpStatusCode: status } });
}

export function resource(type: string, name: string, inputs: PlanObject = {}): PlannedResource {
  return {
    urn: `urn:pulumi:prod::document-platform::${type}::${name}`,
    type,
    name,
    custom: true,
    region: REGION,
    id: `id-${name}`,
    inputs,
    outputs: {},
    dependencies: [],
    propertyDependencies: {},
    options: {},
  };
}

export function planOf(resources: readonly PlannedResource[], stack = "prod"): Plan {
  return { project: "document-platform", stack, mode: "update", resources, outputs: {}, diagnostics: [] };
}

export function configOf(overrides: Readonly<Record<string, unknown>> = {}): ConfigValues {
  const { values, problems } = parseConfig({
    environment: "production",
    accountId: ACCOUNT,
    domain: "docs.example.com",
    scopes: ["region"],
    region: REGION,
    role: "primary",
    primaryRegion: REGION,
    regions: { [REGION]: { cidr: "10.0.0.0/16", weight: 100 } },
    ...overrides,
  });
  if (values === undefined) {
    throw new Error(JSON.stringify(problems));
  }
  return values;
}

const requirement = (key: string, values: readonly string[]) => ({ key, operator: "In", values });

export const samplePlan: Plan = planOf([
  resource("aws:ec2/vpc:Vpc", "network-vpc", { cidrBlock: "10.0.0.0/16" }),
  ...["a", "b"].map((zone) =>
    resource("aws:ec2/subnet:Subnet", `public-${zone}`, {
      availabilityZone: `${REGION}${zone}`,
      vpcId: "id-network-vpc",
    }),
  ),
  ...["a", "b"].flatMap((zone) => [
    resource("aws:ec2/eip:Eip", `address-${zone}`),
    resource("aws:ec2/natGateway:NatGateway", `nat-${zone}`, { subnetId: `id-public-${zone}` }),
  ]),
  resource("aws:ec2/securityGroup:SecurityGroup", "entry", { vpcId: "id-network-vpc" }),
  resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "from-cloudfront", {
    securityGroupId: "id-entry",
    prefixListId: "pl-be66bd33",
  }),
  resource("aws:eks/cluster:Cluster", "cluster", { name: "platform", version: "1.35" }),
  resource("aws:eks/addon:Addon", "coredns", { addonName: "coredns", addonVersion: "v1.13.2-eksbuild.3" }),
  resource("aws:eks/nodeGroup:NodeGroup", "system", {
    clusterName: "platform",
    capacityType: "ON_DEMAND",
    instanceTypes: ["m6i.large"],
    scalingConfig: { desiredSize: 2, maxSize: 6, minSize: 2 },
  }),
  resource("kubernetes:karpenter.sh/v1:NodePool", "pool", {
    metadata: { name: "general" },
    spec: {
      limits: { cpu: "40" },
      template: {
        spec: {
          requirements: [
            requirement("karpenter.sh/capacity-type", ["spot", "on-demand"]),
            requirement("node.kubernetes.io/instance-type", ["m5.large", "m5.xlarge"]),
          ],
        },
      },
    },
  }),
  resource("aws:lb/loadBalancer:LoadBalancer", "alb", { name: "alb-0123abc" }),
  resource("aws:s3/bucket:Bucket", "switch", { bucket: "platform-switch" }),
  resource("aws:secretsmanager/secret:Secret", "header", { name: "platform/header" }),
  resource("aws:iam/role:Role", "node-role", { name: "node-role-0123abc" }),
  resource("aws:iam/role:Role", "auditor", { name: "platform-auditor" }),
  resource("aws:sqs/queue:Queue", "queue", { name: "platform-interruptions" }),
]);

export type Account = ReturnType<typeof mockAccount>;

/** Stubs every client with an account that is empty and has room. Call `restore` afterwards. */
export function mockAccount() {
  const acm = mockClient(ACMClient);
  const ec2 = mockClient(EC2Client);
  const eks = mockClient(EKSClient);
  const iam = mockClient(IAMClient);
  const quotas = mockClient(ServiceQuotasClient);
  const route53 = mockClient(Route53Client);
  const s3 = mockClient(S3Client);
  const secrets = mockClient(SecretsManagerClient);
  const sts = mockClient(STSClient);
  acm.on(ListCertificatesCommand).resolves({ CertificateSummaryList: [] });
  ec2.on(DescribeRegionsCommand).resolves({
    Regions: [{ RegionName: REGION, OptInStatus: "opt-in-not-required" }],
  });
  ec2.on(DescribeAvailabilityZonesCommand).resolves({
    AvailabilityZones: ["a", "b", "c"].map((zone, index) => ({
      ZoneName: `${REGION}${zone}`,
      ZoneId: `use1-az${index + 4}`,
      State: "available",
    })),
  });
  ec2.on(DescribeInstanceTypeOfferingsCommand).resolves({
    InstanceTypeOfferings: (["m6i.large", "m5.large"] as const).flatMap((InstanceType) =>
      ["a", "b"].map((zone) => ({ InstanceType, Location: `${REGION}${zone}` })),
    ),
  });
  ec2.on(DescribeInstanceTypesCommand).resolves({
    InstanceTypes: [
      { InstanceType: "m6i.large", VCpuInfo: { DefaultVCpus: 2 } },
      { InstanceType: "m5.large", VCpuInfo: { DefaultVCpus: 2 } },
      { InstanceType: "m5.xlarge", VCpuInfo: { DefaultVCpus: 4 } },
    ],
  });
  for (const nothing of [
    DescribeAddressesCommand,
    DescribeInstancesCommand,
    DescribeInternetGatewaysCommand,
    DescribeManagedPrefixListsCommand,
    DescribeNatGatewaysCommand,
    DescribeNetworkInterfacesCommand,
    DescribeRouteTablesCommand,
    DescribeSecurityGroupsCommand,
    DescribeSubnetsCommand,
    DescribeTransitGatewaysCommand,
    DescribeVpcEndpointsCommand,
    DescribeVpcPeeringConnectionsCommand,
    DescribeVpcsCommand,
  ] as const) {
    ec2.on(nothing as typeof DescribeAddressesCommand).resolves({});
  }
  eks.on(ListClustersCommand).resolves({ clusters: [] });
  eks.on(DescribeClusterCommand).rejects(failure("ResourceNotFoundException", 404));
  eks.on(DescribeClusterVersionsCommand).resolves({
    clusterVersions: [
      { clusterVersion: "1.34", versionStatus: "STANDARD_SUPPORT" },
      { clusterVersion: "1.35", versionStatus: "STANDARD_SUPPORT" },
      { clusterVersion: "1.31", versionStatus: "EXTENDED_SUPPORT" },
    ],
  });
  eks.on(DescribeAddonVersionsCommand).resolves({
    addons: [{ addonName: "coredns", addonVersions: [{ addonVersion: "v1.13.2-eksbuild.3" }] }],
  });
  iam.on(GetAccountSummaryCommand).resolves({
    SummaryMap: { Roles: 10, RolesQuota: 1000, InstanceProfiles: 0, InstanceProfilesQuota: 1000 },
  });
  iam.on(GetRoleCommand).callsFake(({ RoleName }: { RoleName: string }) => {
    if (RoleName.startsWith("AWSServiceRole")) {
      return { Role: { RoleName } };
    }
    throw failure("NoSuchEntityException", 404);
  });
  quotas.on(GetServiceQuotaCommand).resolves({ Quota: { Value: 1000 } });
  route53
    .on(GetAccountLimitCommand)
    .resolves({ Limit: { Type: "MAX_HEALTH_CHECKS_BY_OWNER", Value: 200 }, Count: 0 });
  route53.on(ListHostedZonesByNameCommand).resolves({
    HostedZones: [{ Id: "/hostedzone/Z111111", Name: "docs.example.com.", CallerReference: "" }],
  });
  route53.on(GetHostedZoneCommand).resolves({
    HostedZone: { Id: "/hostedzone/Z111111", Name: "docs.example.com.", CallerReference: "" },
    DelegationSet: { NameServers: SERVERS },
  });
  route53.on(ListTagsForResourceCommand).resolves({});
  s3.on(HeadBucketCommand).rejects(failure("NotFound", 404));
  s3.on(ListBucketsCommand).resolves({ Buckets: [] });
  secrets.on(DescribeSecretCommand).rejects(failure("ResourceNotFoundException"));
  sts.on(GetCallerIdentityCommand).resolves({
    Account: ACCOUNT,
    Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/platform-deployer/me`,
  });
  const stubs = { acm, ec2, eks, iam, quotas, route53, s3, secrets, sts };
  return {
    ...stubs,
    restore: () => {
      for (const stub of Object.values(stubs)) {
        stub.restore();
      }
    },
  };
}
