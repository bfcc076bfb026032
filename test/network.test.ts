import assert from "node:assert/strict";
import { INTERFACE_SERVICES } from "../components/network/interface-services.ts";
import type { Plan, PlannedResource } from "../tools/plan/index.ts";
import { at, existsBefore, listAt, named, namesById, ofType, planOf } from "./plans.ts";

/** What the seeds and the conflict register say of each region's addresses. */
const SITES = [
  {
    stack: "prod",
    region: "us-east-1",
    vpc: "10.0",
    shared: "10.1",
    pods: "100.64",
    peer: "10.10.0.0/16",
    asn: 64512,
  },
  {
    stack: "dr",
    region: "us-west-2",
    vpc: "10.10",
    shared: "10.11",
    pods: "100.65",
    peer: "10.0.0.0/16",
    asn: 64513,
  },
] as const;
type Site = (typeof SITES)[number];

const ZONES = ["a", "b", "c"] as const;
/** The one port of each store; the group of a store is named after it. */
const STORE_PORTS: Readonly<Record<string, number>> = {
  aurora: 5432,
  redis: 6379,
  msk: 9098,
  opensearch: 443,
  mq: 5671,
  efs: 2049,
};
const STORE_RULE = new RegExp(`^\\S+-(${Object.keys(STORE_PORTS).join("|")}) (in|out) (\\S+) (\\S+) (\\S+)$`);
const plans = new Map<string, Plan>();

function planAt({ stack }: Site): Plan {
  const plan = plans.get(stack);
  assert.ok(plan);
  return plan;
}

/** Asserts the same of both regions, each with its own addresses. */
function everywhere(check: (site: Site, plan: Plan) => void): void {
  for (const site of SITES) {
    check(site, planAt(site));
  }
}

/** Name of a subnet to its block, for one tier of one VPC. */
function blocks(plan: Plan, prefix: string): Record<string, unknown> {
  return Object.fromEntries(
    ofType(plan, "Subnet")
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name, inputs }) => [name.slice(prefix.length), inputs["cidrBlock"]]),
  );
}

function inZones({ region }: Site, block: (index: number) => string): Record<string, string> {
  return Object.fromEntries(ZONES.map((zone, index) => [`${region}${zone}`, block(index)]));
}

/** Routes as text: destination and what they lead to, by the name of the table. */
function routes(plan: Plan): Record<string, string[]> {
  const names = namesById(plan);
  const table: Record<string, string[]> = {};
  for (const { inputs } of ofType(plan, "aws:ec2/route:Route")) {
    const target = inputs["gatewayId"] ?? inputs["natGatewayId"] ?? inputs["transitGatewayId"];
    const line = `${inputs["destinationCidrBlock"]} ${names.get(target)}`;
    const of = names.get(inputs["routeTableId"]) ?? "";
    table[of] = [...(table[of] ?? []), line].sort();
  }
  return table;
}

/** Rules of a network ACL as lines: action, protocol, block, ports. */
function aclLines(plan: Plan, name: string, direction: "ingress" | "egress"): string[] {
  return listAt(named(plan, "NetworkAcl", name).inputs, direction).map((rule) =>
    [
      at(rule, "action"),
      at(rule, "protocol"),
      at(rule, "cidrBlock"),
      `${at(rule, "fromPort")}-${at(rule, "toPort")}`,
    ].join(" "),
  );
}

/** A security group rule as one line: direction, group, protocol, ports, the other end. */
function ruleLine(plan: Plan, { type, inputs }: PlannedResource): string {
  const names = namesById(plan);
  const direction = type.endsWith("IngressRule") ? "in" : "out";
  const ports = inputs["ipProtocol"] === "-1" ? "all" : `${inputs["fromPort"]}-${inputs["toPort"]}`;
  const peer = inputs["cidrIpv4"] ?? inputs["prefixListId"] ?? names.get(inputs["referencedSecurityGroupId"]);
  return `${names.get(inputs["securityGroupId"])} ${direction} ${inputs["ipProtocol"]} ${ports} ${peer}`;
}

function securityRules(plan: Plan): PlannedResource[] {
  return [...ofType(plan, "SecurityGroupIngressRule"), ...ofType(plan, "SecurityGroupEgressRule")];
}

