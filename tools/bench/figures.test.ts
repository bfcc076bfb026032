import assert from "node:assert/strict";
import fc from "fast-check";
import { type MeasuredStack, median, report, summary } from "./figures.ts";

describe("median", () => {
  it("has as many values below as above, whatever their order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), (values) => {
        const found = median(values);
        const below = values.filter((value) => value < found).length;
        const above = values.filter((value) => value > found).length;
        assert.ok(below <= values.length / 2 && above <= values.length / 2);
        assert.equal(median([...values].reverse()), found);
      }),
    );
    assert.equal(median([1, 2]), 1.5);
  });

  it("takes cold seconds from cold runs, warm and repeated ones from warm runs, memory from all", () => {
    const run = (firstSeconds: number, peakMiB: number) => ({
      firstSeconds,
      againSeconds: 0.5,
      resources: 7,
      peakMiB,
    });
    assert.deepEqual(summary([run(3, 300)], [run(2, 200)]), {
      coldSeconds: 3,
      warmSeconds: 2,
      againSeconds: 0.5,
      resources: 7,
      peakMiB: 250,
    });
  });
});

describe("report of the benchmark", () => {
  const sample = (stack: string, planner: MeasuredStack["planner"], warmSeconds: number): MeasuredStack => ({
    stack,
    planner,
    warmSeconds,
    coldSeconds: 4,
    againSeconds: 1,
    resources: 62,
    peakMiB: 200.4,
  });

  it("takes the ratio over the stacks that both planners ran", () => {
    const text = report([
      sample("global", "platform", 3),
      sample("global", "setMocks", 2),
      sample("prod", "platform", 9),
    ]);
    assert.match(text, /^global {2}platform {9}62 {4}4\.00 {4}3\.00 {5}1\.00 {7}200$/m);
    assert.match(text, /platform takes 1\.50 times as long as setMocks/);
  });

  it("tells no ratio where there is nothing to compare with", () => {
    assert.doesNotMatch(report([sample("prod", "platform", 9)]), /times as long/);
  });
});
