import assert from "node:assert/strict";
import fc from "fast-check";
import type { PlanMode } from "../../tools/plan/index.ts";
import { MODES, named, ofType, pick } from "../edge/planned-edge.ts";
import { EAST, keyArn, planAcross, refusalOf, TWO, WEST } from "./planned-data.ts";
import {
  type DedicatedServiceDatabaseArgs,
  ServiceDatabase,
  type ServiceDatabaseArgs,
  type SharedServiceDatabaseArgs,
} from "./service-database.ts";
import { bootstrapScript, bootstrapSql, databaseNameProblems } from "./service-database-bootstrap.ts";

const CLUSTER = "rds/cluster:Cluster";
const IMAGE = `registry.example.com/postgres@sha256:${"a".repeat(64)}`;
const common = {
  service: "user-profile",
  namespace: "users",
  administratorSecret: { name: "relational-administrator", key: "password" },
  serviceSecret: { name: "user-profile-database", key: "password" },
  bootstrapImage: IMAGE,
};
const shared = (change: Partial<SharedServiceDatabaseArgs> = {}): SharedServiceDatabaseArgs => ({
  ...common,
  isolation: "database",
  writerEndpoint: "platform.global-1.global.rds.amazonaws.com",
  readerEndpoint: "platform.cluster-ro-1.us-east-1.rds.amazonaws.com",
  administratorUsername: "platform",
  administratorDatabase: "platform",
  ...change,
});
const dedicated = (
  region: string,
  cluster: Partial<DedicatedServiceDatabaseArgs["cluster"]> = {},
  change: Partial<DedicatedServiceDatabaseArgs> = {},
): DedicatedServiceDatabaseArgs => ({
  ...common,
  isolation: "cluster",
  cluster: {
    clusterIdentifier: `platform-user-profile-${region}`,
    region,
    regions: TWO,
    initialWriterRegion: region,
    engineVersion: "16.6",
    databaseName: "administration",
    masterUsername: "administrator",
    masterPasswordSecretArn: `arn:aws:secretsmanager:${region}:111122223333:secret:platform/user-profile-aBcDeF`,
    vpcId: "vpc-1",
    subnetIds: ["subnet-a", "subnet-b"],
    zones: [`${region}a`, `${region}b`],
    clientSecurityGroupIds: { workers: "sg-workers" },
    kmsKeyArn: keyArn(region),
    logKmsKeyArn: keyArn(region),
    dataProtection: "retain",
    ...cluster,
  },
  ...change,
});
const planService = (mode: PlanMode, region: string, args: ServiceDatabaseArgs) =>
  planAcross([region], mode, ({ opts }) => {
    const database = new ServiceDatabase("user-profile", args, opts);
    return {
      host: database.host,
      reader: database.readerHost,
      port: database.port,
      database: database.database,
      job: database.bootstrapJob,
    };
  });

interface Job {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly command: readonly string[];
          readonly env: readonly { readonly name: string; readonly value?: string }[];
          readonly image: string;
        }[];
      };
    };
  };
}
const asJob = (value: unknown) => value as Job;
const containerOf = (job: unknown) => {
  const [container] = asJob(job).spec.template.spec.containers;
  if (container === undefined) throw new Error("the Job has no container");
  return container;
};

for (const mode of MODES) {
  describe(`ServiceDatabase, ${mode}`, () => {
    it("DATA-09 and C-13: isolation database makes nothing in AWS and hands out a Job for role and database", async () => {
      const plan = await planService(mode, EAST, shared());
      assert.deepEqual(
        plan.resources.filter(({ type }) => type.startsWith("aws:")),
        [],
      );
      const { outputs } = plan;
      assert.deepEqual(
        [outputs["host"], outputs["reader"], outputs["port"], outputs["database"]],
        [
          "platform.global-1.global.rds.amazonaws.com",
          "platform.cluster-ro-1.us-east-1.rds.amazonaws.com",
          5432,
          "user_profile",
        ],
      );
      const { command, env, image } = containerOf(outputs["job"]);
      assert.equal(image, IMAGE);
      assert.deepEqual(command, ["/bin/sh", "-c", bootstrapScript("user_profile")]);
      assert.deepEqual(env, [
        { name: "PGHOST", value: "platform.global-1.global.rds.amazonaws.com" },
        { name: "PGPORT", value: "5432" },
        { name: "PGSSLMODE", value: "require" },
        { name: "PGCONNECT_TIMEOUT", value: "10" },
        { name: "PGUSER", value: "platform" },
        { name: "PGDATABASE", value: "platform" },
        {
          name: "PGPASSWORD",
          valueFrom: { secretKeyRef: { key: "password", name: "relational-administrator" } },
        },
        {
          name: "SERVICE_PASSWORD",
          valueFrom: { secretKeyRef: { key: "password", name: "user-profile-database" } },
        },
      ]);
    });

    it("DATA-09 and COST-08: isolation cluster is a Serverless v2 cluster of the service's own", async () => {
      const plan = await planService(mode, WEST, dedicated(WEST));
      const cluster = named(plan, CLUSTER, "user-profile-cluster");
      assert.deepEqual(pick(cluster, "clusterIdentifier", "serverlessv2ScalingConfiguration"), {
        clusterIdentifier: "platform-user-profile-us-west-2",
        serverlessv2ScalingConfiguration: { maxCapacity: 8, minCapacity: 0.5 },
      });
      assert.deepEqual(
        ofType(plan, "rds/clusterInstance:ClusterInstance").map(({ inputs }) => inputs["instanceClass"]),
        ["db.serverless", "db.serverless"],
      );
    });

    it("COST-08: takes another range of capacity", async () => {
      const args = dedicated(EAST, { serverlessMinimumAcu: 1, serverlessMaximumAcu: 32 });
      const cluster = named(await planService(mode, EAST, args), CLUSTER, "user-profile-cluster");
      assert.deepEqual(cluster.inputs["serverlessv2ScalingConfiguration"], {
        maxCapacity: 32,
        minCapacity: 1,
      });
    });

    it("DATA-10: a cluster of a global database is administered where its writer is", async () => {
      const args = dedicated(
        WEST,
        { globalClusterIdentifier: "orders", initialWriterRegion: EAST },
        { writerEndpoint: "orders.global-1.global.rds.amazonaws.com" },
      );
      const { outputs } = await planService(mode, WEST, args);
      assert.equal(outputs["host"], "orders.global-1.global.rds.amazonaws.com");
      const env = Object.fromEntries(containerOf(outputs["job"]).env.map(({ name, value }) => [name, value]));
      assert.deepEqual(
        [env["PGHOST"], env["PGUSER"], env["PGDATABASE"]],
        ["orders.global-1.global.rds.amazonaws.com", "administrator", "administration"],
      );
    });
  });
}

