import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import { at, type ByRegion, mapRegions, regionProblems } from "../data/regions.ts";
import { sortedJson } from "../json.ts";
import { ALERT_SEVERITIES, type AlertSeverity, alertRules } from "./alert-rules.ts";
import { accountProblems, allow, deny, policyText } from "./policy-statements.ts";

export interface AlertSubscription {
  readonly severity: AlertSeverity;
  /** `https` for PagerDuty, Opsgenie or a chat gateway, which confirm by themselves; a person confirms `email`. */
  readonly protocol: "email" | "https" | "lambda" | "sqs";
  /** Address or ARN; a secret where the address holds a key. Replaces the subscription. */
  readonly endpoint: pulumi.Input<string>;
}

export interface SecurityAlertsArgs {
  /** Regions whose events are told; in the partition `aws` with us-east-1, where IAM and root sign-ins are reported. */
  readonly regions: readonly string[];
  /** A provider for every region. */
  readonly providers: ByRegion<aws.Provider>;
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /** Key of each region whose policy admits `events`. */
  readonly kmsKeyArns: ByRegion<pulumi.Input<string>>;
  /** Names of AWS Config rules whose violations are told: some of `ConfigRules.ruleNames`. @default none */
  readonly configRuleNames?: readonly string[] | undefined;
  /** ARNs of roles for emergencies, `*` for any text. @default none */
  readonly breakGlassRoleArns?: readonly string[] | undefined;
  /** Who is told, by a stable key, in every region. @default nobody; the topics are outputs */
  readonly subscriptions?: Readonly<Record<string, AlertSubscription>> | undefined;
}

/** Region of the events of IAM and of the root user's sign-in. */
const IAM_EVENTS_REGION = "us-east-1";

/**
 * From events to people: EventBridge rules of each region write to that region's encrypted topics, one that pages and one that
 * can wait (SEC-23, GOV-10, GAP-16). Belongs to the `global` stack. Rules on API calls see them through CloudTrail.
 *
 * Under failure: a region tells of itself; an alert that a topic refuses is retried for 24 hours. When us-east-1 is lost, so
 * are events of IAM and of the root user until it is back.
 */
export class SecurityAlerts extends pulumi.ComponentResource {
  /** Topic by severity and region. */
  readonly topicArns: Readonly<Record<AlertSeverity, ByRegion<pulumi.Output<string>>>>;

  readonly #name: string;
  readonly #args: SecurityAlertsArgs;

  constructor(name: string, args: SecurityAlertsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:security:SecurityAlerts", name, {}, opts);
    refuse(this, `SecurityAlerts ${name}`, problems(args));
    this.#name = name;
    this.#args = args;
    const topics = (severity: AlertSeverity) =>
      mapRegions(args.regions, (region) => this.#createTopic(severity, region));
    this.topicArns = { page: topics("page"), notice: topics("notice") };
    for (const region of args.regions) {
      for (const severity of ALERT_SEVERITIES) {
        this.#subscribe(severity, region, at(this.topicArns[severity], region));
      }
      this.#createRules(region);
    }
    this.registerOutputs({ topicArns: this.topicArns });
  }

  /** The topic's ARN, known when EventBridge may write to it. */
  #createTopic(severity: AlertSeverity, region: string): pulumi.Output<string> {
    const { accountId, kmsKeyArns, partition = "aws" } = this.#args;
    const topic = new aws.sns.Topic(
      `${this.#name}-${severity}-${region}`,
      { kmsMasterKeyId: at(kmsKeyArns, region), signatureVersion: 2 },
      this.#in(region),
    );
    const policy = new aws.sns.TopicPolicy(
      `${this.#name}-${severity}-${region}`,
      {
        arn: topic.arn,
        policy: topic.arn.apply((arn) =>
          policyText([
            {
              ...allow("OwnRulesPublish", ["sns:Publish"], [arn], {
                ArnLike: { "aws:SourceArn": `arn:${partition}:events:${region}:${accountId}:rule/*` },
              }),
              Principal: { Service: "events.amazonaws.com" },
            },
            {
              ...deny("TlsOnly", ["sns:Publish"], [arn], { Bool: { "aws:SecureTransport": "false" } }),
              Principal: "*",
            },
          ]),
        ),
      },
      this.#in(region),
    );
    return policy.arn;
  }

  #subscribe(severity: AlertSeverity, region: string, topic: pulumi.Input<string>): void {
    for (const [key, subscription] of Object.entries(this.#args.subscriptions ?? {})) {
      if (subscription.severity !== severity) continue;
      new aws.sns.TopicSubscription(
        `${this.#name}-${key}-${region}`,
        {
          topic,
          protocol: subscription.protocol,
          endpoint: subscription.endpoint,
          ...(subscription.protocol === "https" ? { endpointAutoConfirms: true } : {}),
        },
        this.#in(region),
      );
    }
  }

  #createRules(region: string): void {
    const { breakGlassRoleArns = [], configRuleNames = [] } = this.#args;
    for (const rule of alertRules({ region, breakGlassRoleArns, configRuleNames })) {
      const created = new aws.cloudwatch.EventRule(
        `${this.#name}-${rule.key}-${region}`,
        {
          description: rule.description,
          eventPattern: sortedJson(rule.pattern),
          state: rule.readEvents === true ? "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS" : "ENABLED",
        },
        this.#in(region),
      );
      new aws.cloudwatch.EventTarget(
        `${this.#name}-${rule.key}-${region}`,
        { rule: created.name, targetId: "topic", arn: at(this.topicArns[rule.severity], region) },
        this.#in(region),
      );
    }
  }

  #in(region: string): pulumi.CustomResourceOptions {
    return { parent: this, provider: at(this.#args.providers, region) };
  }
}

function problems(args: SecurityAlertsArgs): string[] {
  const { breakGlassRoleArns = [], kmsKeyArns, partition = "aws", providers, regions } = args;
  const found = [...regionProblems(regions, { providers, kmsKeyArns }), ...accountProblems(args.accountId)];
  if (partition === "aws" && !regions.includes(IAM_EVENTS_REGION)) {
    found.push(
      `regions: ${IAM_EVENTS_REGION} is missing, and no other region is told of IAM and of the root user; add it`,
    );
  }
  for (const arn of breakGlassRoleArns) {
    if (!/^arn:[^:]+:iam::\d{12}:role\/[\w+=,.@*/-]+$/.test(arn)) {
      found.push(
        `breakGlassRoleArns: "${arn}" is no role ARN; write it like arn:aws:iam::<account>:role/<name>`,
      );
    }
  }
  return found;
}
