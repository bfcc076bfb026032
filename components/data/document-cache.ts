import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";
import { STORE_PORTS } from "../network/security-rules.ts";
import { StoreSecurityGroups } from "../network/store-security-groups.ts";
import { cacheParameterFamily, cacheProblems } from "./cache-rules.ts";

export interface DocumentCacheArgs {
  /** Identifier of the cluster in its region, at most 40 characters. Replaces the cache. */
  readonly replicationGroupId: string;
  readonly vpcId: pulumi.Input<string>;
  /** Database subnets, in as many zones as shards are to survive. Replaces the cache. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups that may connect, by a stable name. */
  readonly clientSecurityGroupIds: Readonly<Record<string, pulumi.Input<string>>>;
  /** Secret of this region whose value is the password of the clients: 16 to 128 letters and digits. */
  readonly passwordSecretArn: pulumi.Input<string>;
  /** Raise it by one when the secret has a new value: the new one is added, and the next raise drops the old. @default 1 */
  readonly passwordVersion?: pulumi.Input<number> | undefined;
  /** Key of this region for what is on disk. Replaces the cache. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Key of this region for the logs, usable by `logs.<region>.amazonaws.com`. */
  readonly logKmsKeyArn: pulumi.Input<string>;
  /** Days that the logs are kept. @default 90 */
  readonly logRetentionDays?: pulumi.Input<number> | undefined;
  /** Redis version. @default "7.0" */
  readonly engineVersion?: string | undefined;
  /** @default "cache.r6g.large" */
  readonly nodeType?: pulumi.Input<string> | undefined;
  /** Parts that the keys are spread over; a change moves keys while clients work. @default 3 */
  readonly shards?: number | undefined;
  /** Copies of each shard in another zone. @default 1 */
  readonly replicasPerShard?: number | undefined;
  /** Days that a daily snapshot is kept. @default 35 */
  readonly snapshotRetentionDays?: number | undefined;
}

/**
 * The Redis cluster of one region: three shards with a copy each in another zone, TLS, a password, encrypted (DATA-18 to
 * DATA-24). It is independent of every other region's, because the service writes it wherever a request is served (C-16).
 *
 * It is never the only place of anything (DATA-32), so it is not protected, and its loss costs latency: a lost node's
 * copy takes over within a minute, an unreachable cache leaves the service reading its stores. Six cache.r6g.large cost
 * about 900 USD a month.
 */
export class DocumentCache extends pulumi.ComponentResource {
  /** Host from which a cluster client learns the shards. */
  readonly endpoint: pulumi.Output<string>;
  readonly port: number;
  readonly replicationGroupId: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: DocumentCacheArgs;

  constructor(name: string, args: DocumentCacheArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:data:DocumentCache", name, {}, opts);
    this.#name = name;
    this.#args = args;
    const shape = {
      replicationGroupId: args.replicationGroupId,
      engineVersion: args.engineVersion ?? "7.0",
      shards: args.shards ?? 3,
      replicasPerShard: args.replicasPerShard ?? 1,
      snapshotRetentionDays: args.snapshotRetentionDays ?? 35,
    };
    refuse(`DocumentCache ${name}`, cacheProblems(shape));

    const securityGroupId = new StoreSecurityGroups(
      `${name}-access`,
      { vpcId: args.vpcId, stores: ["redis"], clientGroupIds: args.clientSecurityGroupIds },
      { parent: this },
    ).idOf("redis");
    const logs = this.#createLogGroup();
    const cache = new aws.elasticache.ReplicationGroup(
      name,
      {
        replicationGroupId: shape.replicationGroupId,
        description: "Document cache of the region",
        engine: "redis",
        engineVersion: shape.engineVersion,
        nodeType: args.nodeType ?? "cache.r6g.large",
        numNodeGroups: shape.shards,
        replicasPerNodeGroup: shape.replicasPerShard,
        // A cluster of shards requires it; with no copy it has nothing to do.
        automaticFailoverEnabled: true,
        multiAzEnabled: shape.replicasPerShard > 0,
        parameterGroupName: this.#createParameters(shape.engineVersion).name,
        port: STORE_PORTS.redis.port,
        subnetGroupName: this.#createSubnetGroup().name,
        securityGroupIds: [securityGroupId],
        atRestEncryptionEnabled: true,
        kmsKeyId: args.kmsKeyArn,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        // Write-only: sent at creation and when the version changes, never compared.
        authTokenWo: this.#password(),
        authTokenWoVersion: args.passwordVersion ?? 1,
        autoMinorVersionUpgrade: false,
        snapshotRetentionLimit: shape.snapshotRetentionDays,
        snapshotWindow: "07:00-08:00",
        maintenanceWindow: "sun:09:00-sun:10:00",
        logDeliveryConfigurations: ["engine-log", "slow-log"].map((logType) => ({
          destination: logs.name,
          destinationType: "cloudwatch-logs",
          logFormat: "json",
          logType,
        })),
      },
      // The identifier is known to dashboards, so a replacement cannot exist beside what it replaces.
      { parent: this, deleteBeforeReplace: true },
    );
    this.endpoint = cache.configurationEndpointAddress;
    this.port = STORE_PORTS.redis.port;
    this.replicationGroupId = cache.replicationGroupId;
    this.securityGroupId = securityGroupId;
    this.registerOutputs({
      endpoint: this.endpoint,
      port: this.port,
      replicationGroupId: this.replicationGroupId,
      securityGroupId: this.securityGroupId,
    });
  }

  #password(): pulumi.Output<string> {
    const { secretString } = aws.secretsmanager.getSecretVersionOutput(
      { secretId: this.#args.passwordSecretArn },
      { parent: this },
    );
    return pulumi.secret(secretString);
  }

  #createSubnetGroup(): aws.elasticache.SubnetGroup {
    return new aws.elasticache.SubnetGroup(
      `${this.#name}-subnets`,
      { description: `Subnets of ${this.#args.replicationGroupId}`, subnetIds: this.#args.subnetIds },
      { parent: this },
    );
  }

  /** A full cache drops what was read longest ago, with or without an expiry, instead of refusing writes. */
  #createParameters(engineVersion: string): aws.elasticache.ParameterGroup {
    return new aws.elasticache.ParameterGroup(
      `${this.#name}-parameters`,
      {
        description: `Parameters of ${this.#args.replicationGroupId}`,
        family: cacheParameterFamily(engineVersion),
        parameters: [
          { name: "cluster-enabled", value: "yes" },
          { name: "maxmemory-policy", value: "allkeys-lru" },
        ],
      },
      { parent: this },
    );
  }

  #createLogGroup(): aws.cloudwatch.LogGroup {
    const { logKmsKeyArn, logRetentionDays = 90, replicationGroupId } = this.#args;
    return new aws.cloudwatch.LogGroup(
      `${this.#name}-log`,
      {
        name: `/aws/elasticache/${replicationGroupId}`,
        kmsKeyId: logKmsKeyArn,
        retentionInDays: logRetentionDays,
      },
      { parent: this },
    );
  }
}
