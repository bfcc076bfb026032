import assert from "node:assert/strict";
import type { Plan, PlannedResource } from "../tools/plan/index.ts";
import { at, listAt, named, namesById, ofType, planOf } from "./plans.ts";

const DOMAIN = "docs.example.com";
const ORIGIN = `origin.${DOMAIN}`;
const PEER: Readonly<Record<string, string>> = { "us-east-1": "us-west-2", "us-west-2": "us-east-1" };
const REGIONS = Object.keys(PEER);
const STACK_OF: Readonly<Record<string, string>> = { "us-east-1": "prod", "us-west-2": "dr" };

/** Methods that change something. */
const WRITES = ["DELETE", "PATCH", "POST", "PUT"];

let global: Plan;
const regional = new Map<string, Plan>();

async function planAll(): Promise<void> {
  global = await planOf("global");
  for (const region of REGIONS) {
    regional.set(region, await planOf(STACK_OF[region] ?? ""));
  }
}

/** The stacks of the regions, each with its region and its one load balancer. */
function regions(): readonly { region: string; plan: Plan; balancer: PlannedResource }[] {
  return [...regional].map(([region, plan]) => {
    const [balancer, ...others] = ofType(plan, "aws:lb/loadBalancer:LoadBalancer");
    assert.ok(balancer);
    assert.deepEqual(others, []);
    return { region, plan, balancer };
  });
}

function one(plan: Plan, type: string): PlannedResource {
  const [found, ...others] = ofType(plan, type);
  assert.ok(found, type);
  assert.deepEqual(others, []);
  return found;
}

