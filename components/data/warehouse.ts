import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";
import { sortedJson } from "../json.ts";
import { type DataProtection, protectionOptions } from "./protection.ts";
import { createStoreAccess, OPTIONAL_STORE_PORTS } from "./store-access.ts";
import {
  snapshotCopyCommand,
  snapshotPolicy,
  snapshotTrust,
  spectrumPolicy,
  type WarehouseShape,
  warehouseProblems,
  warehouseTrust,
} from "./warehouse-rules.ts";

export interface WarehouseArgs {
  /** Name of namespace and workgroup in the region. Replaces the warehouse. */
  readonly warehouseName: string;
  /** First database. Used at creation only. @default "warehouse" */
  readonly databaseName?: string | undefined;
  /** Name of the administrator, whose password Redshift keeps in Secrets Manager and rotates. @default "platform" */
  readonly administrator?: string | undefined;
  /** Region of the warehouse. */
  readonly region: string;
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
  readonly vpcId: pulumi.Input<string>;
  /** Database subnets, three or more, each in a zone of its own. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Security groups that may connect, by a stable name. */
  readonly clientSecurityGroupIds: Readonly<Record<string, pulumi.Input<string>>>;
  /** Key of this region for the data, the snapshots and the administrator's secret. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Capacity that a query starts with, in RPU (16 GiB each): a multiple of 8, at least 8. @default 8 */
  readonly baseCapacity?: number | undefined;
  /** Capacity at most, in RPU: a multiple of 8, at most 5632. @default 64 */
  readonly maximumCapacity?: number | undefined;
  /** RPU hours a day after which queries are refused until midnight UTC. @default 64 */
  readonly dailyRpuHours?: number | undefined;
  /** Days that a daily snapshot is kept, here and as a copy. @default 35 */
  readonly snapshotRetentionDays?: number | undefined;
  /** Region that snapshots are copied to, with its key; see `copyCommand`. @default none */
  readonly copyTo?: { readonly region: string; readonly kmsKeyArn: pulumi.Input<string> } | undefined;
  /** Buckets that Spectrum may read. @default none */
  readonly lakeBucketNames?: readonly string[] | undefined;
  /** Glue databases, the external schemas, whose tables Spectrum may read. @default none */
  readonly lakeDatabases?: readonly string[] | undefined;
  /** Keys of the lake's buckets. @default S3's own key (SSE-S3) */
  readonly lakeKmsKeyArns?: readonly pulumi.Input<string>[] | undefined;
  /** `retain` protects the namespace, which is the data; `release` lets destroy delete it. */
  readonly dataProtection: DataProtection;
}

/**
 * The Redshift Serverless warehouse of one region: columnar, parallel from 8 to 5,632 RPU, over petabytes of its own
 * storage and, by way of Spectrum, the named buckets (DATA-28, DATA-29). An option, off by default.
 *
 * Private, encrypted, TLS only (Redshift's own default), with a ceiling on what a day may cost. Redshift takes a recovery
 * point every half hour and keeps it a day; a schedule takes a snapshot every night. A zone's loss moves it to another
 * zone. A region's loss takes it away until a copied snapshot is restored in the other region. The provider has no
 * resource that copies snapshots, so `copyCommand` is run once, by a person; Redshift makes the groups of its logs itself.
 * Nothing is paid at rest but storage; 8 RPU cost about 3 USD an hour of queries.
 */
