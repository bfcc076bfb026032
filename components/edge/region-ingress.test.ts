import assert from "node:assert/strict";
import { type Plan, type PlanMode, SECRET } from "../../tools/plan/index.ts";
import { MODES, named, ofType, pick, planIn, refusal, sources } from "./planned-edge.ts";
import { RegionIngress, type RegionIngressArgs } from "./region-ingress.ts";

const args = (change: Partial<RegionIngressArgs> = {}): RegionIngressArgs => ({
  region: "us-west-2",
  domain: "example.com",
  zoneId: "Z1D633PJN98FT9",
  vpcId: "vpc-1",
  publicSubnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  targetCidrs: ["10.20.0.0/16"],
  cloudfrontPrefixListId: "pl-cloudfront",
  healthCheckersPrefixListId: "pl-checkers",
  originHeaderName: "x-origin-key",
  originHeaderValues: ["hush"],
  ...change,
});
const planIngress = (mode: PlanMode, change: Partial<RegionIngressArgs> = {}): Promise<Plan> =>
  planIn("us-west-2", mode, (opts) => {
    const ingress = new RegionIngress("ingress", args(change), opts);
    return { host: ingress.originHost, groups: ingress.securityGroupIds };
  });
const open: Partial<RegionIngressArgs> = {
  exposure: "internet",
  cloudfrontPrefixListId: undefined,
  healthCheckersPrefixListId: undefined,
  originHeaderName: undefined,
  originHeaderValues: undefined,
};
const LISTENER = "lb/listener:Listener";
const RULE = "lb/listenerRule:ListenerRule";
const GROUP = "lb/targetGroup:TargetGroup";
const INGRESS = "vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const balancer = (plan: Plan) => named(plan, "lb/loadBalancer:LoadBalancer", "ingress-alb");

