import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";
import { StoreSecurityGroups } from "../network/store-security-groups.ts";
import { type DataProtection, protectionOptions } from "./protection.ts";
import { searchAccessPolicy, searchLogPolicy, searchProblems } from "./search-rules.ts";

export interface SearchDomainArgs {
  /** Name of the domain in its region, at most 28 characters. Replaces the domain. */
  readonly domainName: string;
  /** Region of the domain. */
  readonly region: string;
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
  readonly vpcId: pulumi.Input<string>;
  /** Subnets of the nodes, one in each zone: two or three, or a single one without protection from a zone's loss. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Security groups that may connect, by a stable name. */
  readonly clientSecurityGroupIds: Readonly<Record<string, pulumi.Input<string>>>;
  /** Role that administers the domain; it maps the others to the domain's own roles. */
  readonly masterRoleArn: pulumi.Input<string>;
  /** Further roles that may call the domain. */
  readonly clientRoleArns: readonly pulumi.Input<string>[];
  /** Key of this region for what is on disk. Replaces the domain. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Key of this region for the logs, usable by `logs.<region>.amazonaws.com`. */
  readonly logKmsKeyArn: pulumi.Input<string>;
  /** Days that the domain's own logs are kept. @default 90 */
  readonly logRetentionDays?: pulumi.Input<number> | undefined;
  /** @default "OpenSearch_2.19" */
  readonly engineVersion?: string | undefined;
  /** @default "r6g.large.search" */
  readonly instanceType?: pulumi.Input<string> | undefined;
  /** Data nodes, a multiple of the number of subnets. @default one for each subnet */
  readonly instanceCount?: number | undefined;
  /** Nodes that only coordinate: 3 or 5, or 0 where the data nodes do both. @default 3 */
  readonly masterCount?: number | undefined;
  /** @default "m6g.large.search" */
  readonly masterType?: pulumi.Input<string> | undefined;
  /** Disk of one data node in GiB (gp3). @default 100 */
  readonly volumeGiB?: number | undefined;
  /** `retain` protects the domain; `release` lets destroy delete it. */
  readonly dataProtection: DataProtection;
}

/**
 * An OpenSearch domain in one region's VPC, spread over its zones, encrypted on disk, between nodes and to clients, open
 * to named roles only (DATA-17, DATA-26).
 *
 * An index is built from the stores and can be built again; AWS takes a snapshot every hour and keeps it 14 days. The
 * loss of a zone leaves copies in the others when indices have replicas. The other region has a domain of its own. The
 * account needs the service-linked role of `opensearchservice.amazonaws.com` before the first domain. Three
 * r6g.large.search and three m6g.large.search cost about 680 USD a month.
 */
export class SearchDomain extends pulumi.ComponentResource {
  /** Host of the domain, without `https://`. */
  readonly endpoint: pulumi.Output<string>;
  readonly domainArn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: SearchDomainArgs;
  readonly #arn: string;

  constructor(name: string, args: SearchDomainArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:data:SearchDomain", name, {}, opts);
    this.#name = name;
    this.#args = args;
    this.#arn = `arn:${args.partition ?? "aws"}:es:${args.region}:${args.accountId}:domain/${args.domainName}`;
    const zoneCount = args.subnetIds.length;
    const shape = {
      domainName: args.domainName,
      engineVersion: args.engineVersion ?? "OpenSearch_2.19",
      zoneCount,
      instanceCount: args.instanceCount ?? zoneCount,
      masterCount: args.masterCount ?? 3,
      volumeGiB: args.volumeGiB ?? 100,
    };
    refuse(`SearchDomain ${name}`, searchProblems(shape));

    const securityGroupId = new StoreSecurityGroups(
      `${name}-access`,
      { vpcId: args.vpcId, stores: ["opensearch"], clientGroupIds: args.clientSecurityGroupIds },
      { parent: this },
    ).idOf("opensearch");
    const [logGroup, logPolicy] = this.#createLogs();
    const domain = new aws.opensearch.Domain(
      name,
      {
        domainName: shape.domainName,
        engineVersion: shape.engineVersion,
        clusterConfig: {
          instanceType: args.instanceType ?? "r6g.large.search",
          instanceCount: shape.instanceCount,
          dedicatedMasterEnabled: shape.masterCount > 0,
          ...(shape.masterCount === 0
            ? {}
            : {
                dedicatedMasterCount: shape.masterCount,
                dedicatedMasterType: args.masterType ?? "m6g.large.search",
              }),
          zoneAwarenessEnabled: zoneCount > 1,
          ...(zoneCount > 1 ? { zoneAwarenessConfig: { availabilityZoneCount: zoneCount } } : {}),
        },
        ebsOptions: {
          ebsEnabled: true,
          volumeType: "gp3",
          volumeSize: shape.volumeGiB,
          iops: 3000,
          throughput: 125,
        },
        vpcOptions: { subnetIds: [...args.subnetIds], securityGroupIds: [securityGroupId] },
        encryptAtRest: { enabled: true, kmsKeyId: args.kmsKeyArn },
        nodeToNodeEncryption: { enabled: true },
        domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
        advancedSecurityOptions: {
          enabled: true,
          internalUserDatabaseEnabled: false,
          masterUserOptions: { masterUserArn: args.masterRoleArn },
        },
        accessPolicies: pulumi
          .all([args.masterRoleArn, ...args.clientRoleArns])
          .apply((roleArns) => searchAccessPolicy({ domainArn: this.#arn, roleArns })),
        autoTuneOptions: { desiredState: "DISABLED", rollbackOnDisable: "NO_ROLLBACK" },
        softwareUpdateOptions: { autoSoftwareUpdateEnabled: false },
        logPublishingOptions: [
          "ES_APPLICATION_LOGS",
          "INDEX_SLOW_LOGS",
          "SEARCH_SLOW_LOGS",
          "AUDIT_LOGS",
        ].map((logType) => ({
          logType,
          cloudwatchLogGroupArn: logGroup.arn,
        })),
      },
      { parent: this, ...protectionOptions(args.dataProtection), dependsOn: [logPolicy] },
    );
    this.endpoint = domain.endpoint;
    this.domainArn = domain.arn;
    this.securityGroupId = securityGroupId;
    this.registerOutputs({
      endpoint: this.endpoint,
      domainArn: this.domainArn,
      securityGroupId: this.securityGroupId,
    });
  }

  #createLogs(): readonly [aws.cloudwatch.LogGroup, aws.cloudwatch.LogResourcePolicy] {
    const { accountId, domainName, logKmsKeyArn, logRetentionDays = 90 } = this.#args;
    const group = new aws.cloudwatch.LogGroup(
      `${this.#name}-log`,
      { name: `/aws/opensearch/${domainName}`, kmsKeyId: logKmsKeyArn, retentionInDays: logRetentionDays },
      { parent: this },
    );
    const policy = new aws.cloudwatch.LogResourcePolicy(
      `${this.#name}-log`,
      {
        policyName: `opensearch-${domainName}`,
        policyDocument: group.arn.apply((logGroupArn) =>
          searchLogPolicy({ accountId, domainArn: this.#arn, logGroupArn }),
        ),
      },
      { parent: this },
    );
    return [group, policy];
  }
}