export class Warehouse extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;
  readonly port: number;
  readonly namespaceArn: pulumi.Output<string>;
  readonly workgroupArn: pulumi.Output<string>;
  /** Secret that Redshift keeps the administrator's password in. */
  readonly administratorSecretArn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  /** AWS CLI command that turns the copying of snapshots on; undefined without `copyTo`. */
  readonly copyCommand: pulumi.Output<string | undefined>;

  readonly #name: string;
  readonly #args: WarehouseArgs;
  readonly #shape: WarehouseShape;
  readonly #place: { readonly partition: string; readonly region: string; readonly accountId: string };

  constructor(name: string, args: WarehouseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:data:Warehouse", name, {}, opts);
    this.#name = name;
    this.#args = args;
    this.#shape = shapeOf(args);
    this.#place = { partition: args.partition ?? "aws", region: args.region, accountId: args.accountId };
    refuse(`Warehouse ${name}`, warehouseProblems(this.#shape));

    this.securityGroupId = createStoreAccess(`${name}-access`, "redshift", args, this);
    const namespace = this.#createNamespace();
    const workgroup = this.#createWorkgroup(namespace);
    this.#createSnapshots(namespace);

    this.host = workgroup.endpoints.apply((endpoints) => endpoints[0]?.address ?? "");
    this.port = OPTIONAL_STORE_PORTS.redshift.port;
    this.namespaceArn = namespace.arn;
    this.workgroupArn = workgroup.arn;
    this.administratorSecretArn = namespace.adminPasswordSecretArn;
    this.copyCommand = this.#copyCommand();
    this.registerOutputs({
      host: this.host,
      port: this.port,
      namespaceArn: this.namespaceArn,
      workgroupArn: this.workgroupArn,
      administratorSecretArn: this.administratorSecretArn,
      securityGroupId: this.securityGroupId,
      copyCommand: this.copyCommand,
    });
  }

  #createNamespace(): aws.redshiftserverless.Namespace {
    const { administrator = "platform", dataProtection, kmsKeyArn, warehouseName } = this.#args;
    const spectrum = this.#createSpectrumRole();
    return new aws.redshiftserverless.Namespace(
      this.#name,
      {
        namespaceName: warehouseName,
        dbName: this.#shape.databaseName,
        adminUsername: administrator,
        manageAdminPassword: true,
        adminPasswordSecretKmsKeyId: kmsKeyArn,
        kmsKeyId: kmsKeyArn,
        ...(spectrum === undefined ? {} : { iamRoles: [spectrum], defaultIamRoleArn: spectrum }),
        logExports: ["connectionlog", "useractivitylog", "userlog"],
      },
      // The name is known to snapshots and clients, so a replacement cannot exist beside what it replaces.
      { parent: this, deleteBeforeReplace: true, ...protectionOptions(dataProtection) },
    );
  }

  #createWorkgroup(namespace: aws.redshiftserverless.Namespace): aws.redshiftserverless.Workgroup {
    const { subnetIds, warehouseName } = this.#args;
    const { baseCapacity, dailyRpuHours, maximumCapacity } = this.#shape;
    const workgroup = new aws.redshiftserverless.Workgroup(
      this.#name,
      {
        workgroupName: warehouseName,
        namespaceName: namespace.namespaceName,
        baseCapacity,
        maxCapacity: maximumCapacity,
        port: OPTIONAL_STORE_PORTS.redshift.port,
        publiclyAccessible: false,
        // COPY, UNLOAD and Spectrum then pass the VPC's endpoints and flow logs.
        enhancedVpcRouting: true,
        subnetIds: [...subnetIds],
        securityGroupIds: [this.securityGroupId],
      },
      { parent: this, deleteBeforeReplace: true },
    );
    new aws.redshiftserverless.UsageLimit(
      `${this.#name}-daily`,
      {
        resourceArn: workgroup.arn,
        usageType: "serverless-compute",
        period: "daily",
        amount: dailyRpuHours,
        breachAction: "deactivate",
      },
      { parent: this },
    );
    return workgroup;
  }

  /** The role that reads the lake, by its ARN when it has its policy; undefined without a lake. */
  #createSpectrumRole(): pulumi.Output<string> | undefined {
    const { lakeKmsKeyArns = [] } = this.#args;
    const { lakeBuckets: buckets, lakeDatabases: databases } = this.#shape;
    if (buckets.length === 0) return undefined;
    const role = new aws.iam.Role(
      `${this.#name}-spectrum`,
      { assumeRolePolicy: warehouseTrust(this.#place) },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${this.#name}-spectrum`,
      {
        role: role.name,
        policy: pulumi
          .all([...lakeKmsKeyArns])
          .apply((kmsKeyArns) => spectrumPolicy({ ...this.#place, buckets, databases, kmsKeyArns })),
      },
      { parent: this },
    );
    return pulumi.all([role.arn, policy.id]).apply(([arn]) => arn);
  }

  /** Redshift's own schedules for serverless are no resource either; EventBridge Scheduler calls the same operation. */
  #createSnapshots(namespace: aws.redshiftserverless.Namespace): void {
    const { accountId } = this.#args;
    const role = new aws.iam.Role(
      `${this.#name}-snapshots`,
      { assumeRolePolicy: snapshotTrust(accountId) },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${this.#name}-snapshots`,
      {
        role: role.name,
        policy: namespace.arn.apply((namespaceArn) => snapshotPolicy({ ...this.#place, namespaceArn })),
      },
      { parent: this },
    );
    new aws.scheduler.Schedule(
      `${this.#name}-snapshots`,
      {
        description: "Snapshot of the warehouse every night",
        scheduleExpression: "cron(0 7 * * ? *)",
        scheduleExpressionTimezone: "UTC",
        flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 30 },
        target: {
          arn: `arn:${this.#place.partition}:scheduler:::aws-sdk:redshiftserverless:createSnapshot`,
          roleArn: role.arn,
          input: sortedJson({
            NamespaceName: this.#args.warehouseName,
            RetentionPeriod: this.#shape.snapshotRetentionDays,
            SnapshotName: "nightly-<aws.scheduler.execution-id>",
          }),
          retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 5 },
        },
      },
      // Scheduler tries the role at once.
      { parent: this, dependsOn: [policy] },
    );
  }

  #copyCommand(): pulumi.Output<string | undefined> {
    const { copyTo, region, warehouseName } = this.#args;
    if (copyTo === undefined) return pulumi.output(undefined);
    const retentionDays = this.#shape.snapshotRetentionDays;
    return pulumi.output(copyTo.kmsKeyArn).apply((copyKmsKeyArn) =>
      snapshotCopyCommand({
        name: warehouseName,
        region,
        copyTo: copyTo.region,
        copyKmsKeyArn,
        retentionDays,
      }),
    );
  }
}

function shapeOf(args: WarehouseArgs): WarehouseShape {
  return {
    name: args.warehouseName,
    accountId: args.accountId,
    databaseName: args.databaseName ?? "warehouse",
    subnetCount: args.subnetIds.length,
    baseCapacity: args.baseCapacity ?? 8,
    maximumCapacity: args.maximumCapacity ?? 64,
    dailyRpuHours: args.dailyRpuHours ?? 64,
    snapshotRetentionDays: args.snapshotRetentionDays ?? 35,
    copyTo: args.copyTo?.region,
    region: args.region,
    lakeBuckets: args.lakeBucketNames ?? [],
    lakeDatabases: args.lakeDatabases ?? [],
  };
}
