import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import { MODES, waitsFor } from "../../tools/plan/testing.ts";
import { ACCOUNT, EAST, planAcross, refusalOf, TWO, WEST } from "../data/planned-data.ts";
import { named, ofType } from "../edge/planned-edge.ts";
import { DataClassification, type DataClassificationArgs } from "./data-classification.ts";

const JOB = "macie2/classificationJob:ClassificationJob";
const planSearch = (mode: PlanMode, change: Partial<DataClassificationArgs> = {}) =>
  planAcross(TWO, mode, ({ providers }) => {
    const search = new DataClassification("data", {
      regions: TWO,
      providers,
      accountId: ACCOUNT,
      bucketNames: { [EAST]: ["documents-east"], [WEST]: ["documents-west"] },
      ...change,
    });
    return { jobIds: search.jobIds };
  });

for (const mode of MODES) {
  it(`SEC-22: the document buckets of every region are searched weekly for sensitive data, ${mode}`, async () => {
    const plan = await planSearch(mode);
    assert.deepEqual(
      ofType(plan, "macie2/account:Account").map(({ inputs, region }) => [region, inputs["status"]]),
      TWO.map((region) => [region, "ENABLED"]),
    );
    const job = named(plan, JOB, "data-documents-us-west-2");
    assert.equal(job.region, WEST);
    const { name, ...inputs } = job.inputs;
    // A cancelled job keeps its name, so the next one needs another.
    assert.match(String(name), /^data-documents-us-west-2-[0-9a-f]{7}$/);
    assert.deepEqual(inputs, {
      description: "Sensitive data in documents",
      jobType: "SCHEDULED",
      initialRun: true,
      samplingPercentage: 100,
      scheduleFrequency: { weeklySchedule: "SUNDAY" },
      s3JobDefinition: { bucketDefinitions: [{ accountId: ACCOUNT, buckets: ["documents-west"] }] },
    });
    assert.deepEqual(waitsFor(job), ["data-us-west-2"]);
  });
}

describe("DataClassification", () => {
  it("has no job where there is no bucket, and no session where there is one", async () => {
    const plan = await planSearch("update", {
      session: "existing",
      bucketNames: { [EAST]: ["documents"], [WEST]: [] },
    });
    assert.equal(ofType(plan, "macie2/account:Account").length, 0);
    assert.deepEqual(
      ofType(plan, JOB).map(({ region }) => region),
      [EAST],
    );
    assert.deepEqual(Object.keys(plan.outputs["jobIds"] as object), [EAST]);
  });

  it("refuses a percentage that is none", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ providers }) =>
          new DataClassification("data", {
            regions: [EAST],
            providers,
            accountId: ACCOUNT,
            bucketNames: { [EAST]: [] },
            samplingPercentage: 0,
          }),
      ),
      [
        "DataClassification data:",
        "samplingPercentage: 0 is not a whole number from 1 to 100; give a percentage, or leave it out to read everything",
      ],
    );
  });
});
