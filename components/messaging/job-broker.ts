import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type DataProtection, protectionOptions } from "../data/protection.ts";
import { refuse } from "../edge/arguments.ts";
import { STORE_PORTS } from "../network/security-rules.ts";
import { StoreSecurityGroups } from "../network/store-security-groups.ts";
import {
  type BrokerDeployment,
  brokerConfiguration,
  brokerFullName,
  brokerProblems,
} from "./broker-rules.ts";

export interface JobBrokerArgs {
  /** Name of the broker in its region; with a slot it becomes `<brokerName>-<slot>`. Replaces the broker. */
  readonly brokerName: string;
  /** Cluster slot whose jobs the broker takes, such as `even` (MSG-02, C-25). Replaces the broker. @default none */
  readonly slot?: string | undefined;
  /** `cluster`: three nodes over the zones; `single`: one node, for development. Replaces the broker. @default "cluster" */
  readonly deployment?: BrokerDeployment | undefined;
  readonly vpcId: pulumi.Input<string>;
  /** Database subnets: two or more zones for a cluster, exactly one for a single broker. Replaces the broker. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Security groups that may connect, by a stable name. */
  readonly clientSecurityGroupIds: Readonly<Record<string, pulumi.Input<string>>>;
  /** First user, who may everything. Read when the broker is made, never again. @default "platform" */
  readonly username?: string | undefined;
  /** Secret of this region whose value is that user's password: 12 to 250 characters without a comma. */
  readonly passwordSecretArn: pulumi.Input<string>;
  /** Key of this region for what is on disk. Replaces the broker. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** RabbitMQ version without its patch level; up only, one step at a time. @default "4.2" */
  readonly engineVersion?: string | undefined;
  /** @default "mq.m7g.large", the smallest that AWS recommends for production (GAP-08) */
  readonly instanceType?: string | undefined;
  /** Minutes after which a job that a worker took and did not acknowledge goes to another worker. @default 30 */
  readonly consumerTimeoutMinutes?: number | undefined;
  /** `retain` protects the broker; `release` lets destroy delete it with what is queued. */
  readonly dataProtection: DataProtection;
}

/** After the daily backups, with the other stores' windows. */
const MAINTENANCE = { dayOfWeek: "SUNDAY", timeOfDay: "09:00", timeZone: "UTC" };

/**
 * The RabbitMQ broker of one region, or of one slot of it, for document jobs (MSG-01, C-23): three nodes over the zones,
 * in private subnets, TLS only, encrypted with the platform's key.
 *
 * A zone's loss costs a reconnect, because quorum queues have a copy in each zone. Brokers of two regions know nothing of
 * each other: jobs that a lost region held wait there, and a document whose job never ran is found by its status. AWS
 * patches the broker in its window; a new version or size waits for that window. Its logs are in
 * `/aws/amazonmq/broker/<broker id>/*`, which Amazon MQ makes. Three mq.m7g.large cost about 600 USD a month.
 *
 * Amazon MQ has no write-only password, so this one is in the state, encrypted by the stack's secrets provider. A later
 * value of the secret does not reach the broker: change it in RabbitMQ as well.
 */
export class JobBroker extends pulumi.ComponentResource {
  /** Name with its slot. */
  readonly brokerName: string;
  readonly brokerArn: pulumi.Output<string>;
  readonly brokerId: pulumi.Output<string>;
  /** `amqps://` URL without credentials, the same for all nodes. */
  readonly endpoint: pulumi.Output<string>;
  readonly port: number;
  readonly username: string;
  readonly securityGroupId: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: JobBrokerArgs;

  constructor(name: string, args: JobBrokerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:messaging:JobBroker", name, {}, opts);
    this.#name = name;
    this.#args = args;
    const shape = {
      brokerName: args.brokerName,
      slot: args.slot,
      deployment: args.deployment ?? "cluster",
      engineVersion: args.engineVersion ?? "4.2",
      instanceType: args.instanceType ?? "mq.m7g.large",
      subnetCount: args.subnetIds.length,
      username: args.username ?? "platform",
      consumerTimeoutMinutes: args.consumerTimeoutMinutes ?? 30,
    };
    refuse(`JobBroker ${name}`, brokerProblems(shape));

    this.brokerName = brokerFullName(shape.brokerName, shape.slot);
    this.port = STORE_PORTS.mq.port;
    this.username = shape.username;
    this.securityGroupId = new StoreSecurityGroups(
      `${name}-access`,
      { vpcId: args.vpcId, stores: ["mq"], clientGroupIds: args.clientSecurityGroupIds },
      { parent: this },
    ).idOf("mq");
    const configuration = this.#createConfiguration(shape);
    const broker = new aws.mq.Broker(
      name,
      {
        brokerName: this.brokerName,
        engineType: "RabbitMQ",
        engineVersion: shape.engineVersion,
        hostInstanceType: shape.instanceType,
        deploymentMode: shape.deployment === "cluster" ? "CLUSTER_MULTI_AZ" : "SINGLE_INSTANCE",
        publiclyAccessible: false,
        subnetIds: [...args.subnetIds],
        securityGroups: [this.securityGroupId],
        encryptionOptions: { useAwsOwnedKey: false, kmsKeyId: args.kmsKeyArn },
        // The provider never compares the users of a RabbitMQ broker: a new value plans nothing.
        users: [{ username: shape.username, password: this.#password() }],
        configuration: { id: configuration.id, revision: configuration.latestRevision },
        logs: { general: true },
        maintenanceWindowStartTime: MAINTENANCE,
        // Amazon MQ requires it for these versions.
        autoMinorVersionUpgrade: true,
      },
      // The name is known to dashboards, so a replacement cannot exist beside what it replaces.
      { parent: this, deleteBeforeReplace: true, ...protectionOptions(args.dataProtection) },
    );
    this.brokerArn = broker.arn;
    this.brokerId = broker.id;
    this.endpoint = broker.instances.apply((instances) => firstEndpoint(instances));
    this.registerOutputs({
      brokerName: this.brokerName,
      brokerArn: this.brokerArn,
      brokerId: this.brokerId,
      endpoint: this.endpoint,
      port: this.port,
      username: this.username,
      securityGroupId: this.securityGroupId,
    });
  }

  #createConfiguration(settings: {
    readonly engineVersion: string;
    readonly consumerTimeoutMinutes: number;
  }): aws.mq.Configuration {
    return new aws.mq.Configuration(
      `${this.#name}-configuration`,
      {
        description: `Settings of ${this.brokerName}`,
        engineType: "RabbitMQ",
        engineVersion: settings.engineVersion,
        data: brokerConfiguration(settings),
      },
      { parent: this },
    );
  }

  #password(): pulumi.Output<string> {
    const { secretString } = aws.secretsmanager.getSecretVersionOutput(
      { secretId: this.#args.passwordSecretArn },
      { parent: this },
    );
    return pulumi.secret(secretString);
  }
}

function firstEndpoint(instances: readonly { readonly endpoints?: readonly string[] }[]): string {
  const endpoint = instances[0]?.endpoints?.[0];
  if (endpoint === undefined)
    throw new Error("the broker reports no endpoint: look at its state in Amazon MQ");
  return endpoint;
}
