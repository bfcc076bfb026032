import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";
import { STORE_PORTS } from "../network/security-rules.ts";
import { StoreSecurityGroups } from "../network/store-security-groups.ts";
import { AURORA_OWNS } from "./aurora-owned.ts";
import { parameter, parameterGroupFamily } from "./engine-version.ts";
import { type DataProtection, protectionOptions } from "./protection.ts";
import { relationalProblems } from "./relational-layout.ts";
import { RelationalMembers } from "./relational-members.ts";

export interface RelationalClusterArgs {
  /** Identifier of the cluster; runbooks and the failover command know it. Replaces the cluster. */
  readonly clusterIdentifier: string;
  /** Region of the cluster. */
  readonly region: string;
  /** Every region of the platform. */
  readonly regions: readonly string[];
  /**
   * Region whose cluster was, or will be, the first writer: its cluster is made with user, password and database, every
   * other as a copy of it. Written once: a switchover or failover changes nothing here.
   */
  readonly initialWriterRegion: string;
  /** Global database to join when the cluster is made. @default a cluster on its own */
  readonly globalClusterIdentifier?: pulumi.Input<string> | undefined;
  /** Aurora PostgreSQL version at creation, at least 15.4; upgrades come from the global database. */
  readonly engineVersion: string;
  /** First database. Used at creation only. */
  readonly databaseName: string;
  /** Name of the master user. Used at creation only. */
  readonly masterUsername: string;
  /** Secret of this region whose value is the master password. Read in `initialWriterRegion` only. */
  readonly masterPasswordSecretArn: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  /** Database subnets, one in each of `zones`. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Zones for the members, the preferred writer's first, for example `us-east-1a`. */
  readonly zones: readonly string[];
  /** Security groups that may connect, by a stable name. */
  readonly clientSecurityGroupIds: Readonly<Record<string, pulumi.Input<string>>>;
  /** Key of this region for the storage and Performance Insights. Replaces the cluster. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Key of this region for the logs, usable by `logs.<region>.amazonaws.com`. */
  readonly logKmsKeyArn: pulumi.Input<string>;
  /** Days that the database's logs are kept. @default 90 */
  readonly logRetentionDays?: pulumi.Input<number> | undefined;
  /** @default "db.r6g.large"; "db.serverless" with the two capacities */
  readonly instanceClass?: string | undefined;
  /** Members that are always there; two or more survive a zone's loss. @default 2 */
  readonly instances?: number | undefined;
  /** Members at most, when readers are added at 60 % CPU. @default as `instances`: no scaling */
  readonly maximumInstances?: number | undefined;
  /** Least capacity of a `db.serverless` member in ACU (about 2 GiB each). */
  readonly serverlessMinimumAcu?: number | undefined;
  /** Most capacity of a `db.serverless` member in ACU. */
  readonly serverlessMaximumAcu?: number | undefined;
  /** Days of continuous backup: any second of them can be restored (DR-20). At least 30 when retained. @default 35 */
  readonly backupRetentionDays?: number | undefined;
  /** Seconds of lag at which Aurora stops commits until a region has caught up, at least 20. @default never */
  readonly maximumLagSeconds?: number | undefined;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /**
   * `retain` protects the cluster and ends it with a snapshot; `release` lets destroy delete it without one, and stops
   * the adding of readers, which would hold the deletion up.
   */
  readonly dataProtection: DataProtection;
}

/**
 * The Aurora PostgreSQL cluster of one region, alone or as a member of a global database (DATA-02 to DATA-08, C-12).
 *
 * No input depends on which region is the writer now: planned switchover and failover leave every region's plan empty.
 * Within the region, storage is in three zones and the next member takes over from a lost writer in under a minute; the
 * first zone is preferred. Other regions lag by less than a second. A member that is not in the writer's region forwards
 * writes there. Make the region of `initialWriterRegion` first, with its members, and destroy the writer's region last.
 * Two db.r6g.large cost about 380 USD a month.
 */
export class RelationalCluster extends pulumi.ComponentResource {
  readonly clusterIdentifier: pulumi.Output<string>;
  readonly clusterArn: pulumi.Output<string>;
  /** Id in the ARNs of IAM database users (`rds-db:connect`). */
  readonly clusterResourceId: pulumi.Output<string>;
  /** Host of this region's writer; refuses writes while another region has the writer, unless they are forwarded. */
  readonly endpoint: pulumi.Output<string>;
  readonly readerEndpoint: pulumi.Output<string>;
  readonly port: pulumi.Output<number>;
  readonly securityGroupId: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: RelationalClusterArgs;

