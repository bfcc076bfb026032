import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type PlanMode, planProgram } from "../../tools/plan/index.ts";
import { EncryptionKey } from "../security/encryption-key.ts";
import { ReplicatedSecret } from "../security/replicated-secret.ts";
import { BatchReplication } from "../storage/batch-replication.ts";
import { ReplicatedBuckets } from "../storage/replicated-buckets.ts";
import { ReplicationAlarms } from "../storage/replication-alarms.ts";
import { SharedFileSystem } from "../storage/shared-file-system.ts";
import { DocumentCache } from "./document-cache.ts";
import { DocumentDatabase } from "./document-database.ts";
import { DocumentTable } from "./document-table.ts";
import { GlobalDatabase } from "./global-database.ts";
import { GlobalDocumentDatabase } from "./global-document-database.ts";
import { ACCOUNT, EAST, inputsByUrn, keyArn, keyArns, THREE, TWO, WEST } from "./planned-data.ts";
import { at, type ByRegion, mapRegions } from "./regions.ts";
import { RelationalCluster } from "./relational-cluster.ts";
import { SearchDomain } from "./search-domain.ts";
import { ServiceDatabase } from "./service-database.ts";
import { ServiceLinkedRoles } from "./service-linked-roles.ts";
import { SessionStore } from "./session-store.ts";
import { Warehouse } from "./warehouse.ts";

interface Around {
  readonly regions: readonly string[];
  readonly providers: ByRegion<aws.Provider>;
  readonly secretArns: ByRegion<pulumi.Input<string>>;
}

/** Every store of a platform in one program, as the stacks of the regions and `global` declare them together. */
function stores(regions: readonly string[]): void {
  const [first = ""] = regions;
  const providers = mapRegions(regions, (region) => new aws.Provider(region, { region }));
  const secret = new ReplicatedSecret(
    "secret",
    {
      regions,
      dataProtection: "retain",
      secretName: "p/relational",
      description: "p",
      kmsKeyArns: keyArns(regions),
      generatePassword: true,
    },
    { provider: at(providers, first) },
  );
  const around = { regions, providers, secretArns: secret.arns };
  globalStores(around);
  for (const region of regions) {
    databasesOf(region, around);
    otherStoresOf(region, around);
  }
}

function globalStores({ providers, regions }: Around): void {
  const opts = { provider: at(providers, regions[0] ?? "") };
  const shared = { regions, dataProtection: "retain" } as const;
  const kmsKeyArns = keyArns(regions);
  new EncryptionKey("key", { ...shared, aliasName: "p", description: "p", providers, accountId: ACCOUNT });
  new DocumentTable("table", { ...shared, tableName: "documents", kmsKeyArns }, opts);
  const bucketNames = mapRegions(regions, (region) => `documents-${region}`);
  new ReplicatedBuckets("buckets", { ...shared, bucketNames, providers, accountId: ACCOUNT, kmsKeyArns });
  const topicArns = mapRegions(regions, (region) => [`arn:aws:sns:${region}:${ACCOUNT}:alerts`]);
  new ReplicationAlarms("alarms", { regions, bucketNames, providers, topicArns });
  const reportBucketNames = mapRegions(regions, (region) => `logs-${region}`);
  new BatchReplication("batch", { regions, bucketNames, reportBucketNames, providers, accountId: ACCOUNT });
  const global = { engineVersion: "16.6", databaseName: "platform", dataProtection: "retain" } as const;
  new GlobalDatabase("global", { ...global, globalClusterIdentifier: "relational" }, opts);
  const metadata = { globalClusterIdentifier: "metadata", dataProtection: "retain" } as const;
  new GlobalDocumentDatabase("metadata", metadata, opts);
  new ServiceLinkedRoles("linked", { accountId: ACCOUNT, services: ["opensearch"] }, opts);
}

/** What every store of a region is given alike. */
function networkOf(region: string) {
  return {
    region,
    vpcId: `vpc-${region}`,
    subnetIds: ["a", "b", "c"].map((letter) => `subnet-${region}${letter}`),
    clientSecurityGroupIds: {},
    kmsKeyArn: keyArn(region),
    logKmsKeyArn: keyArn(region),
    accountId: ACCOUNT,
    dataProtection: "retain",
  } as const;
}

function databasesOf(region: string, { providers, regions, secretArns }: Around): void {
  const [first = ""] = regions;
  const opts = { provider: at(providers, region) };
  const database = {
    ...networkOf(region),
    regions,
    initialWriterRegion: first,
    masterUsername: "platform",
    masterPasswordSecretArn: at(secretArns, region),
    zones: [`${region}a`, `${region}b`],
  };
  const relational = { ...database, engineVersion: "16.6", databaseName: "platform" };
  const member = new RelationalCluster(
    `relational-${region}`,
    { ...relational, clusterIdentifier: `relational-${region}`, globalClusterIdentifier: "relational" },
    opts,
  );
  new DocumentDatabase(
    `metadata-${region}`,
    { ...database, clusterIdentifier: `metadata-${region}`, globalClusterIdentifier: "metadata" },
    opts,
  );
  const service = {
    namespace: "services",
    administratorSecret: { name: "administrator", key: "password" },
    serviceSecret: { name: "service", key: "password" },
    bootstrapImage: `registry/postgres@sha256:${"0".repeat(64)}`,
    writerEndpoint: "relational.global.rds.amazonaws.com",
  };
  new ServiceDatabase(
    `orders-${region}`,
    {
      ...service,
      service: "orders",
      isolation: "database",
      readerEndpoint: member.readerEndpoint,
      administratorUsername: "platform",
      administratorDatabase: "platform",
    },
    opts,
  );
  const own = { ...relational, clusterIdentifier: `users-${region}`, globalClusterIdentifier: "users" };
  new ServiceDatabase(
    `users-${region}`,
    { ...service, service: "users", isolation: "cluster", cluster: own },
    opts,
  );
}

