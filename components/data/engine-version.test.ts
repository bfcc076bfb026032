import assert from "node:assert/strict";
import fc from "fast-check";
import { engineVersionProblems, parameterGroupFamily, parseEngineVersion } from "./engine-version.ts";

describe("engineVersionProblems", () => {
  it("DATA-05: accepts exactly the versions from 15.4 on", () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 99 }), fc.integer({ min: 0, max: 99 }), (major, minor) => {
        const text = `${major}.${minor}`;
        assert.deepEqual(parseEngineVersion(text), { major, minor });
        assert.equal(engineVersionProblems(text).length === 0, major * 100 + minor >= 1504);
      }),
    );
  });

  it("DATA-05: says what is wrong with an older version, and with none", () => {
    assert.deepEqual(engineVersionProblems("15.3"), [
      'engineVersion: "15.3" is older than 15.4, the first with write forwarding between regions; use 15.4 or newer',
    ]);
    for (const text of ["16", "16.x", "", "16.6.1", " 16.6"]) {
      assert.deepEqual(engineVersionProblems(text), [
        `engineVersion: "${text}" is no Aurora PostgreSQL version; write major and minor, such as "16.6"`,
      ]);
    }
  });

  it("takes the parameters' family from the major version", () => {
    assert.equal(parameterGroupFamily("15.4"), "aurora-postgresql15");
    assert.equal(parameterGroupFamily("16.11"), "aurora-postgresql16");
  });
});
