import assert from "node:assert/strict";
import fc from "fast-check";
import type { PlanMode } from "../../tools/plan/index.ts";
import { MODES, sources } from "../../tools/plan/testing.ts";
import { ACCOUNT, EAST, planAcross, refusalOf, TWO, WEST } from "../data/planned-data.ts";
import { named, ofType, pick } from "../edge/planned-edge.ts";
import {
  DETECTOR_FEATURES,
  type FeatureName,
  ThreatDetection,
  type ThreatDetectionArgs,
} from "./threat-detection.ts";

const FEATURE = "guardduty/detectorFeature:DetectorFeature";
const planThreats = (mode: PlanMode, change: Partial<ThreatDetectionArgs> = {}) =>
  planAcross(TWO, mode, ({ providers }) => {
    const threats = new ThreatDetection("threats", {
      regions: TWO,
      providers,
      accountId: ACCOUNT,
      ...change,
    });
    return { detectorIds: threats.detectorIds };
  });

for (const mode of MODES) {
  describe(`ThreatDetection, ${mode}`, () => {
    it("SEC-18: GuardDuty watches every region, with EKS, S3, RDS, EBS, Lambda and run time", async () => {
      const plan = await planThreats(mode);
      assert.deepEqual(
        ofType(plan, "guardduty/detector:Detector").map(({ inputs, region }) => [region, inputs]),
        TWO.map((region) => [region, { enable: true, findingPublishingFrequency: "FIFTEEN_MINUTES" }]),
      );
      for (const region of TWO) {
        const features = ofType(plan, FEATURE).filter((feature) => feature.region === region);
        assert.deepEqual(
          features.map(({ inputs }) => [inputs["name"], inputs["status"]]).sort(),
          [...DETECTOR_FEATURES].sort().map((name) => [name, "ENABLED"]),
        );
        for (const feature of features) {
          assert.deepEqual(sources(feature, "detectorId"), [`threats-detector-${region}`]);
        }
      }
      // AWS refuses the older EKS_RUNTIME_MONITORING beside this one.
      assert.deepEqual(
        named(plan, FEATURE, "threats-runtime-monitoring-us-west-2").inputs["additionalConfigurations"],
        [
          { name: "EKS_ADDON_MANAGEMENT", status: "ENABLED" },
          { name: "ECS_FARGATE_AGENT_MANAGEMENT", status: "DISABLED" },
          { name: "EC2_AGENT_MANAGEMENT", status: "ENABLED" },
        ],
      );
    });

    it("SEC-16: Inspector scans instances, images and functions of every region", async () => {
      const plan = await planThreats(mode);
      assert.deepEqual(
        ofType(plan, "inspector2/enabler:Enabler").map(({ inputs, region }) => [region, inputs]),
        TWO.map((region) => [region, { accountIds: [ACCOUNT], resourceTypes: ["EC2", "ECR", "LAMBDA"] }]),
      );
    });

    it("SEC-04: what is open to other accounts is found in every region, unused access once", async () => {
      const plan = await planThreats(mode, { unusedAccessDays: 90 });
      assert.deepEqual(
        ofType(plan, "accessanalyzer/analyzer:Analyzer").map((analyzer) => [
          analyzer.region,
          pick(analyzer, "type", "configuration"),
        ]),
        [
          [EAST, { type: "ACCOUNT" }],
          [WEST, { type: "ACCOUNT" }],
          [
            EAST,
            {
              type: "ACCOUNT_UNUSED_ACCESS",
              configuration: { unusedAccess: { unusedAccessAge: 90 } },
            },
          ],
        ],
      );
    });
  });
}

describe("ThreatDetection", () => {
  it("GAP-15: makes no second detector in an account that has one", async () => {
    const plan = await planThreats("update", { existingDetectorIds: { [EAST]: "aaa", [WEST]: "bbb" } });
    assert.equal(ofType(plan, "guardduty/detector:Detector").length, 0);
    assert.equal(named(plan, FEATURE, "threats-eks-audit-logs-us-west-2").inputs["detectorId"], "bbb");
    assert.deepEqual(plan.outputs["detectorIds"], { [EAST]: "aaa", [WEST]: "bbb" });
  });

  it("GAP-15: turns on what is named and nothing else", async () => {
    const kinds = {
      guardduty: "aws:guardduty/",
      inspector: "aws:inspector2/",
      "access-analyzer": "aws:accessanalyzer/",
    };
    for (const service of ["guardduty", "inspector", "access-analyzer"] as const) {
      const plan = await planThreats("preview", { services: [service] });
      const types = plan.resources.map(({ type }) => type).filter((type) => /^aws:.*\//.test(type));
      assert(types.length > 0);
      assert(
        types.every((type) => type.startsWith(kinds[service])),
        types.join(),
      );
    }
  });

  it("turns off what is not named, and agents with the feature they belong to", async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray([...DETECTOR_FEATURES] as FeatureName[]), async (features) => {
        const plan = await planThreats("preview", { features, services: ["guardduty"] });
        for (const { inputs } of ofType(plan, FEATURE)) {
          const on = features.some((feature) => feature === inputs["name"]);
          assert.equal(inputs["status"], on ? "ENABLED" : "DISABLED");
          if (!on) assert.doesNotMatch(JSON.stringify(inputs), /"ENABLED"/);
        }
      }),
      { numRuns: 8 },
    );
  });

  it("refuses bad arguments all at once", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ providers }) =>
          new ThreatDetection("threats", {
            regions: TWO,
            providers,
            accountId: ACCOUNT,
            services: [],
            existingDetectorIds: { [EAST]: "aaa" },
            unusedAccessDays: 0,
          }),
      ),
      [
        "ThreatDetection threats:",
        'existingDetectorIds: nothing is given for "us-west-2"; give a value for every one of regions',
        "services: [] turns nothing on; name some of guardduty, inspector, access-analyzer, or leave the component out",
        "unusedAccessDays: 0 is not a whole number from 1 to 365; give days, or leave it out",
      ],
    );
  });
});
