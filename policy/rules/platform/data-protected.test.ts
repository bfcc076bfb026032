import { deepEqual } from "node:assert/strict";
import { runRule, UNKNOWN } from "../../testing/run-rule.ts";
import { dataProtected } from "./data-protected.ts";

const unprotected =
  "the resource option protect is false; it must be true. Set protect: true; to delete the resource on purpose, turn it off in an update of its own.";
const run = (type: string, protect: boolean, props: object = {}) =>
  runRule(dataProtected, { type, props, options: { protect } });

describe("data-protected", () => {
  for (const type of dataProtected.types) {
    it(`accepts a protected ${type}, whatever is not known yet`, () =>
      deepEqual(run(type, true, { name: UNKNOWN }), []));
    it(`refuses an unprotected ${type}`, () => deepEqual(run(type, false), [unprotected]));
  }
  it("leaves instances of a cluster alone", () => {
    deepEqual(run("aws:rds/clusterInstance:ClusterInstance", false).length, 1);
    deepEqual(run("aws:rds/clusterInstance:ClusterInstance", false)[0]?.startsWith("not applicable"), true);
  });
});
