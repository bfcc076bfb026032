import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { FlowLogs } from "./flow-logs.ts";
import { planSubnets, type SubnetPlan, type ZoneSubnets } from "./subnet-plan.ts";

export interface RegionNetworkArgs {
  /**
   * Block of the VPC, /16 to /23 in a private range; a /16 gets the drawn layout (NET-01, NET-03, NET-04, C-57).
   * Replaces the VPC and everything in it.
   */
  readonly cidr: string;
  /** Two to four Availability Zones of one region (NET-02). Appending one adds subnets; any other change replaces subnets. */
  readonly zones: readonly string[];
  /** One NAT gateway in every zone, or one in the first zone whose loss cuts every zone off from the internet (C-59). */
  readonly natGateways: "perZone" | "single";
  /** Clusters that place load balancers and nodes here; empty when none does. Changes tags only. */
  readonly clusterNames: readonly string[];
  /** Account that the VPC belongs to. */
  readonly accountId: pulumi.Input<string>;
  /** Days that flow logs are kept. */
  readonly flowLogRetentionDays: pulumi.Input<number>;
  /**
   * Key of the same region for the flow logs, usable by `logs.<region>.amazonaws.com`.
   * @default the key that CloudWatch Logs owns
   */
  readonly logsKmsKeyArn?: pulumi.Input<string> | undefined;
  /**
   * Second block of the VPC, /16 to /24 inside 100.64.0.0/10, from which the VPC CNI takes pod addresses (C-56). Regions
   * that are peered need different ones: peering refuses VPCs that overlap in any block. Replaces the pod subnets.
   * @default pods take addresses of the private subnets
   */
  readonly podCidr?: string | undefined;
}

type Tier = Exclude<keyof ZoneSubnets, "zone">;

const ANYWHERE = "0.0.0.0/0";

/**
 * The VPC of one region: public, private and database subnets in every zone, NAT, gateway endpoints and flow logs.
 *
 * Everything lies in one region and refers to no other. With a NAT gateway in every zone, the loss of a zone leaves the
 * others with their own way out. The database tier has no default route. At three zones: three NAT gateways, about
 * 100 USD a month before traffic, and three public addresses, about 11 USD.
 */
export class RegionNetwork extends pulumi.ComponentResource {
  readonly vpc: aws.ec2.Vpc;
  readonly vpcId: pulumi.Output<string>;
  readonly cidr: string;
  readonly podCidr: string | undefined;
  readonly region: string;
  /** Addresses of all subnets, known before anything exists. */
  readonly plan: SubnetPlan;
  /** Subnet ids in the order of `zones`; pod subnets are empty without a pod block. */
  readonly publicSubnetIds: pulumi.Output<string>[];
  readonly privateSubnetIds: pulumi.Output<string>[];
  readonly databaseSubnetIds: pulumi.Output<string>[];
  readonly podSubnetIds: pulumi.Output<string>[];
  readonly publicRouteTableId: pulumi.Output<string>;
  /** By zone. */
  readonly privateRouteTableIds: Readonly<Record<string, pulumi.Output<string>>>;
  readonly databaseRouteTableId: pulumi.Output<string>;
  /** By zone; one entry alone where a single gateway serves all. */
  readonly natGatewayIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** Addresses that the region's outgoing traffic comes from; one for each NAT gateway, in the order of `zones`. */
  readonly natPublicIps: pulumi.Output<string>[];
  readonly flowLogGroupName: pulumi.Output<string>;

  readonly #name: string;
  readonly #clusterNames: readonly string[];

