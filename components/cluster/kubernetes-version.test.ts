import assert from "node:assert/strict";
import fc from "fast-check";
import { compareVersions, supportDaysLeft, supportedVersions, versionProblem } from "./kubernetes-version.ts";

describe("Kubernetes versions", () => {
  it("EKS-07: every version in standard support can be deployed, 1.28 cannot (C-29)", () => {
    assert.deepEqual(supportedVersions(), ["1.34", "1.35", "1.36"]);
    for (const version of supportedVersions()) assert.equal(versionProblem(version), undefined);
    assert.equal(
      versionProblem("1.28"),
      'version "1.28" is not in standard support: choose one of 1.34, 1.35, 1.36',
    );
  });

  it("EKS-07: a version below the configured floor is refused", () => {
    assert.equal(versionProblem("1.35", "1.35"), undefined);
    assert.equal(
      versionProblem("1.34", "1.35"),
      'version "1.34" is below versionFloor "1.35": choose one of 1.35, 1.36',
    );
    assert.equal(
      versionProblem("1.36", "1.40"),
      'version "1.36" is below versionFloor "1.40": choose one of a newer release',
    );
    assert.equal(versionProblem("1.36", "new"), 'versionFloor "new" is no version: write it as "1.34"');
  });

  it("counts minor versions as numbers", () => {
    assert(compareVersions("1.9", "1.34") < 0);
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (a, b) => {
        assert.equal(Math.sign(compareVersions(`1.${a}`, `1.${b}`)), Math.sign(a - b));
      }),
    );
  });

  it("says how long standard support lasts", () => {
    assert.equal(supportDaysLeft("1.35", "2027-03-26"), 1);
    assert.equal(supportDaysLeft("1.34", "2026-12-03"), -1);
    assert.equal(supportDaysLeft("1.28", "2026-11-21"), undefined);
  });
});
