import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";
import { STORE_PORTS } from "../network/security-rules.ts";
import { StoreSecurityGroups } from "../network/store-security-groups.ts";
import { type DataProtection, protectionOptions } from "./protection.ts";
import {
  globalDatastoreId,
  type SessionEngine,
  type SessionShape,
  sessionParameterFamily,
  sessionProblems,
} from "./session-rules.ts";

export interface SessionStoreArgs {
  /** Identifier of the region's member, at most 40 characters; the failover command knows it. Replaces the member. */
  readonly replicationGroupId: string;
  /** Name of the Global Datastore, to which AWS adds a prefix. Replaces the datastore. */
  readonly globalIdSuffix: string;
  /** Region of the member. */
  readonly region: string;
  /** Every region with a member, three at most. */
  readonly regions: readonly string[];
  /**
   * Region whose member was, or will be, the first primary, and whose stack has the Global Datastore. Written once: a
   * promotion changes nothing here.
   */
  readonly homeRegion: string;
  readonly vpcId: pulumi.Input<string>;
  /** Database subnets, one in each zone. Replaces the member. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups that may connect, by a stable name. */
  readonly clientSecurityGroupIds: Readonly<Record<string, pulumi.Input<string>>>;
  /** Secret of this region, the same value in all, with the clients' password: 16 to 128 letters and digits. */
  readonly passwordSecretArn: pulumi.Input<string>;
  /** Raise it by one, in every region, when the secret has a new value: the new one is added, the next raise drops the old. @default 1 */
  readonly passwordVersion?: pulumi.Input<number> | undefined;
  /** Key of this region for what is on disk. Replaces the member. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Key of this region for the logs, usable by `logs.<region>.amazonaws.com`. */
  readonly logKmsKeyArn: pulumi.Input<string>;
  /** Days that the logs are kept. @default 90 */
  readonly logRetentionDays?: pulumi.Input<number> | undefined;
  /** @default "redis" */
  readonly engine?: SessionEngine | undefined;
  /** Version of all members; the home region's stack upgrades them. @default "7.1", for Valkey "7.2" */
  readonly engineVersion?: string | undefined;
  /** Size of all members' nodes; the home region's stack changes it. @default "cache.r6g.large" */
  readonly nodeType?: string | undefined;
  /** Parts that the keys are spread over, in all members; the home region's stack changes it. @default 3 */
  readonly shards?: number | undefined;
  /** Copies of each shard in another zone, in this region, at least one. @default 1 */
  readonly replicasPerShard?: number | undefined;
  /** Days that a daily snapshot is kept. @default 35 */
  readonly snapshotRetentionDays?: number | undefined;
  /** `retain` protects the member; `release` lets destroy delete it. */
  readonly dataProtection: DataProtection;
}

/** What members take from the Global Datastore: set on one of them, AWS refuses it, or undoes it with the next change. */
const DATASTORE_OWNS = [
  "globalReplicationGroupId", // Empty while a member is detached; a difference would replace it.
  "engine", // Upgraded through the datastore.
  "engineVersion", // Upgraded through the datastore.
  "parameterGroupName", // The datastore gives every member a copy of the first primary's.
  "nodeType", // Scaled through the datastore.
  "numNodeGroups", // Scaled through the datastore.
  "automaticFailoverEnabled", // Inherited from the primary; AWS refuses it on a member.
  "multiAzEnabled", // Inherited from the primary when the member joins.
];

/**
 * One region's member of the ElastiCache Global Datastore of the sessions (DATA-23, DATA-25, C-16): three shards with a
 * copy each in another zone, TLS, a password, own key. Only the primary takes writes; the others follow in under a second.
 *
 * The home region's stack makes the first primary and the datastore; every other joins by the datastore's name, which is
 * known beforehand, so no stack reads another. ElastiCache promotes no region by itself: `promoteCommand` does, from the
 * region that is promoted, and no input changes by it. In a region, a lost node's copy takes over within a minute. Make
 * the home region first; to destroy, promote it again and destroy it last. Six cache.r6g.large cost about 900 USD a month
 * in every region, and replicated bytes come on top.
 */
export class SessionStore extends pulumi.ComponentResource {
  /** Host from which a cluster client learns the shards of this region; refuses writes unless the region is primary. */
  readonly endpoint: pulumi.Output<string>;
  readonly port: number;
  readonly replicationGroupId: pulumi.Output<string>;
  readonly globalReplicationGroupId: pulumi.Output<string>;
  /** AWS CLI command that makes this region's member the primary. */
  readonly promoteCommand: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: SessionStoreArgs;
  readonly #shape: SessionShape;

