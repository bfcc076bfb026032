/** The rules of a web ACL, as data. Pure. */

export type RateKey = "source" | "forwarded";

export interface WebAclRuleSettings {
  /** Requests that one address may make in five minutes. */
  readonly rateLimit: number;
  /** Whose requests are counted: the connection's own address, or the first one of X-Forwarded-For. */
  readonly rateKey: RateKey;
  /** Paths below which a request's body is a user's document. */
  readonly uploadPathPrefix: string;
}

const CORE = "AWSManagedRulesCommonRuleSet";
const SQL = "AWSManagedRulesSQLiRuleSet";

/**
 * Rules that judge a body. A document is anything a user likes, larger than the inspected part and free to quote SQL or
 * HTML, so they only label what they find; one further rule blocks what is labelled outside the upload path.
 */
const BODY_RULES: Readonly<Record<string, readonly string[]>> = {
  [CORE]: [
    "SizeRestrictions_BODY",
    "EC2MetaDataSSRF_BODY",
    "GenericLFI_BODY",
    "GenericRFI_BODY",
    "CrossSiteScripting_BODY",
  ],
  [SQL]: ["SQLi_BODY", "SQLiExtendedPatterns_BODY"],
};
const LABEL_NAMESPACE: Readonly<Record<string, string>> = { [CORE]: "core-rule-set", [SQL]: "sql-database" };

/** Managed groups in the order they are asked: the cheapest verdict first. All rules need about 1,160 of 1,500 capacity units. */
export const MANAGED_GROUPS = [
  "AWSManagedRulesAmazonIpReputationList",
  CORE,
  "AWSManagedRulesKnownBadInputsRuleSet",
  SQL,
] as const;

export type WebAclRules = ReturnType<typeof webAclRules>;

/** All rules, by priority. */
export function webAclRules(settings: WebAclRuleSettings) {
  const managed = MANAGED_GROUPS.map((name, index) => managedRule(name, 10 * (index + 1)));
  return [rateRule(settings, 0), ...managed, bodyRule(settings, 10 * (managed.length + 1))];
}

function rateRule({ rateLimit, rateKey }: WebAclRuleSettings, priority: number) {
  const counted = { limit: rateLimit, evaluationWindowSec: 300 };
  return {
    name: "rate",
    priority,
    action: { block: { customResponse: { responseCode: 429 } } },
    statement: {
      rateBasedStatement:
        rateKey === "source"
          ? { ...counted, aggregateKeyType: "IP" }
          : {
              ...counted,
              aggregateKeyType: "FORWARDED_IP",
              // Health checkers send no such header and are not counted.
              forwardedIpConfig: { headerName: "X-Forwarded-For", fallbackBehavior: "NO_MATCH" },
            },
    },
    visibilityConfig: visibility("rate"),
  };
}

function managedRule(name: (typeof MANAGED_GROUPS)[number], priority: number) {
  const labelOnly = BODY_RULES[name] ?? [];
  return {
    name,
    priority,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name,
        ruleActionOverrides: labelOnly.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
    visibilityConfig: visibility(name),
  };
}

function bodyRule({ uploadPathPrefix }: WebAclRuleSettings, priority: number) {
  const labels = Object.entries(BODY_RULES).flatMap(([group, rules]) =>
    rules.map((rule) => `awswaf:managed:aws:${LABEL_NAMESPACE[group]}:${rule.replace(/_BODY$/, "_Body")}`),
  );
  const upload = {
    byteMatchStatement: {
      searchString: uploadPathPrefix,
      positionalConstraint: "STARTS_WITH",
      fieldToMatch: { uriPath: {} },
      // Else /documents/../admin would pass as an upload.
      textTransformations: [
        { priority: 0, type: "URL_DECODE" },
        { priority: 1, type: "NORMALIZE_PATH" },
      ],
    },
  };
  return {
    name: "body-outside-uploads",
    priority,
    action: { block: {} },
    statement: {
      andStatement: {
        statements: [
          {
            orStatement: {
              statements: labels.map((key) => ({ labelMatchStatement: { scope: "LABEL", key } })),
            },
          },
          { notStatement: { statement: upload } },
        ],
      },
    },
    visibilityConfig: visibility("body-outside-uploads"),
  };
}

export function visibility(metricName: string) {
  return { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName };
}
