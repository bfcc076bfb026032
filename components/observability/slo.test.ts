import assert from "node:assert/strict";
import fc from "fast-check";
import {
  AVAILABILITY_PERCENT,
  badPercentAt,
  FAST_BURN,
  goodPercentAt,
  LATENCY_MILLISECONDS,
  objectiveProblems,
  SLOW_BURN,
} from "./slo.ts";

describe("service level objectives", () => {
  it("OBS-29: availability is 99.9 %, and its budget burns 14.4 times too fast at 1.44 % of failures", () => {
    assert.equal(AVAILABILITY_PERCENT, 99.9);
    assert.equal(badPercentAt(99.9, FAST_BURN), 1.44);
    assert.equal(goodPercentAt(99.9, SLOW_BURN), 99.4);
  });

  it("OBS-30: 95 of 100 requests are answered within 200 ms", () => {
    assert.equal(LATENCY_MILLISECONDS, 200);
  });

  it("a stricter objective or a slower burn never allows more failures", () => {
    const objective = fc.double({ min: 90, max: 99.99, noNaN: true });
    const rate = fc.double({ min: 1, max: 15, noNaN: true });
    fc.assert(
      fc.property(objective, objective, rate, rate, (a, b, c, d) => {
        const strict = Math.max(a, b);
        const slow = Math.min(c, d);
        assert(badPercentAt(strict, slow) <= badPercentAt(Math.min(a, b), Math.max(c, d)));
        assert.equal(Math.round((goodPercentAt(strict, slow) + badPercentAt(strict, slow)) * 1000), 100_000);
      }),
    );
  });

  it("refuses what is no objective", () => {
    for (const percent of [89.9, 100, Number.NaN]) {
      assert.deepEqual(objectiveProblems("availabilityPercent", percent), [
        `availabilityPercent: ${percent} is no objective; give a percentage from 90 to below 100, such as 99.9`,
      ]);
    }
    assert.deepEqual(objectiveProblems("availabilityPercent", 99.9), []);
  });
});
