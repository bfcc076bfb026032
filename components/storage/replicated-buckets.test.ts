import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import {
  ACCOUNT,
  EAST,
  keyArn,
  keyArns,
  OHIO,
  planAcross,
  protectionOf,
  refusalOf,
  THREE,
  TWO,
  WEST,
} from "../data/planned-data.ts";
import { mapRegions, orderedPairs } from "../data/regions.ts";
import { MODES, named, ofType, pick } from "../edge/planned-edge.ts";
import { bucketPolicy, replicationPolicy } from "./bucket-policies.ts";
import { ReplicatedBuckets, type ReplicatedBucketsArgs } from "./replicated-buckets.ts";

const BUCKET = "s3/bucket:Bucket";
const REPLICATION = "s3/bucketReplicationConfig:BucketReplicationConfig";
const bucketName = (region: string) => `platform-documents-${ACCOUNT}-${region}`;
const names = (regions: readonly string[]) => mapRegions(regions, bucketName);
const planBuckets = (mode: PlanMode, regions: string[], change: Partial<ReplicatedBucketsArgs> = {}) =>
  planAcross(regions, mode, ({ providers }) => {
    const buckets = new ReplicatedBuckets("documents", {
      bucketNames: names(regions),
      regions,
      providers,
      accountId: ACCOUNT,
      kmsKeyArns: keyArns(regions),
      noncurrentGlacierDays: 90,
      dataProtection: "retain",
      ...change,
    });
    return { names: buckets.bucketNames, arns: buckets.bucketArns };
  });

