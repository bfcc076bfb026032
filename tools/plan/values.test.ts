import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { planProgram } from "./index.ts";
import { named } from "./testing.ts";

describe("values of a plan", () => {
  it("an archive is its content, without the SDK's marks and the engine's hash", async () => {
    const plan = await planProgram(() => {
      const provider = new aws.Provider("aws", { region: "us-east-1" });
      const source = new pulumi.asset.AssetArchive({
        "index.js": new pulumi.asset.StringAsset("exports.x = 1;"),
      });
      new aws.s3.BucketObjectv2("code", { bucket: "b", key: "k", source }, { provider });
    });
    assert.deepEqual(named(plan, "code").inputs["source"], {
      "4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7",
      assets: {
        "index.js": {
          "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
          text: "exports.x = 1;",
        },
      },
    });
  });
});