  constructor(name: string, args: RegionNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:network:RegionNetwork", name, {}, opts);
    this.#name = name;
    this.#clusterNames = args.clusterNames;
    this.plan = planSubnets(args);
    this.region = this.plan.region;
    this.cidr = args.cidr;
    this.podCidr = args.podCidr;

    this.vpc = this.#createVpc();
    this.vpcId = this.vpc.id;
    const podBlock = args.podCidr === undefined ? undefined : this.#createPodBlock(args.podCidr);
    const internet = this.#createInternetGateway();
    const publicTable = this.#createRouteTable("public", { gatewayId: internet.id });
    const databaseTable = this.#createRouteTable("database");
    let shared: aws.ec2.NatGateway | undefined;
    const zones = this.plan.zones.map((addresses) => {
      const { zone } = addresses;
      const publicSubnet = this.#createSubnet("public", addresses, publicTable);
      const nat = shared ?? this.#createNatGateway(zone, publicSubnet, internet);
      shared = args.natGateways === "single" ? nat : undefined;
      const privateTable = this.#createRouteTable(`private-${zone}`, { natGatewayId: nat.id });
      return {
        zone,
        nat,
        privateTable,
        publicSubnet,
        privateSubnet: this.#createSubnet("private", addresses, privateTable),
        databaseSubnet: this.#createSubnet("database", addresses, databaseTable),
        podSubnets:
          podBlock === undefined ? [] : [this.#createSubnet("pod", addresses, privateTable, podBlock)],
      };
    });
    this.#createGatewayEndpoints([...zones.map(({ privateTable }) => privateTable.id), databaseTable.id]);
    const flowLogs = new FlowLogs(
      `${name}-flow-logs`,
      {
        vpcId: this.vpcId,
        accountId: args.accountId,
        retentionDays: args.flowLogRetentionDays,
        kmsKeyArn: args.logsKmsKeyArn,
      },
      { parent: this },
    );

    this.publicSubnetIds = zones.map(({ publicSubnet }) => publicSubnet.id);
    this.privateSubnetIds = zones.map(({ privateSubnet }) => privateSubnet.id);
    this.databaseSubnetIds = zones.map(({ databaseSubnet }) => databaseSubnet.id);
    this.podSubnetIds = zones.flatMap(({ podSubnets }) => podSubnets.map(({ id }) => id));
    this.publicRouteTableId = publicTable.id;
    this.privateRouteTableIds = Object.fromEntries(
      zones.map(({ zone, privateTable }) => [zone, privateTable.id]),
    );
    this.databaseRouteTableId = databaseTable.id;
    const gateways = zones.filter(({ nat }, index) => zones.findIndex((zone) => zone.nat === nat) === index);
    this.natGatewayIds = Object.fromEntries(gateways.map(({ nat, zone }) => [zone, nat.id]));
    this.natPublicIps = gateways.map(({ nat }) => nat.publicIp);
    this.flowLogGroupName = flowLogs.logGroupName;
    this.registerOutputs({
      vpcId: this.vpcId,
      cidr: this.cidr,
      region: this.region,
      publicSubnetIds: this.publicSubnetIds,
      privateSubnetIds: this.privateSubnetIds,
      databaseSubnetIds: this.databaseSubnetIds,
      podSubnetIds: this.podSubnetIds,
      publicRouteTableId: this.publicRouteTableId,
      privateRouteTableIds: this.privateRouteTableIds,
      databaseRouteTableId: this.databaseRouteTableId,
      natGatewayIds: this.natGatewayIds,
      natPublicIps: this.natPublicIps,
      flowLogGroupName: this.flowLogGroupName,
    });
  }

  #createVpc(): aws.ec2.Vpc {
    const vpc = new aws.ec2.Vpc(
      `${this.#name}-vpc`,
      {
        cidrBlock: this.cidr,
        enableDnsSupport: true,
        // Private names of interface endpoints resolve only with both.
        enableDnsHostnames: true,
        // Shows how near the VPC is to its quota of addresses (C-56).
        enableNetworkAddressUsageMetrics: true,
        tags: { Name: this.#name },
      },
      { parent: this },
    );
    // AWS makes this group with every VPC and uses it where none is named: without rules that mistake reaches nothing.
    new aws.ec2.DefaultSecurityGroup(
      `${this.#name}-default-security-group`,
      { vpcId: vpc.id, ingress: [], egress: [], tags: { Name: `${this.#name}-default-unused` } },
      { parent: this },
    );
    return vpc;
  }

  #createPodBlock(cidrBlock: string): aws.ec2.VpcIpv4CidrBlockAssociation {
    return new aws.ec2.VpcIpv4CidrBlockAssociation(
      `${this.#name}-pod-block`,
      { vpcId: this.vpcId, cidrBlock },
      { parent: this },
    );
  }

