import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import * as aws from "@pulumi/aws";
import { type PlanMode, planProgram } from "../../tools/plan/index.ts";
import { EncryptionKey } from "../security/encryption-key.ts";
import { ReplicatedSecret } from "../security/replicated-secret.ts";
import { ReplicatedBuckets } from "../storage/replicated-buckets.ts";
import { DocumentTable } from "./document-table.ts";
import { GlobalDatabase } from "./global-database.ts";
import { ACCOUNT, EAST, inputsByUrn, keyArns, THREE, TWO, WEST } from "./planned-data.ts";
import { at, mapRegions } from "./regions.ts";
import { RelationalCluster } from "./relational-cluster.ts";

/** Every store of a platform in one program, as the stacks of the regions and `global` declare them together. */
function stores(regions: readonly string[]): void {
  const [first = ""] = regions;
  const providers = mapRegions(regions, (region) => new aws.Provider(region, { region }));
  const opts = { provider: at(providers, first) };
  const shared = { regions, dataProtection: "retain" } as const;
  const kmsKeyArns = keyArns(regions);
  new EncryptionKey("key", { ...shared, aliasName: "p", description: "p", providers, accountId: ACCOUNT });
  const secret = new ReplicatedSecret(
    "secret",
    { ...shared, secretName: "p/relational", description: "p", kmsKeyArns, generatePassword: true },
    opts,
  );
  new DocumentTable("table", { ...shared, tableName: "documents", kmsKeyArns }, opts);
  const bucketNames = mapRegions(regions, (region) => `documents-${region}`);
  new ReplicatedBuckets("buckets", { ...shared, bucketNames, providers, accountId: ACCOUNT, kmsKeyArns });
  const database = { engineVersion: "16.6", databaseName: "platform", dataProtection: "retain" } as const;
  new GlobalDatabase("global", { ...database, globalClusterIdentifier: "relational" }, opts);
  for (const region of regions) {
    new RelationalCluster(
      `relational-${region}`,
      {
        ...database,
        clusterIdentifier: `relational-${region}`,
        region,
        regions,
        initialWriterRegion: first,
        globalClusterIdentifier: "relational",
        masterUsername: "platform",
        masterPasswordSecretArn: at(secret.arns, region),
        vpcId: "vpc-1",
        subnetIds: ["subnet-a", "subnet-b"],
        zones: [`${region}a`, `${region}b`],
        clientSecurityGroupIds: {},
        kmsKeyArn: at(kmsKeyArns, region),
        logKmsKeyArn: at(kmsKeyArns, region),
      },
      { provider: at(providers, region) },
    );
  }
}

describe("role neutrality", () => {
  const planAs = async (mode: PlanMode, primary: string, secondary: string) =>
    inputsByUrn(
      await planProgram(() => stores(TWO), {
        mode,
        config: {
          "platform:role": primary === EAST ? "primary" : "secondary",
          "platform:primaryRegion": primary,
          "platform:evacuate": JSON.stringify([secondary]),
        },
      }),
    );

  for (const mode of ["preview", "update"] as const) {
    it(`DR-17: which region is called primary changes no input of any store, ${mode}`, async () => {
      const before = await planAs(mode, EAST, WEST);
      assert.ok(Object.keys(before).length > 60);
      assert.deepEqual(await planAs(mode, WEST, EAST), before);
    });
  }
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
