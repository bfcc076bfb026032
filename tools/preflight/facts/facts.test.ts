import assert from "node:assert/strict";
import {
  DescribeInstancesCommand,
  DescribeManagedPrefixListsCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
} from "@aws-sdk/client-ec2";
import { DescribeClusterCommand } from "@aws-sdk/client-eks";
import { GetHostedZoneCommand, ListHostedZonesByNameCommand } from "@aws-sdk/client-route-53";
import { GetBucketReplicationCommand, GetBucketTaggingCommand, HeadBucketCommand } from "@aws-sdk/client-s3";
import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand } from "@aws-sdk/client-service-quotas";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { Mistake } from "../../terminal/exit.ts";
import { regionClients } from "../clients.ts";
import type { Fact } from "../fact.ts";
import { type Account, DEPLOYER, failure, mockAccount, REGION } from "../sample.ts";
import { AccountFacts } from "./account.ts";
import { ComputeFacts } from "./compute.ts";
import { NetworkFacts } from "./network.ts";

interface Stub {
  readonly reset: () => unknown;
  readonly onAnyCommand: () => { readonly rejects: (error: Error) => unknown };
}

type Read = () => Promise<Fact<unknown>>;

describe("facts of an account", () => {
  let stubs: Account;
  let account: AccountFacts;
  let compute: ComputeFacts;
  let network: NetworkFacts;

  beforeEach(() => {
    stubs = mockAccount();
    const clients = regionClients();
    account = new AccountFacts(clients, REGION);
    compute = new ComputeFacts(clients);
    network = new NetworkFacts(clients);
  });

  afterEach(() => {
    stubs.restore();
  });

  const known = <T>(value: T) => ({ known: true, value });

  /** Every read, by the permission that it takes first. */
  const reads = (): readonly (readonly [string, Read])[] => [
    ["acm:ListCertificates", () => account.certificates(REGION)],
    ["ec2:DescribeAddresses", () => network.addresses(REGION)],
    ["ec2:DescribeAvailabilityZones", () => network.zones(REGION)],
    ["ec2:DescribeInstanceTypeOfferings", () => compute.offerings(REGION, ["m6i.large"])],
    ["ec2:DescribeInstanceTypes", () => compute.vcpus(REGION, ["m6i.large"])],
    ["ec2:DescribeInstances", () => compute.running(REGION)],
    ["ec2:DescribeInternetGateways", () => network.internetGateways(REGION)],
    ["ec2:DescribeManagedPrefixLists", () => network.prefixListSizes(REGION)],
    ["ec2:DescribeNetworkInterfaces", () => network.loadBalancers(REGION)],
    ["ec2:DescribeRegions", () => network.regions(REGION)],
    ["ec2:DescribeRouteTables", () => network.transitRoutes(REGION)],
    ["ec2:DescribeSecurityGroups", () => network.securityGroups(REGION)],
    ["ec2:DescribeSubnets", () => network.natGateways(REGION)],
    ["ec2:DescribeTransitGateways", () => network.transitGateways(REGION)],
    ["ec2:DescribeVpcEndpoints", () => network.gatewayEndpoints(REGION)],
    ["ec2:DescribeVpcPeeringConnections", () => network.peerings(REGION)],
    ["ec2:DescribeVpcs", () => network.networks(REGION)],
    ["eks:DescribeAddonVersions", () => compute.addOnBuilds(REGION, "coredns", "1.35")],
    ["eks:DescribeCluster", () => compute.cluster(REGION, "platform")],
    ["eks:DescribeClusterVersions", () => compute.clusterVersions(REGION)],
    ["eks:ListClusters", () => compute.clusterCount(REGION)],
    ["iam:GetAccountSummary", () => account.summary()],
    ["iam:GetRole", () => account.role("platform-deployer")],
    ["route53:GetAccountLimit", () => account.dnsLimit("MAX_HEALTH_CHECKS_BY_OWNER")],
    ["route53:GetHostedZone", () => account.zone("Z111111")],
    ["route53:ListHostedZonesByName", () => account.zonesNamed("docs.example.com")],
    ["route53:ListTagsForResource", () => account.zoneTags("Z111111")],
    ["s3:GetBucketTagging", () => account.bucketTags(REGION, "b")],
    ["s3:GetReplicationConfiguration", () => account.replicates(REGION, "b")],
    ["s3:ListAllMyBuckets", () => account.ownBuckets()],
    ["secretsmanager:DescribeSecret", () => account.secret(REGION, "s")],
    ["servicequotas:GetServiceQuota", () => account.quota(REGION, "vpc", "L-F678F1CE")],
    ["sts:GetCallerIdentity", () => account.caller()],
  ];

  function answerAll(error: Error) {
    const { restore: _, ...each } = stubs;
    const all: readonly Stub[] = Object.values(each);
    for (const stub of all) {
      stub.reset();
      stub.onAnyCommand().rejects(error);
    }
  }

  it("names the permission when a read is denied", async () => {
    answerAll(failure("AccessDeniedException", 403));
    for (const [action, read] of reads()) {
      assert.deepEqual(await read(), { known: false, why: `not known: needs ${action}` });
    }
  });

  it("says that a service did not answer when it throttles or times out", async () => {
    for (const name of ["ThrottlingException", "RequestLimitExceeded", "TimeoutError", "SlowDown"]) {
      stubs.restore();
      stubs = mockAccount();
      const clients = regionClients();
      account = new AccountFacts(clients, REGION);
      compute = new ComputeFacts(clients);
      network = new NetworkFacts(clients);
      answerAll(failure(name));
      for (const [action, read] of reads()) {
        assert.deepEqual(await read(), {
          known: false,
          why: `not known: ${action} did not answer (${name}); run it again`,
        });
      }
    }
  });

  it("tells a region that refuses the credentials, and any other failure, in words", async () => {
    stubs.ec2.on(DescribeVpcsCommand).rejects(failure("AuthFailure", 401));
    assert.deepEqual(await network.networks(REGION), {
      known: false,
      why: "not known: the region refuses these credentials (AuthFailure); it may not be enabled",
    });
    stubs.ec2.on(DescribeRouteTablesCommand).rejects(failure("InvalidParameterValue"));
    assert.deepEqual(await network.transitRoutes(REGION), {
      known: false,
      why: "not known: ec2:DescribeRouteTables failed (InvalidParameterValue: InvalidParameterValue was answered)",
    });
    stubs.ec2.on(DescribeInstancesCommand).rejects(failure("ExpiredToken"));
    await assert.rejects(compute.running(REGION), (error) => error instanceof Mistake);
  });

  it("asks each question once", async () => {
    await Promise.all([network.networks(REGION), network.networks(REGION)]);
    await network.networks(REGION);
    assert.equal(stubs.ec2.commandCalls(DescribeVpcsCommand).length, 1);
    await network.networks("us-west-2");
    assert.equal(stubs.ec2.commandCalls(DescribeVpcsCommand).length, 2);
  });

  it("reads every page", async () => {
    stubs.ec2
      .on(DescribeVpcsCommand)
      .resolvesOnce({ Vpcs: [{ VpcId: "vpc-1", CidrBlock: "10.0.0.0/16" }], NextToken: "more" })
      .resolvesOnce({
        Vpcs: [
          {
            VpcId: "vpc-2",
            CidrBlock: "10.1.0.0/16",
            CidrBlockAssociationSet: [{ CidrBlock: "10.1.0.0/16" }, { CidrBlock: "100.64.0.0/16" }],
            Tags: [{ Key: "Name", Value: "two" }],
          },
        ],
      });
    assert.deepEqual(
      await network.networks(REGION),
      known([
        { id: "vpc-1", cidrs: ["10.0.0.0/16"], tags: {} },
        { id: "vpc-2", cidrs: ["10.1.0.0/16", "100.64.0.0/16"], tags: { Name: "two" } },
      ]),
    );
  });

  it("counts NAT gateways by zone and load balancers by kind", async () => {
    stubs.ec2
      .on(DescribeSubnetsCommand)
      .resolves({ Subnets: [{ SubnetId: "s-1", AvailabilityZone: "us-east-1a" }] });
    stubs.ec2
      .on(DescribeNatGatewaysCommand)
      .resolves({ NatGateways: [{ SubnetId: "s-1" }, { SubnetId: "s-1" }] });
    assert.deepEqual(await network.natGateways(REGION), known(new Map([["us-east-1a", 2]])));
    stubs.ec2.on(DescribeNetworkInterfacesCommand).resolves({
      NetworkInterfaces: ["ELB app/a/1", "ELB app/a/1", "ELB app/b/2", "ELB net/c/3"].map((Description) => ({
        Description,
      })),
    });
    assert.deepEqual(
      await network.loadBalancers(REGION),
      known(
        new Map([
          ["application", 2],
          ["network", 1],
        ]),
      ),
    );
  });

  it("tells what joined networks lead to, but no default route", async () => {
    stubs.ec2.on(DescribeVpcPeeringConnectionsCommand).resolves({
      VpcPeeringConnections: [
        {
          VpcPeeringConnectionId: "pcx-1",
          AccepterVpcInfo: { CidrBlock: "10.9.0.0/16" },
          RequesterVpcInfo: {},
        },
      ],
    });
    assert.deepEqual(await network.peerings(REGION), known([{ cidr: "10.9.0.0/16", by: "peering pcx-1" }]));
    stubs.ec2.on(DescribeRouteTablesCommand).resolves({
      RouteTables: [
        {
          Routes: [
            { DestinationCidrBlock: "0.0.0.0/0", TransitGatewayId: "tgw-1" },
            { DestinationCidrBlock: "10.8.0.0/16", TransitGatewayId: "tgw-1" },
            { DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local" },
          ],
        },
      ],
    });
    assert.deepEqual(
      await network.transitRoutes(REGION),
      known([{ cidr: "10.8.0.0/16", by: "a route to tgw-1" }]),
    );
    stubs.ec2
      .on(DescribeManagedPrefixListsCommand)
      .resolves({ PrefixLists: [{ PrefixListName: "own", MaxEntries: 7 }, { PrefixListName: "aws" }] });
    assert.deepEqual(
      await network.prefixListSizes(REGION),
      known(
        new Map([
          ["own", 7],
          ["aws", undefined],
        ]),
      ),
    );
  });

  it("counts the vCPUs that run by market", async () => {
    stubs.ec2.on(DescribeInstancesCommand).resolves({
      Reservations: [
        {
          Instances: [
            { InstanceType: "m6i.large", CpuOptions: { CoreCount: 1, ThreadsPerCore: 2 } },
            {
              InstanceType: "m5.large",
              InstanceLifecycle: "spot",
              CpuOptions: { CoreCount: 2, ThreadsPerCore: 2 },
            },
          ],
        },
      ],
    });
    assert.deepEqual(
      await compute.running(REGION),
      known([
        { type: "m6i.large", market: "onDemand", vcpus: 2 },
        { type: "m5.large", market: "spot", vcpus: 4 },
      ]),
    );
  });

  it("takes AWS's default where no quota was ever applied", async () => {
    stubs.quotas.on(GetServiceQuotaCommand).rejects(failure("NoSuchResourceException"));
    stubs.quotas.on(GetAWSDefaultServiceQuotaCommand).resolves({ Quota: { Value: 5 } });
    assert.deepEqual(await account.quota(REGION, "vpc", "L-1"), known(5));
    stubs.quotas.on(GetAWSDefaultServiceQuotaCommand).rejects(failure("AccessDeniedException", 403));
    assert.deepEqual(await account.quota(REGION, "vpc", "L-2"), {
      known: false,
      why: "not known: needs servicequotas:GetAWSDefaultServiceQuota",
    });
  });

  it("tells the answers of HeadBucket apart", async () => {
    stubs.s3.on(HeadBucketCommand, { Bucket: "here" }).resolves({ BucketRegion: REGION });
    stubs.s3.on(HeadBucketCommand, { Bucket: "closed" }).rejects(failure("403", 403));
    stubs.s3.on(HeadBucketCommand, { Bucket: "moved" }).rejects(
      Object.assign(failure("301", 301), {
        $response: { headers: { "x-amz-bucket-region": "eu-west-1" } },
      }),
    );
    stubs.s3.on(HeadBucketCommand, { Bucket: "broken" }).rejects(failure("500", 500));
    assert.deepEqual(await account.bucket(REGION, "here"), known({ state: "present", region: REGION }));
    assert.deepEqual(await account.bucket(REGION, "absent"), known({ state: "absent" }));
    assert.deepEqual(await account.bucket(REGION, "closed"), known({ state: "closed" }));
    assert.deepEqual(
      await account.bucket(REGION, "moved"),
      known({ state: "elsewhere", region: "eu-west-1" }),
    );
    assert.deepEqual(await account.bucket(REGION, "broken"), {
      known: false,
      why: "not known: s3:ListBucket did not answer (500); run it again",
    });
    stubs.s3.on(GetBucketTaggingCommand).rejects(failure("NoSuchTagSet", 404));
    assert.deepEqual(await account.bucketTags(REGION, "here"), known({}));
    stubs.s3.on(GetBucketReplicationCommand).rejects(failure("ReplicationConfigurationNotFoundError", 404));
    assert.deepEqual(await account.replicates(REGION, "here"), known(false));
  });

  it("tries a role with a session that may do nothing", async () => {
    stubs.sts.on(AssumeRoleCommand).resolves({});
    assert.deepEqual(await account.mayAssume(DEPLOYER), known(true));
    const [call] = stubs.sts.commandCalls(AssumeRoleCommand);
    assert.deepEqual(JSON.parse(call?.args[0].input.Policy ?? "{}").Statement, [
      { Effect: "Deny", Action: "*", Resource: "*" },
    ]);
    stubs.sts.on(AssumeRoleCommand).rejects(failure("AccessDenied", 403));
    assert.deepEqual(await account.mayAssume(`${DEPLOYER}-2`), known(false));
  });

  it("knows clusters, zones and their absence", async () => {
    assert.deepEqual(await compute.cluster(REGION, "none"), known({ free: true }));
    stubs.eks
      .on(DescribeClusterCommand, { name: "there" })
      .resolves({ cluster: { tags: { stack: "prod" } } });
    assert.deepEqual(await compute.cluster(REGION, "there"), known({ free: false, tags: { stack: "prod" } }));
    stubs.route53.on(GetHostedZoneCommand, { Id: "ZNONE" }).rejects(failure("NoSuchHostedZone", 404));
    assert.deepEqual(await account.zone("ZNONE"), known(null));
    stubs.route53.on(ListHostedZonesByNameCommand).resolves({
      HostedZones: [
        { Id: "/hostedzone/Z1", Name: "docs.example.com.", CallerReference: "" },
        {
          Id: "/hostedzone/Z2",
          Name: "docs.example.com.",
          CallerReference: "",
          Config: { PrivateZone: true },
        },
        { Id: "/hostedzone/Z3", Name: "later.example.com.", CallerReference: "" },
      ],
    });
    assert.deepEqual(
      await account.zonesNamed("docs.example.com"),
      known([{ id: "Z1", name: "docs.example.com", isPublic: true }]),
    );
  });
});
