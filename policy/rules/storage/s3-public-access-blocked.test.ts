import { deepEqual } from "node:assert/strict";
import { runStackRule, type TestResource, UNKNOWN } from "../../testing/run-rule.ts";
import { s3PublicAccessBlocked } from "./s3-public-access-blocked.ts";

const bucket = (name: string, props: object = {}): TestResource => ({
  type: "aws:s3/bucket:Bucket",
  name,
  props,
});
const on = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
const block = (of: string, change: object = {}): TestResource => ({
  type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  name: `${of}-block`,
  props: { bucket: UNKNOWN, ...on, ...change },
  dependsOn: { bucket: [of] },
});
const missing =
  "no aws.s3.BucketPublicAccessBlock names this bucket; it must have one. Add it with all four switches true.";
const run = (...resources: TestResource[]) => runStackRule(s3PublicAccessBlocked, resources);

describe("s3-public-access-blocked", () => {
  it("accepts buckets whose blocks are found by dependency, names not being known yet", () => {
    deepEqual(run(bucket("raw"), block("raw"), bucket("content"), block("content")), []);
  });

  it("accepts a block that repeats the bucket's plain name", () => {
    const named = { ...block("raw"), props: { bucket: "docs-raw", ...on }, dependsOn: {} };
    deepEqual(run(bucket("raw", { bucket: "docs-raw" }), named), []);
  });

  it("refuses a bucket without a block, whatever its neighbour has", () => {
    deepEqual(run(bucket("raw"), block("raw"), bucket("logs")), [`logs: ${missing}`]);
  });

  for (const property of Object.keys(on))
    for (const value of [false, undefined])
      it(`refuses ${property}: ${value}`, () => {
        deepEqual(run(bucket("raw"), block("raw", { [property]: value })), [
          `raw: ${property} of raw-block is ${value ?? "not set"}; it must be true. Set ${property}: true.`,
        ]);
      });

  it("reports the other buckets when one switch is not known yet", () => {
    deepEqual(run(bucket("raw"), block("raw", { blockPublicAcls: UNKNOWN }), bucket("logs")), [
      `logs: ${missing}`,
      "undecided: string value at .raw.blockPublicAcls can't be known during preview",
    ]);
  });

  it("says nothing about a stack without buckets", () => {
    deepEqual(run({ type: "aws:kms/key:Key", props: {} }), ["not applicable: looks at aws:s3/bucket:Bucket"]);
  });
});