describe("the name that users know, and CloudFront behind it", () => {
  before(planAll);
  const distribution = () => one(global, "Distribution");
  const behaviours = () => [
    at(distribution().inputs, "defaultCacheBehavior"),
    ...listAt(distribution().inputs, "orderedCacheBehaviors"),
  ];

  it("EDGE-01, EDGE-14, EDGE-18: the public name leads to CloudFront and to nothing else, by IPv4 and IPv6", () => {
    const records = ofType(global, "aws:route53/record:Record").filter(
      ({ inputs }) => inputs["name"] === DOMAIN,
    );
    assert.deepEqual(
      records.map(({ inputs }) => [
        inputs["type"],
        at(inputs, "aliases", 0, "name"),
        at(inputs, "aliases", 0, "zoneId"),
      ]),
      ["A", "AAAA"].map((type) => [
        type,
        distribution().outputs["domainName"],
        distribution().outputs["hostedZoneId"],
      ]),
    );
    assert.deepEqual(distribution().inputs["aliases"], [DOMAIN]);
    assert.equal(distribution().inputs["enabled"], true);
    assert.equal(distribution().inputs["isIpv6Enabled"], true);
  });

  it("EDGE-15: documents are written and read at the one origin that DNS steers", () => {
    const documents = listAt(distribution().inputs, "orderedCacheBehaviors");
    assert.deepEqual(
      documents.map((behaviour) => [
        at(behaviour, "pathPattern"),
        at(behaviour, "targetOriginId"),
        at(behaviour, "allowedMethods"),
        at(behaviour, "viewerProtocolPolicy"),
      ]),
      [
        [
          "/documents*",
          "steered",
          ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
          "redirect-to-https",
        ],
      ],
    );
    const origins = new Map(
      listAt(distribution().inputs, "origins").map((origin) => [
        at(origin, "originId"),
        at(origin, "domainName"),
      ]),
    );
    assert.equal(origins.get("steered"), ORIGIN);
    // What a read is tried at a second time: the region that the first try most likely was not sent to.
    assert.equal(origins.get("fallback"), `origin.us-west-2.${DOMAIN}`);
    assert.equal(origins.size, 2);
  });

  it("EDGE-15: an origin group, which CloudFront fails over for reads only, is behind no behaviour with writes", () => {
    const groups = listAt(distribution().inputs, "originGroups");
    assert.deepEqual(groups, [
      {
        failoverCriteria: { statusCodes: [500, 502, 503, 504] },
        members: [{ originId: "steered" }, { originId: "fallback" }],
        originId: "read-failover",
      },
    ]);
    const grouped = behaviours().filter((behaviour) =>
      groups.some((group) => at(group, "originId") === at(behaviour, "targetOriginId")),
    );
    assert.equal(grouped.length, 1);
    for (const behaviour of grouped) {
      const methods = listAt(behaviour, "allowedMethods");
      assert.deepEqual(
        methods.filter((method) => WRITES.includes(String(method))),
        [],
      );
    }
  });

  it("EDGE-15, EDGE-10: an origin that does not connect costs 4 s, and is spoken to by TLS 1.2 with the secret header", () => {
    for (const origin of listAt(distribution().inputs, "origins")) {
      assert.equal(Number(at(origin, "connectionAttempts")) * Number(at(origin, "connectionTimeout")), 4);
      assert.equal(at(origin, "customOriginConfig", "originProtocolPolicy"), "https-only");
      assert.deepEqual(at(origin, "customOriginConfig", "originSslProtocols"), ["TLSv1.2"]);
      assert.deepEqual(at(origin, "customHeaders"), [{ name: "X-Platform-Origin", value: "<secret>" }]);
    }
  });

  it("EDGE-14: nothing is cached unless the service says so, and never one user's answer for another", () => {
    const policy = one(global, "CachePolicy");
    assert.deepEqual([policy.inputs["defaultTtl"], policy.inputs["minTtl"]], [0, 0]);
    const key = "parametersInCacheKeyAndForwardedToOrigin";
    assert.deepEqual(listAt(policy.inputs, key, "headersConfig", "headers", "items"), ["Authorization"]);
    const [documents] = listAt(distribution().inputs, "orderedCacheBehaviors");
    assert.notEqual(at(documents, "cachePolicyId"), policy.id);
  });

  it("EDGE-27: its certificate is of us-east-1, for the name and what is below it, proved in the zone", () => {
    const certificate = one(global, "aws:acm/certificate:Certificate");
    assert.equal(certificate.region, "us-east-1");
    assert.equal(certificate.inputs["domainName"], DOMAIN);
    assert.deepEqual(certificate.inputs["subjectAlternativeNames"], [`*.${DOMAIN}`]);
    assert.deepEqual(distribution().inputs["viewerCertificate"], {
      acmCertificateArn: certificate.outputs["arn"],
      minimumProtocolVersion: "TLSv1.2_2021",
      sslSupportMethod: "sni-only",
    });
    assert.equal(certificate.inputs["validationMethod"], "DNS");
    assert.equal(one(global, "CertificateValidation").inputs["certificateArn"], certificate.outputs["arn"]);
  });
});

