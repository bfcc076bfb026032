import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { unknownRegionProblems } from "../argument-problems.ts";
import { refuse } from "../edge/arguments.ts";
import type { AlertSeverity } from "../security/alert-rules.ts";
import { accountProblems } from "../security/policy-statements.ts";
import { ALERT_PUBLISHERS, type AlertPublisher, alertTopicPolicy } from "./alert-topic-policy.ts";

export interface AlertSubscription {
  /** `https` for PagerDuty, Opsgenie or a gateway, which confirm by themselves; a person confirms `email`. Replaces the subscription. */
  readonly protocol: "email" | "https" | "lambda" | "sqs";
  /** Address or ARN that holds no secret. Replaces the subscription. */
  readonly endpoint?: pulumi.Input<string>;
  /**
   * Name or ARN of the secret that holds the address, for an address with a key in it, such as PagerDuty's. It must have
   * its value before the subscription is made. Instead of `endpoint`; a new value replaces the subscription.
   */
  readonly endpointSecretId?: pulumi.Input<string>;
}

export interface AlertTopicArgs {
  /** `page` wakes somebody, `notice` can wait for the morning (GAP-16). Shown as the topic's name. */
  readonly severity: AlertSeverity;
  /** The provider's region. */
  readonly region: string;
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string;
  /** Key of the region whose policy admits the publishers: `EncryptionKeyArgs.services`. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** AWS services of this account that tell the topic. @default cloudwatch (alarms) and events (EventBridge rules) */
  readonly publishers?: readonly AlertPublisher[];
  /** Who is told, by a stable key. @default nobody; a chat channel or another stack may follow the topic */
  readonly subscriptions?: Readonly<Record<string, AlertSubscription>>;
}

/** Eleven tries over about half an hour; SNS by itself gives up after one minute, a receiver's restart takes longer. */
const DELIVERY_POLICY = JSON.stringify({
  healthyRetryPolicy: {
    backoffFunction: "exponential",
    maxDelayTarget: 600,
    minDelayTarget: 10,
    numMaxDelayRetries: 0,
    numMinDelayRetries: 2,
    numNoDelayRetries: 1,
    numRetries: 11,
  },
});

/**
 * One place that alerts of one severity in one region go to, and from there to people (GAP-16). Encrypted; only services of
 * this account may write, over TLS. A region has two, `page` and `notice`, whoever alarms there.
 *
 * Under failure: a region tells of itself, and the canaries and health checks of the others tell of its loss. An address
 * that comes from a secret is encrypted in the state by the stack's secrets provider and appears in no configuration, plan
 * or log; SNS keeps it as the subscription's address, readable by who may list subscriptions.
 */
export class AlertTopic extends pulumi.ComponentResource {
  /** Known when the publishers may write. */
  readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: AlertTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:observability:AlertTopic", name, {}, opts);
    refuse(`AlertTopic "${name}"`, problems(args));
    const { accountId, kmsKeyArn, partition = "aws", region, severity } = args;
    const publishers = args.publishers ?? ALERT_PUBLISHERS;
    const topic = new aws.sns.Topic(
      `${name}-topic`,
      { displayName: `${severity} ${region}`, kmsMasterKeyId: kmsKeyArn, signatureVersion: 2 },
      { parent: this },
    );
    const policy = new aws.sns.TopicPolicy(
      `${name}-policy`,
      {
        arn: topic.arn,
        policy: topic.arn.apply((topicArn) =>
          alertTopicPolicy({ topicArn, partition, region, accountId, publishers }),
        ),
      },
      { parent: this },
    );
    this.topicArn = policy.arn;
    for (const [key, subscription] of Object.entries(args.subscriptions ?? {})) {
      this.#subscribe(`${name}-${key}`, subscription);
    }
    this.registerOutputs({ topicArn: this.topicArn });
  }

  #subscribe(name: string, { protocol, endpoint, endpointSecretId }: AlertSubscription): void {
    const address =
      endpointSecretId === undefined
        ? endpoint
        : aws.secretsmanager.getSecretVersionOutput({ secretId: endpointSecretId }, { parent: this })
            .secretString;
    if (address === undefined) return;
    new aws.sns.TopicSubscription(
      name,
      {
        topic: this.topicArn,
        protocol,
        endpoint: endpointSecretId === undefined ? address : pulumi.secret(address),
        ...(protocol === "https" ? { endpointAutoConfirms: true, deliveryPolicy: DELIVERY_POLICY } : {}),
      },
      { parent: this },
    );
  }
}

function problems(args: AlertTopicArgs): string[] {
  const found = [...unknownRegionProblems("region", [args.region]), ...accountProblems(args.accountId)];
  if (args.publishers?.length === 0) {
    found.push(`publishers: empty; name at least one of ${ALERT_PUBLISHERS.join(", ")}`);
  }
  for (const [key, { endpoint, endpointSecretId, protocol }] of Object.entries(args.subscriptions ?? {})) {
    const at = `subscriptions.${key}`;
    if ((endpoint === undefined) === (endpointSecretId === undefined)) {
      found.push(`${at}: give either endpoint or endpointSecretId`);
    }
    // Its text is the caller's own, and known to hold no secret.
    if (protocol === "https" && typeof endpoint === "string" && !endpoint.startsWith("https://")) {
      found.push(`${at}.endpoint: must begin with https://`);
    }
  }
  return found;
}
