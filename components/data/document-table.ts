import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";
import { keyAttributes, type TableIndex, type TableShape, tableProblems } from "./document-table-rules.ts";
import { type DataProtection, protectionOptions } from "./protection.ts";
import { at, type ByRegion, mapRegions, regionProblems } from "./regions.ts";

export interface DocumentTableArgs {
  /** Name of the table, the same in every region. Replaces the table. */
  readonly tableName: string;
  /** Regions with a full copy that takes reads and writes. Adding or removing one changes the others in nothing. */
  readonly regions: readonly string[];
  /** Key of each region, by region. Another key replaces that region's copy, not the data. */
  readonly kmsKeyArns: ByRegion<pulumi.Input<string>>;
  /** Attribute that items are found by, a string. Replaces the table. @default "pk" */
  readonly partitionKey?: string | undefined;
  /** Attribute that items of one partition are ordered by, a string. Replaces the table. @default "sk" */
  readonly sortKey?: string | undefined;
  /** Further ways to find items. @default none */
  readonly indexes?: readonly TableIndex[] | undefined;
  /** Attribute with the time, in seconds since 1970, after which DynamoDB deletes an item. @default items stay */
  readonly ttlAttribute?: string | undefined;
  /**
   * `eventual`: a write is in the other regions about a second later, and the last writer wins. `strong`: a write is in
   * another region before it is acknowledged; no transactions, no expiry. Replaces the table. @default "eventual"
   */
  readonly consistencyMode?: "eventual" | "strong" | undefined;
  /** Third place that strong consistency over two regions needs. Replaces the table. @default none */
  readonly witnessRegion?: string | undefined;
  /** `retain` protects the table and its copies; `release` lets destroy delete them. */
  readonly dataProtection: DataProtection;
}

/** The longest that DynamoDB offers; it satisfies both retentions that were asked for (C-52, DR-19, DR-22). */
const RECOVERY_DAYS = 35;

/**
 * A DynamoDB global table: active in every region, on demand, with streams, 35 days of point-in-time recovery, own keys,
 * deletion protection and tags in every region (DATA-12 to DATA-15). Give it the provider of the first region.
 *
 * A region's loss leaves the table in use in the others. With `eventual`, what the lost region took in its last second
 * arrives later, and of two writes to one item the later wins without a trace: keep versions as items of their own
 * (partition key the document, sort key its clock, region and version). No data is free; then it is paid by request.
 */
export class DocumentTable extends pulumi.ComponentResource {
  readonly tableName: pulumi.Output<string>;
  /** ARN by region. */
  readonly tableArns: ByRegion<pulumi.Output<string>>;
  /** ARN of the stream by region, with the old and the new image of every change; undefined until AWS reports it. */
  readonly streamArns: ByRegion<pulumi.Output<string | undefined>>;

  constructor(name: string, args: DocumentTableArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:data:DocumentTable", name, {}, opts);
    const shape = shapeOf(args);
    refuse(`DocumentTable ${name}`, problems(args, shape));
    const [first = ""] = args.regions;
    const table = this.#createTable(name, args, shape);

    this.tableName = table.name;
    this.tableArns = mapRegions(args.regions, (region) =>
      table.arn.apply((arn) => arn.replace(`:${first}:`, `:${region}:`)),
    );
    this.streamArns = mapRegions(args.regions, (region) =>
      region === first ? table.streamArn : replicaStream(table, region),
    );
    this.registerOutputs({
      tableName: this.tableName,
      tableArns: this.tableArns,
      streamArns: this.streamArns,
    });
  }

  #createTable(name: string, args: DocumentTableArgs, shape: TableShape): aws.dynamodb.Table {
    const [first = "", ...others] = args.regions;
    const retained = args.dataProtection === "retain";
    const consistencyMode = shape.consistencyMode === "strong" ? "STRONG" : "EVENTUAL";
    return new aws.dynamodb.Table(
      name,
      {
        name: args.tableName,
        billingMode: "PAY_PER_REQUEST",
        attributes: keyAttributes(shape).map((attribute) => ({ name: attribute, type: "S" })),
        hashKey: shape.partitionKey,
        rangeKey: shape.sortKey,
        globalSecondaryIndexes: shape.indexes.map(indexInput),
        ttl:
          shape.ttlAttribute === undefined ? undefined : { attributeName: shape.ttlAttribute, enabled: true },
        streamEnabled: true,
        streamViewType: "NEW_AND_OLD_IMAGES",
        pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: RECOVERY_DAYS },
        deletionProtectionEnabled: retained,
        serverSideEncryption: { enabled: true, kmsKeyArn: at(args.kmsKeyArns, first) },
        // DynamoDB gives a new copy none of these by itself.
        replicas: others.map((regionName) => ({
          regionName,
          consistencyMode,
          kmsKeyArn: at(args.kmsKeyArns, regionName),
          pointInTimeRecovery: true,
          deletionProtectionEnabled: retained,
          propagateTags: true,
        })),
        globalTableWitness: args.witnessRegion === undefined ? undefined : { regionName: args.witnessRegion },
      },
      { parent: this, ...protectionOptions(args.dataProtection) },
    );
  }
}

function shapeOf(args: DocumentTableArgs): TableShape {
  return {
    regions: args.regions,
    partitionKey: args.partitionKey ?? "pk",
    sortKey: args.sortKey ?? "sk",
    indexes: args.indexes ?? [],
    ttlAttribute: args.ttlAttribute,
    consistencyMode: args.consistencyMode ?? "eventual",
    witnessRegion: args.witnessRegion,
  };
}

function problems(args: DocumentTableArgs, shape: TableShape): string[] {
  const found = regionProblems(args.regions, { kmsKeyArns: args.kmsKeyArns });
  if (!/^[\w.-]{3,255}$/.test(args.tableName)) {
    found.push(
      `tableName: "${args.tableName}" is no table name; use 3 to 255 letters, digits, dots, hyphens and underscores`,
    );
  }
  return [...found, ...tableProblems(shape)];
}

function indexInput(index: TableIndex): aws.types.input.dynamodb.TableGlobalSecondaryIndex {
  return {
    name: index.name,
    projectionType: index.projection ?? "KEYS_ONLY",
    keySchemas: [
      { attributeName: index.partitionKey, keyType: "HASH" },
      ...(index.sortKey === undefined ? [] : [{ attributeName: index.sortKey, keyType: "RANGE" }]),
    ],
  };
}

function replicaStream(table: aws.dynamodb.Table, region: string): pulumi.Output<string | undefined> {
  return table.replicas.apply(
    (replicas) => replicas?.find(({ regionName }) => regionName === region)?.streamArn,
  );
}