for (const mode of MODES) {
  describe(`ReplicatedBuckets, ${mode}`, () => {
    it("STOR-01 and STOR-08: one bucket in every region, under a known name, protected", async () => {
      const buckets = ofType(await planBuckets(mode, THREE), BUCKET);
      assert.deepEqual(
        buckets.map((bucket) => [bucket.region, bucket.inputs, protectionOf(bucket)]),
        [EAST, OHIO, WEST].map((region) => [
          region,
          { bucket: bucketName(region), forceDestroy: false },
          { protect: true, retainOnDelete: true },
        ]),
      );
    });

    it("STOR-05, STOR-07, DR-14 and DR-16: replicates every ordered pair within 15 minutes, delete markers and replica changes included", async () => {
      const plan = await planBuckets(mode, THREE);
      const rules = ofType(plan, REPLICATION).flatMap(({ region, inputs }) =>
        (inputs["rules"] as { id: string; priority: number }[]).map((rule) => ({ from: region, rule })),
      );
      assert.deepEqual(
        rules.map(({ from, rule }) => `${from} ${rule.id}`).sort(),
        orderedPairs(THREE)
          .map(({ from, to }) => `${from} to-${to}`)
          .sort(),
      );
      const [toWest, toOhio] = named(plan, REPLICATION, "documents-replication-us-east-1").inputs[
        "rules"
      ] as unknown[];
      assert.deepEqual(toWest, {
        id: "to-us-west-2",
        priority: 0,
        status: "Enabled",
        filter: {},
        deleteMarkerReplication: { status: "Enabled" },
        sourceSelectionCriteria: {
          replicaModifications: { status: "Enabled" },
          sseKmsEncryptedObjects: { status: "Enabled" },
        },
        destination: {
          bucket: `arn:aws:s3:::${bucketName(WEST)}`,
          encryptionConfiguration: { replicaKmsKeyId: keyArn(WEST) },
          metrics: { status: "Enabled", eventThreshold: { minutes: 15 } },
          replicationTime: { status: "Enabled", time: { minutes: 15 } },
        },
      });
      assert.equal((toOhio as { priority: number }).priority, 1);
    });

    it("STOR-07: starts replication when every bucket keeps versions and the role has its policy", async () => {
      const plan = await planBuckets(mode, TWO);
      const end = (region: string) => ({ bucket: bucketName(region), region, kmsKeyArn: keyArn(region) });
      for (const { region = "", dependencies } of ofType(plan, REPLICATION)) {
        const peer = region === EAST ? WEST : EAST;
        const policy = named(plan, "iam/rolePolicy:RolePolicy", `documents-replication-${region}`);
        assert.equal(
          policy.inputs["policy"],
          replicationPolicy({ partition: "aws", source: end(region), destinations: [end(peer)] }),
        );
        const needed = [...ofType(plan, "s3/bucketVersioning:BucketVersioning"), policy].map(
          ({ urn }) => urn,
        );
        assert.deepEqual(
          needed.filter((urn) => !dependencies.includes(urn)),
          [],
        );
      }
    });

    it("STOR-04: keeps versions, and moves replaced ones to Glacier after 90 days", async () => {
      const plan = await planBuckets(mode, TWO);
      for (const versioning of ofType(plan, "s3/bucketVersioning:BucketVersioning")) {
        assert.deepEqual(versioning.inputs["versioningConfiguration"], { status: "Enabled" });
        assert.deepEqual(protectionOf(versioning), { protect: true, retainOnDelete: true });
      }
      const lifecycles = ofType(plan, "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
      assert.equal(lifecycles.length, 2);
      for (const { inputs } of lifecycles) {
        const [, noncurrent] = inputs["rules"] as Record<string, unknown>[];
        assert.deepEqual(noncurrent?.["noncurrentVersionTransitions"], [
          { noncurrentDays: 90, storageClass: "GLACIER" },
        ]);
      }
    });

    it("STOR-03 and STOR-16: private, owner-enforced, encrypted with the region's key, TLS only", async () => {
      const plan = await planBuckets(mode, TWO);
      for (const region of TWO) {
        const child = (type: string, what: string) =>
          named(plan, `s3/${type}`, `documents-${what}-${region}`);
        assert.deepEqual(
          pick(
            child("bucketPublicAccessBlock:BucketPublicAccessBlock", "private"),
            "blockPublicAcls",
            "blockPublicPolicy",
            "ignorePublicAcls",
            "restrictPublicBuckets",
          ),
          {
            blockPublicAcls: true,
            blockPublicPolicy: true,
            ignorePublicAcls: true,
            restrictPublicBuckets: true,
          },
        );
        assert.deepEqual(
          child("bucketOwnershipControls:BucketOwnershipControls", "ownership").inputs["rule"],
          {
            objectOwnership: "BucketOwnerEnforced",
          },
        );
        assert.deepEqual(
          child(
            "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
            "encryption",
          ).inputs["rules"],
          [
            {
              applyServerSideEncryptionByDefault: { kmsMasterKeyId: keyArn(region), sseAlgorithm: "aws:kms" },
              blockedEncryptionTypes: ["SSE-C"],
              bucketKeyEnabled: true,
            },
          ],
        );
        assert.equal(
          child("bucketPolicy:BucketPolicy", "policy").inputs["policy"],
          bucketPolicy({
            partition: "aws",
            accountId: ACCOUNT,
            bucket: bucketName(region),
            kmsKeyArn: keyArn(region),
            logWriters: [],
          }),
        );
      }
    });

    it("STOR-06: a log bucket that load balancers write to has S3's own key and replicates nothing if told so", async () => {
      const plan = await planBuckets(mode, TWO, {
        kmsKeyArns: undefined,
        replicated: false,
        logWriters: ["load-balancer", "s3-access"],
        noncurrentGlacierDays: undefined,
        intelligentTiering: true,
      });
      assert.deepEqual(ofType(plan, REPLICATION), []);
      assert.deepEqual(ofType(plan, "iam/role:Role"), []);
      for (const { inputs } of ofType(
        plan,
        "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      )) {
        assert.deepEqual(inputs["rules"], [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
            blockedEncryptionTypes: ["SSE-C"],
          },
        ]);
      }
      const [, tiering] = named(
        plan,
        "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        `documents-lifecycle-${WEST}`,
      ).inputs["rules"] as Record<string, unknown>[];
      assert.deepEqual(tiering?.["transitions"], [{ days: 0, storageClass: "INTELLIGENT_TIERING" }]);
    });

    it("writes access logs to the region's own log bucket when one is given", async () => {
      const plan = await planBuckets(mode, TWO, {
        accessLogBuckets: { [EAST]: "logs-east", [WEST]: "logs-west" },
      });
      assert.deepEqual(
        ofType(plan, "s3/bucketLogging:BucketLogging").map((logging) => [
          logging.region,
          pick(logging, "targetBucket", "targetPrefix"),
        ]),
        [
          [EAST, { targetBucket: "logs-east", targetPrefix: `s3/${bucketName(EAST)}/` }],
          [WEST, { targetBucket: "logs-west", targetPrefix: `s3/${bucketName(WEST)}/` }],
        ],
      );
    });

    it("replicates nowhere from a single region", async () => {
      assert.deepEqual(ofType(await planBuckets(mode, [EAST]), REPLICATION), []);
    });

    it("lets destroy delete released buckets with what is in them", async () => {
      const plan = await planBuckets(mode, TWO, { dataProtection: "release" });
      for (const bucket of ofType(plan, BUCKET)) {
        assert.equal(bucket.inputs["forceDestroy"], true);
        assert.deepEqual(protectionOf(bucket), {});
      }
      for (const { options } of plan.resources) assert.equal(options.protect, undefined);
    });
  });
}

describe("ReplicatedBuckets", () => {
  it("STOR-08: a third region adds resources and changes none but the replication of those that are there", async () => {
    const [two, three] = await Promise.all([planBuckets("preview", TWO), planBuckets("preview", THREE)]);
    for (const before of two.resources) {
      const after = three.resources.find(({ urn }) => urn === before.urn);
      if (before.name.includes("-replication-") && !before.type.endsWith(":Role")) continue;
      assert.deepEqual(after?.inputs, before.inputs, before.urn);
    }
  });

  it("refuses bad arguments all at once, with what is wrong and how to mend it", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ providers }) =>
          new ReplicatedBuckets("b", {
            bucketNames: { [EAST]: "Upper", [OHIO]: "fine-name" },
            regions: TWO,
            providers,
            accountId: "x",
            kmsKeyArns: keyArns(TWO),
            logWriters: ["load-balancer", "cloudtrail"],
            expirationDays: -1,
            dataProtection: "retain",
          }),
      ),
      [
        "ReplicatedBuckets b:",
        'bucketNames: nothing is given for "us-west-2"; give a value for every one of regions',
        'bucketNames.us-east-1: "Upper" is no bucket name; use 3 to 63 lower-case letters, digits and hyphens',
        'accountId: "x" is no account; write its 12 digits',
        "logWriters: load-balancer cannot write to a bucket with a KMS key; leave kmsKeyArns out of this bucket",
        "expirationDays: -1 is no number of days; give a whole number from 1, or leave it out",
      ],
    );
  });
});