describe("the firewalls in front of it all", () => {
  before(planAll);
  const ruleNames = (acl: PlannedResource) => listAt(acl.inputs, "rules").map((rule) => at(rule, "name"));

  it("EDGE-16: one web ACL is CloudFront's, one is each load balancer's, with the same rules", () => {
    const edge = one(global, "aws:wafv2/webAcl:WebAcl");
    assert.deepEqual([edge.inputs["scope"], edge.region], ["CLOUDFRONT", "us-east-1"]);
    assert.equal(one(global, "Distribution").inputs["webAclId"], edge.outputs["arn"]);
    assert.deepEqual(ruleNames(edge), [
      "rate",
      "AWSManagedRulesAmazonIpReputationList",
      "AWSManagedRulesCommonRuleSet",
      "AWSManagedRulesKnownBadInputsRuleSet",
      "AWSManagedRulesSQLiRuleSet",
      "body-outside-uploads",
    ]);
    for (const { balancer, plan, region } of regions()) {
      const acl = one(plan, "aws:wafv2/webAcl:WebAcl");
      assert.deepEqual([acl.inputs["scope"], acl.region], ["REGIONAL", region]);
      assert.deepEqual(ruleNames(acl), ruleNames(edge));
      const { inputs } = one(plan, "WebAclAssociation");
      assert.deepEqual(
        [inputs["resourceArn"], inputs["webAclArn"]],
        [balancer.outputs["arn"], acl.outputs["arn"]],
      );
    }
  });

  it("EDGE-16: more than 2000 requests in 5 minutes are refused by who sends them, behind CloudFront by who it says", () => {
    const rate = (plan: Plan) => {
      const [rule] = listAt(one(plan, "aws:wafv2/webAcl:WebAcl").inputs, "rules");
      assert.equal(at(rule, "action", "block", "customResponse", "responseCode"), 429);
      const { aggregateKeyType, evaluationWindowSec, limit } = Object(
        at(rule, "statement", "rateBasedStatement"),
      );
      return [aggregateKeyType, evaluationWindowSec, limit];
    };
    assert.deepEqual(rate(global), ["IP", 300, 2000]);
    for (const { plan } of regions()) {
      assert.deepEqual(rate(plan), ["FORWARDED_IP", 300, 2000]);
    }
  });

  it("EDGE-23: into a load balancer come CloudFront and the health checkers, by the prefix lists of the region, on 443 alone", () => {
    for (const { balancer, plan } of regions()) {
      const groups = listAt(balancer.inputs, "securityGroups");
      const name = namesById(plan);
      assert.deepEqual(
        groups.map((id) => name.get(id)),
        ["ingress-firewall-entry", "ingress-firewall-checkers"],
      );
      const rules = ofType(plan, "SecurityGroupIngressRule").filter(({ inputs }) =>
        groups.includes(inputs["securityGroupId"]),
      );
      assert.deepEqual(
        rules.map(({ inputs }) => [
          name.get(inputs["securityGroupId"]),
          inputs["description"],
          inputs["fromPort"],
          inputs["toPort"],
          inputs["ipProtocol"],
        ]),
        [
          ["ingress-firewall-checkers", "HTTPS from Route 53 health checkers", 443, 443, "tcp"],
          ["ingress-firewall-entry", "HTTPS from CloudFront", 443, 443, "tcp"],
        ],
      );
      const lists = rules.map(({ inputs }) => inputs["prefixListId"]);
      assert.equal(new Set(lists).size, 2);
      for (const [index, { inputs }] of rules.entries()) {
        assert.match(String(lists[index]), /^pl-/);
        // A prefix list instead of addresses, never beside them.
        assert.deepEqual(
          [inputs["cidrIpv4"], inputs["cidrIpv6"], inputs["referencedSecurityGroupId"]],
          [undefined, undefined, undefined],
        );
      }
      // The security groups themselves admit nothing inline.
      for (const id of groups) {
        const group = ofType(plan, "aws:ec2/securityGroup:SecurityGroup").find((each) => each.id === id);
        assert.deepEqual([group?.inputs["ingress"], group?.inputs["egress"]], [undefined, undefined]);
      }
    }
  });
});