describe("networks of the production stacks", () => {
  before(async () => {
    for (const { stack } of SITES) {
      plans.set(stack, await planOf(stack));
    }
  });

  it("NET-01, NET-34: the primary VPC is 10.0.0.0/16 and the secondary 10.10.0.0/16", () => {
    everywhere(({ vpc }, plan) => {
      const { inputs } = named(plan, "Vpc", "network-vpc");
      assert.equal(inputs["cidrBlock"], `${vpc}.0.0/16`);
      assert.equal(inputs["enableDnsSupport"], true);
      assert.equal(inputs["enableDnsHostnames"], true);
    });
  });

  it("NET-02: every tier has a subnet in each of three zones", () => {
    everywhere(({ region }, plan) => {
      const zones = ZONES.map((zone) => `${region}${zone}`);
      for (const tier of [
        "network-public",
        "network-private",
        "network-database",
        "network-pod",
        "shared-network-private",
      ]) {
        const subnets = ofType(plan, "Subnet").filter(({ name }) => name.startsWith(`${tier}-`));
        assert.deepEqual(
          subnets.map(({ name, inputs }) => [name, inputs["availabilityZone"]]),
          zones.map((zone) => [`${tier}-${zone}`, zone]),
        );
      }
    });
  });

  it("NET-03: public subnets are .1, .2 and .3, and even they give no machine a public address", () => {
    everywhere((site, plan) => {
      assert.deepEqual(
        blocks(plan, "network-public-"),
        inZones(site, (index) => `${site.vpc}.${index + 1}.0/24`),
      );
      for (const { name, inputs } of ofType(plan, "Subnet")) {
        assert.equal(inputs["mapPublicIpOnLaunch"], false, name);
      }
    });
  });

  it("NET-04: private subnets are .10, .20 and .30; pods have blocks of their own in 100.64.0.0/10", () => {
    everywhere((site, plan) => {
      assert.deepEqual(
        blocks(plan, "network-private-"),
        inZones(site, (index) => `${site.vpc}.${(index + 1) * 10}.0/24`),
      );
      assert.deepEqual(
        blocks(plan, "network-pod-"),
        inZones(site, (index) => `${site.pods}.${index * 64}.0/18`),
      );
      const block = named(plan, "VpcIpv4CidrBlockAssociation", "network-pod-block");
      assert.equal(block.inputs["cidrBlock"], `${site.pods}.0.0/16`);
      for (const pod of ofType(plan, "Subnet").filter(({ name }) => name.startsWith("network-pod-"))) {
        assert.ok(existsBefore(plan, pod).has(block.urn), pod.name);
      }
    });
  });

  it("NET-05: database subnets are .11, .21 and .31, and have no way out", () => {
    everywhere((site, plan) => {
      assert.deepEqual(
        blocks(plan, "network-database-"),
        inZones(site, (index) => `${site.vpc}.${(index + 1) * 10 + 1}.0/24`),
      );
      assert.equal(routes(plan)["network-database-routes"], undefined);
    });
  });

  it("NET-06: the writer is preferred in zone a and its replica in zone b; nodes start in all three", () => {
    everywhere(({ region }, plan) => {
      const members = ofType(plan, "ClusterInstance").map(({ inputs }) => [
        inputs["availabilityZone"],
        inputs["promotionTier"],
      ]);
      assert.deepEqual(members, [
        [`${region}a`, 0],
        [`${region}b`, 1],
      ]);
      const names = namesById(plan);
      const subnets = listAt(named(plan, "NodeGroup", "cluster-system-group").inputs, "subnetIds");
      assert.deepEqual(
        subnets.map((id) => names.get(id)),
        ZONES.map((zone) => `network-private-${region}${zone}`),
      );
    });
  });

  it("NET-07, NET-13: production has a NAT gateway in the public subnet of each zone, shared services have one", () => {
    everywhere(({ region }, plan) => {
      const names = namesById(plan);
      assert.deepEqual(
        ofType(plan, "NatGateway").map(({ name, inputs }) => [name, names.get(inputs["subnetId"])]),
        [
          ...ZONES.map((zone) => [`network-nat-${region}${zone}`, `network-public-${region}${zone}`]),
          [`shared-network-nat-${region}a`, `shared-network-public-${region}a`],
        ],
      );
    });
  });

  it("NET-08, NET-09: one internet gateway, one public route table with the three public subnets", () => {
    everywhere(({ region }, plan) => {
      const names = namesById(plan);
      const gateways = ofType(plan, "InternetGateway").map(({ name, inputs }) => [
        name,
        names.get(inputs["vpcId"]),
      ]);
      assert.deepEqual(gateways, [
        ["network-internet", "network-vpc"],
        ["shared-network-internet", "shared-network-vpc"],
      ]);
      assert.deepEqual(routes(plan)["network-public-routes"], ["0.0.0.0/0 network-internet"]);
      const members = ofType(plan, "RouteTableAssociation")
        .filter(({ inputs }) => names.get(inputs["routeTableId"]) === "network-public-routes")
        .map(({ inputs }) => names.get(inputs["subnetId"]));
      assert.deepEqual(
        members,
        ZONES.map((zone) => `network-public-${region}${zone}`),
      );
    });
  });

  it("NET-10: each zone has a private route table, which leaves by its own zone's NAT gateway", () => {
    everywhere(({ region, shared }, plan) => {
      const names = namesById(plan);
      for (const zone of ZONES.map((letter) => `${region}${letter}`)) {
        const table = `network-private-${zone}-routes`;
        assert.deepEqual(routes(plan)[table], [
          `0.0.0.0/0 network-nat-${zone}`,
          `${shared}.0.0/16 transit-gateway`,
        ]);
        const members = ofType(plan, "RouteTableAssociation")
          .filter(({ inputs }) => names.get(inputs["routeTableId"]) === table)
          .map(({ inputs }) => names.get(inputs["subnetId"]));
        assert.deepEqual(members.sort(), [`network-pod-${zone}`, `network-private-${zone}`]);
      }
    });
  });

  it("NET-20: every subnet has exactly one route table and one network ACL", () => {
    everywhere((_, plan) => {
      const associated = ofType(plan, "aws:ec2/routeTableAssociation:RouteTableAssociation").map(
        ({ inputs }) => inputs["subnetId"],
      );
      const guarded = ofType(plan, "NetworkAcl").flatMap(({ inputs }) => listAt(inputs, "subnetIds"));
      const subnets = ofType(plan, "Subnet").map(({ id }) => id);
      assert.deepEqual(associated.sort(), [...subnets].sort());
      assert.deepEqual([...guarded].sort(), [...subnets].sort());
    });
  });

  it("NET-11, NET-12: a shared services VPC of its own stands beside production, in the same layout", () => {
    everywhere((site, plan) => {
      const { inputs } = named(plan, "Vpc", "shared-network-vpc");
      assert.equal(inputs["cidrBlock"], `${site.shared}.0.0/16`);
      assert.deepEqual(
        blocks(plan, "shared-network-database-"),
        inZones(site, (index) => `${site.shared}.${(index + 1) * 10 + 1}.0/24`),
      );
      assert.equal(ofType(plan, "Vpc").length, 2);
    });
  });

  it("NET-15: a transit gateway joins production and shared services, each with routes to the other only", () => {
    everywhere(({ asn, vpc, region }, plan) => {
      const names = namesById(plan);
      const [gateway, ...others] = ofType(plan, "TransitGateway");
      assert.ok(gateway);
      assert.deepEqual(others, []);
      assert.equal(gateway.inputs["amazonSideAsn"], asn);
      for (const setting of [
        "autoAcceptSharedAttachments",
        "defaultRouteTableAssociation",
        "defaultRouteTablePropagation",
      ]) {
        assert.equal(gateway.inputs[setting], "disable", setting);
      }
      const learned = ofType(plan, "RouteTablePropagation").map(({ inputs }) => [
        names.get(inputs["transitGatewayRouteTableId"]),
        names.get(inputs["transitGatewayAttachmentId"]),
      ]);
      assert.deepEqual(learned, [
        ["transit-production-routes", "transit-shared-attachment"],
        ["transit-shared-routes", "transit-production-attachment"],
      ]);
      assert.deepEqual(routes(plan)["shared-network-database-routes"], [`${vpc}.0.0/16 transit-gateway`]);
      assert.deepEqual(routes(plan)[`shared-network-private-${region}b-routes`], [
        `0.0.0.0/0 shared-network-nat-${region}a`,
        `${vpc}.0.0/16 transit-gateway`,
      ]);
    });
  });

  it("NET-16, NET-17: without facts of a data centre there is neither Direct Connect nor VPN", () => {
    everywhere((_, plan) => {
      assert.deepEqual(
        plan.resources
          .filter(({ type }) => /directconnect|vpnConnection|customerGateway/i.test(type))
          .map(({ name }) => name),
        [],
      );
    });
  });

  it("NET-18, NET-33, COST-10: S3 and DynamoDB have free gateway endpoints on every private and database route table", () => {
    everywhere(({ region }, plan) => {
      const names = namesById(plan);
      const tables = [...ZONES.map((zone) => `private-${region}${zone}-routes`), "database-routes"];
      for (const vpc of ["network", "shared-network"]) {
        for (const service of ["s3", "dynamodb"]) {
          const { inputs } = named(plan, "VpcEndpoint", `${vpc}-${service}`);
          assert.equal(inputs["vpcEndpointType"], "Gateway");
          assert.equal(inputs["serviceName"], `com.amazonaws.${region}.${service}`);
          assert.deepEqual(
            listAt(inputs, "routeTableIds").map((id) => names.get(id)),
            tables.map((table) => `${vpc}-${table}`),
          );
        }
      }
    });
  });

  it("NET-18, NET-13, COST-10: the other services have interface endpoints in each private subnet of both VPCs", () => {
    everywhere(({ region }, plan) => {
      const names = namesById(plan);
      for (const vpc of ["network", "shared"]) {
        const subnets = vpc === "network" ? "network-private" : "shared-network-private";
        for (const service of INTERFACE_SERVICES) {
          const { inputs } = named(plan, "VpcEndpoint", `${vpc}-endpoints-${service}`);
          assert.equal(inputs["serviceName"], `com.amazonaws.${region}.${service}`);
          assert.equal(inputs["vpcEndpointType"], "Interface");
          assert.equal(inputs["privateDnsEnabled"], true);
          assert.deepEqual(
            listAt(inputs, "subnetIds").map((id) => names.get(id)),
            ZONES.map((zone) => `${subnets}-${region}${zone}`),
          );
          assert.deepEqual(
            listAt(inputs, "securityGroupIds").map((id) => names.get(id)),
            [`${vpc}-endpoints-clients`],
          );
        }
      }
      for (const service of ["ecr.api", "ecr.dkr", "sts", "secretsmanager", "logs", "kms"] as const) {
        assert.ok(INTERFACE_SERVICES.includes(service), service);
      }
    });
  });

  it("NET-19: nodes and pods live in private subnets, and only the load balancer in public ones", () => {
    everywhere(({ region }, plan) => {
      const names = namesById(plan);
      const tier = (id: unknown) => names.get(id)?.replace(/-[a-z]+-[a-z]+-\d[a-z]$/, "");
      const privately: [string, readonly unknown[]][] = [
        ["system nodes", listAt(named(plan, "NodeGroup", "cluster-system-group").inputs, "subnetIds")],
        [
          "Karpenter's nodes",
          listAt(named(plan, "EC2NodeClass", "nodes-node-class").inputs, "spec", "subnetSelectorTerms").map(
            (term) => at(term, "id"),
          ),
        ],
        [
          "control plane",
          listAt(
            named(plan, "aws:eks/cluster:Cluster", "cluster-control-plane-eksCluster").inputs,
            "vpcConfig",
            "subnetIds",
          ),
        ],
      ];
      for (const [what, subnets] of privately) {
        assert.deepEqual([...new Set(subnets.map(tier))], ["network-private"], `${region} ${what}`);
      }
      const cni = String(
        named(plan, "aws:eks/addon:Addon", "cluster-vpc-cni-add-on").inputs["configurationValues"],
      );
      const pods: unknown = JSON.parse(cni);
      for (const zone of ZONES.map((letter) => `${region}${letter}`)) {
        assert.equal(names.get(at(pods, "eniConfig", "subnets", zone, "id")), `network-pod-${zone}`);
      }
      const exposed = plan.resources.filter(
        ({ type, inputs }) =>
          type !== "aws:ec2/routeTableAssociation:RouteTableAssociation" &&
          !/networkAcl:|natGateway:/.test(type) &&
          /"(subnet-[0-9a-f]+)"/.test(JSON.stringify(inputs)) &&
          [...JSON.stringify(inputs).matchAll(/"(subnet-[0-9a-f]+)"/g)].some(([, id]) =>
            /-public$/.test(tier(id) ?? ""),
          ),
      );
      assert.deepEqual(
        exposed.map(({ name }) => name),
        ["ingress-alb"],
      );
    });
  });

  it("NET-32: every store sits in the database subnets", () => {
    const homes = /rds\/subnetGroup|elasticache\/subnetGroup|opensearch\/domain:|mq\/broker:|msk\/cluster:/;
    everywhere(({ region }, plan) => {
      const stored = plan.resources.filter(({ type }) => homes.test(type));
      for (const { name, inputs } of stored) {
        const ids = [...JSON.stringify(inputs).matchAll(/"(subnet-[0-9a-f]+)"/g)].map(([, id]) => id);
        assert.ok(ids.length > 0, name);
        for (const id of ids) {
          assert.match(namesById(plan).get(id) ?? "", /^(shared-)?network-database-/, name);
        }
      }
      const names = namesById(plan);
      assert.deepEqual(
        listAt(named(plan, "aws:rds/subnetGroup:SubnetGroup", "relational-subnets").inputs, "subnetIds").map(
          (id) => names.get(id),
        ),
        ZONES.map((zone) => `network-database-${region}${zone}`),
      );
      for (const { inputs } of ofType(plan, "ClusterInstance")) {
        assert.equal(inputs["publiclyAccessible"], false);
      }
    });
  });

  it("NET-22: the database tier refuses the public one and admits the VPC on the ports of stores only", () => {
    everywhere(({ vpc, pods }, plan) => {
      const publicTier = [1, 2, 3].map((octet) => `deny -1 ${vpc}.${octet}.0/24 0-0`);
      const own = [11, 21, 31].map((octet) => `allow -1 ${vpc}.${octet}.0/24 0-0`);
      const stores = [443, 2049, 5432, 5671, 6379, 9098];
      const clients = [`${vpc}.0.0/16`, `${pods}.0.0/16`];
      const ingress = aclLines(plan, "network-acl-database", "ingress");
      assert.deepEqual(ingress.slice(0, 6), [...publicTier, ...own]);
      assert.deepEqual(
        ingress.slice(6).sort(),
        clients.flatMap((block) => stores.map((port) => `allow 6 ${block} ${port}-${port}`)).sort(),
      );
      assert.deepEqual(aclLines(plan, "network-acl-database", "egress"), [
        ...publicTier,
        ...own,
        ...clients.map((block) => `allow 6 ${block} 1024-65535`),
      ]);
    });
  });

  it("NET-22: the private tier is opened by itself, its pods and the peer region; from anywhere come answers only", () => {
    everywhere(({ vpc, pods, peer }, plan) => {
      assert.deepEqual(aclLines(plan, "network-acl-private", "ingress"), [
        ...[10, 20, 30].map((octet) => `allow -1 ${vpc}.${octet}.0/24 0-0`),
        `allow -1 ${pods}.0.0/16 0-0`,
        `allow -1 ${peer} 0-0`,
        "allow 6 0.0.0.0/0 1024-3388",
        "allow 6 0.0.0.0/0 3390-65535",
        "allow 17 0.0.0.0/0 1024-65535",
        "allow 1 0.0.0.0/0 0-0",
      ]);
      assert.deepEqual(aclLines(plan, "network-acl-private", "egress"), ["allow -1 0.0.0.0/0 0-0"]);
    });
  });

  it("NET-22: the public tier takes HTTP and HTTPS from anywhere and never meets the database tier", () => {
    everywhere(({ vpc, pods }, plan) => {
      const denied = [11, 21, 31].map((octet) => `deny -1 ${vpc}.${octet}.0/24 0-0`);
      assert.deepEqual(aclLines(plan, "network-acl-public", "ingress"), [
        ...denied,
        `allow -1 ${vpc}.0.0/16 0-0`,
        `allow -1 ${pods}.0.0/16 0-0`,
        "allow 6 0.0.0.0/0 80-80",
        "allow 6 0.0.0.0/0 443-443",
        "allow 6 0.0.0.0/0 1024-3388",
        "allow 6 0.0.0.0/0 3390-65535",
        "allow 17 0.0.0.0/0 1024-65535",
        "allow 1 0.0.0.0/0 0-0",
      ]);
      assert.deepEqual(aclLines(plan, "network-acl-public", "egress"), [...denied, "allow -1 0.0.0.0/0 0-0"]);
    });
  });

  it("NET-12, NET-22: production opens shared services, which offer their log store to it and open nothing there", () => {
    everywhere(({ vpc, shared }, plan) => {
      assert.ok(aclLines(plan, "shared-acl-private", "ingress").includes(`allow -1 ${vpc}.0.0/16 0-0`));
      assert.deepEqual(
        aclLines(plan, "shared-acl-database", "ingress").filter((line) => line.startsWith("allow 6")),
        [`allow 6 ${shared}.0.0/16 443-443`, `allow 6 ${vpc}.0.0/16 443-443`],
      );
      for (const tier of ["public", "private", "database"]) {
        for (const line of aclLines(plan, `network-acl-${tier}`, "ingress")) {
          assert.ok(!line.includes(` ${shared}.`), `${tier}: ${line}`);
        }
      }
    });
  });

  it("NET-21, NET-25, NET-26, NET-27, NET-28, NET-29: the rules in front of the stores are these and no others", () => {
    everywhere(({ vpc, shared, pods, region }, plan) => {
      const [cloudfront, checkers] = [
        "ingress-firewall-from-cloudfront",
        "ingress-firewall-from-checkers",
      ].map((name) => named(plan, "SecurityGroupIngressRule", name).inputs["prefixListId"]);
      assert.notEqual(cloudfront, checkers);
      for (const list of [cloudfront, checkers]) {
        assert.match(String(list), /^pl-[0-9a-f]{8}/, region);
      }
      const rules = securityRules(plan).map((rule) => ruleLine(plan, rule));
      assert.deepEqual(
        rules.filter((line) => !STORE_RULE.test(line)).sort(),
        [
          `ingress-firewall-entry in tcp 443-443 ${cloudfront}`,
          `ingress-firewall-checkers in tcp 443-443 ${checkers}`,
          `ingress-firewall-entry out tcp 8080-8080 ${vpc}.0.0/16`,
          `ingress-firewall-entry out tcp 8080-8080 ${pods}.0.0/16`,
          "ingress-firewall-entry out tcp 8080-8080 cluster-security-workers",
          "cluster-security-control-plane in tcp 443-443 cluster-security-workers",
          "cluster-security-control-plane out -1 all cluster-security-workers",
          "cluster-security-workers in -1 all cluster-security-control-plane",
          "cluster-security-workers in -1 all cluster-security-workers",
          "cluster-security-workers in tcp 8080-8080 ingress-firewall-entry",
          "cluster-security-workers out -1 all 0.0.0.0/0",
          `network-endpoints-clients in tcp 443-443 ${vpc}.0.0/16`,
          `network-endpoints-clients in tcp 443-443 ${pods}.0.0/16`,
          `shared-endpoints-clients in tcp 443-443 ${shared}.0.0/16`,
        ].sort(),
      );
    });
  });

  it("NET-30, NET-31: a store is reached on its own port by the workers, or from production's network, and calls nobody", () => {
    everywhere(({ vpc, pods }, plan) => {
      const rules = securityRules(plan)
        .map((rule) => STORE_RULE.exec(ruleLine(plan, rule)))
        .filter((match) => match !== null);
      const clients = ["cluster-security-workers", `${vpc}.0.0/16`, `${pods}.0.0/16`];
      for (const [line, store = "", direction, protocol, ports, peer = ""] of rules) {
        const port = STORE_PORTS[store];
        assert.deepEqual([direction, protocol, ports], ["in", "tcp", `${port}-${port}`], line);
        assert.ok(clients.includes(peer), line);
      }
      assert.deepEqual(
        rules.filter(([, store]) => store === "aurora").map(([line]) => line),
        ["relational-access-aurora in tcp 5432-5432 cluster-security-workers"],
      );
    });
  });

  it("NET-21: every rule says which row or purpose it serves, and groups have no rules inside them", () => {
    const purposes = [
      /^NET-(18|2[6-9]|3[01]): \w/,
      /^GAP-06: \w/,
      /^HTTPS from (CloudFront|Route 53 health checkers)$/,
      /^To the targets$/,
    ];
    everywhere((_, plan) => {
      for (const rule of securityRules(plan)) {
        const described = String(rule.inputs["description"]);
        assert.ok(
          purposes.some((purpose) => purpose.test(described)),
          `${rule.name}: "${described}"`,
        );
      }
      for (const { name, inputs } of ofType(plan, "aws:ec2/securityGroup:SecurityGroup")) {
        // Rules inside a group and beside it take each other away.
        assert.equal(inputs["ingress"], undefined, name);
        assert.equal(inputs["egress"], undefined, name);
        assert.match(String(inputs["description"]), /\w+ \w+/, name);
      }
    });
  });

  it("NET-20, NET-25: the only rule that names everybody lets workers out; the default groups are closed", () => {
    everywhere((_, plan) => {
      const open = securityRules(plan).filter(
        ({ inputs }) => inputs["cidrIpv4"] === "0.0.0.0/0" || inputs["cidrIpv6"] !== undefined,
      );
      assert.deepEqual(
        open.map(({ name, type }) => [name, type.split(":").at(-1)]),
        [["cluster-security-workers-all-to-internet", "SecurityGroupEgressRule"]],
      );
      const defaults = ofType(plan, "DefaultSecurityGroup");
      assert.equal(defaults.length, 2);
      for (const { inputs } of defaults) {
        assert.deepEqual([inputs["ingress"], inputs["egress"]], [[], []]);
      }
    });
  });

  it("NET-20: all traffic of both VPCs is logged, encrypted, for 90 days", () => {
    everywhere((_, plan) => {
      const names = namesById(plan);
      assert.deepEqual(
        ofType(plan, "FlowLog").map(({ inputs }) => [names.get(inputs["vpcId"]), inputs["trafficType"]]),
        [
          ["network-vpc", "ALL"],
          ["shared-network-vpc", "ALL"],
        ],
      );
      for (const group of ["network", "shared-network"]) {
        const { inputs } = named(plan, "LogGroup", `${group}-flow-logs-log-group`);
        assert.equal(inputs["retentionInDays"], 90);
        assert.match(String(inputs["kmsKeyId"]), /^arn:aws:kms:/);
      }
    });
  });

  it("NET-35: the network needs nothing of the cluster, the stores or the workloads", () => {
    everywhere((_, plan) => {
      const network = plan.resources.filter(({ urn }) => urn.includes("::platform:network:"));
      assert.ok(network.length > 100, `${network.length}`);
      const layers = network
        .filter(({ name }) => /^(network|shared|transit)/.test(name))
        .flatMap((resource) => [...existsBefore(plan, resource)])
        .filter((urn) => /::platform:(cluster|data|workload|edge):/.test(urn));
      assert.deepEqual(layers, []);
    });
  });
});

