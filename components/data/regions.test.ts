import assert from "node:assert/strict";
import fc from "fast-check";
import { at, mapRegions, orderedPairs, regionProblems } from "./regions.ts";

const region = fc.stringMatching(/^[a-z]{2}-[a-z]{4,9}-[1-9]$/);
const regions = fc.uniqueArray(region, { minLength: 1, maxLength: 6 });

describe("regions", () => {
  it("STOR-07: the ordered pairs are every region with every other, and none with itself", () => {
    fc.assert(
      fc.property(regions, (names) => {
        const pairs = orderedPairs(names);
        assert.equal(pairs.length, names.length * (names.length - 1));
        assert.equal(new Set(pairs.map(({ from, to }) => `${from} ${to}`)).size, pairs.length);
        assert.ok(pairs.every(({ from, to }) => from !== to && names.includes(from) && names.includes(to)));
      }),
    );
  });

  it("accepts any distinct regions for which every argument has a value, further ones or not", () => {
    fc.assert(
      fc.property(regions, regions, (names, further) => {
        const values = mapRegions([...further, ...names], (name) => name);
        assert.deepEqual(regionProblems(names, { values }), []);
        for (const name of names) assert.equal(at(values, name), name);
      }),
    );
  });

  it("names every region that an argument lacks", () => {
    fc.assert(
      fc.property(regions, fc.nat(), (names, place) => {
        const missing = names[place % names.length] ?? "";
        const values = mapRegions(
          names.filter((name) => name !== missing),
          () => 1,
        );
        assert.deepEqual(regionProblems(names, { values }), [
          `values: nothing is given for "${missing}"; give a value for every one of regions`,
        ]);
        assert.throws(() => at(values, missing), { message: `nothing is given for region "${missing}"` });
      }),
    );
  });
});
