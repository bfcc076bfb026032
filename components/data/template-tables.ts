/** Tables for what the platform's other services keep in DynamoDB (DATA-11): shapes to give to a document table, off by default. */
import type { TableIndex } from "./document-table-rules.ts";

export interface TemplateTable {
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly indexes: readonly TableIndex[];
  readonly ttlAttribute?: string | undefined;
}

export const TEMPLATE_TABLE_NAMES = ["user-profiles", "product-catalogue", "device-telemetry"] as const;
export type TemplateTableName = (typeof TEMPLATE_TABLE_NAMES)[number];

export const TEMPLATE_TABLES: Readonly<Record<TemplateTableName, TemplateTable>> = {
  /** A profile in sections (contact, settings, consent), each written by itself; found by its user or address. */
  "user-profiles": {
    partitionKey: "userId",
    sortKey: "section",
    indexes: [{ name: "by-email", partitionKey: "email" }],
  },
  /** A product and its variants; whole items by category, the newest last, so that a list needs one query. */
  "product-catalogue": {
    partitionKey: "productId",
    sortKey: "variant",
    indexes: [{ name: "by-category", partitionKey: "category", sortKey: "updatedAt", projection: "ALL" }],
  },
  /** Measurements by device and day: a partition that ends does not grow hot or too large. Old ones expire. */
  "device-telemetry": {
    partitionKey: "deviceDay",
    sortKey: "measuredAt",
    indexes: [],
    ttlAttribute: "expiresAt",
  },
};
