import { deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { runStackRule, type TestResource, UNKNOWN } from "../../testing/run-rule.ts";
import { route53Weights } from "./route53-weights.ts";

const record = (name: string, weight: unknown, change: object = {}): TestResource => ({
  type: "aws:route53/record:Record",
  name,
  props: {
    zoneId: "Z1",
    name: "origin.example.org",
    type: "CNAME",
    setIdentifier: name,
    weightedRoutingPolicies: [{ weight }],
    healthCheckId: UNKNOWN,
    ...change,
  },
});
const sum = (of: string, value: number, names: string) =>
  `${of}: the sum of the weights of origin.example.org (CNAME) is ${value}; it must be 100. Change weightedRoutingPolicies of ${names}.`;
const unchecked = (of: string) =>
  `${of}: healthCheckId is not set; it must be the id of a health check of the region the record points to. Set healthCheckId; without it Route 53 takes the record for healthy for ever.`;
const run = (...records: TestResource[]) => runStackRule(route53Weights, records);

describe("route53-weights", () => {
  it("EDGE-05: accepts 70 for the primary and EDGE-06: 30 for the secondary region", () => {
    deepEqual(run(record("east", 70), record("west", 30)), []);
  });

  it("refuses weights that add up to something else", () => {
    deepEqual(run(record("east", 70), record("west", 20)), [sum("east", 90, "east, west")]);
  });

  it("refuses a weighted record that is alone with less than everything", () => {
    deepEqual(run(record("east", 0)), [sum("east", 0, "east")]);
  });

  it("refuses a weighted record without a health check", () => {
    deepEqual(run(record("east", 70), record("west", 30, { healthCheckId: undefined })), [unchecked("west")]);
  });

  it("keeps record sets of other names, types and zones apart", () => {
    const others = [{ name: "api.example.org" }, { type: "TXT" }, { zoneId: "Z2" }];
    deepEqual(
      run(record("east", 100), ...others.map((change, at) => record(`other-${at}`, 100, change))),
      [],
    );
  });

  it("keeps zones apart that are not known yet", () => {
    const inZone = (name: string, zone: string): TestResource => ({
      ...record(name, 100, { zoneId: UNKNOWN }),
      dependsOn: { zoneId: [zone] },
    });
    const zones = ["a", "b"].map(
      (name): TestResource => ({ type: "aws:route53/zone:Zone", name, props: {} }),
    );
    deepEqual(run(...zones, inZone("one", "a"), inZone("two", "b")), []);
  });

  it("leaves records without a weight alone", () => {
    deepEqual(run(record("plain", 0, { weightedRoutingPolicies: undefined, healthCheckId: undefined })), []);
  });

  it("reports a missing health check when a weight is not known yet", () => {
    deepEqual(run(record("east", UNKNOWN), record("west", 30, { healthCheckId: undefined })), [
      unchecked("west"),
      "undecided: string value at .east.weightedRoutingPolicies.0.weight can't be known during preview",
    ]);
  });

  it("accepts exactly the splits that add up to 100, over any number of regions", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 5 }), (weights) => {
        const messages = run(...weights.map((weight, at) => record(`region-${at}`, weight)));
        deepEqual(messages.length === 0, weights.reduce((total, weight) => total + weight, 0) === 100);
      }),
    );
  });
});