function otherStoresOf(region: string, { providers, regions, secretArns }: Around): void {
  const [first = ""] = regions;
  const opts = { provider: at(providers, region) };
  const network = networkOf(region);
  const cache = { ...network, passwordSecretArn: at(secretArns, region) };
  new DocumentCache(`cache-${region}`, { ...cache, replicationGroupId: "documents" }, opts);
  new SessionStore(
    `sessions-${region}`,
    {
      ...cache,
      regions,
      homeRegion: first,
      globalIdSuffix: "sessions",
      replicationGroupId: `sessions-${region}`,
    },
    opts,
  );
  const roles = { masterRoleArn: `arn:aws:iam::${ACCOUNT}:role/search`, clientRoleArns: [] };
  new SearchDomain(`search-${region}`, { ...network, ...roles, domainName: "search" }, opts);
  new Warehouse(`warehouse-${region}`, { ...network, warehouseName: "warehouse" }, opts);
  const subnetIds = { [`${region}a`]: `subnet-${region}a` };
  new SharedFileSystem(`files-${region}`, { ...network, subnetIds, accessPoints: { raw: "/raw" } }, opts);
}

describe("role neutrality", () => {
  const planAs = async (mode: PlanMode, primary: string, evacuated: readonly string[]) =>
    inputsByUrn(
      await planProgram(() => stores(TWO), {
        mode,
        config: {
          "platform:role": primary === EAST ? "primary" : "secondary",
          "platform:primaryRegion": primary,
          "platform:evacuate": JSON.stringify(evacuated),
        },
      }),
    );

  for (const mode of ["preview", "update"] as const) {
    it(`DR-17: which region is primary and which are evacuated changes no input of any store, ${mode}`, async () => {
      const before = await planAs(mode, EAST, []);
      assert.ok(Object.keys(before).length > 150);
      for (const [primary, evacuated] of [
        [WEST, [EAST]],
        [EAST, TWO],
      ] as const) {
        assert.deepEqual(await planAs(mode, primary, evacuated), before);
      }
    });
  }

  it("DR-16: every store is among those that are proven", async () => {
    const plan = await planProgram(() => stores(TWO), { mode: "preview" });
    const planned = new Set(plan.resources.map(({ type }) => type));
    const folders = ["components/data", "components/storage"].map(
      (folder) => new URL(`../../${folder}/`, import.meta.url),
    );
    const declared = folders.flatMap((folder) =>
      readdirSync(folder)
        .filter((file) => /^[\w-]+\.ts$/.test(file))
        .flatMap((file) => [
          ...readFileSync(new URL(file, folder), "utf8").matchAll(/super\("(platform:[\w:]+)"/g),
        ])
        .map(([, token = ""]) => token),
    );
    assert.deepEqual(
      declared.filter((token) => !planned.has(token)),
      [],
    );
  });
});

describe("stores of other regions", () => {
  const EUROPE = ["eu-central-1", "eu-west-1"];

  it("DR-04: a platform of European regions keeps everything in them", async () => {
    const plan = await planProgram(() => stores(EUROPE), { mode: "update" });
    for (const { inputs, region, urn } of plan.resources) {
      assert.ok(region === undefined || EUROPE.includes(region), urn);
      assert.doesNotMatch(JSON.stringify(inputs), /us-(east|west)-/, urn);
    }
  });

  it("a third region changes no cluster, key, bucket or secret value of the two that are there", async () => {
    const plan = (regions: readonly string[]) => planProgram(() => stores(regions), { mode: "preview" });
    const [two, three] = [inputsByUrn(await plan(TWO)), inputsByUrn(await plan(THREE))];
    const changed = Object.keys(two).filter((urn) => !isDeepStrictEqual(two[urn], three[urn]));
    assert.deepEqual(changed.map((urn) => urn.split("::").slice(-2).join("::").split("$").at(-1)).sort(), [
      "aws:dynamodb/table:Table::table",
      "aws:iam/rolePolicy:RolePolicy::buckets-replication-us-east-1",
      "aws:iam/rolePolicy:RolePolicy::buckets-replication-us-west-2",
      "aws:s3/bucketReplicationConfig:BucketReplicationConfig::buckets-replication-us-east-1",
      "aws:s3/bucketReplicationConfig:BucketReplicationConfig::buckets-replication-us-west-2",
      "aws:secretsmanager/secret:Secret::secret",
    ]);
  });
});