  constructor(name: string, args: RelationalClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:data:RelationalCluster", name, {}, opts);
    this.#name = name;
    this.#args = args;
    const { instances = 2, maximumInstances = instances } = args;
    const instanceClass = args.instanceClass ?? "db.r6g.large";
    const backupRetentionDays = args.backupRetentionDays ?? 35;
    const global = args.globalClusterIdentifier !== undefined;
    refuse(
      `RelationalCluster ${name}`,
      relationalProblems({
        ...args,
        instances,
        maximumInstances,
        instanceClass,
        backupRetentionDays,
        global,
      }),
    );

    const securityGroupId = new StoreSecurityGroups(
      `${name}-access`,
      { vpcId: args.vpcId, stores: ["aurora"], clientGroupIds: args.clientSecurityGroupIds },
      { parent: this },
    ).idOf("aurora");
    const cluster = this.#createCluster(securityGroupId, backupRetentionDays);
    new RelationalMembers(
      `${name}-members`,
      {
        clusterIdentifier: cluster.id,
        dbSubnetGroupName: cluster.dbSubnetGroupName,
        engineVersion: args.engineVersion,
        kmsKeyArn: args.kmsKeyArn,
        zones: args.zones,
        instanceClass,
        instances,
        maximumInstances,
        partition: args.partition ?? "aws",
        dataProtection: args.dataProtection,
      },
      { parent: this },
    );

    this.clusterIdentifier = cluster.clusterIdentifier;
    this.clusterArn = cluster.arn;
    this.clusterResourceId = cluster.clusterResourceId;
    this.endpoint = cluster.endpoint;
    this.readerEndpoint = cluster.readerEndpoint;
    this.port = cluster.port;
    this.securityGroupId = securityGroupId;
    this.registerOutputs({
      clusterIdentifier: this.clusterIdentifier,
      clusterArn: this.clusterArn,
      clusterResourceId: this.clusterResourceId,
      endpoint: this.endpoint,
      readerEndpoint: this.readerEndpoint,
      port: this.port,
      securityGroupId: this.securityGroupId,
    });
  }

  #createCluster(securityGroupId: pulumi.Output<string>, backupRetentionPeriod: number): aws.rds.Cluster {
    const args = this.#args;
    const retained = args.dataProtection === "retain";
    const logs = this.#createLogGroup();
    return new aws.rds.Cluster(
      this.#name,
      {
        clusterIdentifier: args.clusterIdentifier,
        engine: "aurora-postgresql",
        engineVersion: args.engineVersion,
        ...this.#atCreation(),
        ...this.#global(),
        ...this.#serverless(),
        port: STORE_PORTS.aurora.port,
        dbSubnetGroupName: this.#createSubnetGroup().name,
        vpcSecurityGroupIds: [securityGroupId],
        dbClusterParameterGroupName: this.#createClusterParameters().name,
        storageEncrypted: true,
        kmsKeyId: args.kmsKeyArn,
        iamDatabaseAuthenticationEnabled: true,
        enabledCloudwatchLogsExports: ["postgresql"],
        // A minor version comes to all regions at once, by the global database.
        autoMinorVersionUpgrade: false,
        backupRetentionPeriod,
        preferredBackupWindow: "07:00-08:00",
        preferredMaintenanceWindow: "sun:09:00-sun:10:00",
        copyTagsToSnapshot: true,
        deletionProtection: retained,
        deleteAutomatedBackups: !retained,
        skipFinalSnapshot: !retained,
        finalSnapshotIdentifier: `${args.clusterIdentifier}-final`,
      },
      {
        parent: this,
        ...protectionOptions(args.dataProtection),
        // Else RDS makes the log group, without a key and for ever.
        dependsOn: [logs],
        ignoreChanges: AURORA_OWNS,
      },
    );
  }

  /** Inputs that the first writer needs and a copy may not have. */
  #atCreation(): Partial<aws.rds.ClusterArgs> {
    const { databaseName, initialWriterRegion, masterUsername, region } = this.#args;
    // The storage of a copy is encrypted anew, for which Aurora wants the source's region.
    if (region !== initialWriterRegion) return { sourceRegion: initialWriterRegion };
    return {
      databaseName,
      masterUsername,
      masterPasswordWo: this.#masterPassword(),
      masterPasswordWoVersion: 1,
    };
  }

  #masterPassword(): pulumi.Output<string> {
    const { secretString } = aws.secretsmanager.getSecretVersionOutput(
      { secretId: this.#args.masterPasswordSecretArn },
      { parent: this },
    );
    return pulumi.secret(secretString);
  }

  #global(): Partial<aws.rds.ClusterArgs> {
    const { globalClusterIdentifier } = this.#args;
    if (globalClusterIdentifier === undefined) return {};
    // On the writer it has no effect until it is one no more.
    return { globalClusterIdentifier, enableGlobalWriteForwarding: true };
  }

  #serverless(): Partial<aws.rds.ClusterArgs> {
    const { serverlessMaximumAcu: maxCapacity, serverlessMinimumAcu: minCapacity } = this.#args;
    if (minCapacity === undefined || maxCapacity === undefined) return {};
    return { serverlessv2ScalingConfiguration: { minCapacity, maxCapacity } };
  }

  #createSubnetGroup(): aws.rds.SubnetGroup {
    return new aws.rds.SubnetGroup(
      `${this.#name}-subnets`,
      { description: `Subnets of ${this.#args.clusterIdentifier}`, subnetIds: this.#args.subnetIds },
      { parent: this },
    );
  }

  #createLogGroup(): aws.cloudwatch.LogGroup {
    const { clusterIdentifier, logKmsKeyArn, logRetentionDays = 90 } = this.#args;
    return new aws.cloudwatch.LogGroup(
      `${this.#name}-log`,
      {
        name: `/aws/rds/cluster/${clusterIdentifier}/postgresql`,
        kmsKeyId: logKmsKeyArn,
        retentionInDays: logRetentionDays,
      },
      { parent: this },
    );
  }

  #createClusterParameters(): aws.rds.ClusterParameterGroup {
    const { clusterIdentifier, engineVersion, maximumLagSeconds } = this.#args;
    return new aws.rds.ClusterParameterGroup(
      `${this.#name}-cluster`,
      {
        description: `Cluster parameters of ${clusterIdentifier}`,
        family: parameterGroupFamily(engineVersion),
        parameters: [
          ...(maximumLagSeconds === undefined
            ? []
            : [parameter("rds.global_db_rpo", String(maximumLagSeconds))]),
          parameter("rds.force_ssl", "1"),
        ],
      },
      { parent: this },
    );
  }
}
