import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import { MODES } from "../../tools/plan/testing.ts";
import {
  ACCOUNT,
  EAST,
  OHIO,
  planAcross,
  protectionOf,
  refusalOf,
  THREE,
  TWO,
  WEST,
} from "../data/planned-data.ts";
import { named, ofType, pick } from "../edge/planned-edge.ts";
import { EncryptionKey, type EncryptionKeyArgs } from "./encryption-key.ts";
import { keyPolicy } from "./key-policy.ts";

const planKey = (mode: PlanMode, regions: string[], change: Partial<EncryptionKeyArgs> = {}) =>
  planAcross(regions, mode, ({ providers }) => {
    const key = new EncryptionKey("documents", {
      aliasName: "platform-documents",
      description: "Documents",
      regions,
      providers,
      accountId: ACCOUNT,
      services: ["logs"],
      dataProtection: "retain",
      ...change,
    });
    return { arns: key.arns, aliasName: key.aliasName };
  });

for (const mode of MODES) {
  describe(`EncryptionKey, ${mode}`, () => {
    it("SEC-11: one multi-region key, rotated, with a replica in every other region", async () => {
      const plan = await planKey(mode, THREE);
      const primary = named(plan, "kms/key:Key", "documents-us-east-1");
      assert.equal(primary.region, EAST);
      assert.deepEqual(primary.inputs, {
        deletionWindowInDays: 30,
        description: "Documents",
        enableKeyRotation: true,
        multiRegion: true,
        policy: keyPolicy({ partition: "aws", accountId: ACCOUNT, region: EAST, services: ["logs"] }),
      });
      const replicas = ofType(plan, "kms/replicaKey:ReplicaKey");
      assert.deepEqual(
        replicas.map(({ region, propertyDependencies }) => [region, propertyDependencies["primaryKeyArn"]]),
        [
          [OHIO, [primary.urn]],
          [WEST, [primary.urn]],
        ],
      );
      for (const { inputs, region = "" } of replicas) {
        assert.equal(
          inputs["policy"],
          keyPolicy({ partition: "aws", accountId: ACCOUNT, region, services: ["logs"] }),
        );
        assert.equal(inputs["deletionWindowInDays"], 30);
      }
      assert.deepEqual(
        ofType(plan, "kms/alias:Alias").map(({ inputs, region }) => [region, inputs["name"]]),
        [
          [EAST, "alias/platform-documents"],
          [OHIO, "alias/platform-documents"],
          [WEST, "alias/platform-documents"],
        ],
      );
    });

    it("protects and retains the keys until they are released", async () => {
      for (const [dataProtection, options, days] of [
        ["retain", { protect: true, retainOnDelete: true }, 30],
        ["release", {}, 7],
      ] as const) {
        const plan = await planKey(mode, TWO, { dataProtection });
        for (const key of [...ofType(plan, "kms/key:Key"), ...ofType(plan, "kms/replicaKey:ReplicaKey")]) {
          assert.deepEqual(protectionOf(key), options, key.urn);
          assert.deepEqual(pick(key, "deletionWindowInDays"), { deletionWindowInDays: days });
        }
      }
    });
  });
}

describe("EncryptionKey", () => {
  it("hands out the key of each region", async () => {
    const plan = await planKey("update", TWO);
    const arns = Object.entries(plan.outputs["arns"] as Record<string, string>);
    assert.deepEqual(
      arns.map(([region, arn]) => [region, arn.split(":")[3]]),
      [
        [EAST, EAST],
        [WEST, WEST],
      ],
    );
  });

  it("refuses bad arguments all at once, with what is wrong and how to mend it", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ providers }) =>
          new EncryptionKey("documents", {
            aliasName: "alias/aws:documents",
            description: "Documents",
            regions: [EAST, EAST, OHIO],
            providers,
            accountId: "1111",
            dataProtection: "retain",
          }),
      ),
      [
        "EncryptionKey documents:",
        'regions: "us-east-1" is named twice; name every region once',
        'providers: nothing is given for "us-east-2"; give a value for every one of regions',
        'aliasName: "alias/aws:documents" is no alias; use letters, digits, /, _ and -, without a leading alias/ or aws/',
        'aliasName: "alias/aws:documents" starts with alias/; leave that out, it is added',
        'accountId: "1111" is no account; write its 12 digits',
      ],
    );
  });
});
