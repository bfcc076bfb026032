/**
 * Every configuration key of every stack, in one place: meaning, allowed values and default. The keys live in the
 * namespace `platform` (`platform:cluster`, `platform:role` ...). Defaults are production values, so that the files of two
 * production regions hold only what differs.
 */
import { z } from "zod";
import { INTERFACE_SERVICES } from "../../components/network/interface-services.ts";
import { PERMISSION_SET_NAMES } from "../../components/security/permission-sets.ts";

const regionName = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/)
  .meta({ description: "An AWS region.", allowed: "an AWS region name such as us-east-1" });
const cidr = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/)
  .meta({ description: "An IPv4 range.", allowed: "an IPv4 CIDR such as 10.0.0.0/16" });
const version = (pattern: RegExp, example: string) =>
  z
    .string()
    .regex(pattern)
    .meta({ allowed: `a quoted version such as "${example}"` });
const count = (minimum: number, maximum: number) => z.int().min(minimum).max(maximum);

const region = z
  .strictObject({
    cidr: cidr.meta({ description: "Range of the production VPC; a /16 keeps the seed layout of subnets." }),
    zones: z
      .array(z.string().regex(/^[a-z]$/))
      .min(2)
      .max(4)
      .default(["a", "b", "c"])
      .meta({ description: "Letters of the Availability Zones used.", allowed: "two to four zone letters" }),
    sharedCidr: cidr.optional().meta({
      description: "Range of the shared services VPC. Default: the region has none.",
    }),
    podCidr: cidr.optional().meta({
      description:
        "Range of the pods inside 100.64.0.0/10, another one in each region. Default: pods share the nodes' subnets.",
    }),
    transitAsn: count(64512, 65534).optional().meta({
      description:
        "Private ASN of the region's transit gateway, which joins production, shared services and data centres.",
    }),
    stack: z
      .string()
      .min(1)
      .optional()
      .meta({ description: "Stack of the region; the stack link reads its network." }),
    weight: count(0, 100).meta({
      description: "Share of the traffic in per cent; all regions together are 100.",
    }),
  })
  .meta({ description: "One region of the platform." });

const traffic = z
  .strictObject({
    routingPolicy: z
      .enum(["weighted", "latency", "failover"])
      .default("weighted")
      .meta({ description: "How Route 53 chooses a healthy region." }),
    ttlSeconds: count(1, 60)
      .default(5)
      .meta({ description: "Time to live of the regional records; part of the worst-case steering time." }),
    healthCheck: z
      .strictObject({
        path: z
          .string()
          .startsWith("/")
          .default("/health")
          .meta({ description: "Path the checkers request." }),
        intervalSeconds: z
          .union([z.literal(10), z.literal(30)])
          .default(10)
          .meta({ description: "Seconds between requests of one checker.", allowed: "10 or 30" }),
        failureThreshold: count(1, 10)
          .default(2)
          .meta({ description: "Failed requests in a row before a checker calls the region unhealthy." }),
      })
      .prefault({}),
  })
  .meta({ description: "Steering between regions." });

