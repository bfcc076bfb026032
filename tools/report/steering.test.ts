import assert from "node:assert/strict";
import { type SampleResource, samplePlan } from "./sample-plan.ts";
import { steering } from "./steering.ts";

const check = (name: string, inputs: SampleResource["inputs"] = {}): SampleResource => ({
  type: "aws:route53/healthCheck:HealthCheck",
  name,
  inputs: { type: "HTTPS", requestInterval: 10, failureThreshold: 2, ...inputs },
});
const record = (
  name: string,
  guard: string | undefined,
  inputs: SampleResource["inputs"],
): SampleResource => ({
  type: "aws:route53/record:Record",
  name,
  inputs: { name: "origin.example.com", setIdentifier: name, ...inputs },
  needs: guard === undefined ? {} : { healthCheckId: [guard] },
});

describe("worst-case steering", () => {
  it("EDGE-09, DR-07: follows a record through its calculated check to the slowest probe, plus the TTL", () => {
    const plan = samplePlan("global", [
      check("endpoint"),
      check("switch", { requestInterval: 30, failureThreshold: 1 }),
      {
        type: "aws:route53/healthCheck:HealthCheck",
        name: "guard",
        inputs: { type: "CALCULATED" },
        needs: { childHealthchecks: ["endpoint", "switch"] },
      },
      record("us-east-1", "guard", { ttl: 5, weightedRoutingPolicies: [{ weight: 70 }] }),
      record("us-west-2", "endpoint", { ttl: 5, weightedRoutingPolicies: [{ weight: 30 }] }),
    ]);
    assert.deepEqual(
      steering(plan).map(({ set, weight, seconds, silentSeconds }) => [set, weight, seconds, silentSeconds]),
      [
        ["us-east-1", 70, 35, 41],
        ["us-west-2", 30, 25, 37],
      ],
    );
  });

  it("counts the fixed 60 s of an alias", () => {
    const plan = samplePlan("global", [
      check("endpoint"),
      record("us-east-1", "endpoint", { aliases: [{ name: "lb" }] }),
    ]);
    assert.equal(steering(plan)[0]?.seconds, 80);
  });

  it("leaves out records without a health check and checks without an interval", () => {
    const plan = samplePlan("global", [
      check("alarm", { type: "CLOUDWATCH_METRIC" }),
      record("plain", undefined, { ttl: 300 }),
      record("alarmed", "alarm", { ttl: 5 }),
    ]);
    assert.deepEqual(steering(plan), []);
  });
});
