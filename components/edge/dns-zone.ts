import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { isHostName } from "../argument-problems.ts";
import { type DataProtection, protectionOptions } from "../data/protection.ts";
import { refuse } from "./arguments.ts";

export interface DnsZoneArgs {
  /** AWS partition, for example `aws`. */
  readonly partition: string;
  /** Public domain of the platform, for example `example.com`. Replaces the zone. */
  readonly domain: string;
  /** A hosted zone that exists already and is only used here; without it a zone is created (GAP-01). @default none */
  readonly hostedZoneId?: string;
  /** `release` lets destroy delete the zone with every record in it. @default "retain" */
  readonly dataProtection?: DataProtection;
  /** Days to keep a log of DNS queries. @default none: no query logging */
  readonly queryLogRetentionDays?: number;
  /** KMS key of the query log, in us-east-1. @default the key of CloudWatch Logs */
  readonly queryLogKmsKeyArn?: pulumi.Input<string>;
}

/**
 * The public hosted zone. Belongs to the `global` stack; its provider must be in us-east-1, the only region that takes
 * Route 53 query logs.
 *
 * Under failure: answers are Route 53's data plane and do not depend on any region. Edits need its control plane in
 * us-east-1; accelerated recovery brings edits back within about an hour of that region's loss. No failover waits for it.
 * The zone is protected and kept on destroy: a new zone would have other name servers, and the domain would be dark until
 * the registrar learns them.
 */
export class DnsZone extends pulumi.ComponentResource {
  readonly zoneId: pulumi.Output<string>;
  /** Name servers to enter at the registrar; undefined for a zone that was only adopted, whose delegation exists. */
  readonly nameServers: pulumi.Output<string[]> | undefined;

  constructor(name: string, args: DnsZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:edge:DnsZone", name, {}, opts);
    refuse(`DnsZone "${name}"`, zoneProblems(args));
    const dataProtection = args.dataProtection ?? "retain";
    if (args.hostedZoneId === undefined) {
      const zone = new aws.route53.Zone(
        `${name}-zone`,
        {
          name: args.domain,
          comment: `Public zone of ${args.domain}`,
          enableAcceleratedRecovery: true,
          forceDestroy: dataProtection === "release",
        },
        { parent: this, ...protectionOptions(dataProtection) },
      );
      this.zoneId = zone.zoneId;
      this.nameServers = zone.nameServers;
    } else {
      this.zoneId = pulumi.output(args.hostedZoneId);
      this.nameServers = undefined;
    }
    if (args.queryLogRetentionDays !== undefined) this.logQueries(name, args, args.queryLogRetentionDays);
    this.registerOutputs({ zoneId: this.zoneId, nameServers: this.nameServers });
  }

  private logQueries(name: string, args: DnsZoneArgs, retentionInDays: number): void {
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-queries`,
      { name: `/aws/route53/${args.domain}`, retentionInDays, kmsKeyId: args.queryLogKmsKeyArn },
      { parent: this },
    );
    const admission = new aws.cloudwatch.LogResourcePolicy(
      `${name}-queries`,
      {
        policyName: `route53-queries-${args.domain}`,
        policyDocument: pulumi.jsonStringify({
          Statement: [
            {
              Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
              // The zone, not just the service: otherwise any account's zone could write here.
              Condition: {
                ArnEquals: {
                  "aws:SourceArn": pulumi.interpolate`arn:${args.partition}:route53:::hostedzone/${this.zoneId}`,
                },
              },
              Effect: "Allow",
              Principal: { Service: "route53.amazonaws.com" },
              Resource: pulumi.interpolate`${logGroup.arn}:*`,
            },
          ],
          Version: "2012-10-17",
        }),
      },
      { parent: this },
    );
    new aws.route53.QueryLog(
      `${name}-queries`,
      { zoneId: this.zoneId, cloudwatchLogGroupArn: logGroup.arn },
      { parent: this, dependsOn: [admission] },
    );
  }
}

function zoneProblems({ domain, hostedZoneId, queryLogRetentionDays }: DnsZoneArgs): string[] {
  const problems: string[] = [];
  if (!isHostName(domain)) problems.push(`domain: "${domain}" is not a DNS name; write it like example.com`);
  if (hostedZoneId !== undefined && !/^Z[A-Z0-9]{1,31}$/.test(hostedZoneId)) {
    problems.push(`hostedZoneId: "${hostedZoneId}" is not a hosted zone id; it looks like Z1D633PJN98FT9`);
  }
  if (queryLogRetentionDays !== undefined && !LOG_RETENTION_DAYS.includes(queryLogRetentionDays)) {
    problems.push(
      `queryLogRetentionDays: CloudWatch Logs does not offer ${queryLogRetentionDays}; use one of ${LOG_RETENTION_DAYS.join(", ")}`,
    );
  }
  return problems;
}

const LOG_RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
