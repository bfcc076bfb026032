import assert from "node:assert/strict";
import type { Plan, PlanMode } from "../../tools/plan/index.ts";
import { MODES, named, ofType, pick, planInRegion, refusals, sources } from "../../tools/plan/testing.ts";
import { urnName } from "../../tools/plan/urn.ts";
import { RegionNetwork, type RegionNetworkArgs } from "./region-network.ts";

const PRODUCTION: RegionNetworkArgs = {
  cidr: "10.0.0.0/16",
  zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
  natGateways: "perZone",
  clusterNames: ["documents"],
  accountId: "111122223333",
  flowLogRetentionDays: 90,
  logsKmsKeyArn: "arn:aws:kms:us-east-1:111122223333:key/logs",
};

function planned(mode: PlanMode, change: Partial<RegionNetworkArgs> = {}): Promise<Plan> {
  return planInRegion(mode, "us-east-1", (provider) => {
    const network = new RegionNetwork("network", { ...PRODUCTION, ...change }, { provider });
    return {
      vpcId: network.vpcId,
      publicSubnetIds: network.publicSubnetIds,
      privateSubnetIds: network.privateSubnetIds,
      databaseSubnetIds: network.databaseSubnetIds,
      podSubnetIds: network.podSubnetIds,
      privateRouteTableIds: network.privateRouteTableIds,
      natPublicIps: network.natPublicIps,
    };
  });
}

/** Route table to what each of its routes points at, as `destination -> resource`. */
function routes(plan: Plan): Record<string, string[]> {
  const tables = ofType(plan, "aws:ec2/routeTable:RouteTable").map(
    ({ name }) => [name, [] as string[]] as const,
  );
  const byTable = Object.fromEntries(tables);
  for (const route of ofType(plan, "aws:ec2/route:Route")) {
    const target = ["gatewayId", "natGatewayId"].flatMap((input) => sources(route, input));
    for (const table of sources(route, "routeTableId")) {
      byTable[table]?.push(`${route.inputs["destinationCidrBlock"]} -> ${target.join()}`);
    }
  }
  return byTable;
}

/** Subnet to its route table. */
function associations(plan: Plan): Record<string, string> {
  return Object.fromEntries(
    ofType(plan, "aws:ec2/routeTableAssociation:RouteTableAssociation").map((association) => [
      sources(association, "subnetId").join(),
      sources(association, "routeTableId").join(),
    ]),
  );
}

