import assert from "node:assert/strict";
import fc from "fast-check";
import {
  evacuationKey,
  evacuationNotice,
  switchBucketHost,
  switchBucketName,
  switchBucketPolicy,
  switchHolders,
} from "./evacuation.ts";

const region = fc.constantFrom("us-east-1", "us-west-2", "eu-central-1", "ap-southeast-2", "us-gov-west-1");
const accountId = fc.integer({ min: 0, max: 999_999_999_999 }).map((n) => String(n).padStart(12, "0"));
const prefix = fc.stringMatching(/^[a-z0-9]{1,20}$/);

describe("evacuation", () => {
  it("every switch bucket has a valid name in its account's namespace, and a host that S3's certificate covers", () => {
    fc.assert(
      fc.property(prefix, accountId, region, (name, account, where) => {
        const bucket = switchBucketName({ prefix: name, accountId: account, region: where });
        assert.match(bucket, /^[a-z0-9-]{3,63}$/);
        assert(bucket.endsWith(`-${account}-${where}-an`));
        assert.equal(switchBucketHost(bucket, where).split(".").length, 5);
      }),
    );
  });

  it("two owners never share a bucket", () => {
    const owner = fc.record({ prefix, accountId, region });
    fc.assert(
      fc.property(owner, owner, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        assert.equal(switchBucketName(one) === switchBucketName(other), same);
      }),
    );
  });

  it("says what is wrong with a bucket's name, all at once", () => {
    assert.throws(() => switchBucketName({ prefix: "My.Platform", accountId: "12345", region: "useast1" }), {
      message: [
        "switch bucket:",
        '  accountId: "12345" is not an AWS account id; give its 12 digits',
        '  region: "useast1" is not an AWS region name; write it like us-east-1',
        '  prefix: "My.Platform" may hold only lower-case letters, digits and inner hyphens',
      ].join("\n"),
    });
    assert.throws(
      () => switchBucketName({ prefix: "p".repeat(40), accountId: "123456789012", region: "us-east-1" }),
      /has 73 characters, S3 allows 63; shorten the prefix/,
    );
  });

  it("a region's switch is held by all regions but itself", () => {
    const regions = [{ region: "us-east-1" }, { region: "us-west-2" }, { region: "eu-west-1" }];
    assert.deepEqual(
      switchHolders("us-west-2", regions).map((holder) => holder.region),
      ["us-east-1", "eu-west-1"],
    );
  });

  it("the notice tells who evacuates what and why", () => {
    const notice = { declaredBy: "stack dr", evacuated: "us-east-1", heldIn: "us-west-2", reason: "drill" };
    assert.deepEqual(JSON.parse(evacuationNotice(notice)), notice);
    assert.equal(evacuationKey("us-east-1"), "evacuate/us-east-1");
  });

  it("the policy admits the checkers to switches, and nobody to anything else", () => {
    const policy = switchBucketPolicy({ partition: "aws-us-gov", bucketName: "b", cidrs: ["15.177.0.0/18"] });
    assert.deepEqual(JSON.parse(policy), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: ["arn:aws-us-gov:s3:::b", "arn:aws-us-gov:s3:::b/*"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
        {
          Sid: "ReadableByCheckers",
          Effect: "Deny",
          Principal: "*",
          Action: "s3:PutObject",
          Resource: "arn:aws-us-gov:s3:::b/evacuate/*",
          Condition: {
            Null: { "s3:x-amz-server-side-encryption": "false" },
            StringNotEquals: { "s3:x-amz-server-side-encryption": "AES256" },
          },
        },
        {
          Sid: "HealthCheckers",
          Effect: "Allow",
          Principal: "*",
          Action: "s3:GetObject",
          Resource: "arn:aws-us-gov:s3:::b/evacuate/*",
          Condition: { IpAddress: { "aws:SourceIp": ["15.177.0.0/18"] } },
        },
      ],
    });
  });

  it("DOC-31: a policy that S3 would count as public is refused before it is sent", () => {
    const policy = (cidrs: string[]) => switchBucketPolicy({ partition: "aws", bucketName: "b", cidrs });
    assert.throws(() => policy([]), {
      message:
        "switch bucket policy:\n  healthCheckerCidrs: no range given; look the checkers' prefix list up",
    });
    for (const cidr of ["0.0.0.0/0", "54.0.0.0/7", "54.183.0.1"]) {
      assert.throws(() => policy(["15.177.0.0/18", cidr]), {
        message: `switch bucket policy:\n  healthCheckerCidrs: "${cidr}" is not a range of /8 or narrower`,
      });
    }
  });
});
