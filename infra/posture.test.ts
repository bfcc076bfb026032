import assert from "node:assert/strict";
import fc from "fast-check";
import { posture, share } from "./posture.ts";

const regions = { "us-east-1": { weight: 70 }, "us-west-2": { weight: 30 } };
const dr = { region: "us-west-2", primaryRegion: "us-east-1", evacuate: [], regions } as const;
const prod = { ...dr, region: "us-east-1" } as const;

describe("posture", () => {
  it("DR-01: in normal operation both regions serve their weight and nobody is evacuated", () => {
    assert.deepEqual(posture({ ...prod, role: "primary" }), { evacuates: [], servesPercent: 70 });
    assert.deepEqual(posture({ ...dr, role: "secondary" }), { evacuates: [], servesPercent: 30 });
  });

  it("DR-17: a secondary that becomes primary evacuates the designed primary and is sized for everything", () => {
    assert.deepEqual(posture({ ...dr, role: "primary" }), { evacuates: ["us-east-1"], servesPercent: 100 });
  });

  it("DR-17: the designed primary never evacuates a peer by its role", () => {
    assert.deepEqual(posture({ ...prod, role: "secondary" }), { evacuates: [], servesPercent: 70 });
    assert.deepEqual(posture({ ...prod, role: "primary", evacuate: ["us-west-2"] }), {
      evacuates: ["us-west-2"],
      servesPercent: 100,
    });
  });

  it("shares what is left among three regions by weight", () => {
    const three = { a: { weight: 50 }, b: { weight: 30 }, c: { weight: 20 } };
    const input = { region: "b", role: "primary", primaryRegion: "a", evacuate: [], regions: three } as const;
    assert.deepEqual(posture(input), { evacuates: ["a"], servesPercent: 60 });
  });

  it("whatever fails, the regions that still serve are sized for all the traffic together", () => {
    const weights = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(weights, fc.nat(), (list, lost) => {
        const all = Object.fromEntries(list.map((weight, index) => [`r${index}`, { weight }]));
        const names = Object.keys(all);
        const down = names[lost % names.length] ?? "";
        const serving = names.filter((name) => name !== down);
        const percent = serving.map(
          (region) =>
            posture({ region, role: "secondary", primaryRegion: down, evacuate: [down], regions: all })
              .servesPercent,
        );
        assert.ok(percent.reduce((sum, value) => sum + value, 0) >= 100);
      }),
    );
  });

  it("never goes below the floor of a region", () => {
    assert.equal(share(6, 30, 3), 3);
    assert.equal(share(6, 70, 3), 5);
    assert.equal(share(6, 100, 3), 6);
  });
});
