import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import { at, type ByRegion, regionProblems } from "../data/regions.ts";
import { sortedJson } from "../json.ts";
import { type AlertSeverity, alertRules } from "./alert-rules.ts";
import { accountProblems } from "./policy-statements.ts";

export interface SecurityAlertsArgs {
  /** Regions whose events are told; in the partition `aws` with us-east-1, where IAM and root sign-ins are reported. */
  readonly regions: readonly string[];
  /** A provider for every region. */
  readonly providers: ByRegion<aws.Provider>;
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /** Topics by severity and region that admit EventBridge: `AlertTopic.topicArn`. */
  readonly topicArns: Readonly<Record<AlertSeverity, ByRegion<pulumi.Input<string>>>>;
  /** Names of AWS Config rules whose violations are told: some of `ConfigRules.ruleNames`. @default none */
  readonly configRuleNames?: readonly string[] | undefined;
  /** ARNs of roles for emergencies, `*` for any text. @default none */
  readonly breakGlassRoleArns?: readonly string[] | undefined;
}

/** Region of the events of IAM and of the root user's sign-in. */
const IAM_EVENTS_REGION = "us-east-1";

/**
 * From events to people: EventBridge rules of each region write to that region's topics, one that pages and one that
 * can wait (SEC-23, GOV-10, GAP-16). Belongs to the `global` stack. Rules on API calls see them through CloudTrail.
 *
 * Under failure: a region tells of itself; an alert that a topic refuses is retried for 24 hours. When us-east-1 is lost, so
 * are events of IAM and of the root user until it is back.
 */
export class SecurityAlerts extends pulumi.ComponentResource {
  readonly #name: string;
  readonly #args: SecurityAlertsArgs;

  constructor(name: string, args: SecurityAlertsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:security:SecurityAlerts", name, {}, opts);
    refuse(this, `SecurityAlerts ${name}`, problems(args));
    this.#name = name;
    this.#args = args;
    for (const region of args.regions) this.#createRules(region);
    this.registerOutputs({});
  }

  #createRules(region: string): void {
    const { breakGlassRoleArns = [], configRuleNames = [], topicArns } = this.#args;
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
        { rule: created.name, targetId: "topic", arn: at(topicArns[rule.severity], region) },
        this.#in(region),
      );
    }
  }

  #in(region: string): pulumi.CustomResourceOptions {
    return { parent: this, provider: at(this.#args.providers, region) };
  }
}

function problems(args: SecurityAlertsArgs): string[] {
  const { breakGlassRoleArns = [], topicArns, partition = "aws", providers, regions } = args;
  const found = [
    ...regionProblems(regions, {
      providers,
      "topicArns.page": topicArns.page,
      "topicArns.notice": topicArns.notice,
    }),
    ...accountProblems(args.accountId),
  ];
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