  #createInternetGateway(): aws.ec2.InternetGateway {
    return new aws.ec2.InternetGateway(
      `${this.#name}-internet`,
      { vpcId: this.vpcId, tags: { Name: this.#name } },
      { parent: this },
    );
  }

  /** Routes are resources of their own, because peering and the transit gateway add theirs to the same tables. */
  #createRouteTable(key: string, defaultRoute?: Partial<aws.ec2.RouteArgs>): aws.ec2.RouteTable {
    const name = `${this.#name}-${key}`;
    const table = new aws.ec2.RouteTable(
      `${name}-routes`,
      { vpcId: this.vpcId, tags: { Name: name } },
      { parent: this },
    );
    if (defaultRoute !== undefined) {
      new aws.ec2.Route(
        `${name}-default-route`,
        { routeTableId: table.id, destinationCidrBlock: ANYWHERE, ...defaultRoute },
        { parent: this },
      );
    }
    return table;
  }

  #createSubnet(
    tier: Tier,
    addresses: ZoneSubnets,
    table: aws.ec2.RouteTable,
    block?: aws.ec2.VpcIpv4CidrBlockAssociation,
  ): aws.ec2.Subnet {
    const name = `${this.#name}-${tier}-${addresses.zone}`;
    const subnet = new aws.ec2.Subnet(
      name,
      {
        // The id by way of the second block: a subnet in that block exists only after it.
        vpcId: block?.vpcId ?? this.vpcId,
        availabilityZone: addresses.zone,
        cidrBlock: addresses[tier],
        // Load balancers and NAT gateways bring their own public addresses; nothing else gets one (NET-19).
        mapPublicIpOnLaunch: false,
        tags: { Name: name, ...discoveryTags(tier, this.#clusterNames) },
      },
      { parent: this },
    );
    new aws.ec2.RouteTableAssociation(
      `${name}-routes`,
      { subnetId: subnet.id, routeTableId: table.id },
      { parent: this },
    );
    return subnet;
  }

  #createNatGateway(
    zone: string,
    subnet: aws.ec2.Subnet,
    internet: aws.ec2.InternetGateway,
  ): aws.ec2.NatGateway {
    const name = `${this.#name}-nat-${zone}`;
    // A public address works only while the VPC has its internet gateway: made after it, gone before it.
    const options = { parent: this, dependsOn: [internet] };
    const address = new aws.ec2.Eip(`${name}-address`, { domain: "vpc", tags: { Name: name } }, options);
    return new aws.ec2.NatGateway(
      name,
      { allocationId: address.id, subnetId: subnet.id, tags: { Name: name } },
      options,
    );
  }

  /** Free, and they keep the largest share of the traffic away from the NAT gateways (COST-10). */
  #createGatewayEndpoints(routeTableIds: pulumi.Output<string>[]): void {
    for (const service of ["dynamodb", "s3"]) {
      const name = `${this.#name}-${service}`;
      new aws.ec2.VpcEndpoint(
        name,
        {
          vpcId: this.vpcId,
          serviceName: `com.amazonaws.${this.region}.${service}`,
          vpcEndpointType: "Gateway",
          routeTableIds,
          tags: { Name: name },
        },
        { parent: this },
      );
    }
  }
}

/**
 * How load balancers, Karpenter and the VPC CNI find their subnets. `kubernetes.io/cluster/<name>` selects them for any of
 * several clusters; `karpenter.sh/discovery` holds one name only, so it is there when there is one cluster. Pod subnets get
 * the CNI's tag alone: neither a node nor a load balancer may start in them.
 */
function discoveryTags(tier: Tier, clusterNames: readonly string[]): Record<string, string> {
  if (tier === "database" || clusterNames.length === 0) return {};
  if (tier === "pod") return { "kubernetes.io/role/cni": "1" };
  const clusters = Object.fromEntries(
    clusterNames.map((cluster) => [`kubernetes.io/cluster/${cluster}`, "shared"]),
  );
  if (tier === "public") return { ...clusters, "kubernetes.io/role/elb": "1" };
  const [only, ...others] = clusterNames;
  return {
    ...clusters,
    ...(only !== undefined && others.length === 0 ? { "karpenter.sh/discovery": only } : {}),
    "kubernetes.io/role/internal-elb": "1",
  };
}