describe("private connections between the regions", () => {
  let link: Plan;
  before(async () => {
    link = await planOf("link");
    for (const { stack } of SITES) {
      plans.set(stack, await planOf(stack));
    }
  });

  it("NET-14: the production VPCs are peered, requested in one region and accepted in the other", () => {
    const [prod, dr] = SITES.map((site) => planAt(site).outputs);
    const [request, ...others] = ofType(link, "VpcPeeringConnection");
    assert.ok(request);
    assert.deepEqual(others, []);
    assert.equal(request.region, "us-east-1");
    assert.equal(request.inputs["peerRegion"], "us-west-2");
    assert.equal(request.inputs["vpcId"], at(prod, "region", "vpcId"));
    assert.equal(request.inputs["peerVpcId"], at(dr, "region", "vpcId"));
    const [accept] = ofType(link, "VpcPeeringConnectionAccepter");
    assert.equal(accept?.region, "us-west-2");
    assert.equal(accept?.inputs["vpcPeeringConnectionId"], request.id);
    assert.equal(accept?.inputs["autoAccept"], true);
  });

  it("NET-14: each private route table leads to the peer's VPC, and no database or public one does", () => {
    const lines = ofType(link, "Route").map(({ region, inputs }) => [
      region,
      inputs["routeTableId"],
      inputs["destinationCidrBlock"],
    ]);
    const expected = SITES.flatMap((site) =>
      Object.values(Object(at(planAt(site).outputs, "region", "privateRouteTableIds"))).map((table) => [
        site.region,
        table,
        site.peer,
      ]),
    );
    assert.equal(expected.length, 6);
    assert.deepEqual(lines, expected);
  });

  it("NET-14: the link holds nothing else, so that a region neither needs nor loses anything by it", () => {
    const kinds = [
      ...new Set(link.resources.filter(({ custom }) => custom).map(({ type }) => type.split(":").at(-1))),
    ].sort();
    assert.deepEqual(kinds, [
      "PeeringConnectionOptions",
      "Route",
      "StackReference",
      "VpcPeeringConnection",
      "VpcPeeringConnectionAccepter",
      "aws",
    ]);
  });
});
