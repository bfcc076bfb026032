import { deepEqual, throws } from "node:assert/strict";
import { cases, runRule, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { eksVersion } from "./eks-version.ts";

const old = (value: string, floor = "1.34") =>
  `version is ${value}; it must be "${floor}" or newer. Set a version in standard support; upgrade one minor version at a time.`;

describe("eks-version", () => {
  cases(eksVersion, "aws:eks/cluster:Cluster", { version: "1.34" }, [
    ["takes a newer one", { version: "1.36" }, []],
    ["EKS-07: refuses 1.28", { version: "1.28" }, [old('"1.28"')]],
    ["compares numbers, not text", { version: "1.9" }, [old('"1.9"')]],
    ["refuses the default of AWS", { version: undefined }, [old("not set")]],
    ["refuses what is no version", { version: "latest" }, [old('"latest"')]],
    ["does not decide on an unknown version", { version: UNKNOWN }, [undecided("version")]],
  ]);
  cases(eksVersion, "aws:eks/nodeGroup:NodeGroup", { version: "1.35" }, [
    ["takes nodes that follow the cluster", { version: undefined }, []],
    ["refuses old nodes", { version: "1.33" }, [old('"1.33"')]],
  ]);

  const cluster = { type: "aws:eks/cluster:Cluster", props: { version: "1.34" } };
  it("raises the floor by the stack's settings", () => {
    deepEqual(runRule(eksVersion, cluster, { floor: "1.35" }), [old('"1.34"', "1.35")]);
  });
  it("refuses a floor that is no version", () => {
    throws(
      () => runRule(eksVersion, cluster, { floor: "1" }),
      /rule eks-version failed on urn:.*minor version/s,
    );
  });
});
