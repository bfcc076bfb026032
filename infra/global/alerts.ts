/** Two topics in every region, one that wakes somebody and one that can wait, and who hears of them. */
import { AlertTopic } from "../../components/observability/alert-topic.ts";
import { ChatChannel } from "../../components/observability/chat-channel.ts";
import { ALERT_SEVERITIES, type AlertSeverity } from "../../components/security/alert-rules.ts";
import type { GlobalOutputs, KeyArns } from "../contracts.ts";
import { providerOf } from "../providers.ts";
import type { GlobalContext } from "./context.ts";

export function alertTopics(
  { config, names, providers }: GlobalContext,
  keyArns: KeyArns,
): Pick<GlobalOutputs, "alertTopicArns"> {
  const { accountId, alerts } = config;
  const { partition } = names;
  const targets = (severity: AlertSeverity) =>
    Object.fromEntries(
      Object.entries(alerts.targets).flatMap(([key, { severity: wanted, ...target }]) =>
        wanted === severity ? [[key, target]] : [],
      ),
    );
  const topic = (severity: AlertSeverity, region: string) =>
    new AlertTopic(
      `alerts-${severity}-${region}`,
      {
        severity,
        region,
        accountId,
        partition,
        kmsKeyArn: keyArns.alerts[region] ?? "",
        subscriptions: targets(severity),
      },
      { provider: providerOf(providers, region) },
    ).topicArn;
  const byRegion = (severity: AlertSeverity) =>
    Object.fromEntries(Object.keys(keyArns.alerts).map((region) => [region, topic(severity, region)]));
  const alertTopicArns = { page: byRegion("page"), notice: byRegion("notice") };

  if (alerts.slack !== undefined) {
    const { teamId, channelId } = alerts.slack;
    new ChatChannel(
      "alerts-slack",
      {
        accountId,
        partition,
        slackTeamId: teamId,
        slackChannelId: channelId,
        topicArns: ALERT_SEVERITIES.flatMap((severity) => Object.values(alertTopicArns[severity])),
      },
      { provider: providerOf(providers, config.homeRegion) },
    );
  }
  return { alertTopicArns };
}
