import assert from "node:assert/strict";
import type { Plan, PlannedResource } from "../tools/plan/index.ts";
import { at, listAt, named, namesById, ofType, planOf } from "./plans.ts";

type Config = Readonly<Record<string, unknown>>;

/** The same platform for data that stays in the European Union. */
const EUROPE = {
  primaryRegion: "eu-west-1",
  homeRegion: "eu-west-1",
  regions: {
    "eu-west-1": {
      cidr: "10.40.0.0/16",
      sharedCidr: "10.41.0.0/16",
      podCidr: "100.68.0.0/16",
      transitAsn: 64520,
      weight: 70,
      stack: "prod",
    },
    "eu-central-1": {
      cidr: "10.50.0.0/16",
      sharedCidr: "10.51.0.0/16",
      podCidr: "100.69.0.0/16",
      transitAsn: 64521,
      weight: 30,
      stack: "dr",
    },
  },
};

/** A third region beside the two of the stack files; `dr` plays its stack, with another region. */
const THREE = {
  regions: {
    "us-east-1": { cidr: "10.0.0.0/16", podCidr: "100.64.0.0/16", weight: 50 },
    "us-west-2": { cidr: "10.10.0.0/16", podCidr: "100.65.0.0/16", weight: 30 },
    "eu-west-1": { cidr: "10.20.0.0/16", podCidr: "100.66.0.0/16", weight: 20 },
  },
};
const THREE_REGIONS = Object.keys(THREE.regions);

const HYBRID = {
  network: {
    hybrid: {
      onPremisesCidrs: ["192.168.0.0/16"],
      vpn: { peerIp: "198.51.100.7", customerAsn: 65000 },
      directConnect: {
        connectionId: "dxcon-ffabc123",
        vlan: 101,
        customerAsn: 65000,
        gatewayAsn: 64600,
      },
    },
  },
};

/** Plans the shape in both modes, without a word of the engine or the providers, and returns the finished one. */
async function planned(stack: string, config: Config = {}): Promise<Plan> {
  const preview = await planOf(stack, config, "preview");
  const update = await planOf(stack, config);
  for (const plan of [preview, update]) {
    assert.deepEqual(plan.diagnostics, [], `${stack} ${plan.mode}`);
  }
  // Objects of a manifest are known to the provider only once it can ask the cluster.
  const lasting = ({ resources }: Plan) =>
    resources.filter(({ urn }) => !urn.includes("kubernetes:yaml/v2:ConfigGroup$")).map(({ urn }) => urn);
  assert.deepEqual(lasting(preview), lasting(update));
  return update;
}

function regionalRecords(plan: Plan): PlannedResource[] {
  return ofType(plan, "aws:route53/record:Record").filter(({ inputs }) => "setIdentifier" in inputs);
}

function weights(plan: Plan): Record<string, unknown> {
  return Object.fromEntries(
    regionalRecords(plan).map(({ inputs }) => [
      inputs["setIdentifier"],
      at(inputs, "weightedRoutingPolicies", 0, "weight"),
    ]),
  );
}

/** Names of the checks that a region's calculated check counts. */
function children(plan: Plan, region: string): (string | undefined)[] {
  const names = namesById(plan);
  return listAt(named(plan, "HealthCheck", `traffic-${region}`).inputs, "childHealthchecks").map((id) =>
    names.get(id),
  );
}

/**
 * What protects a resource against being lost by a destroy or a replacement. The versioning of a bucket is left alone by a
 * destroy anyway: it cannot be switched off where objects are locked, and goes with the bucket.
 */
function isProtected({ options, type }: PlannedResource): boolean {
  const left = type === "aws:s3/bucketVersioning:BucketVersioning";
  return options.protect === true || (options.retainOnDelete === true && !left);
}

