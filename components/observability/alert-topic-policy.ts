/** Who may write to a topic of alerts. Pure. */
import { allow, deny, policyText } from "../security/policy-statements.ts";

/** Services that tell people something; their names are also those of `KeyService`, because they write under its key. */
export const ALERT_PUBLISHERS = ["cloudwatch", "events"] as const;
export type AlertPublisher = (typeof ALERT_PUBLISHERS)[number];

export interface AlertTopicPolicyInput {
  readonly topicArn: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly publishers: readonly AlertPublisher[];
}

const PUBLISHERS: Readonly<Record<AlertPublisher, { readonly sid: string; readonly resource: string }>> = {
  cloudwatch: { sid: "OwnAlarmsPublish", resource: "alarm:*" },
  events: { sid: "OwnRulesPublish", resource: "rule/*" },
};

/**
 * Without a policy of its own a topic admits every principal of the account that IAM admits; with this one the named
 * services of this account and region can write, and nobody without TLS.
 */
export function alertTopicPolicy(input: AlertTopicPolicyInput): string {
  const { accountId, partition, region, topicArn } = input;
  return policyText([
    ...[...new Set(input.publishers)].sort().map((publisher) => ({
      ...allow(PUBLISHERS[publisher].sid, ["sns:Publish"], [topicArn], {
        ArnLike: {
          "aws:SourceArn": `arn:${partition}:${publisher}:${region}:${accountId}:${PUBLISHERS[publisher].resource}`,
        },
      }),
      Principal: { Service: `${publisher}.amazonaws.com` },
    })),
    {
      ...deny("TlsOnly", ["sns:Publish"], [topicArn], { Bool: { "aws:SecureTransport": "false" } }),
      Principal: "*",
    },
  ]);
}
