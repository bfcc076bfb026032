import { deepEqual } from "node:assert/strict";
import { runStackRule, type TestResource, UNKNOWN } from "../../testing/run-rule.ts";
import { s3Encrypted } from "./s3-encrypted.ts";

const bucket: TestResource = { type: "aws:s3/bucket:Bucket", name: "raw", props: {} };
const encryption = (byDefault: object | undefined): TestResource => ({
  type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  name: "raw-encryption",
  props: {
    bucket: UNKNOWN,
    rules: [{ applyServerSideEncryptionByDefault: byDefault, bucketKeyEnabled: true }],
  },
  dependsOn: { bucket: ["raw"] },
});
const withKey = { sseAlgorithm: "aws:kms", kmsMasterKeyId: "arn:aws:kms:us-east-1:111122223333:key/mrk-1" };
const path = "rules[0].applyServerSideEncryptionByDefault";
const wrong = (value: string) =>
  `raw: ${path}.sseAlgorithm of raw-encryption is ${value}; it must be aws:kms or aws:kms:dsse. Set aws:kms; a bucket that AWS can only write with SSE-S3 is named in the rule's sseS3Buckets.`;
const noKey = `raw: ${path}.kmsMasterKeyId of raw-encryption is not set; it must be the ARN of a customer managed key. Set it to the region's data key; without it S3 takes a key of AWS.`;

describe("s3-encrypted", () => {
  const table: [string, TestResource[], string[]][] = [
    ["accepts a customer managed key", [bucket, encryption(withKey)], []],
    ["takes a key that is not known yet", [bucket, encryption({ ...withKey, kmsMasterKeyId: UNKNOWN })], []],
    [
      "refuses a bucket without a configuration",
      [bucket],
      [
        "raw: no aws.s3.BucketServerSideEncryptionConfiguration names this bucket; it must have one. Add it with sseAlgorithm aws:kms and the region's data key.",
      ],
    ],
    ["refuses SSE-S3", [bucket, encryption({ sseAlgorithm: "AES256" })], [wrong('"AES256"')]],
    ["refuses the key of AWS", [bucket, encryption({ sseAlgorithm: "aws:kms" })], [noKey]],
    ["refuses a rule that says nothing", [bucket, encryption(undefined)], [wrong("not set"), noKey]],
    [
      "does not decide on an unknown algorithm",
      [bucket, encryption({ sseAlgorithm: UNKNOWN })],
      [
        `undecided: string value at .raw.${path.replace("[0]", ".0")}.sseAlgorithm can't be known during preview`,
      ],
    ],
  ];
  for (const [title, resources, expected] of table)
    it(title, () => deepEqual(runStackRule(s3Encrypted, resources), expected));

  it("accepts SSE-S3 where the settings name the bucket, and only there", () => {
    const other: TestResource = { ...bucket, name: "logs" };
    const plain = encryption({ sseAlgorithm: "AES256" });
    const settings = { sseS3Buckets: ["logs"] };
    deepEqual(
      runStackRule(s3Encrypted, [other, { ...plain, dependsOn: { bucket: ["logs"] } }], settings),
      [],
    );
    deepEqual(runStackRule(s3Encrypted, [bucket, plain], settings), [wrong('"AES256"')]);
  });
});
