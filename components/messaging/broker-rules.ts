/** Shapes of a RabbitMQ broker that Amazon MQ takes, its name and its configuration. */
import { wholeNumberProblem } from "../argument-problems.ts";

export type BrokerDeployment = "cluster" | "single";

export interface BrokerShape {
  readonly brokerName: string;
  readonly slot: string | undefined;
  readonly deployment: BrokerDeployment;
  readonly engineVersion: string;
  readonly instanceType: string;
  readonly subnetCount: number;
  readonly username: string;
  readonly consumerTimeoutMinutes: number;
}

/**
 * Instance types by RabbitMQ version, and the types that are too small for a cluster.
 * https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/rabbitmq-version-management.html
 */
const INSTANCE_TYPES: Readonly<Record<string, RegExp>> = {
  "3.13": /^mq\.(t3\.micro|m5\.(\d*x)?large|m7g\.(medium|(\d*x)?large))$/,
  "4.2": /^mq\.m7g\.(medium|(\d*x)?large)$/,
  "4.3": /^mq\.m7g\.(medium|(\d*x)?large)$/,
};
const SINGLE_ONLY = ["mq.t3.micro"];

/** The broker of a slot, or of a cluster that has no slots (MSG-02). */
export function brokerFullName(brokerName: string, slot: string | undefined): string {
  return slot === undefined ? brokerName : `${brokerName}-${slot}`;
}

/** Every reason why Amazon MQ would refuse the broker. */
export function brokerProblems(shape: BrokerShape): string[] {
  const { brokerName, consumerTimeoutMinutes, slot, username } = shape;
  const found: string[] = [];
  const fullName = brokerFullName(brokerName, slot);
  if (!/^[A-Za-z0-9_-]{1,50}$/.test(fullName)) {
    found.push(
      `brokerName: "${fullName}" (with its slot) is no broker name; use up to 50 letters, digits, hyphens and underscores`,
    );
  }
  if (!/^(?!guest$)[A-Za-z0-9._~-]{2,100}$/.test(username)) {
    found.push(
      `username: "${username}" is no user name; use 2 to 100 letters, digits and .~_-, and not "guest"`,
    );
  }
  found.push(
    ...engineProblems(shape),
    ...subnetProblems(shape),
    ...wholeNumberProblem("consumerTimeoutMinutes", consumerTimeoutMinutes, {
      from: 1,
      to: 35_791,
      fix: "it is the longest that one job may take",
    }),
  );
  return found;
}

function engineProblems({ deployment, engineVersion, instanceType }: BrokerShape): string[] {
  const types = INSTANCE_TYPES[engineVersion];
  if (types === undefined) {
    return [
      `engineVersion: "${engineVersion}" is no RabbitMQ version of Amazon MQ; use one of ${Object.keys(INSTANCE_TYPES).join(", ")}, without a patch level`,
    ];
  }
  if (!types.test(instanceType)) {
    return [
      `instanceType: "${instanceType}" does not run RabbitMQ ${engineVersion}; use an mq.m7g type${types.test("mq.m5.large") ? ", an mq.m5 type or mq.t3.micro" : ""}`,
    ];
  }
  if (deployment === "cluster" && SINGLE_ONLY.includes(instanceType)) {
    return [
      `instanceType: "${instanceType}" cannot be a node of a cluster; use mq.m7g.large, or deployment "single"`,
    ];
  }
  return [];
}

function subnetProblems({ deployment, subnetCount }: BrokerShape): string[] {
  if (deployment === "single" && subnetCount !== 1) {
    return [`subnetIds: ${subnetCount} subnets are given; a single broker takes exactly one`];
  }
  if (deployment === "cluster" && subnetCount < 2) {
    return [
      `subnetIds: ${subnetCount} subnets are given; a cluster needs two or more, each in another zone, to survive the loss of one`,
    ];
  }
  return [];
}

/**
 * The broker's configuration, in the only settings that Amazon MQ lets change here. Queues without a type are quorum
 * queues, which on version 4 give a message up after 20 deliveries: both are the engine's defaults. A queue that was
 * declared as another type is accepted as it is, so that a client of version 3 keeps working after an upgrade.
 * https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/configurable-values.html
 */
export function brokerConfiguration(settings: { readonly consumerTimeoutMinutes: number }): string {
  return [
    `consumer_timeout = ${settings.consumerTimeoutMinutes * 60_000}`,
    "heartbeat = 60",
    "management.restrictions.operator_policy_changes.disabled = true",
    "quorum_queue.property_equivalence.relaxed_checks_on_redeclaration = true",
    "secure.management.http.headers.enabled = true",
    "",
  ].join("\n");
}
