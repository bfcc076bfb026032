import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import { MODES, waitsFor } from "../../tools/plan/testing.ts";
import { EAST, OHIO, planAcross, refusalOf, THREE, TWO, WEST } from "../data/planned-data.ts";
import { named, ofType } from "../edge/planned-edge.ts";
import { SecurityHub, type SecurityHubArgs } from "./security-hub.ts";

const planHub = (mode: PlanMode, regions: string[], change: Partial<SecurityHubArgs> = {}) =>
  planAcross(regions, mode, ({ providers }) => {
    const hub = new SecurityHub("hub", { regions, providers, ...change });
    return { standardArns: hub.standardArns };
  });

for (const mode of MODES) {
  it(`SEC-19: every region collects findings, and the first shows those of all, ${mode}`, async () => {
    const plan = await planHub(mode, THREE, { standards: ["fsbp", "cis", "pci"] });
    assert.deepEqual(
      ofType(plan, "securityhub/account:Account").map(({ inputs, region }) => [region, inputs]),
      [EAST, OHIO, WEST].map((region) => [
        region,
        {
          autoEnableControls: true,
          controlFindingGenerator: "SECURITY_CONTROL",
          enableDefaultStandards: false,
        },
      ]),
    );
    const standards = ofType(plan, "securityhub/standardsSubscription:StandardsSubscription");
    assert.deepEqual(
      standards.filter(({ region }) => region === WEST).map(({ inputs }) => inputs["standardsArn"]),
      [
        "arn:aws:securityhub:us-west-2::standards/cis-aws-foundations-benchmark/v/5.0.0",
        "arn:aws:securityhub:us-west-2::standards/aws-foundational-security-best-practices/v/1.0.0",
        "arn:aws:securityhub:us-west-2::standards/pci-dss/v/4.0.1",
      ],
    );
    for (const standard of standards) assert.deepEqual(waitsFor(standard), [`hub-${standard.region}`]);
    const aggregator = named(plan, "securityhub/findingAggregator:FindingAggregator", "hub-aggregator");
    assert.equal(aggregator.region, EAST);
    assert.deepEqual(aggregator.inputs, { linkingMode: "SPECIFIED_REGIONS", specifiedRegions: [WEST, OHIO] });
    assert.deepEqual(waitsFor(aggregator), ["hub-us-east-1", "hub-us-east-2", "hub-us-west-2"]);
  });
}

describe("SecurityHub", () => {
  it("GAP-15: leaves hub and aggregation to an organisation that has them", async () => {
    const plan = await planHub("update", TWO, { hub: "existing", aggregated: false });
    assert.deepEqual(
      [...new Set(plan.resources.map(({ type }) => type).filter((type) => type.startsWith("aws:sec")))],
      ["aws:securityhub/standardsSubscription:StandardsSubscription"],
    );
  });

  it("gathers nothing where there is one region", async () => {
    const plan = await planHub("preview", [EAST]);
    assert.equal(ofType(plan, "securityhub/findingAggregator:FindingAggregator").length, 0);
  });

  it("refuses a standard that is named twice", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ providers }) => new SecurityHub("hub", { regions: TWO, providers, standards: ["cis", "cis"] }),
      ),
      ["SecurityHub hub:", 'standards: "cis" is named twice; name every standard once'],
    );
  });
});
