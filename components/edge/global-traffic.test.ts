import assert from "node:assert/strict";
import type { Plan, PlanMode } from "../../tools/plan/index.ts";
import { switchBucketHost, switchBucketName } from "./evacuation.ts";
import { EvacuationSwitch } from "./evacuation-switch.ts";
import { GlobalTraffic, type GlobalTrafficArgs } from "./global-traffic.ts";
import { MODES, named, ofType, pick, planIn, refusal, sources } from "./planned-edge.ts";
import {
  healthCheckedName,
  type RoutingPolicy,
  regionOriginName,
  worstCaseSteeringSeconds,
} from "./traffic.ts";

const DOMAIN = "example.com";
const RECORD = "route53/record:Record";
const CHECK = "route53/healthCheck:HealthCheck";
const bucketOf = (region: string) => switchBucketName({ prefix: "docs", accountId: "123456789012", region });
const regionOf = (region: string, weight: number) => ({
  region,
  weight,
  originHost: regionOriginName(region, DOMAIN),
  switchHost: switchBucketHost(bucketOf(region), region),
});
const args = (change: Partial<GlobalTrafficArgs> = {}): GlobalTrafficArgs => ({
  zoneId: "Z1D633PJN98FT9",
  domain: DOMAIN,
  originName: healthCheckedName(DOMAIN, change.routingPolicy ?? "weighted"),
  regions: [regionOf("us-east-1", 70), regionOf("us-west-2", 30)],
  ...change,
});
const planTraffic = (mode: PlanMode, change: Partial<GlobalTrafficArgs> = {}): Promise<Plan> =>
  planIn("us-east-1", mode, (opts) => {
    const traffic = new GlobalTraffic("traffic", args(change), opts);
    return { origin: traffic.originName, checks: traffic.regionHealthCheckIds };
  });
const record = (plan: Plan, region: string, policy: RoutingPolicy = "weighted") =>
  named(plan, RECORD, `traffic-${policy}-${region}`);

