import { deepEqual } from "node:assert/strict";
import { runStackRule, type TestResource, UNKNOWN } from "../../testing/run-rule.ts";
import { s3TlsOnly } from "./s3-tls-only.ts";

const arn = "arn:aws:s3:::docs-raw";
const deny = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [arn, `${arn}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};
const bucket: TestResource = { type: "aws:s3/bucket:Bucket", name: "raw", props: { bucket: "docs-raw" } };
const withText = (policy: unknown): TestResource => ({
  type: "aws:s3/bucketPolicy:BucketPolicy",
  name: "raw-policy",
  props: { bucket: "docs-raw", policy },
});
const policy = (...statements: object[]) =>
  withText(JSON.stringify({ Version: "2012-10-17", Statement: statements }));
const open =
  'raw: the policy raw-policy lets requests without TLS in; it must deny s3:* to "*" on the bucket and its objects when aws:SecureTransport is false.';

describe("s3-tls-only", () => {
  const table: [string, TestResource[], string[]][] = [
    ["SEC-09: accepts a deny of requests without TLS", [bucket, policy(deny)], []],
    [
      "finds it among others and for the principal written out",
      [
        bucket,
        policy(
          { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
          { ...deny, Principal: { AWS: "*" } },
        ),
      ],
      [],
    ],
    [
      "takes a boolean written as such",
      [bucket, policy({ ...deny, Condition: { Bool: { "aws:SecureTransport": false } } })],
      [],
    ],
    [
      "refuses a bucket without a policy",
      [bucket],
      ["raw: no aws.s3.BucketPolicy names this bucket; it must have one that denies requests without TLS."],
    ],
    ["refuses an allow", [bucket, policy({ ...deny, Effect: "Allow" })], [open]],
    [
      "refuses a deny for one principal",
      [bucket, policy({ ...deny, Principal: { AWS: "arn:aws:iam::1:root" } })],
      [open],
    ],
    ["refuses a deny of one action", [bucket, policy({ ...deny, Action: "s3:PutObject" })], [open]],
    ["refuses a deny on the objects only", [bucket, policy({ ...deny, Resource: `${arn}/*` })], [open]],
    ["refuses a deny on the bucket only", [bucket, policy({ ...deny, Resource: arn })], [open]],
    ["refuses a deny without the condition", [bucket, policy({ ...deny, Condition: undefined })], [open]],
    [
      "refuses the opposite condition",
      [bucket, policy({ ...deny, Condition: { Bool: { "aws:SecureTransport": "true" } } })],
      [open],
    ],
    [
      "refuses text that is no policy",
      [bucket, withText("{")],
      ["raw: the policy raw-policy is no policy document: it is not JSON."],
    ],
    [
      "does not decide on a policy that is not known yet",
      [bucket, withText(UNKNOWN)],
      ["undecided: string value at .raw.policy can't be known during preview"],
    ],
  ];
  for (const [title, resources, expected] of table)
    it(title, () => deepEqual(runStackRule(s3TlsOnly, resources), expected));
});
