/** Where documents live: the global table of their metadata and the replicated buckets of their content. */
import * as pulumi from "@pulumi/pulumi";
import { DocumentTable } from "../../components/data/document-table.ts";
import { ReplicatedBuckets } from "../../components/storage/replicated-buckets.ts";
import type { GlobalOutputs, KeyArns } from "../contracts.ts";
import { providerOf } from "../providers.ts";
import { type GlobalContext, homeFirst } from "./context.ts";

/** Days after which a replaced version of a document moves to Glacier. */
const NONCURRENT_GLACIER_DAYS = 90;

export function documentStores(
  { config, names, providers }: GlobalContext,
  keyArns: KeyArns,
): Pick<GlobalOutputs, "documentTableName" | "documentStreamArns"> {
  const { accountId, dataProtection, homeRegion } = config;
  const regions = homeFirst(config);

  const table = new DocumentTable(
    "documents",
    { tableName: names.documentTable, regions, kmsKeyArns: keyArns.documents, dataProtection },
    { provider: providerOf(providers, homeRegion) },
  );
  new ReplicatedBuckets("documents-content", {
    bucketNames: Object.fromEntries(regions.map((region) => [region, names.bucket("documents", region)])),
    regions,
    providers,
    accountId,
    kmsKeyArns: keyArns.documents,
    noncurrentGlacierDays: NONCURRENT_GLACIER_DAYS,
    dataProtection,
  });
  return { documentTableName: table.tableName, documentStreamArns: streamsOf(table, regions) };
}

/** Streams are on in every region; AWS tells a replica's only once it is there. */
function streamsOf(table: DocumentTable, regions: readonly string[]): GlobalOutputs["documentStreamArns"] {
  return Object.fromEntries(
    regions.map((region) => [
      region,
      (table.streamArns[region] ?? pulumi.output("")).apply((arn) => arn ?? ""),
    ]),
  );
}