describe("ServiceDatabase", () => {
  it("connects to its own cluster when that is no copy", async () => {
    const { outputs } = await planService("update", WEST, dedicated(WEST));
    assert.match(String(outputs["host"]), /^platform-user-profile-us-west-2\.cluster-.*us-west-2/);
    assert.match(String(outputs["reader"]), /cluster-ro-/);
    assert.equal(containerOf(outputs["job"]).env[0]?.value, outputs["host"]);
  });

  it("DATA-09: names the Job by what it does, so that a change makes another and none makes none", async () => {
    const nameOf = async (change: Partial<SharedServiceDatabaseArgs> = {}) =>
      asJob((await planService("update", EAST, shared(change))).outputs["job"]).metadata.name;
    const first = await nameOf();
    assert.match(first, /^service-database-user-profile-[0-9a-f]{8}$/);
    assert.equal(await nameOf(), first);
    const serviceSecret = { name: "user-profile-database", key: "next" };
    for (const change of [{ database: "profiles" }, { writerEndpoint: "other" }, { serviceSecret }]) {
      assert.notEqual(await nameOf(change), first);
    }
  });

  it("DATA-09: makes role and database where they are missing, and shuts everyone else out", () => {
    assert.equal(
      bootstrapSql("orders"),
      [
        "SELECT 'CREATE ROLE orders LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'orders')\\gexec",
        "GRANT orders TO CURRENT_USER;",
        "SELECT 'CREATE DATABASE orders OWNER orders' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'orders')\\gexec",
        "REVOKE ALL ON DATABASE orders FROM PUBLIC;",
        "REVOKE orders FROM CURRENT_USER;",
      ].join("\n"),
    );
  });

  it("lets no name into SQL or shell that could mean anything else there", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 70 }), (name) => {
        if (databaseNameProblems("database", name).length === 0) assert.match(name, /^[a-z][a-z0-9_]*$/);
      }),
    );
    for (const name of ["a'b", "a b", 'a"b', "$(x)", "a;b", "a\n", "", "1a", "pg_x", "rds_x", "postgres"]) {
      assert.equal(databaseNameProblems("database", name).length, 1, name);
    }
    assert.deepEqual(databaseNameProblems("database", "orders_2"), []);
  });

  it("refuses bad arguments all at once, with what is wrong and how to mend it", async () => {
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new ServiceDatabase(
            "s",
            shared({ service: "Users", namespace: "A", database: "platform", bootstrapImage: "postgres:16" }),
            opts,
          ),
      ),
      [
        "ServiceDatabase s:",
        'service: "Users" is no name of a service; use up to 36 lower-case letters, digits and hyphens, a letter first',
        'namespace: "A" is no namespace; use up to 63 lower-case letters, digits and hyphens',
        'bootstrapImage: "postgres:16" names no digest; write it like registry/postgres@sha256:<64 hex digits>',
        "database: \"platform\" is the administrator's; name the service's own",
      ],
    );
    assert.deepEqual(
      await refusalOf(
        ({ opts }) =>
          new ServiceDatabase(
            "s",
            dedicated(EAST, { globalClusterIdentifier: "g" }, { service: "a.b", database: "pg_x" }),
            opts,
          ),
      ),
      [
        "ServiceDatabase s:",
        'service: "a.b" is no name of a service; use up to 36 lower-case letters, digits and hyphens, a letter first',
        "database: \"pg_x\" is no name for a service's role and database; use up to 63 lower-case letters, digits and underscores, a letter first, and none of PostgreSQL's own",
        "writerEndpoint: a cluster with globalClusterIdentifier may be a copy that refuses writes; give the global database's writer endpoint",
      ],
    );
  });
});