for (const mode of MODES) {
  describe(`RegionIngress, ${mode}`, () => {
    let plan: Plan;
    before(async () => {
      plan = await planIngress(mode);
    });

    it("EDGE-22: one application load balancer, in the region", () => {
      assert.equal(ofType(plan, "lb/loadBalancer:LoadBalancer").length, 1);
      assert.equal(balancer(plan).inputs["loadBalancerType"], "application");
      assert.equal(balancer(plan).region, "us-west-2");
      assert.equal(balancer(plan).inputs["enableDeletionProtection"], true);
    });

    it("EDGE-23: internet-facing, IPv4, in the public subnets", () => {
      assert.deepEqual(pick(balancer(plan), "internal", "ipAddressType", "subnets"), {
        internal: false,
        ipAddressType: "ipv4",
        subnets: ["subnet-a", "subnet-b", "subnet-c"],
      });
    });

    it("EDGE-24: port 80 redirects to 443", () => {
      assert.deepEqual(pick(named(plan, LISTENER, "ingress-http"), "port", "protocol", "defaultActions"), {
        port: 80,
        protocol: "HTTP",
        defaultActions: [
          { type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } },
        ],
      });
    });

    it("EDGE-25: TLS 1.2 at least, 1.3 offered", () => {
      const https = named(plan, LISTENER, "ingress-https");
      assert.deepEqual(pick(https, "port", "protocol", "sslPolicy"), {
        port: 443,
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      });
      assert.deepEqual(sources(https, "certificateArn"), ["ingress-tls-issued"]);
    });

    it("EDGE-26: targets are pods by address, not nodes", () => {
      assert.deepEqual(
        pick(named(plan, GROUP, "ingress-main"), "targetType", "port", "deregistrationDelay"),
        {
          targetType: "ip",
          port: 8443,
          deregistrationDelay: 30,
        },
      );
    });

    it("EDGE-27: HTTPS goes on to the gateway", () => {
      const group = named(plan, GROUP, "ingress-main");
      assert.equal(group.inputs["protocol"], "HTTPS");
      assert.deepEqual(group.inputs["healthCheck"], {
        path: "/health",
        protocol: "HTTPS",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
        matcher: "200",
      });
    });

    it("EDGE-12: targets that err more than their peers are sent less", () => {
      assert.deepEqual(
        pick(
          named(plan, GROUP, "ingress-main"),
          "loadBalancingAlgorithmType",
          "loadBalancingAnomalyMitigation",
        ),
        { loadBalancingAlgorithmType: "weighted_random", loadBalancingAnomalyMitigation: "on" },
      );
    });

    it("EDGE-13: a zone can be shifted away, and clients reconnect within a minute", () => {
      assert.deepEqual(pick(balancer(plan), "enableZonalShift", "clientKeepAlive"), {
        enableZonalShift: true,
        clientKeepAlive: 60,
      });
    });

    it("NET-25: CloudFront and the checkers alone reach the load balancer, over 443 alone", () => {
      assert.deepEqual(
        ofType(plan, INGRESS).map((rule) => [
          sources(rule, "securityGroupId"),
          pick(rule, "prefixListId", "cidrIpv4", "fromPort", "toPort", "ipProtocol"),
        ]),
        [
          [
            ["ingress-firewall-checkers"],
            { prefixListId: "pl-checkers", fromPort: 443, toPort: 443, ipProtocol: "tcp" },
          ],
          [
            ["ingress-firewall-entry"],
            { prefixListId: "pl-cloudfront", fromPort: 443, toPort: 443, ipProtocol: "tcp" },
          ],
        ],
      );
      assert.deepEqual(sources(balancer(plan), "securityGroups"), [
        "ingress-firewall-checkers",
        "ingress-firewall-entry",
      ]);
      assert.deepEqual(
        ofType(plan, EGRESS).map((rule) => pick(rule, "cidrIpv4", "fromPort", "toPort")),
        [{ cidrIpv4: "10.20.0.0/16", fromPort: 8443, toPort: 8443 }],
      );
    });

    it("NET-25: without CloudFront, 80 and 443 are open to everyone", async () => {
      const direct = await planIngress(mode, open);
      assert.deepEqual(
        ofType(direct, INGRESS).map((rule) => pick(rule, "cidrIpv4", "fromPort", "toPort")),
        [
          { cidrIpv4: "0.0.0.0/0", fromPort: 80, toPort: 80 },
          { cidrIpv4: "0.0.0.0/0", fromPort: 443, toPort: 443 },
        ],
      );
      assert.equal(ofType(direct, "ec2/securityGroup:SecurityGroup").length, 1);
      const https = named(direct, LISTENER, "ingress-https");
      assert.deepEqual(sources(https, "defaultActions"), ["ingress-main"]);
      assert.deepEqual(ofType(direct, RULE), []);
    });

    it("EDGE-18: only requests of the platform's own CloudFront and health checks are served", () => {
      assert.deepEqual(named(plan, LISTENER, "ingress-https").inputs["defaultActions"], [
        {
          type: "fixed-response",
          fixedResponse: { contentType: "text/plain", messageBody: "Forbidden", statusCode: "403" },
        },
      ]);
      const health = named(plan, RULE, "ingress-health");
      assert.equal(health.inputs["priority"], 10);
      assert.deepEqual(health.inputs["conditions"], [
        { pathPattern: { values: ["/health"] } },
        { httpRequestMethod: { values: ["GET"] } },
      ]);
      const fromCloudfront = named(plan, RULE, "ingress-from-cloudfront");
      assert.equal(fromCloudfront.inputs["priority"], 20);
      for (const rule of [health, fromCloudfront]) {
        assert.deepEqual(sources(rule, "actions"), ["ingress-main"]);
      }
    });

    it("the origin header's value is a secret wherever the plan shows it", () => {
      const rule = named(plan, RULE, "ingress-from-cloudfront");
      assert.deepEqual(rule.inputs["conditions"], [
        { httpHeader: { httpHeaderName: "x-origin-key", values: [SECRET] } },
      ]);
      assert(!JSON.stringify(plan).includes("hush"));
    });

    it("EDGE-19: the region's name in DNS is an alias of its load balancer", () => {
      const record = named(plan, "route53/record:Record", "ingress-origin");
      assert.deepEqual(pick(record, "name", "type", "zoneId", "ttl"), {
        name: "origin.us-west-2.example.com",
        type: "A",
        zoneId: "Z1D633PJN98FT9",
      });
      assert.deepEqual(sources(record, "aliases"), ["ingress-alb"]);
      assert.equal(plan.outputs["host"], "origin.us-west-2.example.com");
    });

    it("EDGE-20: no gateway stands between Route 53 and the load balancer", () => {
      const leadingIn = ofType(plan, "route53/record:Record").filter(({ inputs }) => inputs["type"] === "A");
      assert.deepEqual(
        leadingIn.map((record) => sources(record, "aliases")),
        [["ingress-alb"]],
      );
    });

    it("the region proves its own name only; the shared one is proven by `global`", () => {
      const certificate = named(plan, "acm/certificate:Certificate", "ingress-tls-certificate");
      assert.deepEqual(pick(certificate, "domainName", "subjectAlternativeNames", "validationMethod"), {
        domainName: "origin.us-west-2.example.com",
        subjectAlternativeNames: ["*.example.com"],
        validationMethod: "DNS",
      });
      const proofs = ofType(plan, "route53/record:Record").filter(({ name }) => name.includes("validation"));
      assert.deepEqual(
        proofs.map(({ name }) => name),
        ["ingress-tls-validation-origin.us-west-2.example.com"],
      );
    });

    it("EDGE-07: sprint slots share the region's traffic by weight", async () => {
      const slotted = await planIngress(mode, {
        slots: [
          { name: "even", weight: 90 },
          { name: "odd", weight: 10 },
        ],
      });
      assert.deepEqual(
        ofType(slotted, GROUP).map(({ name }) => name),
        ["ingress-even", "ingress-odd"],
      );
      const rule = named(slotted, RULE, "ingress-from-cloudfront");
      assert.deepEqual(sources(rule, "actions"), ["ingress-even", "ingress-odd"]);
      assert.match(JSON.stringify(rule.inputs["actions"]), /"weight":90.*"weight":10/);
    });

    it("EDGE-16: the regional web ACL stands before the load balancer", async () => {
      const guarded = await planIngress(mode, { webAclArn: "arn:aws:wafv2:us-west-2:1:regional/webacl/a/b" });
      const association = named(guarded, "wafv2/webAclAssociation:WebAclAssociation", "ingress-web-acl");
      assert.equal(association.inputs["webAclArn"], "arn:aws:wafv2:us-west-2:1:regional/webacl/a/b");
      assert.deepEqual(sources(association, "resourceArn"), ["ingress-alb"]);
    });

    it("EDGE-21: a development cluster is reached by NodePort", async () => {
      const dev = await planIngress(mode, {
        ...open,
        targetType: "instance",
        targetPort: 30443,
        deletionProtection: false,
      });
      assert.deepEqual(pick(named(dev, GROUP, "ingress-main"), "targetType", "port"), {
        targetType: "instance",
        port: 30443,
      });
      assert.deepEqual(
        ofType(dev, EGRESS).map((rule) => pick(rule, "fromPort", "toPort")),
        [{ fromPort: 30443, toPort: 30443 }],
      );
      assert.equal(balancer(dev).inputs["enableDeletionProtection"], false);
    });

    it("access logs go where they are asked to", async () => {
      const logged = await planIngress(mode, { accessLogsBucket: "logs" });
      assert.deepEqual(balancer(logged).inputs["accessLogs"], {
        bucket: "logs",
        enabled: true,
        prefix: "ingress",
      });
      assert.equal(balancer(plan).inputs["accessLogs"], undefined);
    });
  });
}