describe("the load balancer of each region", () => {
  before(planAll);

  it("EDGE-22, EDGE-23, EDGE-12: it is one application load balancer, IPv4, in the public subnets of three zones", () => {
    for (const { balancer, plan, region } of regions()) {
      const { inputs } = balancer;
      assert.deepEqual(
        [inputs["loadBalancerType"], inputs["internal"], inputs["ipAddressType"]],
        ["application", false, "ipv4"],
      );
      const subnets = listAt(inputs, "subnets").map((id) =>
        ofType(plan, "Subnet").find((each) => each.id === id),
      );
      assert.deepEqual(
        subnets.map((subnet) => subnet?.inputs["availabilityZone"]),
        ["a", "b", "c"].map((zone) => `${region}${zone}`),
      );
      for (const subnet of subnets) {
        assert.match(subnet?.name ?? "", /public/);
      }
      assert.equal(inputs["enableDeletionProtection"], true);
      assert.equal(inputs["dropInvalidHeaderFields"], true);
      assert.equal(inputs["enableZonalShift"], true);
    }
  });

  it("EDGE-24, EDGE-25, EDGE-27: port 80 leads to 443, which speaks TLS 1.2 at least and forwards nothing by itself", () => {
    for (const { balancer, plan, region } of regions()) {
      const listeners = ofType(plan, "aws:lb/listener:Listener");
      assert.deepEqual(
        listeners.map(({ inputs }) => [inputs["port"], inputs["protocol"], inputs["loadBalancerArn"]]),
        [
          [80, "HTTP", balancer.outputs["arn"]],
          [443, "HTTPS", balancer.outputs["arn"]],
        ],
      );
      const [http, https] = listeners;
      assert.deepEqual(at(http?.inputs, "defaultActions"), [
        { redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" }, type: "redirect" },
      ]);
      assert.equal(https?.inputs["sslPolicy"], "ELBSecurityPolicy-TLS13-1-2-2021-06");
      assert.equal(at(https.inputs, "defaultActions", 0, "type"), "fixed-response");
      assert.equal(at(https.inputs, "defaultActions", 0, "fixedResponse", "statusCode"), "403");

      const certificate = one(plan, "aws:acm/certificate:Certificate");
      assert.equal(certificate.region, region);
      assert.equal(certificate.inputs["domainName"], `origin.${region}.${DOMAIN}`);
      assert.equal(
        https.inputs["certificateArn"],
        one(plan, "CertificateValidation").inputs["certificateArn"],
      );
      assert.equal(https.inputs["certificateArn"], certificate.outputs["arn"]);
      // CloudFront greets the origin by the steered name or, where the viewer's host goes along, by that.
      assert.deepEqual(certificate.inputs["subjectAlternativeNames"], [`*.${DOMAIN}`]);
    }
  });

  it("EDGE-16, EDGE-18: two rules let in: the health check's path for reading, and CloudFront's header", () => {
    for (const { plan } of regions()) {
      const target = one(plan, "aws:lb/targetGroup:TargetGroup");
      const https = named(plan, "aws:lb/listener:Listener", "ingress-https");
      const rules = ofType(plan, "ListenerRule");
      assert.deepEqual(rules.map(({ inputs }) => [inputs["priority"], inputs["conditions"]]).sort(), [
        [10, [{ pathPattern: { values: ["/health"] } }, { httpRequestMethod: { values: ["GET"] } }]],
        [20, [{ httpHeader: { httpHeaderName: "X-Platform-Origin", values: ["<secret>"] } }]],
      ]);
      for (const { inputs } of rules) {
        assert.equal(inputs["listenerArn"], https.outputs["arn"]);
        assert.deepEqual(inputs["actions"], [{ targetGroupArn: target.outputs["arn"], type: "forward" }]);
      }
    }
  });

  it("EDGE-13, EDGE-26, EDGE-21: its targets are pods by address, out within 20 s of failing, spread by weight and anomaly", () => {
    for (const { plan } of regions()) {
      const { inputs, outputs } = one(plan, "aws:lb/targetGroup:TargetGroup");
      assert.deepEqual([inputs["targetType"], inputs["port"], inputs["protocol"]], ["ip", 8080, "HTTP"]);
      const check = Object(inputs["healthCheck"]);
      assert.deepEqual(
        [check.path, check.matcher, check.interval, check.unhealthyThreshold],
        ["/health", "200", 10, 2],
      );
      assert.equal(inputs["loadBalancingAnomalyMitigation"], "on");
      const binding = one(plan, "TargetGroupBinding");
      assert.equal(at(binding.inputs, "spec", "targetGroupARN"), outputs["arn"]);
      assert.equal(at(binding.inputs, "spec", "targetType"), "ip");
    }
  });

  it("EDGE-09: the region's own name is an alias of its load balancer, in which DNS asks no health", () => {
    for (const { balancer, plan, region } of regions()) {
      const { inputs } = named(plan, "aws:route53/record:Record", "ingress-origin");
      assert.equal(inputs["name"], `origin.${region}.${DOMAIN}`);
      assert.deepEqual(inputs["aliases"], [
        {
          evaluateTargetHealth: false,
          name: balancer.outputs["dnsName"],
          zoneId: balancer.outputs["zoneId"],
        },
      ]);
      assert.equal(inputs["zoneId"], one(global, "aws:route53/zone:Zone").id);
    }
  });
});

describe("how DNS steers between the regions", () => {
  before(planAll);
  const checks = (type: string) =>
    ofType(global, "HealthCheck").filter(({ inputs }) => inputs["type"] === type);
  const weighted = () =>
    ofType(global, "aws:route53/record:Record").filter(({ inputs }) => inputs["name"] === ORIGIN);

  it("EDGE-02, EDGE-03, EDGE-05, EDGE-06, EDGE-11: one weighted set, 70 to us-east-1 and 30 to us-west-2, each while healthy", () => {
    assert.deepEqual(
      weighted().map(({ inputs }) => [
        inputs["setIdentifier"],
        inputs["weightedRoutingPolicies"],
        inputs["healthCheckId"],
      ]),
      [
        ["us-east-1", [{ weight: 70 }], named(global, "HealthCheck", "traffic-us-east-1").id],
        ["us-west-2", [{ weight: 30 }], named(global, "HealthCheck", "traffic-us-west-2").id],
      ],
    );
  });

  it("EDGE-09: the weighted set has no alias: its TTL is its own, 5 s", () => {
    for (const { inputs, name } of weighted()) {
      assert.equal(inputs["aliases"], undefined, name);
      assert.equal(inputs["ttl"], 5, name);
      assert.equal(inputs["type"], "CNAME", name);
      assert.deepEqual(inputs["records"], [`origin.${String(inputs["setIdentifier"])}.${DOMAIN}`], name);
    }
  });

  it("EDGE-04, EDGE-08, EDGE-09: checkers ask /health of each region by HTTPS every 10 s, and believe two answers", () => {
    for (const region of REGIONS) {
      const { inputs } = named(global, "HealthCheck", `traffic-${region}-endpoint`);
      const wanted = {
        type: "HTTPS",
        fqdn: `origin.${region}.${DOMAIN}`,
        resourcePath: "/health",
        port: 443,
        enableSni: true,
        requestInterval: 10,
        failureThreshold: 2,
      };
      assert.deepEqual({ ...inputs, ...wanted }, inputs);
      assert.equal(inputs["invertHealthcheck"], undefined);
      // Checkers of every region of AWS ask; none is left out.
      assert.equal(inputs["regions"], undefined);
    }
    assert.equal(checks("HTTPS").length, 4);
  });

  it("EDGE-04, DR-15: a region's switch is asked for in its peer's bucket: an object there means unhealthy, no answer healthy", () => {
    for (const [region, peer] of Object.entries(PEER)) {
      const { inputs } = named(global, "HealthCheck", `traffic-${region}-switch-in-${peer}`);
      const bucket = named(regional.get(peer) ?? global, "aws:s3/bucket:Bucket", "switch-bucket");
      const wanted = {
        type: "HTTPS",
        fqdn: `${String(bucket.inputs["bucket"])}.s3.${peer}.amazonaws.com`,
        resourcePath: `/evacuate/${region}`,
        invertHealthcheck: true,
        requestInterval: 10,
        failureThreshold: 2,
      };
      assert.deepEqual({ ...inputs, ...wanted }, inputs);
      assert.equal(bucket.region, peer);
    }
  });

  it("EDGE-08: a region is healthy when all its checks are: its endpoint and every peer's switch", () => {
    assert.deepEqual(
      checks("CALCULATED").map(({ name }) => name),
      REGIONS.map((region) => `traffic-${region}`),
    );
    const name = namesById(global);
    for (const [region, peer] of Object.entries(PEER)) {
      const { inputs } = named(global, "HealthCheck", `traffic-${region}`);
      const children = listAt(inputs, "childHealthchecks").map((id) => name.get(id));
      assert.deepEqual(children.sort(), [
        `traffic-${region}-endpoint`,
        `traffic-${region}-switch-in-${peer}`,
      ]);
      assert.equal(inputs["childHealthThreshold"], children.length);
    }
  });
});
