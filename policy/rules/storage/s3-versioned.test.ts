import { deepEqual } from "node:assert/strict";
import { runStackRule, type TestResource, UNKNOWN } from "../../testing/run-rule.ts";
import { s3Versioned } from "./s3-versioned.ts";

const bucket: TestResource = { type: "aws:s3/bucket:Bucket", name: "raw", props: {} };
const versioning = (status?: unknown): TestResource => ({
  type: "aws:s3/bucketVersioning:BucketVersioning",
  name: "raw-versioning",
  props: { bucket: UNKNOWN, versioningConfiguration: { status } },
  dependsOn: { bucket: ["raw"] },
});
const wrong = (value: string) =>
  `raw: versioningConfiguration.status of raw-versioning is ${value}; it must be "Enabled". Set it to Enabled; old versions are removed by a lifecycle rule, not by suspending.`;

describe("s3-versioned", () => {
  const table: [string, TestResource[], string[]][] = [
    ["accepts an enabled versioning", [bucket, versioning("Enabled")], []],
    [
      "refuses a bucket without one",
      [bucket],
      ["raw: no aws.s3.BucketVersioning names this bucket; it must have one. Add it with status Enabled."],
    ],
    ["refuses a suspended one", [bucket, versioning("Suspended")], [wrong('"Suspended"')]],
    ["refuses one that says nothing", [bucket, versioning()], [wrong("not set")]],
    [
      "does not decide on an unknown status",
      [bucket, versioning(UNKNOWN)],
      ["undecided: string value at .raw.versioningConfiguration.status can't be known during preview"],
    ],
  ];
  for (const [title, resources, expected] of table)
    it(title, () => deepEqual(runStackRule(s3Versioned, resources), expected));
});