const security = z
  .strictObject({
    baseline: z.boolean().default(true).meta({
      description:
        "Own the account's audit trail, Config recorder and rules, threat detection, alerts and settings. false where another stack or the organisation does.",
    }),
    existing: z
      .strictObject({
        detectorIds: z
          .record(regionName, z.string().regex(/^[0-9a-f]{32}$/))
          .optional()
          .meta({
            description: "GuardDuty detectors by region, where there are some already.",
            allowed: "32 hexadecimal digits by region",
          }),
        configRole: z
          .boolean()
          .default(false)
          .meta({ description: "The service-linked role of AWS Config is there already." }),
        securityHub: z.boolean().default(false).meta({ description: "Security Hub is on already." }),
        macie: z.boolean().default(false).meta({ description: "Macie is on already." }),
      })
      .prefault({}),
    auditLock: z.enum(["governance", "compliance"]).default("governance").meta({
      description: "Lock of the audit trail's bucket; nobody can shorten compliance, root included.",
    }),
    isolateInstances: z.boolean().default(false).meta({
      description:
        "Cut off an instance by itself when GuardDuty finds it compromised; otherwise an operator runs the document.",
    }),
    identityCenter: z
      .strictObject({
        instanceArn: z
          .string()
          .regex(/^arn:[a-z-]+:sso:::instance\/.+$/)
          .meta({
            description: "IAM Identity Center instance of the organisation.",
            allowed: "arn:aws:sso:::instance/ssoins-...",
          }),
        region: regionName.meta({ description: "Region of the instance; one of regions." }),
        assignments: z
          .record(
            z.string().regex(/^[a-z][a-z0-9-]*$/),
            z.strictObject({
              permissionSet: z.enum(PERMISSION_SET_NAMES).meta({ description: "What the people may do." }),
              principalType: z.enum(["GROUP", "USER"]).meta({ description: "Whom principalId names." }),
              principalId: z.string().min(1).meta({ description: "Id in the identity store." }),
            }),
          )
          .default({})
          .meta({ description: "Who gets which permission set, by a name of your choice." }),
      })
      .optional()
      .meta({
        description: "People's access to the account. Default: none is managed here.",
        allowed: "instanceArn, region and assignments",
      }),
  })
  .meta({ description: "Security services of the account and people's access to it." });

const alertTarget = z
  .strictObject({
    severity: z.enum(["page", "notice"]).meta({ description: "page wakes somebody, notice can wait." }),
    protocol: z.enum(["email", "https", "lambda", "sqs"]).meta({ description: "How alerts are delivered." }),
    endpoint: z
      .string()
      .min(3)
      .optional()
      .meta({ description: "Mail address, URL or ARN that holds no key." }),
    endpointSecretId: z.string().min(1).optional().meta({
      description:
        "Secret with the address, instead of endpoint, for an address that holds a key, such as PagerDuty's.",
    }),
  })
  .meta({ description: "Somebody who is told of alerts." });

const alerts = z
  .strictObject({
    targets: z
      .record(z.string().regex(/^[a-z][a-z0-9-]*$/), alertTarget)
      .default({})
      .meta({ description: "Who is told, by a name of your choice." }),
    slack: z
      .strictObject({
        teamId: z
          .string()
          .regex(/^T[A-Z0-9]+$/)
          .meta({ description: "Slack workspace.", allowed: "an id such as T0123ABCD" }),
        channelId: z
          .string()
          .regex(/^[CG][A-Z0-9]+$/)
          .meta({ description: "Slack channel.", allowed: "an id such as C0123ABCD" }),
      })
      .optional()
      .meta({
        description: "Channel that gets every alert; the workspace is authorised once in the console.",
        allowed: "teamId and channelId",
      }),
    canaryMinutes: count(0, 60)
      .default(1)
      .meta({
        description: "Minutes between two runs of a region's canary against the public name; 0 runs none.",
      }),
  })
  .meta({ description: "Alerts and who hears of them." });

const edge = z
  .strictObject({
    cloudfront: z.boolean().default(true).meta({
      description:
        "Put CloudFront and its web ACL in front; load balancers then admit CloudFront and the health checkers only. Without it users call the health-checked origin name.",
    }),
    minimumTls: z
      .enum(["TLSv1.2_2021", "TLSv1.3_2025"])
      .default("TLSv1.2_2021")
      .meta({ description: "Oldest TLS that users of CloudFront may speak." }),
    priceClass: z
      .enum(["PriceClass_100", "PriceClass_200", "PriceClass_All"])
      .default("PriceClass_100")
      .meta({ description: "Edge locations of CloudFront that are paid for." }),
    rateLimit: count(10, 1_000_000)
      .default(2000)
      .meta({ description: "Requests that one client address may make in five minutes." }),
    originHeader: z
      .strictObject({
        values: z
          .array(z.string().regex(/^[a-z0-9]{1,5}$/))
          .min(1)
          .max(3)
          .default(["v1"])
          .meta({
            description:
              "Names of the header values that load balancers accept; two while the value is changed.",
            allowed: "one to three names such as v1",
          }),
        sends: z.string().default("v1").meta({ description: "Name of the value that CloudFront sends." }),
      })
      .prefault({}),
    accessLogDays: count(30, 3650).default(365).meta({ description: "Days that access logs are kept." }),
    shieldAdvanced: z.boolean().default(false).meta({
      description:
        "Shield Advanced on the distribution; the account must subscribe to it (USD 3,000 a month).",
    }),
  })
  .meta({ description: "What stands between users and the regions." });

