import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import { SECRET } from "../../tools/plan/index.ts";
import { MODES } from "../../tools/plan/testing.ts";
import {
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
import { named, ofType } from "../edge/planned-edge.ts";
import { ReplicatedSecret, type ReplicatedSecretArgs } from "./replicated-secret.ts";

const planSecret = (mode: PlanMode, regions: string[], change: Partial<ReplicatedSecretArgs> = {}) =>
  planAcross(regions, mode, ({ opts }) => {
    const secret = new ReplicatedSecret(
      "relational",
      {
        secretName: "platform/relational",
        description: "Master password",
        regions,
        kmsKeyArns: keyArns(regions),
        dataProtection: "retain",
        ...change,
      },
      opts,
    );
    return { arns: secret.arns };
  });
const SECRET_TYPE = "secretsmanager/secret:Secret";
const VERSION_TYPE = "secretsmanager/secretVersion:SecretVersion";

for (const mode of MODES) {
  describe(`ReplicatedSecret, ${mode}`, () => {
    it("SEC-14: one secret with a copy in every other region, each under its own key", async () => {
      const secret = named(await planSecret(mode, THREE), SECRET_TYPE, "relational");
      assert.equal(secret.region, EAST);
      assert.deepEqual(secret.inputs, {
        description: "Master password",
        kmsKeyId: keyArn(EAST),
        name: "platform/relational",
        recoveryWindowInDays: 30,
        replicas: [
          { kmsKeyId: keyArn(WEST), region: WEST },
          { kmsKeyId: keyArn(OHIO), region: OHIO },
        ],
      });
      assert.deepEqual(protectionOf(secret), { protect: true, retainOnDelete: true });
    });

    it("has no value unless one is generated", async () => {
      assert.deepEqual(ofType(await planSecret(mode, TWO), VERSION_TYPE), []);
    });

    it("SEC-14: writes a generated password once, as a secret that nothing compares", async () => {
      const version = named(
        await planSecret(mode, TWO, { generatePassword: true }),
        VERSION_TYPE,
        "relational-initial",
      );
      assert.equal(version.inputs["secretStringWo"], SECRET);
      assert.equal(version.inputs["secretStringWoVersion"], 1);
      assert.deepEqual(Object.keys(version.inputs).sort(), [
        "secretId",
        "secretStringWo",
        "secretStringWoVersion",
        "versionStages",
      ]);
    });

    it("keeps the generated value when a newer one has taken its place", async () => {
      const version = named(
        await planSecret(mode, TWO, { generatePassword: true }),
        VERSION_TYPE,
        "relational-initial",
      );
      assert.deepEqual(version.inputs["versionStages"], ["AWSCURRENT", "platform-initial"]);
      assert.deepEqual(version.options.ignoreChanges, ["versionStages"]);
    });

    it("lets destroy delete a released secret at once", async () => {
      const secret = named(
        await planSecret(mode, TWO, { dataProtection: "release" }),
        SECRET_TYPE,
        "relational",
      );
      assert.equal(secret.inputs["recoveryWindowInDays"], 0);
      assert.deepEqual(protectionOf(secret), {});
    });
  });
}

describe("ReplicatedSecret", () => {
  it("hands out an ARN for each region, the same but for the region", async () => {
    for (const generatePassword of [false, true]) {
      const { outputs } = await planSecret("update", TWO, { generatePassword });
      const { [EAST]: east = "", [WEST]: west = "" } = outputs["arns"] as Record<string, string>;
      assert.match(east, /^arn:aws:secretsmanager:us-east-1:\d{12}:secret:platform\/relational/);
      assert.equal(west, east.replace(EAST, WEST));
    }
  });

  it("refuses bad arguments all at once, with what is wrong and how to mend it", async () => {
    const build = (secretName: string, regions: string[]) =>
      refusalOf(
        ({ opts }) =>
          new ReplicatedSecret(
            "s",
            { secretName, description: "", regions, kmsKeyArns: keyArns(TWO), dataProtection: "retain" },
            opts,
          ),
      );
    assert.deepEqual(await build("a b", ["useast", OHIO]), [
      "ReplicatedSecret s:",
      'regions: "useast" is not an AWS region name; write it like us-east-1',
      'kmsKeyArns: nothing is given for "useast"; give a value for every one of regions',
      'kmsKeyArns: nothing is given for "us-east-2"; give a value for every one of regions',
      'secretName: "a b" is no secret name; use letters, digits and /_+=.@-',
    ]);
    assert.deepEqual(await build("platform/api-tokens", []), [
      "ReplicatedSecret s:",
      "regions: [] is empty; name at least one region",
      'secretName: "platform/api-tokens" ends like an ARN; do not end it with a hyphen and six characters',
    ]);
  });
});
