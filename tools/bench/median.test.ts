import assert from "node:assert/strict";
import fc from "fast-check";
import { median, summary } from "./median.ts";

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