const hybrid = z.strictObject({
  onPremisesCidrs: z.array(cidr).min(1).meta({ description: "Ranges of the data centre." }),
  vpn: z
    .strictObject({
      peerIp: z.ipv4().meta({ description: "Public address of the device.", allowed: "an IPv4 address" }),
      customerAsn: count(1, 2147483646).meta({ description: "ASN of the data centre." }),
    })
    .optional()
    .meta({ description: "Two tunnels over the internet.", allowed: "peerIp and customerAsn" }),
  directConnect: z
    .strictObject({
      connectionId: z
        .string()
        .regex(/^dxcon-[a-z0-9]+$/)
        .meta({ description: "The ordered connection.", allowed: "a connection id such as dxcon-ffabc123" }),
      vlan: count(1, 4094).meta({ description: "VLAN that is unused on the connection." }),
      customerAsn: count(1, 2147483646).meta({ description: "ASN of the data centre." }),
      gatewayAsn: count(64512, 65534).meta({ description: "Private ASN of the Direct Connect gateway." }),
    })
    .optional()
    .meta({ description: "The dedicated link.", allowed: "connectionId, vlan, customerAsn and gatewayAsn" }),
});

const network = z
  .strictObject({
    natGateways: z.enum(["perZone", "single"]).default("perZone").meta({
      description:
        "One NAT gateway in each zone, or one for the region (cheaper, a zone's loss cuts egress).",
    }),
    flowLogRetentionDays: z
      .union([z.literal(30), z.literal(90), z.literal(365)])
      .default(90)
      .meta({ description: "Days that VPC flow logs are kept.", allowed: "30, 90 or 365" }),
    interfaceEndpoints: z
      .array(z.enum(INTERFACE_SERVICES))
      .default([...INTERFACE_SERVICES])
      .meta({
        description: "AWS services that are reached without NAT, each about 7 USD a month in each zone.",
      }),
    peerRegions: z.boolean().default(true).meta({
      description: "Admit the production VPCs of the other regions, which the stack link connects.",
    }),
    hybrid: hybrid.optional().meta({ description: "Connection to a data centre. Default: none." }),
  })
  .meta({ description: "The production VPC." });

const addOnBuild = (name: string, build: string) =>
  z
    .string()
    .regex(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/)
    .default(build)
    .meta({
      description: `Build of the managed add-on ${name}; \`aws eks describe-addon-versions --addon-name ${name}\` lists them.`,
      allowed: `a build such as ${build}`,
    });

/** Builds that published configurations of Kubernetes 1.35 clusters run together. */
const addOnVersions = z.strictObject({
  "eks-pod-identity-agent": addOnBuild("eks-pod-identity-agent", "v1.3.10-eksbuild.2"),
  "vpc-cni": addOnBuild("vpc-cni", "v1.21.1-eksbuild.5"),
  "kube-proxy": addOnBuild("kube-proxy", "v1.35.2-eksbuild.4"),
  coredns: addOnBuild("coredns", "v1.13.2-eksbuild.3"),
  "snapshot-controller": addOnBuild("snapshot-controller", "v8.3.0-eksbuild.1"),
  "aws-ebs-csi-driver": addOnBuild("aws-ebs-csi-driver", "v1.57.1-eksbuild.1"),
  "aws-efs-csi-driver": addOnBuild("aws-efs-csi-driver", "v2.3.1-eksbuild.1"),
});

