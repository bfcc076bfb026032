import assert from "node:assert/strict";
import type { Plan, PlanMode } from "../../tools/plan/index.ts";
import { switchBucketPolicy } from "./evacuation.ts";
import { EvacuationSwitch, type EvacuationSwitchArgs } from "./evacuation-switch.ts";
import { MODES, named, ofType, pick, planIn, refusal } from "./planned-edge.ts";

const BUCKET = "docs-switch-123456789012-us-west-2-an";
const CIDRS = ["15.177.0.0/18", "54.183.255.128/26"];
const args = (change: Partial<EvacuationSwitchArgs> = {}): EvacuationSwitchArgs => ({
  partition: "aws",
  region: "us-west-2",
  bucketName: BUCKET,
  peers: ["us-east-1", "eu-west-1"],
  declaredBy: "stack dr",
  healthCheckerCidrs: CIDRS,
  ...change,
});
const planSwitch = (mode: PlanMode, change: Partial<EvacuationSwitchArgs> = {}): Promise<Plan> =>
  planIn("us-west-2", mode, (opts) => {
    const evacuation = new EvacuationSwitch("switch", args(change), opts);
    return { bucket: evacuation.bucketName, evacuates: evacuation.evacuates };
  });
const OBJECT = "s3/bucketObjectv2:BucketObjectv2";

for (const mode of MODES) {
  describe(`EvacuationSwitch, ${mode}`, () => {
    let plan: Plan;
    before(async () => {
      plan = await planSwitch(mode);
    });

    it("DR-17: no object means that nobody is evacuated", () => {
      assert.deepEqual(ofType(plan, OBJECT), []);
      assert.deepEqual(plan.outputs, { bucket: BUCKET, evacuates: [] });
    });

    it("DR-15: naming a peer in the config creates its switch, and says who and why", async () => {
      const evacuating = await planSwitch(mode, { evacuates: ["us-east-1"], reason: "region lost" });
      const [object, ...others] = ofType(evacuating, OBJECT);
      assert.deepEqual(others, []);
      assert(object !== undefined);
      assert.deepEqual(pick(object, "bucket", "key", "contentType", "cacheControl", "serverSideEncryption"), {
        bucket: BUCKET,
        key: "evacuate/us-east-1",
        contentType: "application/json",
        cacheControl: "no-store",
        serverSideEncryption: "AES256",
      });
      assert.deepEqual(JSON.parse(String(object.inputs["content"])), {
        declaredBy: "stack dr",
        evacuated: "us-east-1",
        heldIn: "us-west-2",
        reason: "region lost",
      });
      assert.deepEqual(object.inputs["overrideProvider"], { defaultTags: { tags: {} } });
      assert.equal(object.options.protect, undefined, "failing back deletes it");
      assert.deepEqual(evacuating.outputs["evacuates"], ["us-east-1"]);
    });

    it("DR-01: everything lives in the region that holds the switch", () => {
      const resources = plan.resources.filter(({ type }) => type.startsWith("aws:"));
      assert(resources.length >= 7);
      for (const { region, name } of resources) assert.equal(region, "us-west-2", name);
    });

    it("the bucket can be read by health checkers alone", () => {
      const policy = named(plan, "s3/bucketPolicy:BucketPolicy", "switch-policy");
      assert.equal(
        policy.inputs["policy"],
        switchBucketPolicy({ partition: "aws", bucketName: BUCKET, cidrs: CIDRS }),
      );
      assert.deepEqual(
        named(plan, "s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "switch-public-access").inputs,
        {
          bucket: BUCKET,
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        },
      );
      assert.deepEqual(
        named(plan, "s3/bucketOwnershipControls:BucketOwnershipControls", "switch-ownership").inputs["rule"],
        { objectOwnership: "BucketOwnerEnforced" },
      );
    });

    it("an anonymous reader can decrypt: SSE-S3, not KMS", () => {
      const type = "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
      assert.deepEqual(named(plan, type, "switch-encryption").inputs["rules"], [
        { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      ]);
    });

    it("the bucket is protected, versioned and of the account's own namespace", () => {
      const bucket = named(plan, "s3/bucket:Bucket", "switch-bucket");
      assert.deepEqual(bucket.inputs, {
        bucket: BUCKET,
        bucketNamespace: "account-regional",
        forceDestroy: false,
      });
      assert.equal(bucket.options.protect, true);
      assert.equal(bucket.options.retainOnDelete, undefined, "a bucket left behind would block its own name");
      assert.deepEqual(
        named(plan, "s3/bucketVersioning:BucketVersioning", "switch-versioning").inputs[
          "versioningConfiguration"
        ],
        { status: "Enabled" },
      );
    });

    it("a released bucket can be destroyed, whatever is in it", async () => {
      const bucket = named(
        await planSwitch(mode, { dataProtection: "release" }),
        "s3/bucket:Bucket",
        "switch-bucket",
      );
      assert.equal(bucket.inputs["forceDestroy"], true);
      assert.equal(bucket.options.protect, undefined);
    });
  });
}

describe("EvacuationSwitch, refusals", () => {
  it("lists every wrong argument in one error", async () => {
    const lines = await refusal(
      (opts) =>
        new EvacuationSwitch(
          "switch",
          args({
            bucketName: "my-bucket",
            peers: ["us-east-1", "us-west-2"],
            evacuates: ["eu-west-9", "us-east-1", "us-east-1"],
          }),
          opts,
        ),
    );
    assert.deepEqual(lines, [
      'EvacuationSwitch "switch":',
      '  bucketName: "my-bucket" is not of the account\'s own namespace; use switchBucketName(...)',
      '  peers: "us-west-2" is this region; list only the others',
      '  evacuates: "eu-west-9" is not a peer of us-west-2 (peers: us-east-1, us-west-2); use a region that takes traffic',
      "  evacuates: name every region once",
    ]);
  });

  it("a region cannot evacuate itself", async () => {
    const lines = await refusal(
      (opts) => new EvacuationSwitch("switch", args({ evacuates: ["us-west-2"] }), opts),
    );
    assert.deepEqual(lines.slice(1), [
      '  evacuates: "us-west-2" is not a peer of us-west-2 (peers: us-east-1, eu-west-1); a region cannot evacuate itself, do it from a peer',
    ]);
  });
});