describe("shapes of the platform", () => {
  it("EDGE-05, EDGE-06, DR-01: production answers with 70 % from the primary and 30 % from the secondary", async () => {
    const plan = await planned("global");
    assert.deepEqual(weights(plan), { "us-east-1": 70, "us-west-2": 30 });
    for (const { name, inputs } of regionalRecords(plan)) {
      assert.equal(inputs["name"], "origin.docs.example.com", name);
      assert.equal(inputs["ttl"], 5, name);
      assert.ok(inputs["healthCheckId"], name);
    }
  });

  it("DR-03: the region stacks say their region and role, and nothing else", async () => {
    for (const stack of ["prod", "dr"]) {
      const plan = await planned(stack);
      assert.deepEqual(at(plan.outputs, "region", "evacuates"), []);
    }
  });

  it("SHAPE-06: staging is both scopes in one region, small, and keeps its data", async () => {
    const plan = await planned("staging");
    assert.deepEqual(weights(plan), { "us-east-1": 100 });
    assert.deepEqual(children(plan, "us-east-1"), ["traffic-us-east-1-endpoint"]);
    assert.equal(ofType(plan, "NatGateway").length, 1);
    assert.equal(ofType(plan, "TransitGateway").length, 0);
    assert.equal(
      named(plan, "aws:eks/cluster:Cluster", "cluster-control-plane-eksCluster").inputs["name"],
      "staging",
    );
    assert.equal(named(plan, "aws:rds/cluster:Cluster", "relational").options.protect, true);
    assert.deepEqual(
      ofType(plan, "VpcEndpoint")
        .filter(({ inputs }) => inputs["vpcEndpointType"] === "Interface")
        .map(({ name }) => name.replace("network-endpoints-", ""))
        .sort(),
      ["ecr.api", "ecr.dkr", "eks-auth", "logs", "secretsmanager", "sts"],
    );
  });

  it("SHAPE-06, COST-08: dev is one region of two zones, serverless, without CloudFront, and free to be destroyed", async () => {
    const plan = await planned("dev");
    assert.deepEqual(plan.resources.filter(isProtected), []);
    assert.deepEqual(ofType(plan, "Distribution"), []);
    assert.equal(ofType(plan, "NatGateway").length, 1);
    assert.equal(ofType(plan, "Subnet").length, 6);
    assert.deepEqual(
      ofType(plan, "ClusterInstance").map(({ inputs }) => inputs["instanceClass"]),
      ["db.serverless"],
    );
    assert.deepEqual(
      named(plan, "aws:rds/cluster:Cluster", "relational").inputs["serverlessv2ScalingConfiguration"],
      { maxCapacity: 2, minCapacity: 0.5 },
    );
    assert.deepEqual(
      ofType(plan, "VpcEndpoint").map(({ name }) => name),
      ["network-dynamodb", "network-s3"],
    );
  });

  it("C-01: a European pair is configuration: every store and secret lives there", async () => {
    const plan = await planned("global", EUROPE);
    assert.deepEqual(weights(plan), { "eu-central-1": 30, "eu-west-1": 70 });
    const stores = /^aws:(s3|dynamodb|secretsmanager|ecr|rds)/;
    // CloudFront and its web firewall deliver their logs where their control plane is.
    const regions = plan.resources
      .filter(({ type, name }) => stores.test(type) && !name.startsWith("edge-logs-"))
      .map(({ region }) => region);
    assert.deepEqual([...new Set(regions)].sort(), ["eu-central-1", "eu-west-1"]);
    const table = named(plan, "aws:dynamodb/table:Table", "documents");
    assert.equal(table.region, "eu-west-1");
    assert.deepEqual(
      listAt(table.inputs, "replicas").map((replica) => at(replica, "regionName")),
      ["eu-central-1"],
    );
    // Only what AWS itself keeps there: control planes of DNS and of the edge, and events of the account to be told of.
    const abroad = plan.resources.filter(({ custom, region }) => custom && region === "us-east-1");
    const about = abroad
      .filter(
        ({ type, name }) => !/^aws:(acm|cloudfront|route53|wafv2)\//.test(type) && name !== "aws-us-east-1",
      )
      .map(({ name }) => name);
    assert.deepEqual(
      about.filter(
        (name) =>
          !/^(key-alerts|security-alerts|alerts-(page|notice)|region-health|edge-logs|cdn)-/.test(name),
      ),
      [],
    );
  });

  it("C-01: the European region stacks stand in their own region and range", async () => {
    for (const [stack, region, block] of [
      ["prod", "eu-west-1", "10.40.0.0/16"],
      ["dr", "eu-central-1", "10.50.0.0/16"],
    ] as const) {
      const plan = await planned(stack, { ...EUROPE, region });
      assert.deepEqual([...new Set(plan.resources.flatMap((each) => each.region ?? []))], [region]);
      assert.equal(named(plan, "Vpc", "network-vpc").inputs["cidrBlock"], block);
      assert.equal(at(plan.outputs, "region", "originHost"), `origin.${region}.docs.example.com`);
      assert.equal(at(plan.outputs, "region", "switchBucket"), `platform-switch-111122223333-${region}-an`);
    }
  });

  it("EDGE-05, DR-01: a third region is one more entry: three weighted records, each guarded by its endpoint and both peers", async () => {
    const plan = await planned("global", THREE);
    assert.deepEqual(weights(plan), { "eu-west-1": 20, "us-east-1": 50, "us-west-2": 30 });
    for (const region of THREE_REGIONS) {
      const peers = THREE_REGIONS.filter((other) => other !== region);
      assert.deepEqual(children(plan, region).sort(), [
        `traffic-${region}-endpoint`,
        ...peers.map((peer) => `traffic-${region}-switch-in-${peer}`).sort(),
      ]);
      const check = named(plan, "HealthCheck", `traffic-${region}`).inputs;
      assert.equal(check["type"], "CALCULATED");
      assert.equal(check["childHealthThreshold"], 3);
    }
  });

  it("DATA-13, STOR-07, SEC-14: with a third region each store has two replicas and buckets replicate in six directions", async () => {
    const plan = await planned("global", THREE);
    const replicas = (resource: PlannedResource, key: string) =>
      listAt(resource.inputs, "replicas")
        .map((replica) => at(replica, key))
        .sort();
    const others = ["eu-west-1", "us-west-2"];
    assert.deepEqual(replicas(named(plan, "aws:dynamodb/table:Table", "documents"), "regionName"), others);
    for (const secret of ofType(plan, "aws:secretsmanager/secret:Secret")) {
      assert.deepEqual(replicas(secret, "region"), others, secret.name);
    }
    for (const key of ofType(plan, "aws:kms/key:Key")) {
      const copies = ofType(plan, "ReplicaKey").filter(
        ({ inputs }) => inputs["primaryKeyArn"] === key.outputs["arn"],
      );
      assert.deepEqual(copies.map(({ region }) => region).sort(), others, key.name);
    }
    const directions = ofType(plan, "BucketReplicationConfig").flatMap(({ region, inputs }) =>
      listAt(inputs, "rules").map((rule) => `${region} ${String(at(rule, "id"))}`),
    );
    assert.deepEqual(
      directions.sort(),
      THREE_REGIONS.flatMap((from) =>
        THREE_REGIONS.filter((to) => to !== from).map((to) => `${from} to-${to}`),
      ).sort(),
    );
  });

  it("DR-01, DR-17: the third region's stack serves, evacuates each of its peers, and takes all the traffic", async () => {
    const here = { ...THREE, region: "eu-west-1" };
    const plan = await planned("dr", here);
    assert.deepEqual([...new Set(plan.resources.flatMap(({ region }) => region ?? []))], ["eu-west-1"]);
    assert.equal(named(plan, "Vpc", "network-vpc").inputs["cidrBlock"], "10.20.0.0/16");
    const alone = await planOf("dr", { ...here, evacuate: ["us-east-1", "us-west-2"] });
    assert.deepEqual(at(alone.outputs, "region", "evacuates"), ["us-east-1", "us-west-2"]);
    const objects = alone.resources.flatMap(({ type, inputs }) =>
      type.startsWith("aws:s3/bucketObject") && String(inputs["bucket"]).includes("-switch-")
        ? [inputs["key"]]
        : [],
    );
    assert.deepEqual(objects.sort(), ["evacuate/us-east-1", "evacuate/us-west-2"]);
    const pods = (of: Plan) => {
      const { inputs } = named(of, "Application", "document-service-application");
      const patch: unknown = JSON.parse(
        String(at(inputs, "spec", "source", "kustomize", "patches", 0, "patch")),
      );
      return at(patch, 0, "value");
    };
    assert.deepEqual([pods(plan), pods(alone)], [3, 6]);
  });

  it("EDGE-03: by latency, each record answers for its region, with the same health checks", async () => {
    const plan = await planned("global", { traffic: { routingPolicy: "latency" } });
    assert.deepEqual(
      regionalRecords(plan).map(({ inputs }) => [
        inputs["name"],
        inputs["setIdentifier"],
        at(inputs, "latencyRoutingPolicies", 0, "region"),
        inputs["weightedRoutingPolicies"],
        typeof inputs["healthCheckId"],
      ]),
      ["us-east-1", "us-west-2"].map((region) => [
        "latency-origin.docs.example.com",
        region,
        region,
        undefined,
        "string",
      ]),
    );
  });

  it("EDGE-02: by failover, the primary region answers while it is healthy, and then the secondary", async () => {
    const plan = await planned("global", { traffic: { routingPolicy: "failover" } });
    assert.deepEqual(
      regionalRecords(plan).map(({ inputs }) => [
        inputs["name"],
        inputs["setIdentifier"],
        at(inputs, "failoverRoutingPolicies", 0, "type"),
        typeof inputs["healthCheckId"],
      ]),
      [
        ["failover-origin.docs.example.com", "us-east-1", "PRIMARY", "string"],
        ["failover-origin.docs.example.com", "us-west-2", "SECONDARY", "string"],
      ],
    );
  });

  it("EDGE-02, EDGE-03: whatever the policy, CloudFront calls the health-checked name, and load balancers can prove it", async () => {
    for (const [routingPolicy, host] of [
      ["weighted", "origin.docs.example.com"],
      ["latency", "latency-origin.docs.example.com"],
      ["failover", "failover-origin.docs.example.com"],
    ] as const) {
      const traffic = { routingPolicy };
      const plan = await planOf("global", { traffic });
      const origins = listAt(named(plan, "Distribution", "cdn-distribution").inputs, "origins");
      assert.ok(
        origins.some((origin) => at(origin, "domainName") === host),
        routingPolicy,
      );
      const region = await planOf("prod", { traffic });
      const certificate = named(region, "aws:acm/certificate:Certificate", "ingress-tls-certificate").inputs;
      assert.equal(certificate["domainName"], "origin.us-east-1.docs.example.com");
      assert.deepEqual(certificate["subjectAlternativeNames"], ["*.docs.example.com"]);
    }
  });

  it("NET-25, C-49: without CloudFront users reach the load balancer itself, which asks for no header", async () => {
    const edge = { cloudfront: false };
    const global = await planned("global", { edge });
    assert.deepEqual(
      global.resources.filter(({ type }) => /cloudfront|wafv2/.test(type)).map(({ name }) => name),
      [],
    );
    assert.equal(at(global.outputs, "global", "originHeaderSecretArns", "us-east-1"), undefined);
    const region = await planned("prod", { edge });
    const open = ofType(region, "SecurityGroupIngressRule")
      .filter(({ inputs }) => inputs["cidrIpv4"] === "0.0.0.0/0")
      .map(({ inputs }) => [inputs["fromPort"], inputs["toPort"], inputs["ipProtocol"]]);
    assert.deepEqual(open, [
      [80, 80, "tcp"],
      [443, 443, "tcp"],
    ]);
    assert.deepEqual(ofType(region, "ListenerRule"), []);
    assert.equal(
      at(named(region, "Listener", "ingress-https").inputs, "defaultActions", 0, "type"),
      "forward",
    );
    assert.equal(
      at(named(region, "Listener", "ingress-http").inputs, "defaultActions", 0, "redirect", "protocol"),
      "HTTPS",
    );
    assert.equal(ofType(region, "WebAclAssociation").length, 1);
  });

  it("NET-16, NET-17: with facts of a data centre, a dedicated link and a VPN lead to it from both VPCs", async () => {
    const plan = await planned("prod", HYBRID);
    assert.equal(named(plan, "CustomerGateway", "hybrid-vpn-device").inputs["ipAddress"], "198.51.100.7");
    const vpn = named(plan, "VpnConnection", "hybrid-vpn").inputs;
    assert.equal(vpn["staticRoutesOnly"], false);
    assert.deepEqual([vpn["tunnel1IkeVersions"], vpn["tunnel2IkeVersions"]], [["ikev2"], ["ikev2"]]);
    const link = named(plan, "TransitVirtualInterface", "hybrid-direct-connect-interface").inputs;
    assert.deepEqual([link["connectionId"], link["vlan"], link["bgpAsn"]], ["dxcon-ffabc123", 101, 65000]);
    const association = named(plan, "GatewayAssociation", "hybrid-direct-connect-gateway-association").inputs;
    assert.deepEqual(association["allowedPrefixes"], ["10.0.0.0/16", "10.1.0.0/16"]);
    const names = namesById(plan);
    const led = ofType(plan, "aws:ec2/route:Route")
      .filter(({ inputs }) => inputs["destinationCidrBlock"] === "192.168.0.0/16")
      .map(({ inputs }) => [names.get(inputs["routeTableId"]), names.get(inputs["transitGatewayId"])]);
    assert.deepEqual(
      led.sort(),
      [
        ...["network", "shared-network"].flatMap((vpc) =>
          ["a", "b", "c"].map((zone) => [`${vpc}-private-us-east-1${zone}-routes`, "transit-gateway"]),
        ),
        ["shared-network-database-routes", "transit-gateway"],
      ].sort(),
    );
  });

  it("NET-17: a VPN without Direct Connect plans alone", async () => {
    const { onPremisesCidrs, vpn } = HYBRID.network.hybrid;
    const plan = await planOf("dr", { network: { hybrid: { onPremisesCidrs, vpn } } });
    assert.equal(ofType(plan, "VpnConnection").length, 1);
    assert.deepEqual(
      plan.resources.filter(({ type }) => type.startsWith("aws:directconnect/")),
      [],
    );
  });

  it("C-35, EKS-33: in direct mode Pulumi applies the files that Argo CD would, and Argo CD is not there", async () => {
    const plan = await planned("prod", { delivery: { deployMode: "direct" } });
    assert.deepEqual(ofType(plan, "Application"), []);
    assert.ok(
      !ofType(plan, "kubernetes:helm.sh/v3:Release").some(({ inputs }) => inputs["name"] === "argo-cd"),
    );
    const name = "document-service-objects-apps/document-service";
    const deployment = at(named(plan, "Deployment", name).inputs, "spec");
    const [container] = listAt(deployment, "template", "spec", "containers");
    assert.equal(
      at(container, "image"),
      "111122223333.dkr.ecr.us-east-1.amazonaws.com/platform/document-service:0.1.0",
    );
    assert.equal(at(deployment, "strategy", "rollingUpdate", "maxUnavailable"), 0);
    assert.ok(at(container, "readinessProbe"));
    const scaler = at(named(plan, "HorizontalPodAutoscaler", name).inputs, "spec");
    assert.deepEqual([at(scaler, "minReplicas"), at(scaler, "maxReplicas")], [5, 20]);
    assert.equal(at(named(plan, "Service", name).inputs, "spec", "type"), "ClusterIP");
    assert.equal(at(named(plan, "PodDisruptionBudget", name).inputs, "spec", "maxUnavailable"), 1);
  });

  it("SHAPE-06: released, nothing of production is protected and every store can be deleted", async () => {
    for (const stack of ["global", "prod"]) {
      const kept = await planned(stack);
      assert.ok(kept.resources.some(isProtected), stack);
      const released = await planned(stack, { dataProtection: "release" });
      assert.deepEqual(
        released.resources.filter(isProtected).map(({ urn }) => urn),
        [],
      );
      const guarded = released.resources.flatMap(({ name, inputs }) =>
        ["deletionProtection", "deletionProtectionEnabled", "enableDeletionProtection"]
          .filter((flag) => inputs[flag] === true)
          .map((flag) => `${name} ${flag}`),
      );
      assert.deepEqual(guarded, []);
      for (const [type, flag] of [
        ["aws:s3/bucket:Bucket", "forceDestroy"],
        ["aws:ecr/repository:Repository", "forceDelete"],
        ["aws:route53/zone:Zone", "forceDestroy"],
        ["aws:rds/cluster:Cluster", "skipFinalSnapshot"],
      ] as const) {
        for (const { name, inputs } of ofType(released, type)) {
          assert.equal(inputs[flag], true, `${name} ${flag}`);
        }
        for (const { name, inputs } of ofType(kept, type)) {
          assert.notEqual(inputs[flag], true, `${name} ${flag}`);
        }
      }
      for (const { name, inputs } of ofType(released, "aws:secretsmanager/secret:Secret")) {
        assert.equal(inputs["recoveryWindowInDays"], 0, name);
      }
    }
  });

  it("EDGE-01: an adopted hosted zone is used and never made", async () => {
    const plan = await planned("global", { hostedZoneId: "Z0123456789ABC" });
    assert.deepEqual(ofType(plan, "aws:route53/zone:Zone"), []);
    assert.equal(at(plan.outputs, "global", "zoneId"), "Z0123456789ABC");
    const zones = new Set(ofType(plan, "aws:route53/record:Record").map(({ inputs }) => inputs["zoneId"]));
    assert.deepEqual([...zones], ["Z0123456789ABC"]);
  });
});
