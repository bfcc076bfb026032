import assert from "node:assert/strict";
import type { PlanMode } from "../../tools/plan/index.ts";
import { MODES, named } from "../edge/planned-edge.ts";
import { DocumentTable, type DocumentTableArgs } from "./document-table.ts";
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
} from "./planned-data.ts";

const TABLE = "dynamodb/table:Table";
const planTable = (mode: PlanMode, regions: string[], change: Partial<DocumentTableArgs> = {}) =>
  planAcross(regions, mode, ({ opts }) => {
    const table = new DocumentTable(
      "documents",
      {
        tableName: "platform-documents",
        regions,
        kmsKeyArns: keyArns(regions),
        dataProtection: "retain",
        ...change,
      },
      opts,
    );
    return { name: table.tableName, arns: table.tableArns, streams: table.streamArns };
  });

for (const mode of MODES) {
  describe(`DocumentTable, ${mode}`, () => {
    it("DATA-13: a global table whose copies have keys, recovery, protection and tags of their own", async () => {
      const { inputs, region } = named(await planTable(mode, THREE), TABLE, "documents");
      assert.equal(region, EAST);
      const replica = (regionName: string) => ({
        regionName,
        consistencyMode: "EVENTUAL",
        deletionProtectionEnabled: true,
        kmsKeyArn: keyArn(regionName),
        pointInTimeRecovery: true,
        propagateTags: true,
      });
      assert.deepEqual(inputs["replicas"], [replica(WEST), replica(OHIO)]);
      assert.deepEqual(inputs["serverSideEncryption"], { enabled: true, kmsKeyArn: keyArn(EAST) });
      assert.deepEqual([inputs["streamEnabled"], inputs["streamViewType"]], [true, "NEW_AND_OLD_IMAGES"]);
    });

    it("DATA-12: scales on demand", async () => {
      assert.equal(
        named(await planTable(mode, TWO), TABLE, "documents").inputs["billingMode"],
        "PAY_PER_REQUEST",
      );
    });

    it("DATA-14, DR-19 and DR-22: keeps 35 days of point-in-time recovery", async () => {
      const { inputs } = named(await planTable(mode, TWO), TABLE, "documents");
      assert.deepEqual(inputs["pointInTimeRecovery"], { enabled: true, recoveryPeriodInDays: 35 });
    });

    it("DATA-15: finds the versions of a document by its id, in the order of their clock", async () => {
      const { inputs } = named(
        await planTable(mode, TWO, {
          indexes: [{ name: "by-owner", partitionKey: "owner", sortKey: "sk", projection: "ALL" }],
        }),
        TABLE,
        "documents",
      );
      assert.deepEqual(
        [inputs["name"], inputs["hashKey"], inputs["rangeKey"]],
        ["platform-documents", "pk", "sk"],
      );
      assert.deepEqual(inputs["attributes"], [
        { name: "owner", type: "S" },
        { name: "pk", type: "S" },
        { name: "sk", type: "S" },
      ]);
      assert.deepEqual(inputs["globalSecondaryIndexes"], [
        {
          name: "by-owner",
          projectionType: "ALL",
          keySchemas: [
            { attributeName: "owner", keyType: "HASH" },
            { attributeName: "sk", keyType: "RANGE" },
          ],
        },
      ]);
    });

    it("writes to a second region before it acknowledges when told so", async () => {
      const { inputs } = named(
        await planTable(mode, TWO, { consistencyMode: "strong", witnessRegion: OHIO }),
        TABLE,
        "documents",
      );
      const [replica] = inputs["replicas"] as Record<string, unknown>[];
      assert.equal(replica?.["consistencyMode"], "STRONG");
      assert.deepEqual(inputs["globalTableWitness"], { regionName: OHIO });
    });

    it("protects the table and every copy until they are released, and changes nothing else then", async () => {
      const retained = named(await planTable(mode, TWO), TABLE, "documents");
      const released = named(await planTable(mode, TWO, { dataProtection: "release" }), TABLE, "documents");
      assert.deepEqual(protectionOf(retained), { protect: true, retainOnDelete: true });
      assert.equal(retained.inputs["deletionProtectionEnabled"], true);
      assert.deepEqual(protectionOf(released), {});
      const unprotected = JSON.stringify(retained.inputs).replaceAll(
        '"deletionProtectionEnabled":true',
        '"deletionProtectionEnabled":false',
      );
      assert.deepEqual(released.inputs, JSON.parse(unprotected));
    });

    it("has no copy in a platform of one region", async () => {
      assert.deepEqual(named(await planTable(mode, [EAST]), TABLE, "documents").inputs["replicas"], []);
    });
  });
}

describe("DocumentTable", () => {
  it("DATA-13: hands out the table of each region under one name", async () => {
    const { outputs } = await planTable("update", TWO);
    const { [EAST]: east = "", [WEST]: west = "" } = outputs["arns"] as Record<string, string>;
    assert.equal(outputs["name"], "platform-documents");
    assert.match(east, /^arn:aws:dynamodb:us-east-1:\d{12}:table\/platform-documents$/);
    assert.equal(west, east.replace(EAST, WEST));
  });

  it("refuses bad arguments all at once, with what is wrong and how to mend it", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new DocumentTable(
            "t",
            {
              tableName: "a",
              regions: [EAST],
              kmsKeyArns: {},
              consistencyMode: "strong",
              dataProtection: "retain",
            },
            opts,
          ),
      ),
      [
        "DocumentTable t:",
        'kmsKeyArns: nothing is given for "us-east-1"; give a value for every one of regions',
        'tableName: "a" is no table name; use 3 to 255 letters, digits, dots, hyphens and underscores',
        "consistencyMode: strong needs three regions, or two and a witnessRegion, but 1 and no witnessRegion are given; add a region, add a witness, or use eventual",
      ],
    );
  });
});