const cluster = z
  .strictObject({
    version: version(/^1\.\d{2}$/, "1.35")
      .default("1.35")
      .meta({ description: "Kubernetes version of the cluster; one minor version at a time upwards." }),
    publicAccessCidrs: z.array(cidr).default([]).meta({
      description: "Ranges that may reach the public API endpoint; none makes the endpoint private only.",
    }),
    systemNodes: z
      .strictObject({
        instanceTypes: z
          .array(z.string().regex(/^[a-z0-9-]+\.[a-z0-9]+$/))
          .min(1)
          .default(["m6i.xlarge"])
          .meta({
            description: "Instance types of the on-demand system group.",
            allowed: "EC2 instance types such as m6i.large",
          }),
        minimum: count(1, 50).default(3).meta({ description: "Fewest system nodes." }),
        maximum: count(1, 50).default(6).meta({ description: "Most system nodes." }),
        diskGiB: count(20, 500)
          .default(50)
          .meta({ description: "Root volume of a node in GiB (gp3, encrypted)." }),
      })
      .prefault({}),
    slots: z
      .record(
        z.string().regex(/^[a-z]{2,8}$/),
        count(0, 100).meta({ description: "Share of the region's traffic in per cent." }),
      )
      .default({ main: 100 })
      .meta({
        description:
          "Clusters of a region and their per cent of its traffic: one, or { even: 50, odd: 50 } to shift traffic between sprints.",
        allowed: "names of two to eight lower-case letters with weights that sum to 100",
      }),
    addOnVersions: addOnVersions.prefault({}),
    autoscaler: z.enum(["karpenter", "clusterAutoscaler"]).default("karpenter").meta({
      description: "What adds nodes for the workloads; never both.",
    }),
    nodeImage: z
      .string()
      .regex(/^(latest|v\d{8})$/)
      .default("latest")
      .meta({
        description:
          "Release of the node image that Karpenter starts; production pins one, so that nodes change when it does.",
        allowed: "latest, or a release such as v20261101",
      }),
    warmPods: count(0, 200).default(10).meta({
      description:
        "Placeholder pods (1 vCPU, 4 GiB) that keep room for 100 % of the traffic; a region keeps its share.",
    }),
    logRetentionDays: z
      .union([z.literal(30), z.literal(90), z.literal(365)])
      .default(90)
      .meta({ description: "Days that control-plane logs are kept.", allowed: "30, 90 or 365" }),
  })
  .meta({ description: "The EKS cluster of a region." });

const relational = z
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

const on = z.boolean().default(true);
const stores = z
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

const backup = z
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

const documents = z
  .strictObject({
    version: version(/^\d+\.\d+\.\d+$/, "0.1.0")
      .default("0.1.0")
      .meta({
        description: "Release of the document service: the immutable image tag in the region's registry.",
      }),
    replicas: z
      .strictObject({
        minimum: count(1, 100).default(6).meta({
          description:
            "Fewest pods that serve 100 % of the traffic; a region keeps its share, never under 3 in production.",
        }),
        maximum: count(1, 100)
          .default(20)
          .meta({ description: "Most pods in one region; equal in every region." }),
      })
      .prefault({}),
    cacheTtlSeconds: count(1, 86400)
      .default(300)
      .meta({ description: "Seconds a document stays in the cache." }),
    maximumBytes: count(1, 1073741824).default(26214400).meta({ description: "Largest document in bytes." }),
  })
  .meta({ description: "The document service." });

const delivery = z
  .strictObject({
    deployMode: z.enum(["argocd", "direct"]).default("argocd").meta({
      description: "Who applies first-party Kubernetes objects: Argo CD from Git, or Pulumi itself.",
    }),
    repositoryUrl: z
      .url()
      .default("https://github.com/example/document-platform.git")
      .meta({ description: "Git repository that Argo CD follows.", allowed: "an https URL" }),
    revision: z
      .string()
      .min(1)
      .default("main")
      .meta({ description: "Branch, tag or commit that Argo CD follows." }),
  })
  .meta({ description: "Delivery of first-party workloads." });

const tagValue = z.string().regex(/^[\w.:/=+@ -]{1,128}$/);

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