  constructor(name: string, args: SessionStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:data:SessionStore", name, {}, opts);
    this.#name = name;
    this.#args = args;
    this.#shape = shapeOf(args);
    refuse(`SessionStore ${name}`, sessionProblems(this.#shape));

    this.securityGroupId = new StoreSecurityGroups(
      `${name}-access`,
      { vpcId: args.vpcId, stores: ["redis"], clientGroupIds: args.clientSecurityGroupIds },
      { parent: this },
    ).idOf("redis");
    const home = args.region === args.homeRegion;
    const member = this.#createMember(home ? this.#asFirstPrimary() : this.#asFollower());
    if (home) this.#createDatastore(member);
    const globalId = globalDatastoreId(args.homeRegion, args.globalIdSuffix) ?? "";

    this.endpoint = member.configurationEndpointAddress;
    this.port = STORE_PORTS.redis.port;
    this.replicationGroupId = member.replicationGroupId;
    this.globalReplicationGroupId = pulumi.output(globalId);
    this.promoteCommand = pulumi.output(
      `aws elasticache failover-global-replication-group --region ${args.region} --global-replication-group-id ${globalId} --primary-region ${args.region} --primary-replication-group-id ${args.replicationGroupId}`,
    );
    this.registerOutputs({
      endpoint: this.endpoint,
      port: this.port,
      replicationGroupId: this.replicationGroupId,
      globalReplicationGroupId: this.globalReplicationGroupId,
      promoteCommand: this.promoteCommand,
      securityGroupId: this.securityGroupId,
    });
  }

  #createMember(atCreation: Partial<aws.elasticache.ReplicationGroupArgs>): aws.elasticache.ReplicationGroup {
    const { dataProtection, kmsKeyArn, passwordVersion = 1, replicationGroupId } = this.#args;
    const logs = this.#createLogGroup();
    return new aws.elasticache.ReplicationGroup(
      this.#name,
      {
        replicationGroupId,
        description: "Sessions, member of the region",
        ...atCreation,
        replicasPerNodeGroup: this.#shape.replicasPerShard,
        port: STORE_PORTS.redis.port,
        subnetGroupName: this.#createSubnetGroup().name,
        securityGroupIds: [this.securityGroupId],
        kmsKeyId: kmsKeyArn,
        // Write-only: sent at creation and when the version changes, never compared.
        authTokenWo: this.#password(),
        authTokenWoVersion: passwordVersion,
        snapshotRetentionLimit: this.#shape.snapshotRetentionDays,
        snapshotWindow: "07:00-08:00",
        maintenanceWindow: "sun:09:00-sun:10:00",
        logDeliveryConfigurations: ["engine-log", "slow-log"].map((logType) => ({
          destination: logs.name,
          destinationType: "cloudwatch-logs",
          logFormat: "json",
          logType,
        })),
      },
      {
        parent: this,
        // The identifier is known to the failover command, so a replacement cannot exist beside what it replaces.
        deleteBeforeReplace: true,
        ...protectionOptions(dataProtection),
        ignoreChanges: DATASTORE_OWNS,
      },
    );
  }

  /** Inputs that the first primary needs. */
  #asFirstPrimary(): Partial<aws.elasticache.ReplicationGroupArgs> {
    const { engine, engineVersion, nodeType, shards } = this.#shape;
    return {
      engine,
      engineVersion,
      nodeType,
      numNodeGroups: shards,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      parameterGroupName: this.#createParameters().name,
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      autoMinorVersionUpgrade: false,
    };
  }

  /** All that a follower may say: ElastiCache takes the rest, encryption and failover included, from the primary. */
  #asFollower(): Partial<aws.elasticache.ReplicationGroupArgs> {
    const { globalIdSuffix, homeRegion } = this.#args;
    return { globalReplicationGroupId: globalDatastoreId(homeRegion, globalIdSuffix) };
  }

  #createDatastore(primary: aws.elasticache.ReplicationGroup): void {
    const { dataProtection, globalIdSuffix } = this.#args;
    const { engine, engineVersion, nodeType, shards } = this.#shape;
    new aws.elasticache.GlobalReplicationGroup(
      `${this.#name}-global`,
      {
        globalReplicationGroupIdSuffix: globalIdSuffix,
        globalReplicationGroupDescription: "Sessions of all regions",
        primaryReplicationGroupId: primary.replicationGroupId,
        engine,
        engineVersion,
        cacheNodeType: nodeType,
        numNodeGroups: shards,
        automaticFailoverEnabled: true,
      },
      {
        parent: this,
        deleteBeforeReplace: true,
        ...protectionOptions(dataProtection),
        // Names the primary, and so follows a promotion; a difference would replace the datastore.
        ignoreChanges: ["primaryReplicationGroupId"],
      },
    );
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

  /** A full store drops the session that would have ended first, and nothing that was meant to stay. */
  #createParameters(): aws.elasticache.ParameterGroup {
    return new aws.elasticache.ParameterGroup(
      `${this.#name}-parameters`,
      {
        description: `Parameters of ${this.#args.globalIdSuffix}`,
        family: sessionParameterFamily(this.#shape.engine, this.#shape.engineVersion),
        parameters: [
          { name: "cluster-enabled", value: "yes" },
          { name: "maxmemory-policy", value: "volatile-ttl" },
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

function shapeOf(args: SessionStoreArgs): SessionShape {
  const { engine = "redis" } = args;
  return {
    ...args,
    engine,
    engineVersion: args.engineVersion ?? (engine === "redis" ? "7.1" : "7.2"),
    nodeType: args.nodeType ?? "cache.r6g.large",
    shards: args.shards ?? 3,
    replicasPerShard: args.replicasPerShard ?? 1,
    snapshotRetentionDays: args.snapshotRetentionDays ?? 35,
  };
}
