import assert from "node:assert/strict";
import fc from "fast-check";
import {
  healthCheckedName,
  primaryRegion,
  type RegionShare,
  ROUTING_POLICIES,
  recordRouting,
  regionOriginName,
  requiredHealthyChildren,
  SILENT_PROBE_SECONDS,
  type TrafficSettings,
  trafficProblems,
  worstCaseSteeringSeconds,
} from "./traffic.ts";

const EAST: RegionShare = { region: "us-east-1", weight: 70 };
const WEST: RegionShare = { region: "us-west-2", weight: 30 };
const GOOD: TrafficSettings = {
  domain: "example.com",
  originName: "origin.example.com",
  routingPolicy: "weighted",
  regions: [EAST, WEST],
  intervalSeconds: 10,
  failureThreshold: 2,
  ttlSeconds: 5,
};
const problems = (change: Partial<TrafficSettings>): string[] => trafficProblems({ ...GOOD, ...change });

/** Any number of regions whose shares are percentages. */
const shares = fc
  .uniqueArray(fc.constantFrom("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2"), {
    minLength: 1,
  })
  .chain((regions) =>
    fc
      .array(fc.integer({ min: 0, max: 100 }), {
        minLength: regions.length - 1,
        maxLength: regions.length - 1,
      })
      .map((cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), 100];
        return regions.map((region, i) => ({ region, weight: (edges[i + 1] ?? 0) - (edges[i] ?? 0) }));
      }),
  );

describe("traffic", () => {
  it("accepts every split of 100 percent over distinct regions", () => {
    fc.assert(fc.property(shares, (regions) => assert.deepEqual(problems({ regions }), [])));
  });

  it("refuses every split that does not sum to 100", () => {
    const off = fc.integer({ min: -100, max: 155 }).filter((n) => n !== 0);
    fc.assert(
      fc.property(shares, off, ([first, ...others], by) => {
        if (first === undefined) return;
        const regions = [{ ...first, weight: first.weight + by }, ...others];
        assert(problems({ regions }).some((line) => line.includes(`= ${100 + by}; make them sum to 100`)));
      }),
    );
  });

  it("gives each region one record with an identifier of its own, whatever the policy", () => {
    fc.assert(
      fc.property(shares, fc.constantFrom(...ROUTING_POLICIES), (regions, policy) => {
        const records = regions.map((region) => recordRouting(policy, region, regions));
        assert.deepEqual(
          records.map((record) => record.setIdentifier),
          regions.map(({ region }) => region),
        );
        for (const record of records) assert.equal(Object.keys(record).length, 2, "one policy a record");
      }),
    );
  });

  it("EDGE-02: failover has exactly one primary, the heaviest region", () => {
    fc.assert(
      fc.property(shares, (regions) => {
        const primaries = regions.filter(
          (region) =>
            recordRouting("failover", region, regions).failoverRoutingPolicies?.[0]?.type === "PRIMARY",
        );
        assert.equal(primaries.length, 1);
        assert.equal(primaries[0]?.weight, Math.max(...regions.map(({ weight }) => weight)));
        assert.equal(primaries[0]?.region, primaryRegion(regions));
      }),
    );
  });

  it("EDGE-09: 10 s x 2 + 5 s = 25 s; a region that swallows packets takes up to 37 s", () => {
    const timing = { intervalSeconds: 10, failureThreshold: 2, ttlSeconds: 5 };
    assert.equal(worstCaseSteeringSeconds(timing), 25);
    assert.equal(worstCaseSteeringSeconds(timing, SILENT_PROBE_SECONDS), 37);
    assert.equal(worstCaseSteeringSeconds({ ...timing, failureThreshold: 1 }, SILENT_PROBE_SECONDS), 21);
    assert.equal(worstCaseSteeringSeconds({ intervalSeconds: 30, failureThreshold: 3, ttlSeconds: 60 }), 150);
  });

  it("steering never gets faster by a longer interval, a higher threshold or a longer TTL", () => {
    const timing = fc.record({
      intervalSeconds: fc.constantFrom(10, 30),
      failureThreshold: fc.integer({ min: 1, max: 10 }),
      ttlSeconds: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(timing, (t) => {
        const seconds = worstCaseSteeringSeconds(t);
        assert(worstCaseSteeringSeconds({ ...t, failureThreshold: t.failureThreshold + 1 }) > seconds);
        assert(worstCaseSteeringSeconds({ ...t, ttlSeconds: t.ttlSeconds + 1 }) > seconds);
        assert(worstCaseSteeringSeconds({ ...t, intervalSeconds: t.intervalSeconds + 1 }) > seconds);
        assert(worstCaseSteeringSeconds(t, SILENT_PROBE_SECONDS) > seconds);
      }),
    );
  });

  it("requires the endpoint and every other region's switch", () => {
    assert.deepEqual([1, 2, 3, 4].map(requiredHealthyChildren), [1, 2, 3, 4]);
  });

  it("names the records", () => {
    assert.equal(regionOriginName("us-west-2", "example.com"), "origin.us-west-2.example.com");
    assert.deepEqual(
      ROUTING_POLICIES.map((policy) => healthCheckedName("example.com", policy)),
      ["origin.example.com", "latency-origin.example.com", "failover-origin.example.com"],
    );
  });

  it("says what is wrong, all at once", () => {
    assert.deepEqual(
      problems({
        originName: "example.com",
        ttlSeconds: 300,
        intervalSeconds: 20,
        failureThreshold: 0,
        regions: [
          { region: "us-east1", weight: 70.5 },
          { region: "us-west-2", weight: 300 },
          { region: "us-west-2", weight: -1 },
        ],
      }),
      [
        'originName: "example.com" must be a name below example.com (a CNAME cannot stand at the zone\'s apex); use origin.example.com',
        "ttlSeconds: 300 is not a whole number from 1 to 60; use 5, a longer answer outlives a failover",
        "healthCheckIntervalSeconds: Route 53 does not offer 20; use 10 or 30",
        "healthCheckFailureThreshold: 0 is not a whole number from 1 to 10; use 2",
        'regions[0].region: "us-east1" is not an AWS region name; write it like us-east-1',
        "regions[0].weight: 70.5 is not a whole number from 0 to 255; give a percentage",
        "regions[1].weight: 300 is not a whole number from 0 to 255; give a percentage",
        'regions[2].region: "us-west-2" is listed twice; name every region once',
        "regions[2].weight: -1 is not a whole number from 0 to 255; give a percentage",
        "regions: weights 70.5 + 300 + -1 = 369.5; make them sum to 100, so that each is a percentage",
      ],
    );
  });

  it("says that failover routing is for two regions", () => {
    assert.deepEqual(
      problems({ routingPolicy: "failover", regions: [{ region: "us-east-1", weight: 100 }] }),
      ["regions: failover routing has one primary and one secondary, not 1 regions; use weighted or latency"],
    );
    assert.deepEqual(problems({ routingPolicy: "failover" }), []);
  });
});
