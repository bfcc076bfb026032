import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";
import { documentDatabaseProblems, documentParameterFamily } from "./document-database-rules.ts";
import { type DataProtection, protectionOptions } from "./protection.ts";
import { placeMembers } from "./relational-layout.ts";
import { createStoreAccess, OPTIONAL_STORE_PORTS } from "./store-access.ts";

export interface DocumentDatabaseArgs {
  /** Identifier of the cluster; runbooks and the failover command know it. Replaces the cluster. */
  readonly clusterIdentifier: string;
  /** Region of the cluster. */
  readonly region: string;
  /** Every region of the platform. */
  readonly regions: readonly string[];
  /**
   * Region whose cluster was, or will be, the first writer: its cluster is made with user and password, every other as a
   * copy of it. Written once: a switchover or failover changes nothing here.
   */
  readonly initialWriterRegion: string;
  /** Global cluster to join when the cluster is made. @default a cluster on its own */
  readonly globalClusterIdentifier?: pulumi.Input<string> | undefined;
  /** DocumentDB version at creation; upgrades come from the global cluster. @default "5.0.0" */
  readonly engineVersion?: string | undefined;
  /** Name of the master user. Used at creation only. */
  readonly masterUsername: string;
  /** Secret of this region whose value is the master password. Read in `initialWriterRegion` only. */
  readonly masterPasswordSecretArn: pulumi.Input<string>;
  readonly vpcId: pulumi.Input<string>;
  /** Database subnets, one in each of `zones`. Replaces the cluster. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Zones for the members, the preferred writer's first, for example `us-east-1a`. */
  readonly zones: readonly string[];
  /** Security groups that may connect, by a stable name. */
  readonly clientSecurityGroupIds: Readonly<Record<string, pulumi.Input<string>>>;
  /** Key of this region for the storage and Performance Insights. Replaces the cluster. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Key of this region for the logs, usable by `logs.<region>.amazonaws.com`. */
  readonly logKmsKeyArn: pulumi.Input<string>;
  /** Days that the audit log is kept. @default 90 */
  readonly logRetentionDays?: pulumi.Input<number> | undefined;
  /** @default "db.r6g.large" */
  readonly instanceClass?: string | undefined;
  /** Members that are always there; two or more survive a zone's loss. @default 2 */
  readonly instances?: number | undefined;
  /** Days of continuous backup: any second of them can be restored. At least 30 when retained. @default 35 */
  readonly backupRetentionDays?: number | undefined;
  /**
   * `retain` protects the cluster and ends it with a snapshot; `release` lets destroy delete it without one.
   */
  readonly dataProtection: DataProtection;
}

/**
 * What AWS changes when another region becomes the writer, or what counts at creation only. Without this list the first
 * `up` after a failover would detach or replace a healthy cluster.
 */
const DOCUMENTDB_OWNS = [
  "globalClusterIdentifier", // Empty while a failover has the cluster detached; a difference would remove it for good.
  "engineVersion", // The global cluster upgrades its members.
  "masterUsername", // Creation only; a copy reports the writer's.
  "availabilityZones", // DocumentDB spreads the storage over three zones whatever it is told.
  "snapshotIdentifier", // A restored cluster must not be replaced when the snapshot is no longer named.
];

/**
 * The DocumentDB cluster of one region, alone or as a member of a global cluster: where documents' metadata is when it is
 * kept in MongoDB (DATA-16, C-11).
 *
 * No input depends on which region is the writer now. Within the region, storage is in three zones and the next member
 * takes over from a lost writer in about a minute. Other regions lag by about a second and accept reads only; unlike
 * DynamoDB, one region takes the writes of all until an operator promotes another. Make the region of
 * `initialWriterRegion` first, with its members, and destroy the writer's region last. Two db.r6g.large cost about 390 USD
 * a month, storage and requests on top.
 */
export class DocumentDatabase extends pulumi.ComponentResource {
  readonly clusterIdentifier: pulumi.Output<string>;
  readonly clusterArn: pulumi.Output<string>;
  /** Host of this region's writer; refuses writes while another region has the writer. */
  readonly endpoint: pulumi.Output<string>;
  readonly readerEndpoint: pulumi.Output<string>;
  readonly port: number;
  readonly securityGroupId: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: DocumentDatabaseArgs;

