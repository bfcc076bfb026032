import assert from "node:assert/strict";
import { type Plan, type PlanMode, type PlanObject, SECRET } from "../../tools/plan/index.ts";
import { Cdn, type CdnArgs } from "./cdn.ts";
import { MODES, named, ofType, pick, planIn, refusal, sources } from "./planned-edge.ts";

const args = (change: Partial<CdnArgs> = {}): CdnArgs => ({
  aliases: ["docs.example.com"],
  zoneId: "Z1D633PJN98FT9",
  certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
  webAclArn: "arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/1",
  healthCheckedOrigin: "origin.example.com",
  fallbackOrigin: "origin.us-west-2.example.com",
  originHeaderName: "x-origin-key",
  originHeaderValue: "hush",
  ...change,
});
const planCdn = (mode: PlanMode, change: Partial<CdnArgs> = {}): Promise<Plan> =>
  planIn("us-east-1", mode, (opts) => {
    const cdn = new Cdn("cdn", args(change), opts);
    return { domainName: cdn.domainName };
  });
const distribution = (plan: Plan) => named(plan, "cloudfront/distribution:Distribution", "cdn-distribution");
const objects = (value: unknown): PlanObject[] => [value].flat() as PlanObject[];
const behaviours = (plan: Plan): PlanObject[] => [
  ...objects(distribution(plan).inputs["defaultCacheBehavior"]),
  ...objects(distribution(plan).inputs["orderedCacheBehaviors"]),
];
const READS = ["GET", "HEAD", "OPTIONS"];