for (const mode of MODES) {
  describe(`RegionNetwork, ${mode}`, () => {
    let plan: Plan;
    before(async () => {
      plan = await planned(mode);
    });

    it("NET-01: the VPC is 10.0.0.0/16 and resolves private names", () => {
      assert.deepEqual(
        ofType(plan, "aws:ec2/vpc:Vpc").map(({ inputs }) => inputs),
        [
          {
            cidrBlock: "10.0.0.0/16",
            enableDnsHostnames: true,
            enableDnsSupport: true,
            enableNetworkAddressUsageMetrics: true,
            tags: { Name: "network" },
          },
        ],
      );
    });

    it("NET-02: three tiers of subnets in each of three zones", () => {
      const rows = ofType(plan, "aws:ec2/subnet:Subnet").map(({ name, inputs }) => [
        name,
        inputs["availabilityZone"],
        inputs["cidrBlock"],
      ]);
      assert.deepEqual(rows, [
        ["network-database-us-east-1a", "us-east-1a", "10.0.11.0/24"],
        ["network-database-us-east-1b", "us-east-1b", "10.0.21.0/24"],
        ["network-database-us-east-1c", "us-east-1c", "10.0.31.0/24"],
        ["network-private-us-east-1a", "us-east-1a", "10.0.10.0/24"],
        ["network-private-us-east-1b", "us-east-1b", "10.0.20.0/24"],
        ["network-private-us-east-1c", "us-east-1c", "10.0.30.0/24"],
        ["network-public-us-east-1a", "us-east-1a", "10.0.1.0/24"],
        ["network-public-us-east-1b", "us-east-1b", "10.0.2.0/24"],
        ["network-public-us-east-1c", "us-east-1c", "10.0.3.0/24"],
      ]);
    });

    it("NET-19: no subnet gives out public addresses", () => {
      const given = ofType(plan, "aws:ec2/subnet:Subnet").map(({ inputs }) => inputs["mapPublicIpOnLaunch"]);
      assert.deepEqual(
        given,
        Array.from({ length: 9 }, () => false),
      );
    });

    it("NET-07: one NAT gateway with its own address in the public subnet of every zone", () => {
      const gateways = ofType(plan, "aws:ec2/natGateway:NatGateway");
      assert.deepEqual(
        gateways.map((gateway) => [
          gateway.name,
          sources(gateway, "subnetId"),
          sources(gateway, "allocationId"),
        ]),
        ["a", "b", "c"].map((zone) => [
          `network-nat-us-east-1${zone}`,
          [`network-public-us-east-1${zone}`],
          [`network-nat-us-east-1${zone}-address`],
        ]),
      );
      for (const resource of [...gateways, ...ofType(plan, "aws:ec2/eip:Eip")]) {
        assert.ok(resource.dependencies.map(urnName).includes("network-internet"), resource.name);
      }
    });

    it("NET-08: one internet gateway is attached to the VPC", () => {
      const gateways = ofType(plan, "aws:ec2/internetGateway:InternetGateway");
      assert.deepEqual(
        gateways.map((gateway) => sources(gateway, "vpcId")),
        [["network-vpc"]],
      );
    });

    it("NET-09: the three public subnets share one route table with a route to the internet gateway", () => {
      assert.deepEqual(routes(plan)["network-public-routes"], ["0.0.0.0/0 -> network-internet"]);
      assert.deepEqual(
        Object.entries(associations(plan)).flatMap(([subnet, table]) =>
          table === "network-public-routes" ? [subnet] : [],
        ),
        ["network-public-us-east-1a", "network-public-us-east-1b", "network-public-us-east-1c"],
      );
    });

    it("NET-10: each private subnet has the route table of its zone, which leads to that zone's NAT gateway", () => {
      for (const zone of PRODUCTION.zones) {
        assert.equal(associations(plan)[`network-private-${zone}`], `network-private-${zone}-routes`);
        assert.deepEqual(routes(plan)[`network-private-${zone}-routes`], [
          `0.0.0.0/0 -> network-nat-${zone}`,
        ]);
      }
    });

    it("NET-05: the database subnets share a route table without any route out of the VPC", () => {
      assert.deepEqual(routes(plan)["network-database-routes"], []);
      for (const zone of PRODUCTION.zones) {
        assert.equal(associations(plan)[`network-database-${zone}`], "network-database-routes");
      }
    });

    it("NET-20: the VPC's default security group has no rule", () => {
      const groups = ofType(plan, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
      assert.deepEqual(
        groups.map(({ inputs }) => pick(inputs, "ingress", "egress")),
        [{ ingress: [], egress: [] }],
      );
      assert.deepEqual(
        groups.map((group) => sources(group, "vpcId")),
        [["network-vpc"]],
      );
    });

    it("COST-10: gateway endpoints take S3 and DynamoDB traffic of the private and database tables", () => {
      const tables = ["database", ...PRODUCTION.zones.map((zone) => `private-${zone}`)].map(
        (key) => `network-${key}-routes`,
      );
      assert.deepEqual(
        ofType(plan, "aws:ec2/vpcEndpoint:VpcEndpoint").map((endpoint) => [
          endpoint.inputs["serviceName"],
          endpoint.inputs["vpcEndpointType"],
          sources(endpoint, "routeTableIds"),
        ]),
        [
          ["com.amazonaws.us-east-1.dynamodb", "Gateway", tables],
          ["com.amazonaws.us-east-1.s3", "Gateway", tables],
        ],
      );
    });

    it("EKS-23: load balancers, Karpenter and the cluster find their subnets by tag", () => {
      const tags = (name: string) => named(plan, name).inputs["tags"];
      assert.deepEqual(tags("network-public-us-east-1a"), {
        Name: "network-public-us-east-1a",
        "kubernetes.io/cluster/documents": "shared",
        "kubernetes.io/role/elb": "1",
      });
      assert.deepEqual(tags("network-private-us-east-1b"), {
        Name: "network-private-us-east-1b",
        "karpenter.sh/discovery": "documents",
        "kubernetes.io/cluster/documents": "shared",
        "kubernetes.io/role/internal-elb": "1",
      });
      assert.deepEqual(tags("network-database-us-east-1c"), { Name: "network-database-us-east-1c" });
    });

    it("gives every subnet exactly one route table, and every resource the region's provider", () => {
      assert.deepEqual(
        Object.keys(associations(plan)).toSorted(),
        ofType(plan, "aws:ec2/subnet:Subnet").map(({ name }) => name),
      );
      const elsewhere = plan.resources.filter(
        ({ custom, type, region }) => custom && type.startsWith("aws:") && region !== "us-east-1",
      );
      assert.deepEqual(
        elsewhere.map(({ name }) => name),
        [],
      );
      assert.deepEqual(plan.diagnostics, []);
    });

    it("returns ids in the order of the zones", () => {
      const counts = Object.entries(plan.outputs).map(([key, value]) => [
        key,
        Array.isArray(value)
          ? value.length
          : typeof value === "object" && value !== null
            ? Object.keys(value)
            : 1,
      ]);
      assert.deepEqual(Object.fromEntries(counts), {
        vpcId: 1,
        publicSubnetIds: 3,
        privateSubnetIds: 3,
        databaseSubnetIds: 3,
        podSubnetIds: 0,
        privateRouteTableIds: [...PRODUCTION.zones],
        natPublicIps: 3,
      });
      if (mode === "update") {
        const idsOfTier = PRODUCTION.zones.map((zone) => named(plan, `network-private-${zone}`).id);
        assert.deepEqual(plan.outputs["privateSubnetIds"], idsOfTier);
        assert.equal(new Set(idsOfTier).size, 3);
      }
    });

    it("NET-10: a single NAT gateway in the first zone serves every private table (development)", async () => {
      const single = await planned(mode, { natGateways: "single" });
      assert.deepEqual(
        ofType(single, "aws:ec2/natGateway:NatGateway").map(({ name }) => name),
        ["network-nat-us-east-1a"],
      );
      assert.equal(ofType(single, "aws:ec2/eip:Eip").length, 1);
      for (const zone of PRODUCTION.zones) {
        assert.deepEqual(routes(single)[`network-private-${zone}-routes`], [
          "0.0.0.0/0 -> network-nat-us-east-1a",
        ]);
      }
      const addresses = single.outputs["natPublicIps"];
      assert.ok(Array.isArray(addresses) && addresses.length === 1);
    });

    it("EKS-25: a pod block adds subnets for the CNI alone, made after the block (C-56)", async () => {
      const pods = await planned(mode, { podCidr: "100.64.0.0/16" });
      assert.deepEqual(
        ofType(pods, "aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation").map(
          ({ inputs }) => inputs["cidrBlock"],
        ),
        ["100.64.0.0/16"],
      );
      const subnets = PRODUCTION.zones.map((zone) => named(pods, `network-pod-${zone}`));
      assert.deepEqual(
        subnets.map((subnet) => [
          subnet.inputs["cidrBlock"],
          sources(subnet, "vpcId"),
          subnet.inputs["tags"],
        ]),
        ["100.64.0.0/18", "100.64.64.0/18", "100.64.128.0/18"].map((cidr, index) => [
          cidr,
          ["network-pod-block"],
          { Name: `network-pod-${PRODUCTION.zones[index]}`, "kubernetes.io/role/cni": "1" },
        ]),
      );
      for (const zone of PRODUCTION.zones) {
        assert.equal(associations(pods)[`network-pod-${zone}`], `network-private-${zone}-routes`);
      }
    });

    it("EKS-05: two clusters in one VPC are both named on its subnets (C-25)", async () => {
      const both = await planned(mode, { clusterNames: ["even", "odd"] });
      assert.deepEqual(named(both, "network-private-us-east-1a").inputs["tags"], {
        Name: "network-private-us-east-1a",
        "kubernetes.io/cluster/even": "shared",
        "kubernetes.io/cluster/odd": "shared",
        "kubernetes.io/role/internal-elb": "1",
      });
    });
  });

  describe(`RegionNetwork flow logs, ${mode}`, () => {
    it("NET-20: all traffic is logged, encrypted, kept 90 days, by a role that only this account's flow logs take", async () => {
      const plan = await planned(mode);
      const flowLog = named(plan, "network-flow-logs-flow-log");
      assert.deepEqual(pick(flowLog.inputs, "trafficType", "logDestinationType", "maxAggregationInterval"), {
        trafficType: "ALL",
        logDestinationType: "cloud-watch-logs",
        maxAggregationInterval: 60,
      });
      assert.deepEqual(
        ["vpcId", "logDestination", "iamRoleArn"].map((input) => sources(flowLog, input)),
        [["network-vpc"], ["network-flow-logs-log-group"], ["network-flow-logs-role"]],
      );
      assert.ok(flowLog.dependencies.map(urnName).includes("network-flow-logs-role-policy"));
      assert.deepEqual(
        pick(named(plan, "network-flow-logs-log-group").inputs, "kmsKeyId", "retentionInDays"),
        {
          kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/logs",
          retentionInDays: 90,
        },
      );
      assert.equal(
        named(plan, "network-flow-logs-role").inputs["assumeRolePolicy"],
        '{"Statement":[{"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"111122223333"}},"Effect":"Allow","Principal":{"Service":"vpc-flow-logs.amazonaws.com"}}],"Version":"2012-10-17"}',
      );
    });
  });
}

describe("RegionNetwork flow log rights", () => {
  it("cover the one log group and cannot make another", async () => {
    const plan = await planned("update");
    const arn = named(plan, "network-flow-logs-log-group").outputs["arn"];
    const policy: unknown = JSON.parse(String(named(plan, "network-flow-logs-role-policy").inputs["policy"]));
    assert.deepEqual(policy, {
      Statement: [
        {
          Action: [
            "logs:CreateLogStream",
            "logs:DescribeLogGroups",
            "logs:DescribeLogStreams",
            "logs:PutLogEvents",
          ],
          Effect: "Allow",
          Resource: [arn, `${arn}:*`],
        },
      ],
      Version: "2012-10-17",
    });
  });
});

describe("RegionNetwork, refusals", () => {
  it("names every bad argument before it makes anything", async () => {
    assert.deepEqual(await refusals(planned("preview", { cidr: "10.0.0.1/16", zones: ["us-east-1a"] })), [
      'cidr "10.0.0.1/16" does not start on a /16 boundary: write 10.0.0.0/16 if that block is meant',
      'zones ["us-east-1a"] has 1 zones: name 2 to 4',
    ]);
  });
});