  constructor(name: string, args: DocumentDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:data:DocumentDatabase", name, {}, opts);
    this.#name = name;
    this.#args = args;
    const shape = {
      ...args,
      global: args.globalClusterIdentifier !== undefined,
      engineVersion: args.engineVersion ?? "5.0.0",
      instanceClass: args.instanceClass ?? "db.r6g.large",
      instances: args.instances ?? 2,
      backupRetentionDays: args.backupRetentionDays ?? 35,
    };
    refuse(`DocumentDatabase ${name}`, documentDatabaseProblems(shape));

    this.securityGroupId = createStoreAccess(`${name}-access`, "documentdb", args, this);
    const cluster = this.#createCluster(shape);
    this.#createMembers(cluster, shape);

    this.clusterIdentifier = cluster.clusterIdentifier;
    this.clusterArn = cluster.arn;
    this.endpoint = cluster.endpoint;
    this.readerEndpoint = cluster.readerEndpoint;
    this.port = OPTIONAL_STORE_PORTS.documentdb.port;
    this.registerOutputs({
      clusterIdentifier: this.clusterIdentifier,
      clusterArn: this.clusterArn,
      endpoint: this.endpoint,
      readerEndpoint: this.readerEndpoint,
      port: this.port,
      securityGroupId: this.securityGroupId,
    });
  }

  #createCluster(shape: {
    readonly engineVersion: string;
    readonly backupRetentionDays: number;
  }): aws.docdb.Cluster {
    const { clusterIdentifier, dataProtection, globalClusterIdentifier, kmsKeyArn } = this.#args;
    const retained = dataProtection === "retain";
    const logs = this.#createLogGroup();
    return new aws.docdb.Cluster(
      this.#name,
      {
        clusterIdentifier,
        engine: "docdb",
        engineVersion: shape.engineVersion,
        globalClusterIdentifier,
        ...this.#atCreation(),
        port: OPTIONAL_STORE_PORTS.documentdb.port,
        dbSubnetGroupName: this.#createSubnetGroup().name,
        vpcSecurityGroupIds: [this.securityGroupId],
        dbClusterParameterGroupName: this.#createParameters(shape.engineVersion).name,
        storageEncrypted: true,
        kmsKeyId: kmsKeyArn,
        enabledCloudwatchLogsExports: ["audit"],
        backupRetentionPeriod: shape.backupRetentionDays,
        preferredBackupWindow: "07:00-08:00",
        preferredMaintenanceWindow: "sun:09:00-sun:10:00",
        deletionProtection: retained,
        skipFinalSnapshot: !retained,
        finalSnapshotIdentifier: `${clusterIdentifier}-final`,
      },
      {
        parent: this,
        ...protectionOptions(dataProtection),
        // Else DocumentDB makes the log group, without a key and for ever.
        dependsOn: [logs],
        ignoreChanges: DOCUMENTDB_OWNS,
      },
    );
  }

  /** Inputs that the first writer needs and a copy may not have. */
  #atCreation(): Partial<aws.docdb.ClusterArgs> {
    const { initialWriterRegion, masterPasswordSecretArn, masterUsername, region } = this.#args;
    if (region !== initialWriterRegion) return {};
    const { secretString } = aws.secretsmanager.getSecretVersionOutput(
      { secretId: masterPasswordSecretArn },
      { parent: this },
    );
    return { masterUsername, masterPasswordWo: pulumi.secret(secretString), masterPasswordWoVersion: 1 };
  }

  #createMembers(
    cluster: aws.docdb.Cluster,
    shape: { readonly instanceClass: string; readonly instances: number },
  ): void {
    for (const { key, promotionTier, zone } of placeMembers(this.#args.zones, shape.instances)) {
      new aws.docdb.ClusterInstance(
        `${this.#name}-${key}`,
        {
          clusterIdentifier: cluster.id,
          engine: "docdb",
          instanceClass: shape.instanceClass,
          availabilityZone: zone,
          promotionTier,
          enablePerformanceInsights: true,
          performanceInsightsKmsKeyId: this.#args.kmsKeyArn,
        },
        { parent: this },
      );
    }
  }

  #createSubnetGroup(): aws.docdb.SubnetGroup {
    return new aws.docdb.SubnetGroup(
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
        name: `/aws/docdb/${clusterIdentifier}/audit`,
        kmsKeyId: logKmsKeyArn,
        retentionInDays: logRetentionDays,
      },
      { parent: this },
    );
  }

  /** TLS only; changes of the schema and of users are recorded, not every statement. */
  #createParameters(engineVersion: string): aws.docdb.ClusterParameterGroup {
    return new aws.docdb.ClusterParameterGroup(
      `${this.#name}-parameters`,
      {
        description: `Parameters of ${this.#args.clusterIdentifier}`,
        family: documentParameterFamily(engineVersion),
        parameters: [
          { name: "audit_logs", value: "ddl", applyMethod: "pending-reboot" },
          { name: "tls", value: "enabled", applyMethod: "pending-reboot" },
        ],
      },
      { parent: this },
    );
  }
}