for (const mode of MODES) {
  describe(`GlobalTraffic, ${mode}`, () => {
    let plan: Plan;
    before(async () => {
      plan = await planTraffic(mode);
    });

    it("EDGE-05: the primary region's record has weight 70", () => {
      const { inputs } = record(plan, "us-east-1");
      assert.deepEqual(inputs["weightedRoutingPolicies"], [{ weight: 70 }]);
      assert.deepEqual(inputs["records"], ["origin.us-east-1.example.com"]);
      assert.equal(inputs["setIdentifier"], "us-east-1");
    });

    it("EDGE-06: the secondary region's record has weight 30", () => {
      const { inputs } = record(plan, "us-west-2");
      assert.deepEqual(inputs["weightedRoutingPolicies"], [{ weight: 30 }]);
      assert.deepEqual(inputs["records"], ["origin.us-west-2.example.com"]);
      assert.equal(inputs["setIdentifier"], "us-west-2");
    });

    it("DR-03: us-east-1 is the primary of two live regions", () => {
      const weights = ["us-east-1", "us-west-2"].map(
        (region) => record(plan, region).inputs["weightedRoutingPolicies"],
      );
      assert.deepEqual(weights, [[{ weight: 70 }], [{ weight: 30 }]]);
    });

    it("DR-02: the other orientation is the same program with the shares swapped", async () => {
      const swapped = await planTraffic(mode, {
        regions: [regionOf("us-east-1", 30), regionOf("us-west-2", 70)],
      });
      assert.deepEqual(
        swapped.resources.map(({ urn }) => urn),
        plan.resources.map(({ urn }) => urn),
      );
      assert.deepEqual(record(swapped, "us-west-2").inputs["weightedRoutingPolicies"], [{ weight: 70 }]);
    });

    it("EDGE-01: one name stands in front of all regions", () => {
      assert.deepEqual(
        ofType(plan, RECORD).map((each) => pick(each, "name", "zoneId", "type")),
        Array(2).fill({ name: "origin.example.com", zoneId: "Z1D633PJN98FT9", type: "CNAME" }),
      );
      assert.equal(plan.outputs["origin"], "origin.example.com");
    });

    it("EDGE-04: a region's record follows its calculated check, whose children must all be healthy", () => {
      for (const [region, peer] of [
        ["us-east-1", "us-west-2"],
        ["us-west-2", "us-east-1"],
      ] as const) {
        assert.deepEqual(sources(record(plan, region), "healthCheckId"), [`traffic-${region}`]);
        const guard = named(plan, CHECK, `traffic-${region}`);
        assert.deepEqual(pick(guard, "type", "childHealthThreshold"), {
          type: "CALCULATED",
          childHealthThreshold: 2,
        });
        assert.deepEqual(sources(guard, "childHealthchecks"), [
          `traffic-${region}-endpoint`,
          `traffic-${region}-switch-in-${peer}`,
        ]);
      }
    });

    it("EDGE-08: endpoints are probed over HTTPS from Route 53's checkers in all their regions", () => {
      const endpoint = named(plan, CHECK, "traffic-us-east-1-endpoint");
      assert.deepEqual(endpoint.inputs, {
        type: "HTTPS",
        port: 443,
        enableSni: true,
        measureLatency: false,
        requestInterval: 10,
        failureThreshold: 2,
        fqdn: "origin.us-east-1.example.com",
        resourcePath: "/health",
        tags: { Name: "traffic-us-east-1-endpoint" },
      });
    });

    it("DR-15: a switch in the other region's bucket takes a region out, and its absence does not", () => {
      const inverted = named(plan, CHECK, "traffic-us-east-1-switch-in-us-west-2");
      assert.deepEqual(
        pick(inverted, "type", "fqdn", "resourcePath", "invertHealthcheck", "requestInterval"),
        {
          type: "HTTPS",
          fqdn: "docs-switch-123456789012-us-west-2-an.s3.us-west-2.amazonaws.com",
          resourcePath: "/evacuate/us-east-1",
          invertHealthcheck: true,
          requestInterval: 10,
        },
      );
    });

    it("EDGE-09: the planned checks and TTLs steer within 25 s, with no alias", () => {
      for (const each of ofType(plan, RECORD)) {
        assert.equal(each.inputs["aliases"], undefined, "an alias to a load balancer has 60 s");
        for (const check of ofType(plan, CHECK).filter(({ inputs }) => inputs["type"] === "HTTPS")) {
          const seconds = worstCaseSteeringSeconds({
            intervalSeconds: Number(check.inputs["requestInterval"]),
            failureThreshold: Number(check.inputs["failureThreshold"]),
            ttlSeconds: Number(each.inputs["ttl"]),
          });
          assert.equal(seconds, 25);
        }
      }
      assert.equal(ofType(plan, CHECK).length, 6);
    });

    it("DR-07: that is under the 30 s allowed for DNS", async () => {
      const slow = await planTraffic(mode, { ttlSeconds: 10 });
      const timing = { intervalSeconds: 10, failureThreshold: 2 };
      const ttl = (of: Plan) => Number(record(of, "us-east-1").inputs["ttl"]);
      assert(worstCaseSteeringSeconds({ ...timing, ttlSeconds: ttl(plan) }) < 30);
      assert(worstCaseSteeringSeconds({ ...timing, ttlSeconds: ttl(slow) }) >= 30, "the bound can be missed");
    });

    it("EDGE-10: each region is evicted by checks of its own, so the rest keeps serving", () => {
      const children = ["us-east-1", "us-west-2"].map((region) =>
        sources(named(plan, CHECK, `traffic-${region}`), "childHealthchecks"),
      );
      assert.equal(new Set(children.flat()).size, children.flat().length);
    });

    it("EDGE-03: latency routing on request, under a name of its own", async () => {
      const latency = await planTraffic(mode, { routingPolicy: "latency" });
      for (const region of ["us-east-1", "us-west-2"]) {
        const { inputs } = record(latency, region, "latency");
        assert.equal(inputs["name"], "latency-origin.example.com");
        assert.deepEqual(inputs["latencyRoutingPolicies"], [{ region }]);
        assert.equal(inputs["weightedRoutingPolicies"], undefined);
        assert.deepEqual(sources(record(latency, region, "latency"), "healthCheckId"), [`traffic-${region}`]);
      }
    });

    it("EDGE-02: failover routing on request, the heavier region first", async () => {
      const failover = await planTraffic(mode, { routingPolicy: "failover" });
      assert.deepEqual(record(failover, "us-east-1", "failover").inputs["failoverRoutingPolicies"], [
        { type: "PRIMARY" },
      ]);
      assert.deepEqual(record(failover, "us-west-2", "failover").inputs["failoverRoutingPolicies"], [
        { type: "SECONDARY" },
      ]);
    });

    it("EDGE-11: a third region is one more entry; every pair can evacuate each other", async () => {
      const three = await planTraffic(mode, {
        regions: [regionOf("us-east-1", 50), regionOf("us-west-2", 30), regionOf("eu-west-1", 20)],
      });
      assert.equal(ofType(three, RECORD).length, 3);
      const guard = named(three, CHECK, "traffic-us-west-2");
      assert.equal(guard.inputs["childHealthThreshold"], 3);
      assert.deepEqual(sources(guard, "childHealthchecks"), [
        "traffic-us-west-2-endpoint",
        "traffic-us-west-2-switch-in-eu-west-1",
        "traffic-us-west-2-switch-in-us-east-1",
      ]);
      assert.equal(
        named(three, CHECK, "traffic-us-west-2-switch-in-eu-west-1").inputs["fqdn"],
        "docs-switch-123456789012-eu-west-1-an.s3.eu-west-1.amazonaws.com",
      );
    });

    it("DR-17: the object that a region's stack config declares is the one that `global` watches", async () => {
      const dr = await planIn("us-west-2", mode, (opts) => {
        new EvacuationSwitch(
          "switch",
          {
            partition: "aws",
            region: "us-west-2",
            bucketName: bucketOf("us-west-2"),
            peers: ["us-east-1"],
            evacuates: ["us-east-1"],
            declaredBy: "stack dr",
            healthCheckerCidrs: ["15.177.0.0/18"],
          },
          opts,
        );
      });
      const object = named(dr, "s3/bucketObjectv2:BucketObjectv2", "switch-evacuate-us-east-1");
      const watcher = named(plan, CHECK, "traffic-us-east-1-switch-in-us-west-2");
      const bucket = named(dr, "s3/bucket:Bucket", "switch-bucket").inputs["bucket"];
      assert.equal(watcher.inputs["fqdn"], `${bucket}.s3.${object.region}.amazonaws.com`);
      assert.equal(watcher.inputs["resourcePath"], `/${object.inputs["key"]}`);
    });
  });
}

describe("GlobalTraffic, refusals", () => {
  it("lists every wrong argument in one error", async () => {
    const lines = await refusal(
      (opts) =>
        new GlobalTraffic(
          "traffic",
          args({
            ttlSeconds: 0,
            healthCheckIntervalSeconds: 15,
            regions: [regionOf("us-east-1", 70), { ...regionOf("us-west-2", 31), region: "mars-1" }],
          }),
          opts,
        ),
    );
    assert.deepEqual(lines, [
      'GlobalTraffic "traffic":',
      "  ttlSeconds: 0 is not a whole number from 1 to 60; use 5, a longer answer outlives a failover",
      "  healthCheckIntervalSeconds: Route 53 does not offer 15; use 10 or 30",
      '  regions[1].region: "mars-1" is not an AWS region name; write it like us-east-1',
      "  regions: weights 70 + 31 = 101; make them sum to 100, so that each is a percentage",
    ]);
  });
});