describe("RegionIngress, refusals", () => {
  it("lists every wrong argument in one error", async () => {
    const lines = await refusal(
      (opts) =>
        new RegionIngress(
          "ingress",
          args({
            region: "west",
            domain: "localhost",
            targetPort: 0,
            originHeaderName: undefined,
            slots: [
              { name: "Even", weight: 60 },
              { name: "a-slot-with-a-very-long-name", weight: 50 },
            ],
          }),
          opts,
        ),
    );
    assert.deepEqual(lines, [
      'RegionIngress "ingress":',
      '  region: "west" is not an AWS region name; write it like us-east-1',
      '  domain: "localhost" is not a DNS name; write it like example.com',
      "  targetPort: 0 is not a whole number from 1 to 65535; give the gateway's port",
      "  originHeaderName: needed when exposure is cloudfront, else anyone's CloudFront gets in; name one, such as x-origin-key",
      '  slots[0].name: "Even" may hold only lower-case letters, digits and inner hyphens',
      '  slots[1].name: "ingress-a-slot-with-a-very-long-name" has 36 characters, a target group\'s name has room for 24; shorten it',
      "  slots: the weights sum to 110; make them sum to 100",
    ]);
  });

  it("needs the prefix lists that it admits", async () => {
    const lines = await refusal(
      (opts) => new RegionIngress("ingress", args({ cloudfrontPrefixListId: undefined }), opts),
    );
    assert.deepEqual(lines, [
      'IngressFirewall "ingress-firewall":',
      "  cloudfrontPrefixListId: needed when exposure is cloudfront; look it up with edgePrefixLists(region)",
    ]);
  });
});
