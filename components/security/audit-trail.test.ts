import assert from "node:assert/strict";
import fc from "fast-check";
import type { PlanMode } from "../../tools/plan/index.ts";
import { MODES, sources, waitsFor } from "../../tools/plan/testing.ts";
import { ACCOUNT, EAST, keyArn, planAcross, protectionOf, refusalOf } from "../data/planned-data.ts";
import { named, ofType, pick } from "../edge/planned-edge.ts";
import { AuditTrail, type AuditTrailArgs } from "./audit-trail.ts";
import { names, statementOf, statementsOf } from "./planned-security.ts";
import { eventSelectors } from "./trail-events.ts";

const TRAIL = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/platform-audit`;
const ARGS: AuditTrailArgs = {
  trailName: "platform-audit",
  region: EAST,
  accountId: ACCOUNT,
  bucketName: "platform-audit-logs",
  kmsKeyArn: keyArn(EAST),
  dataProtection: "retain",
};
const planTrail = (mode: PlanMode, change: Partial<AuditTrailArgs> = {}) =>
  planAcross([EAST], mode, ({ opts }) => {
    const trail = new AuditTrail("audit", { ...ARGS, ...change }, opts);
    return { trailArn: trail.trailArn, bucketName: trail.bucketName, logGroupName: trail.logGroupName };
  });

for (const mode of MODES) {
  describe(`AuditTrail, ${mode}`, () => {
    it("SEC-20: one validated, encrypted trail of every region and of global services", async () => {
      const plan = await planTrail(mode);
      const trail = named(plan, "cloudtrail/trail:Trail", "audit-trail");
      assert.equal(trail.region, EAST);
      assert.deepEqual(
        pick(
          trail,
          "name",
          "isMultiRegionTrail",
          "includeGlobalServiceEvents",
          "enableLogFileValidation",
          "kmsKeyId",
          "insightSelectors",
          "advancedEventSelectors",
        ),
        {
          name: "platform-audit",
          isMultiRegionTrail: true,
          includeGlobalServiceEvents: true,
          enableLogFileValidation: true,
          kmsKeyId: keyArn(EAST),
          advancedEventSelectors: [
            { name: "management", fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] },
          ],
        },
      );
      assert.deepEqual(sources(trail, "cloudWatchLogsGroupArn"), ["audit-log-group"]);
      assert.deepEqual(sources(trail, "cloudWatchLogsRoleArn"), ["audit-role"]);
      for (const first of ["audit-logs-policy", "audit-logs-encryption", "audit-role-policy"]) {
        assert(waitsFor(trail).includes(first), `the trail waits for ${first}`);
      }
      assert.deepEqual(protectionOf(trail), { protect: true, retainOnDelete: true });
    });

    it("SEC-20: the bucket is locked, versioned, private, and nobody deletes from it", async () => {
      const plan = await planTrail(mode, { lockDays: 400 });
      const bucket = named(plan, "s3/bucket:Bucket", "audit-logs-bucket");
      assert.deepEqual(bucket.inputs, {
        bucket: "platform-audit-logs",
        forceDestroy: false,
        objectLockEnabled: true,
      });
      assert.deepEqual(protectionOf(bucket), { protect: true, retainOnDelete: true });
      assert.deepEqual(
        named(plan, "s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", "audit-logs-lock")
          .inputs["rule"],
        { defaultRetention: { mode: "GOVERNANCE", days: 400 } },
      );
      assert.deepEqual(
        pick(
          named(plan, "s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "audit-logs-private"),
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
      const policy = named(plan, "s3/bucketPolicy:BucketPolicy", "audit-logs-policy").inputs["policy"];
      for (const action of ["s3:DeleteBucket", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"]) {
        assert(names(policy, "Deny", action), action);
      }
      assert.deepEqual(statementOf(policy, "TlsOnly").Condition, {
        Bool: { "aws:SecureTransport": "false" },
      });
      assert.deepEqual(
        statementsOf(policy).filter(({ Effect }) => Effect === "Allow"),
        [
          {
            Sid: "CloudTrailChecksBucket",
            Effect: "Allow",
            Principal: { Service: "cloudtrail.amazonaws.com" },
            Action: ["s3:GetBucketAcl"],
            Resource: ["arn:aws:s3:::platform-audit-logs"],
            Condition: { ArnLike: { "aws:SourceArn": TRAIL } },
          },
          {
            Sid: "CloudTrailWrites",
            Effect: "Allow",
            Principal: { Service: "cloudtrail.amazonaws.com" },
            Action: ["s3:PutObject"],
            Resource: [`arn:aws:s3:::platform-audit-logs/AWSLogs/${ACCOUNT}/*`],
            Condition: {
              ArnLike: { "aws:SourceArn": TRAIL },
              StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" },
            },
          },
        ],
      );
      const lifecycle = JSON.stringify(
        named(plan, "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "audit-logs-lifecycle")
          .inputs,
      );
      assert.match(lifecycle, /"days":90,"storageClass":"GLACIER"/);
      assert.match(lifecycle, /"days":2557/);
    });

    it("can be destroyed when it is released, and leaves only what compliance locks", async () => {
      const governed = await planTrail(mode, { dataProtection: "release" });
      const bucket = named(governed, "s3/bucket:Bucket", "audit-logs-bucket");
      assert.equal(bucket.inputs["forceDestroy"], true);
      assert.deepEqual(protectionOf(bucket), {});
      const policy = named(governed, "s3/bucketPolicy:BucketPolicy", "audit-logs-policy").inputs["policy"];
      assert.deepEqual(
        statementsOf(policy).map(({ Sid }) => Sid),
        ["TlsOnly", "Tls12OrNewer", "CloudTrailChecksBucket", "CloudTrailWrites"],
      );
      // S3 refuses to suspend the versions of a locked bucket, so destroy must not try.
      const versioning = named(governed, "s3/bucketVersioning:BucketVersioning", "audit-logs-versioning");
      assert.deepEqual(protectionOf(versioning), { retainOnDelete: true });

      const locked = await planTrail(mode, { dataProtection: "release", lockMode: "compliance" });
      const kept = named(locked, "s3/bucket:Bucket", "audit-logs-bucket");
      assert.equal(kept.inputs["forceDestroy"], false);
      assert.deepEqual(protectionOf(kept), { retainOnDelete: true });
    });
  });
}

describe("AuditTrail", () => {
  it("SEC-20: records reads and writes of the named buckets and tables, and unusual rates, when asked to", async () => {
    const plan = await planTrail("update", {
      dataEventBucketArns: ["arn:aws:s3:::documents"],
      dataEventTableArns: ["arn:aws:dynamodb:us-east-1:1:table/documents"],
      insights: true,
    });
    const trail = named(plan, "cloudtrail/trail:Trail", "audit-trail");
    assert.deepEqual(trail.inputs["insightSelectors"], [
      { insightType: "ApiCallRateInsight" },
      { insightType: "ApiErrorRateInsight" },
    ]);
    assert.deepEqual(
      trail.inputs["advancedEventSelectors"],
      eventSelectors({
        bucketArns: ["arn:aws:s3:::documents"],
        tableArns: ["arn:aws:dynamodb:us-east-1:1:table/documents"],
        record: "all",
      }),
    );
    assert.match(JSON.stringify(trail.inputs["advancedEventSelectors"]), /arn:aws:s3:::documents\/"/);
  });

  it("lets CloudTrail take its role for this trail only, and write its own streams only", async () => {
    const plan = await planTrail("update");
    const role = named(plan, "iam/role:Role", "audit-role");
    assert.deepEqual(statementsOf(role.inputs["assumeRolePolicy"])[0]?.Condition, {
      StringEquals: { "aws:SourceAccount": ACCOUNT },
      ArnLike: { "aws:SourceArn": TRAIL },
    });
    const [group] = ofType(plan, "cloudwatch/logGroup:LogGroup");
    assert.deepEqual(
      statementsOf(named(plan, "iam/rolePolicy:RolePolicy", "audit-role-policy").inputs["policy"]),
      [
        {
          Sid: "WriteOwnStreams",
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: [`${String(group?.outputs["arn"])}:log-stream:${ACCOUNT}_CloudTrail_*`],
        },
      ],
    );
  });

  it("refuses what AWS would refuse", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new AuditTrail("audit", { ...ARGS, trailName: "-", region: "east", accountId: "1" }, opts),
      ),
      [
        "AuditTrail audit:",
        'accountId: "1" is no account; write its 12 digits',
        'region: "east" is not an AWS region name; write it like us-east-1',
        'trailName: "-" is no trail name; use 3 to 128 letters, digits, dots, _ and -, a letter or digit at each end',
      ],
    );
    assert.deepEqual(
      await refusalOf(({ opts }) => new AuditTrail("audit", { ...ARGS, lockDays: 3000 }, opts)),
      [
        "AuditBucket audit-logs:",
        "expirationDays: 2557 is less than lockDays 3000, and S3 keeps a locked object; raise it to 3000",
      ],
    );
    assert.deepEqual(await refusalOf(({ opts }) => new AuditTrail("audit", { ...ARGS, lockDays: 0 }, opts)), [
      "AuditBucket audit-logs:",
      'lockDays: 0 is not a whole number from 1 to 36500; give days, or lockMode: "none"',
    ]);
  });
});

describe("event selectors", () => {
  const arns = fc.array(fc.stringMatching(/^arn:aws:s3:::[a-z]{3,8}$/));

  it("always record management events, and watch exactly what is named", () => {
    fc.assert(
      fc.property(
        arns,
        arns,
        fc.constantFrom("all" as const, "write" as const),
        (bucketArns, tableArns, record) => {
          const [management, ...data] = eventSelectors({ bucketArns, tableArns, record });
          assert.deepEqual(management?.fieldSelectors, [{ field: "eventCategory", equals: ["Management"] }]);
          const watched = data.flatMap(({ fieldSelectors }) =>
            fieldSelectors.flatMap(({ field, startsWiths = [] }) =>
              field === "resources.ARN" ? startsWiths : [],
            ),
          );
          assert.deepEqual(new Set(watched), new Set([...bucketArns.map((arn) => `${arn}/`), ...tableArns]));
          for (const { fieldSelectors } of data) {
            assert.equal(
              fieldSelectors.some(({ field }) => field === "readOnly"),
              record === "write",
            );
          }
        },
      ),
    );
  });
});
