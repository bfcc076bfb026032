/**
 * Which events of the account wake somebody (`page`) and which can wait for the morning (`notice`) (GOV-10, GAP-16).
 *
 * Patterns: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
import type { Json } from "../json.ts";

export const ALERT_SEVERITIES = ["page", "notice"] as const;
export type AlertSeverity = (typeof ALERT_SEVERITIES)[number];

export interface AlertRule {
  readonly key: string;
  readonly description: string;
  readonly severity: AlertSeverity;
  readonly pattern: Json;
  /** Whether the events are of a kind that reads; EventBridge passes such on only to rules that ask for them. */
  readonly readEvents?: true;
}

export interface AlertInput {
  readonly region: string;
  /** Names of AWS Config rules whose violations are told. */
  readonly configRuleNames: readonly string[];
  /** ARNs of roles whose use is told; `*` stands for any text. */
  readonly breakGlassRoleArns: readonly string[];
}

const API_CALL = "AWS API Call via CloudTrail";
const SIGN_IN = "AWS Console Sign In via CloudTrail";

export function alertRules(input: AlertInput): AlertRule[] {
  return [...findingRules(input), ...signInRules(), ...tamperingRules(), ...chosenRules(input)];
}

function findingRules({ region }: AlertInput): AlertRule[] {
  const guardDuty = (key: string, severity: AlertSeverity, range: readonly Json[]): AlertRule => ({
    key,
    description: `GuardDuty findings of severity ${range.join(" ")}`,
    severity,
    pattern: {
      source: ["aws.guardduty"],
      "detail-type": ["GuardDuty Finding"],
      detail: { severity: [{ numeric: range }] },
    },
  });
  const securityHub = (key: string, severity: AlertSeverity, label: string): AlertRule => ({
    key,
    description: `New ${label.toLowerCase()} findings of Security Hub`,
    severity,
    pattern: {
      source: ["aws.securityhub"],
      "detail-type": ["Security Hub Findings - Imported"],
      detail: {
        findings: {
          // The region that gathers the others' findings is told of them too; each region tells of its own.
          Region: [region],
          Severity: { Label: [label] },
          Workflow: { Status: ["NEW"] },
          RecordState: ["ACTIVE"],
          // GuardDuty has rules of its own.
          ProductName: [{ "anything-but": ["GuardDuty"] }],
        },
      },
    },
  });
  return [
    guardDuty("guardduty-high", "page", [">=", 7]),
    guardDuty("guardduty-medium", "notice", [">=", 4, "<", 7]),
    securityHub("securityhub-critical", "page", "CRITICAL"),
    securityHub("securityhub-high", "notice", "HIGH"),
  ];
}

function signInRules(): AlertRule[] {
  return [
    {
      key: "root-used",
      description: "The root user signed in or called an API",
      severity: "page",
      pattern: {
        "detail-type": [API_CALL, SIGN_IN],
        // A service that acts for the account shows as root as well.
        detail: { userIdentity: { type: ["Root"], invokedBy: [{ exists: false }] } },
      },
    },
    {
      key: "sign-in-without-mfa",
      description: "A user signed in to the console without MFA",
      severity: "page",
      pattern: {
        "detail-type": [SIGN_IN],
        detail: {
          eventName: ["ConsoleLogin"],
          // Federated people prove themselves to their identity provider, and AWS then always says "No".
          userIdentity: { type: ["IAMUser"] },
          additionalEventData: { MFAUsed: ["No"] },
          responseElements: { ConsoleLogin: ["Success"] },
        },
      },
    },
  ];
}

function tamperingRules(): AlertRule[] {
  const calls = (key: string, description: string, sources: string[], names: string[]): AlertRule => ({
    key,
    description,
    severity: "page",
    pattern: {
      "detail-type": [API_CALL],
      detail: { eventSource: sources.map((source) => `${source}.amazonaws.com`), eventName: names },
    },
  });
  return [
    calls(
      "key-disabled",
      "A KMS key was disabled or its deletion scheduled",
      ["kms"],
      ["DisableKey", "ScheduleKeyDeletion"],
    ),
    calls(
      "guard-disabled",
      "A service that guards the account was stopped or narrowed",
      ["access-analyzer", "cloudtrail", "config", "guardduty", "inspector2", "macie2", "securityhub"],
      [
        "DeleteAnalyzer",
        "DeleteConfigurationRecorder",
        "DeleteDeliveryChannel",
        "DeleteDetector",
        "DeleteTrail",
        "Disable",
        "DisableMacie",
        "DisableSecurityHub",
        "PutEventSelectors",
        "StopConfigurationRecorder",
        "StopLogging",
        "UpdateDetector",
        "UpdateTrail",
      ],
    ),
  ];
}

function chosenRules({ breakGlassRoleArns, configRuleNames }: AlertInput): AlertRule[] {
  const rules: AlertRule[] = [];
  if (configRuleNames.length > 0) {
    rules.push({
      key: "config-violation",
      description: "A resource violates a rule of AWS Config",
      severity: "notice",
      pattern: {
        source: ["aws.config"],
        "detail-type": ["Config Rules Compliance Change"],
        detail: {
          messageType: ["ComplianceChangeNotification"],
          configRuleName: [...configRuleNames].sort(),
          newEvaluationResult: { complianceType: ["NON_COMPLIANT"] },
        },
      },
    });
  }
  if (breakGlassRoleArns.length > 0) {
    rules.push({
      key: "break-glass",
      description: "Somebody took a role for emergencies",
      severity: "page",
      readEvents: true,
      pattern: {
        source: ["aws.sts"],
        "detail-type": [API_CALL],
        detail: {
          eventName: ["AssumeRole", "AssumeRoleWithSAML"],
          requestParameters: { roleArn: [...breakGlassRoleArns].sort().map((wildcard) => ({ wildcard })) },
        },
      },
    });
  }
  return rules;
}
