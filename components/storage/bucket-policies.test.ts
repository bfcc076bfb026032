import assert from "node:assert/strict";
import fc from "fast-check";
import { bucketPolicy, LOG_WRITERS, REPLICATION_TRUST, replicationPolicy } from "./bucket-policies.ts";

interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: Record<string, Record<string, string>>;
}
const OWNER = "111122223333";
const KEY = "arn:aws:kms:us-east-1:111122223333:key/mrk-1";
const read = (json: string): Statement[] => JSON.parse(json).Statement;
const policy = (change: Partial<Parameters<typeof bucketPolicy>[0]> = {}): Statement[] =>
  read(
    bucketPolicy({
      partition: "aws",
      accountId: OWNER,
      bucket: "docs",
      kmsKeyArn: KEY,
      logWriters: [],
      ...change,
    }),
  );
const bySid = (statements: Statement[], sid: string) => statements.find(({ Sid }) => Sid === sid);

describe("bucketPolicy", () => {
  it("STOR-16: refuses plain and outdated transport for the bucket and everything in it", () => {
    const statements = policy();
    const all = ["arn:aws:s3:::docs", "arn:aws:s3:::docs/*"];
    assert.deepEqual(bySid(statements, "TlsOnly"), {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: all,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
    assert.deepEqual(bySid(statements, "Tls12OrNewer")?.Condition, {
      NumericLessThan: { "s3:TlsVersion": "1.2" },
    });
  });

  it("STOR-16: refuses another encryption and another key, and lets a request without headers take the default", () => {
    const statements = policy();
    assert.deepEqual(bySid(statements, "OnlyKms")?.Condition, {
      Null: { "s3:x-amz-server-side-encryption": "false" },
      StringNotEquals: { "s3:x-amz-server-side-encryption": "aws:kms" },
    });
    assert.deepEqual(bySid(statements, "OnlyOwnKey")?.Condition, {
      Null: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "false" },
      StringNotEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": KEY },
    });
  });

  it("asks for no KMS key where S3 encrypts with its own", () => {
    assert.deepEqual(
      policy({ kmsKeyArn: undefined }).map(({ Sid }) => Sid),
      ["TlsOnly", "Tls12OrNewer"],
    );
  });

  it("admits the load balancers and S3 access logs of the own account, to write and nothing else", () => {
    const [, , balancer, access] = policy({
      kmsKeyArn: undefined,
      logWriters: ["s3-access", "load-balancer"],
    });
    assert.deepEqual(balancer, {
      Sid: "LoadBalancerWrites",
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::docs/*",
      Condition: { ArnLike: { "aws:SourceArn": `arn:aws:elasticloadbalancing:*:${OWNER}:loadbalancer/*` } },
    });
    assert.deepEqual(access?.Principal, { Service: "logging.s3.amazonaws.com" });
    assert.deepEqual(access?.Condition, { StringEquals: { "aws:SourceAccount": OWNER } });
  });

  it("grants nothing without naming a service and the own account, whichever writers are asked for", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...LOG_WRITERS)), (logWriters) => {
        const granted = policy({ logWriters }).filter(({ Effect }) => Effect === "Allow");
        assert.equal(granted.length > 0, logWriters.length > 0);
        for (const { Action, Condition, Principal, Sid } of granted) {
          assert.match(JSON.stringify(Principal), /^\{"Service":"[a-z0-9.]+\.amazonaws\.com"\}$/, Sid);
          assert.ok(JSON.stringify(Condition).includes(OWNER), Sid);
          assert.ok(Action === "s3:PutObject" || Action === "s3:GetBucketAcl", Sid);
        }
      }),
    );
  });
});

describe("replicationPolicy", () => {
  const east = { bucket: "docs-east", region: "us-east-1", kmsKeyArn: "key-east" };
  const west = { bucket: "docs-west", region: "us-west-2", kmsKeyArn: "key-west" };
  const statements = read(replicationPolicy({ partition: "aws", source: east, destinations: [west] }));

  it("STOR-07: reads versions of the source and writes replicas to the peer, and nothing else", () => {
    assert.deepEqual(
      statements.map(({ Sid, Action, Resource }) => [Sid, Action, Resource]),
      [
        ["ReadRules", ["s3:GetReplicationConfiguration", "s3:ListBucket"], ["arn:aws:s3:::docs-east"]],
        [
          "ReadVersions",
          ["s3:GetObjectVersionAcl", "s3:GetObjectVersionForReplication", "s3:GetObjectVersionTagging"],
          ["arn:aws:s3:::docs-east/*"],
        ],
        [
          "WriteReplicas",
          ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
          ["arn:aws:s3:::docs-west/*"],
        ],
        ["DecryptSource", ["kms:Decrypt"], ["key-east"]],
        ["EncryptInuswest2", ["kms:Encrypt", "kms:GenerateDataKey"], ["key-west"]],
      ],
    );
  });

  it("uses each key through S3 of its region, for its bucket only", () => {
    assert.deepEqual(bySid(statements, "DecryptSource")?.Condition, {
      StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" },
      StringLike: {
        "kms:EncryptionContext:aws:s3:arn": ["arn:aws:s3:::docs-east", "arn:aws:s3:::docs-east/*"],
      },
    });
    assert.deepEqual(bySid(statements, "EncryptInuswest2")?.Condition, {
      StringEquals: { "kms:ViaService": "s3.us-west-2.amazonaws.com" },
      StringLike: {
        "kms:EncryptionContext:aws:s3:arn": ["arn:aws:s3:::docs-west", "arn:aws:s3:::docs-west/*"],
      },
    });
  });

  it("never writes to the source, and has no wildcard for a whole service", () => {
    const region = fc.stringMatching(/^[a-z]{2}-[a-z]{4,9}-[1-9]$/);
    fc.assert(
      fc.property(fc.uniqueArray(region, { minLength: 2, maxLength: 4 }), ([from = "", ...others]) => {
        const end = (name: string) => ({ bucket: `b-${name}`, region: name, kmsKeyArn: `key-${name}` });
        const found = read(
          replicationPolicy({ partition: "aws", source: end(from), destinations: others.map(end) }),
        );
        assert.equal(new Set(found.map(({ Sid }) => Sid)).size, found.length);
        for (const { Action, Resource, Sid } of found) {
          assert.match(Sid, /^[A-Za-z0-9]+$/);
          assert.ok(![Action].flat().some((action) => action.includes("*")));
          const writes = [Action].flat().some((action) => /Replicate|Encrypt$|GenerateDataKey/.test(action));
          if (writes) assert.ok(![Resource].flat().some((arn) => arn.includes(from)), Sid);
        }
      }),
    );
  });

  it("lets S3 take the role, and nobody else", () => {
    assert.deepEqual(read(REPLICATION_TRUST), [
      { Action: "sts:AssumeRole", Effect: "Allow", Principal: { Service: "s3.amazonaws.com" } },
    ]);
  });
});
