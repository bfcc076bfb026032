/**
 * Every configuration key of every stack, in one place: meaning, allowed values and default. The keys live in the
 * namespace `platform` (`platform:cluster`, `platform:role` ...). Defaults are production values, so that the files of two
 * production regions hold only what differs.
 */
import { z } from "zod";
import { cluster, delivery, documents } from "./sections/cluster.ts";
import { network } from "./sections/network.ts";
import { alerts, security } from "./sections/security.ts";
import { backup, relational, stores } from "./sections/stores.ts";
import { edge, region, traffic } from "./sections/traffic.ts";
import { regionName, tagValue } from "./sections/values.ts";

export const configSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,14}[a-z0-9]$/)
    .default("platform")
    .meta({
      description:
        "Prefix of every name that another stack or a runbook must know. A change replaces nearly everything.",
      allowed: "3 to 16 lower-case letters, digits and hyphens",
    }),
  environment: z
    .enum(["production", "staging", "development"])
    .meta({ description: "What the stack is for; guardrails are strictest in production." }),
  accountId: z
    .string()
    .regex(/^\d{12}$/)
    .meta({
      description: "AWS account; credentials of any other account are refused.",
      allowed: "12 digits, quoted",
    }),
  domain: z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/)
    .meta({ description: "Public name of the platform.", allowed: "a DNS name such as docs.example.com" }),
  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]{6,31}$/)
    .optional()
    .meta({
      description: "Existing public hosted zone of the domain. Default: the global stack creates one.",
    }),
  scopes: z
    .array(z.enum(["global", "region", "link"]))
    .min(1)
    .meta({
      description:
        "What this stack owns: what spans regions, one region, both, or the private connections between regions.",
      allowed: "[global], [region], [global, region] or [link]",
    }),
  region: regionName
    .optional()
    .meta({ description: "The region of this stack; needed when scopes has region." }),
  role: z.enum(["primary", "secondary"]).optional().meta({
    description:
      "Part this region plays now; needed when scopes has region. A region that is not the primaryRegion becomes primary by taking over: the primary region leaves DNS and capacity rises to 100 %.",
  }),
  evacuate: z.array(regionName).default([]).meta({
    description: "Peer regions that this region's switch takes out of DNS, besides what the role implies.",
  }),
  primaryRegion: regionName.meta({ description: "Region that is primary by design." }),
  homeRegion: regionName.optional().meta({
    description:
      "Region that holds the originals of multi-region keys, secrets and tables. Written once; another one would replace them. Default: primaryRegion.",
  }),
  regions: z.record(regionName, region).meta({
    description: "Every region of the platform, by name.",
    allowed: "at least one region with cidr and weight",
  }),
  globalStack: z
    .string()
    .min(1)
    .default("global")
    .meta({ description: "Stack that owns what spans regions." }),
  existingServiceRoles: z
    .array(z.enum(["autoscaling", "opensearch", "spot"]))
    .default([])
    .meta({
      description: "Service-linked roles that the account has already; `platform preflight` tells which.",
      allowed: "autoscaling, opensearch, spot",
    }),
  tags: z
    .strictObject({
      service: tagValue.default("document-platform").meta({ description: "Service that pays." }),
      team: tagValue.default("platform").meta({ description: "Team that answers." }),
    })
    .prefault({})
    .meta({ description: "Tags of every resource; environment and stack are added." }),
  deployerRoleArn: z
    .string()
    .regex(/^arn:[a-z-]+:iam::\d{12}:role\/.+$/)
    .optional()
    .meta({
      description:
        "Role that runs Pulumi and administers the clusters. Default: role <name>-deployer of the account.",
      allowed: "an IAM role ARN",
    }),
  dataProtection: z.enum(["retain", "release"]).default("retain").meta({
    description:
      "retain protects every store against destroy and replacement; release, applied by an up, lets destroy finish.",
  }),
  traffic: traffic.prefault({}),
  edge: edge.prefault({}),
  security: security.prefault({}),
  alerts: alerts.prefault({}),
  network: network.prefault({}),
  cluster: cluster.prefault({}),
  relational: relational.prefault({}),
  stores: stores.prefault({}),
  backup: backup.prefault({}),
  documents: documents.prefault({}),
  delivery: delivery.prefault({}),
});

export type ConfigValues = z.output<typeof configSchema>;

/** Keys of the namespace, in the order of the schema. */
export const configKeys = Object.keys(configSchema.shape);
