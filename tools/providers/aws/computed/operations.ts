import type { ComputedTable } from "../computed.ts";

/** Logs, metrics, alarms, events, delivery, cost and drills. */
export const OPERATIONS: ComputedTable = {
  "aws:cloudwatch/logGroup:LogGroup": {
    id: "{name}",
    arn: "arn:{partition}:logs:{region}:{account}:log-group:{name}",
  },
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": { id: "{policyName}" },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    id: "{name}",
    arn: "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}",
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": {
    id: "{alarmName}",
    arn: "arn:{partition}:cloudwatch:{region}:{account}:alarm:{alarmName}",
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    id: "{dashboardName}",
    dashboardArn: "arn:{partition}:cloudwatch::{account}:dashboard/{dashboardName}",
  },
  "aws:cloudwatch/eventBus:EventBus": {
    id: "{name}",
    arn: "arn:{partition}:events:{region}:{account}:event-bus/{name}",
  },
  "aws:cloudwatch/eventRule:EventRule": {
    id: "{name}",
    arn: "arn:{partition}:events:{region}:{account}:rule/{name}",
  },
  "aws:cloudwatch/eventTarget:EventTarget": { id: "{rule}-{targetId|logical}" },
  "aws:amp/workspace:Workspace": {
    id: "ws-{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    arn: "arn:{partition}:aps:{region}:{account}:workspace/{id}",
    prometheusEndpoint: "https://aps-workspaces.{region}.amazonaws.com/workspaces/{id}/",
  },
  "aws:grafana/workspace:Workspace": {
    id: "g-{hex:10}",
    arn: "arn:{partition}:grafana:{region}:{account}:/workspaces/{id}",
    endpoint: "{id}.grafana-workspace.{region}.amazonaws.com",
  },
  "aws:ssm/parameter:Parameter": {
    id: "{name}",
    arn: "arn:{partition}:ssm:{region}:{account}:parameter/{name}",
    version: 1,
  },
  "aws:ssm/document:Document": {
    id: "{name}",
    arn: "arn:{partition}:ssm:{region}:{account}:document/{name}",
    defaultVersion: "1",
    latestVersion: "1",
    schemaVersion: "0.3",
    status: "Active",
  },
  "aws:ssm/serviceSetting:ServiceSetting": { id: "{settingId}", arn: "{settingId}", status: "Customized" },
  "aws:codebuild/project:Project": {
    id: "{arn}",
    arn: "arn:{partition}:codebuild:{region}:{account}:project/{name}",
  },
  "aws:codepipeline/pipeline:Pipeline": {
    id: "{name}",
    arn: "arn:{partition}:codepipeline:{region}:{account}:{name}",
  },
  "aws:sfn/stateMachine:StateMachine": {
    id: "{arn}",
    arn: "arn:{partition}:states:{region}:{account}:stateMachine:{name}",
    status: "ACTIVE",
  },
  "aws:scheduler/schedule:Schedule": {
    id: "{groupName}/{name}",
    groupName: "default",
    arn: "arn:{partition}:scheduler:{region}:{account}:schedule/default/{name}",
  },
  "aws:fis/experimentTemplate:ExperimentTemplate": {
    id: "EXT{upper:18}",
  },
  "aws:synthetics/canary:Canary": {
    id: "{name}",
    arn: "arn:{partition}:synthetics:{region}:{account}:canary:{name}",
    status: "RUNNING",
  },
  "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": {
    id: "{chatConfigurationArn}",
    chatConfigurationArn:
      "arn:{partition}:chatbot::{account}:chat-configuration/slack-channel/{configurationName}",
  },
  "aws:budgets/budget:Budget": {
    id: "{account}:{name}",
    accountId: "{account}",
    arn: "arn:{partition}:budgets::{account}:budget/{name}",
  },
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": {
    id: "{arn}",
    arn: "arn:{partition}:ce::{account}:anomalymonitor/{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
  },
  "aws:costexplorer/anomalySubscription:AnomalySubscription": {
    id: "{arn}",
    arn: "arn:{partition}:ce::{account}:anomalysubscription/{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    accountId: "{account}",
  },
  "aws:arcregionswitch/plan:Plan": {
    id: "{arn}",
    arn: "arn:{partition}:arc-region-switch::{account}:plan/{name}:{hex:6}",
  },
};
