import assert from "node:assert/strict";
import { MODES, named, pick } from "../edge/planned-edge.ts";
import { DocumentTable } from "./document-table.ts";
import { keyArns, planAcross, TWO, WEST } from "./planned-data.ts";
import { TEMPLATE_TABLE_NAMES, TEMPLATE_TABLES } from "./template-tables.ts";

const text = (name: string) => ({ name, type: "S" });

for (const mode of MODES) {
  describe(`template tables, ${mode}`, () => {
    it("DATA-11: profiles, catalogue and device data are global tables that are found as their services ask", async () => {
      const plan = await planAcross(TWO, mode, ({ opts }) => {
        for (const name of TEMPLATE_TABLE_NAMES) {
          const shape = { ...TEMPLATE_TABLES[name], regions: TWO, kmsKeyArns: keyArns(TWO) };
          new DocumentTable(
            name,
            { ...shape, tableName: `platform-${name}`, dataProtection: "retain" },
            opts,
          );
        }
      });
      const keys = ["attributes", "globalSecondaryIndexes", "hashKey", "name", "rangeKey", "ttl"];
      const table = (name: string) => {
        const resource = named(plan, "dynamodb/table:Table", name);
        const [replica, ...others] = resource.inputs["replicas"] as { regionName: string }[];
        assert.deepEqual([replica?.regionName, others], [WEST, []]);
        return pick(resource, ...keys);
      };
      assert.deepEqual(table("user-profiles"), {
        attributes: ["email", "section", "userId"].map(text),
        globalSecondaryIndexes: [
          {
            keySchemas: [{ attributeName: "email", keyType: "HASH" }],
            name: "by-email",
            projectionType: "KEYS_ONLY",
          },
        ],
        hashKey: "userId",
        name: "platform-user-profiles",
        rangeKey: "section",
      });
      assert.deepEqual(table("product-catalogue"), {
        attributes: ["category", "productId", "updatedAt", "variant"].map(text),
        globalSecondaryIndexes: [
          {
            keySchemas: [
              { attributeName: "category", keyType: "HASH" },
              { attributeName: "updatedAt", keyType: "RANGE" },
            ],
            name: "by-category",
            projectionType: "ALL",
          },
        ],
        hashKey: "productId",
        name: "platform-product-catalogue",
        rangeKey: "variant",
      });
      assert.deepEqual(table("device-telemetry"), {
        attributes: ["deviceDay", "measuredAt"].map(text),
        globalSecondaryIndexes: [],
        hashKey: "deviceDay",
        name: "platform-device-telemetry",
        rangeKey: "measuredAt",
        ttl: { attributeName: "expiresAt", enabled: true },
      });
    });
  });
}
