import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import { refusalOf } from "../data/planned-data.ts";
import { IngressAlarms, type IngressAlarmsArgs } from "./ingress-alarms.ts";
import { MODES, named, ofType, pick, planIn } from "./planned-edge.ts";

const ALARM = "cloudwatch/metricAlarm:MetricAlarm";
const args = (change: Partial<IngressAlarmsArgs> = {}): IngressAlarmsArgs => ({
  loadBalancerArnSuffix: "app/ingress/1",
  targetGroupArns: { main: "arn:aws:elasticloadbalancing:us-west-2:111122223333:targetgroup/main/2" },
  topicArns: { page: "arn:page", notice: "arn:notice" },
  ...change,
});
const planAlarms = (mode: PlanMode, change: Partial<IngressAlarmsArgs> = {}) =>
  planIn("us-west-2", mode, (opts) => {
    new IngressAlarms("ingress", args(change), opts);
  });
const HOW = [
  "statistic",
  "extendedStatistic",
  "comparisonOperator",
  "threshold",
  "period",
  "evaluationPeriods",
  "treatMissingData",
  "alarmActions",
  "okActions",
] as const;
const told = (topic: string) => ({ alarmActions: [topic], okActions: [topic] });

for (const mode of MODES) {
  describe(`IngressAlarms, ${mode}`, () => {
    it("OBS-31: pages when 5xx answers burn the budget 14.4 times too fast", async () => {
      const alarm = named(await planAlarms(mode), ALARM, "ingress-errors");
      assert.equal(alarm.region, "us-west-2");
      assert.deepEqual(pick(alarm, ...HOW), {
        comparisonOperator: "GreaterThanThreshold",
        threshold: 1.44,
        evaluationPeriods: 2,
        treatMissingData: "notBreaching",
        ...told("arn:page"),
      });
      const metric = (id: string, metricName: string) => ({
        id,
        returnData: false,
        metric: {
          namespace: "AWS/ApplicationELB",
          metricName,
          dimensions: { LoadBalancer: "app/ingress/1" },
          period: 300,
          stat: "Sum",
        },
      });
      assert.deepEqual(alarm.inputs["metricQueries"], [
        {
          id: "share",
          expression:
            "IF(requests >= 100, 100 * (FILL(fromTargets, 0) + FILL(fromBalancer, 0)) / requests, 0)",
          label: "5xx, % of requests",
          returnData: true,
        },
        metric("fromBalancer", "HTTPCode_ELB_5XX_Count"),
        metric("fromTargets", "HTTPCode_Target_5XX_Count"),
        metric("requests", "RequestCount"),
      ]);
    });

    it("OBS-30: p95 of the time that targets take is 200 ms at most", async () => {
      const alarm = named(await planAlarms(mode), ALARM, "ingress-latency");
      assert.deepEqual(
        pick(alarm, ...HOW, "namespace", "metricName", "dimensions", "evaluateLowSampleCountPercentiles"),
        {
          namespace: "AWS/ApplicationELB",
          metricName: "TargetResponseTime",
          dimensions: { LoadBalancer: "app/ingress/1" },
          evaluateLowSampleCountPercentiles: "ignore",
          extendedStatistic: "p95",
          comparisonOperator: "GreaterThanThreshold",
          threshold: 0.2,
          period: 300,
          evaluationPeriods: 3,
          treatMissingData: "notBreaching",
          ...told("arn:notice"),
        },
      );
    });

    it("EDGE-22: pages when a slot has no healthy target, and notices one that stays unhealthy", async () => {
      const plan = await planAlarms(mode);
      const dimensions = { LoadBalancer: "app/ingress/1", TargetGroup: "targetgroup/main/2" };
      assert.deepEqual(
        pick(named(plan, ALARM, "ingress-main-no-target"), ...HOW, "metricName", "dimensions"),
        {
          metricName: "HealthyHostCount",
          dimensions,
          statistic: "Maximum",
          comparisonOperator: "LessThanThreshold",
          threshold: 1,
          period: 60,
          evaluationPeriods: 2,
          treatMissingData: "breaching",
          ...told("arn:page"),
        },
      );
      assert.deepEqual(
        pick(named(plan, ALARM, "ingress-main-unhealthy-target"), ...HOW, "metricName", "dimensions"),
        {
          metricName: "UnHealthyHostCount",
          dimensions,
          statistic: "Minimum",
          comparisonOperator: "GreaterThanThreshold",
          threshold: 0,
          period: 60,
          evaluationPeriods: 10,
          treatMissingData: "notBreaching",
          ...told("arn:notice"),
        },
      );
      assert.equal(ofType(plan, ALARM).length, 4);
    });

    it("OBS-27: gateways that drop packets are noticed, one alarm a gateway and reason", async () => {
      const plan = await planAlarms(mode, {
        natGatewayIds: { "us-west-2a": "nat-1", "us-west-2b": "nat-2" },
        transitGatewayId: "tgw-1",
      });
      const gateways = ofType(plan, ALARM).filter(({ name }) => /nat|transit/.test(name));
      assert.deepEqual(
        gateways.map((alarm) => [
          alarm.name,
          alarm.inputs["metricName"],
          alarm.inputs["dimensions"],
          alarm.inputs["threshold"],
          alarm.inputs["alarmActions"],
        ]),
        [
          [
            "ingress-nat-us-west-2a-drops",
            "PacketsDropCount",
            { NatGatewayId: "nat-1" },
            100,
            ["arn:notice"],
          ],
          [
            "ingress-nat-us-west-2a-ports",
            "ErrorPortAllocation",
            { NatGatewayId: "nat-1" },
            0,
            ["arn:notice"],
          ],
          [
            "ingress-nat-us-west-2b-drops",
            "PacketsDropCount",
            { NatGatewayId: "nat-2" },
            100,
            ["arn:notice"],
          ],
          [
            "ingress-nat-us-west-2b-ports",
            "ErrorPortAllocation",
            { NatGatewayId: "nat-2" },
            0,
            ["arn:notice"],
          ],
          [
            "ingress-transit-blackhole",
            "PacketDropCountBlackhole",
            { TransitGateway: "tgw-1" },
            100,
            ["arn:notice"],
          ],
          [
            "ingress-transit-no-route",
            "PacketDropCountNoRoute",
            { TransitGateway: "tgw-1" },
            100,
            ["arn:notice"],
          ],
        ],
      );
    });
  });
}

describe("IngressAlarms", () => {
  it("a stricter objective lowers both thresholds", async () => {
    const plan = await planAlarms("preview", { availabilityPercent: 99.99, latencyMilliseconds: 100 });
    assert.equal(named(plan, ALARM, "ingress-errors").inputs["threshold"], 0.144);
    assert.equal(named(plan, ALARM, "ingress-latency").inputs["threshold"], 0.1);
  });

  it("refuses bad arguments all at once", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new IngressAlarms(
            "ingress",
            args({ targetGroupArns: {}, availabilityPercent: 50, latencyMilliseconds: 0.2 }),
            opts,
          ),
      ),
      [
        'IngressAlarms "ingress":',
        "targetGroupArns: empty; give the slots that take traffic",
        "availabilityPercent: 50 is no objective; give a percentage from 90 to below 100, such as 99.9",
        "latencyMilliseconds: 0.2 is not a whole number from 1 to 60000; use 200",
      ],
    );
  });
});
