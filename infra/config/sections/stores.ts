/** Stores and their backups. */
import { z } from "zod";
import { count, on, regionName, version } from "./values.ts";

export const relational = z
  .strictObject({
    engineVersion: version(/^\d{2}\.\d{1,2}$/, "16.6")
      .default("16.6")
      .meta({ description: "Aurora PostgreSQL version, 15.4 or newer; the same in every region." }),
    databaseName: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,62}$/)
      .default("platform")
      .meta({ description: "First database, made with the cluster." }),
    administrator: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,62}$/)
      .default("platform_admin")
      .meta({
        description:
          "Administrator that the first writer is made with; its password is generated into Secrets Manager.",
      }),
    instanceClass: z
      .string()
      .regex(/^db\.([a-z0-9]+\.[a-z0-9]+|serverless)$/)
      .default("db.r6g.large")
      .meta({
        description: "Instance class of every member.",
        allowed: "an RDS class of db.r6g.large or larger, or db.serverless",
      }),
    serverless: z
      .strictObject({
        minimumAcu: z
          .number()
          .min(0)
          .max(256)
          .meta({ description: "Least capacity of a member (1 ACU is about 2 GiB)." }),
        maximumAcu: z.number().min(1).max(256).meta({ description: "Most capacity of a member." }),
      })
      .optional()
      .meta({
        description: "Capacity of Serverless v2 members; goes with instanceClass db.serverless.",
        allowed: "minimumAcu and maximumAcu",
      }),
    instances: count(1, 15).default(2).meta({
      description: "Members of a region's cluster; two or more spread over zones survive a zone's loss.",
    }),
    initialWriterRegion: regionName.optional().meta({
      description:
        "Region that created the global cluster's first writer. Written once; a failover never changes it. Default: homeRegion.",
    }),
    backupRetentionDays: count(1, 35)
      .default(35)
      .meta({ description: "Days of continuous backup (point-in-time recovery)." }),
  })
  .meta({ description: "Aurora PostgreSQL Global Database." });

export const stores = z
  .strictObject({
    cache: z
      .strictObject({
        enabled: on.meta({ description: "Redis of the region's own for documents." }),
        nodeType: z
          .string()
          .regex(/^cache\.[a-z0-9]+\.[a-z0-9]+$/)
          .default("cache.r6g.large")
          .meta({ description: "Size of a node.", allowed: "a cache size such as cache.r6g.large" }),
        shards: count(1, 90).default(3).meta({ description: "Parts that the keys are spread over." }),
        replicasPerShard: count(0, 5)
          .default(1)
          .meta({ description: "Copies of each shard in another zone." }),
      })
      .prefault({}),
    sessions: z
      .strictObject({
        enabled: on.meta({ description: "Redis that all regions share for sessions (Global Datastore)." }),
      })
      .prefault({}),
    search: z
      .strictObject({
        enabled: on.meta({ description: "OpenSearch domain of the region for documents." }),
        instanceType: z
          .string()
          .regex(/^[a-z0-9]+\.[a-z0-9]+\.search$/)
          .default("r6g.large.search")
          .meta({ description: "Size of a data node.", allowed: "a search size such as r6g.large.search" }),
        volumeGiB: count(10, 3000).default(100).meta({ description: "Disk of a data node in GiB (gp3)." }),
      })
      .prefault({}),
    files: z
      .strictObject({
        enabled: on.meta({ description: "EFS of the region for raw files, copied to a peer region." }),
      })
      .prefault({}),
    broker: z
      .strictObject({
        enabled: on.meta({ description: "RabbitMQ of the region for processing jobs, one for each slot." }),
        deployment: z
          .enum(["cluster", "single"])
          .default("cluster")
          .meta({ description: "Three nodes over the zones, or one node for development." }),
        instanceType: z
          .string()
          .regex(/^mq\.[a-z0-9]+\.[a-z0-9]+$/)
          .default("mq.m7g.large")
          .meta({ description: "Size of a node.", allowed: "a broker size such as mq.m7g.large" }),
      })
      .prefault({}),
  })
  .meta({ description: "Stores of a region besides the relational one." });

export const backup = z
  .strictObject({
    enabled: on.meta({
      description: "Vaults in every region, daily backups with copies, monthly restore tests.",
    }),
    retentionDays: count(7, 3650).default(35).meta({ description: "Days that daily backups are kept." }),
    lock: z.enum(["governance", "compliance"]).default("governance").meta({
      description: "Lock of the vaults; nobody can lift compliance after a week, AWS included.",
    }),
  })
  .meta({ description: "AWS Backup." });
