/** Regions, steering between them, and what stands in front of them. */
import { z } from "zod";
import { cidr, count } from "./values.ts";

export const region = z
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

export const traffic = z
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

export const edge = z
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