for (const mode of MODES) {
  describe(`Cdn, ${mode}`, () => {
    let plan: Plan;
    before(async () => {
      plan = await planCdn(mode);
    });

    it("EDGE-14: the public name leads to CloudFront, by IPv4 and IPv6", () => {
      const records = ofType(plan, "route53/record:Record");
      assert.deepEqual(
        records.map((record) => pick(record, "name", "type", "zoneId")),
        ["A", "AAAA"].map((type) => ({ name: "docs.example.com", type, zoneId: "Z1D633PJN98FT9" })),
      );
      for (const record of records) assert.deepEqual(sources(record, "aliases"), ["cdn-distribution"]);
      assert.deepEqual(pick(distribution(plan), "enabled", "aliases", "isIpv6Enabled", "httpVersion"), {
        enabled: true,
        aliases: ["docs.example.com"],
        isIpv6Enabled: true,
        httpVersion: "http2and3",
      });
    });

    it("EDGE-15: a read that fails is repeated at a second origin", () => {
      assert.deepEqual(distribution(plan).inputs["originGroups"], [
        {
          originId: "read-failover",
          failoverCriteria: { statusCodes: [500, 502, 503, 504] },
          members: [{ originId: "steered" }, { originId: "fallback" }],
        },
      ]);
      const [reads] = behaviours(plan);
      assert.equal(reads?.["targetOriginId"], "read-failover");
      assert.deepEqual(reads?.["allowedMethods"], READS);
    });

    it("DOC-01: documents are written through the origin that Route 53 steers", () => {
      const [, documents] = behaviours(plan);
      assert.equal(documents?.["pathPattern"], "/documents*");
      assert.equal(documents?.["targetOriginId"], "steered");
      assert.deepEqual(documents?.["allowedMethods"], [
        "DELETE",
        "GET",
        "HEAD",
        "OPTIONS",
        "PATCH",
        "POST",
        "PUT",
      ]);
      assert.equal(documents?.["cachePolicyId"], "4135ea2d-6df8-44a3-9df3-4b5a84be39ad");
    });

    it("no behaviour that takes writes has an origin group, which CloudFront would refuse", async () => {
      const several = await planCdn(mode, { writePaths: ["/documents*", "/admin/*"] });
      for (const each of [plan, several]) {
        for (const behaviour of behaviours(each)) {
          const readOnly = JSON.stringify(behaviour["allowedMethods"]) === JSON.stringify(READS);
          assert.equal(behaviour["targetOriginId"], readOnly ? "read-failover" : "steered");
        }
      }
      assert.equal(behaviours(several).length, 3);
    });

    it("EDGE-18: CloudFront speaks to the steered name, over TLS, and proves itself", () => {
      const origin = (originId: string, domainName: string) => ({
        originId,
        domainName,
        connectionAttempts: 2,
        connectionTimeout: 2,
        customHeaders: [{ name: "x-origin-key", value: SECRET }],
        customOriginConfig: {
          httpPort: 80,
          httpsPort: 443,
          originKeepaliveTimeout: 5,
          originProtocolPolicy: "https-only",
          originReadTimeout: 30,
          originSslProtocols: ["TLSv1.2"],
        },
      });
      assert.deepEqual(distribution(plan).inputs["origins"], [
        origin("steered", "origin.example.com"),
        origin("fallback", "origin.us-west-2.example.com"),
      ]);
      assert(!JSON.stringify(plan).includes("hush"));
    });

    it("without a second region there is one origin and no group", async () => {
      const single = await planCdn(mode, { fallbackOrigin: undefined });
      assert.deepEqual(distribution(single).inputs["originGroups"], []);
      for (const behaviour of behaviours(single)) assert.equal(behaviour["targetOriginId"], "steered");
    });

    it("EDGE-16: the web ACL is attached, and TLS is 1.2 or newer", async () => {
      assert.equal(
        distribution(plan).inputs["webAclId"],
        "arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/1",
      );
      const viewers = (version: string) => ({
        acmCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1",
        minimumProtocolVersion: version,
        sslSupportMethod: "sni-only",
      });
      assert.deepEqual(distribution(plan).inputs["viewerCertificate"], viewers("TLSv1.2_2021"));
      const strict = await planCdn(mode, { minimumTls: "TLSv1.3_2025" });
      assert.deepEqual(distribution(strict).inputs["viewerCertificate"], viewers("TLSv1.3_2025"));
      for (const behaviour of behaviours(plan)) {
        assert.equal(behaviour["viewerProtocolPolicy"], "redirect-to-https");
      }
    });

    it("EDGE-17: Shield Advanced is asked for, never assumed", async () => {
      const type = "shield/protection:Protection";
      assert.deepEqual(ofType(plan, type), []);
      const shielded = await planCdn(mode, { shieldAdvanced: true });
      assert.deepEqual(sources(named(shielded, type, "cdn-shield"), "resourceArn"), ["cdn-distribution"]);
    });

    it("answers are cached only as the service says, and apart for each user", () => {
      const policy = named(plan, "cloudfront/cachePolicy:CachePolicy", "cdn-origin-decides");
      assert.deepEqual(pick(policy, "minTtl", "defaultTtl", "maxTtl"), {
        minTtl: 0,
        defaultTtl: 0,
        maxTtl: 86400,
      });
      assert.deepEqual(policy.inputs["parametersInCacheKeyAndForwardedToOrigin"], {
        cookiesConfig: { cookieBehavior: "none" },
        enableAcceptEncodingBrotli: true,
        enableAcceptEncodingGzip: true,
        headersConfig: { headerBehavior: "whitelist", headers: { items: ["Authorization"] } },
        queryStringsConfig: { queryStringBehavior: "all" },
      });
    });

    it("access logs are delivered when a bucket is named", async () => {
      const logged = await planCdn(mode, { accessLogsBucketArn: "arn:aws:s3:::logs" });
      const source = named(logged, "cloudwatch/logDeliverySource:LogDeliverySource", "cdn-log");
      assert.equal(source.inputs["logType"], "ACCESS_LOGS");
      assert.deepEqual(sources(source, "resourceArn"), ["cdn-distribution"]);
      assert.deepEqual(
        named(logged, "cloudwatch/logDeliveryDestination:LogDeliveryDestination", "cdn-log").inputs[
          "deliveryDestinationConfiguration"
        ],
        { destinationResourceArn: "arn:aws:s3:::logs" },
      );
      assert.equal(ofType(plan, "cloudwatch/logDelivery:LogDelivery").length, 0);
      assert.equal(ofType(logged, "cloudwatch/logDelivery:LogDelivery").length, 1);
    });
  });
}

describe("Cdn, refusals", () => {
  it("lists every wrong argument in one error", async () => {
    const lines = await refusal(
      (opts) =>
        new Cdn(
          "cdn",
          args({ aliases: ["*.example"], writePaths: ["documents*"], fallbackOrigin: "west" }),
          opts,
        ),
    );
    assert.deepEqual(lines, [
      'Cdn "cdn":',
      '  aliases: "*.example" is not a DNS name; write it like docs.example.com',
      '  writePaths: "documents*" must begin with /; write it like /documents*',
      '  fallbackOrigin: "west" is not a DNS name; use regionOriginName(region, domain)',
    ]);
  });
});
