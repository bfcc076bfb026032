import assert from "node:assert/strict";
import { GlobalTraffic } from "./global-traffic.ts";
import { HealthAlarms } from "./health-alarms.ts";
import { MODES, named, ofType, pick, planIn, sources } from "./planned-edge.ts";

const ALARM = "cloudwatch/metricAlarm:MetricAlarm";

for (const mode of MODES) {
  it(`EDGE-08: people are told when a region leaves DNS, ${mode}`, async () => {
    const plan = await planIn("us-east-1", mode, (opts) => {
      const traffic = new GlobalTraffic(
        "traffic",
        {
          zoneId: "Z1D633PJN98FT9",
          domain: "example.com",
          originName: "origin.example.com",
          regions: [
            { region: "us-east-1", weight: 70, originHost: "a.example.com", switchHost: "b.example.com" },
            { region: "us-west-2", weight: 30, originHost: "c.example.com", switchHost: "d.example.com" },
          ],
        },
        opts,
      );
      const topicArns = ["arn:aws:sns:us-east-1:123456789012:oncall"];
      new HealthAlarms("health", { healthCheckIds: traffic.regionHealthCheckIds, topicArns }, opts);
    });
    assert.equal(ofType(plan, ALARM).length, 2);
    for (const region of ["us-east-1", "us-west-2"]) {
      const alarm = named(plan, ALARM, `health-${region}`);
      assert.equal(alarm.region, "us-east-1");
      assert.deepEqual(sources(alarm, "dimensions"), [`traffic-${region}`]);
      assert.deepEqual(
        pick(alarm, "namespace", "metricName", "statistic", "comparisonOperator", "threshold", "period"),
        {
          namespace: "AWS/Route53",
          metricName: "HealthCheckStatus",
          statistic: "Minimum",
          comparisonOperator: "LessThanThreshold",
          threshold: 1,
          period: 60,
        },
      );
      assert.deepEqual(pick(alarm, "alarmActions", "okActions", "treatMissingData"), {
        alarmActions: ["arn:aws:sns:us-east-1:123456789012:oncall"],
        okActions: ["arn:aws:sns:us-east-1:123456789012:oncall"],
        treatMissingData: "breaching",
      });
    }
  });
}
