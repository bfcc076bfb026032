/** Who may be a workflow's role, and what every workflow's role may do. */
import { sortedJson } from "../json.ts";
import type { MessagingPlace } from "./queue-policies.ts";
import type { State } from "./workflow-tasks.ts";

/** For Step Functions in this region of the own account: state machines and the runs of their maps. */
export function workflowTrust({ accountId, partition, region }: MessagingPlace): string {
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "StepFunctions",
        Effect: "Allow",
        Principal: { Service: "states.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          ArnLike: { "aws:SourceArn": `arn:${partition}:states:${region}:${accountId}:*` },
          StringEquals: { "aws:SourceAccount": accountId },
        },
      },
    ],
  });
}

/** Logs and traces know no resources; the key is the one that the state machine's data is encrypted with. */
export function workflowPolicy(kmsKeyArn: string, statements: readonly State[]): string {
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      ...statements,
      {
        Sid: "OwnData",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: kmsKeyArn,
      },
      {
        Sid: "Logs",
        Effect: "Allow",
        Action: [
          "logs:CreateLogDelivery",
          "logs:DeleteLogDelivery",
          "logs:DescribeLogGroups",
          "logs:DescribeResourcePolicies",
          "logs:GetLogDelivery",
          "logs:ListLogDeliveries",
          "logs:PutResourcePolicy",
          "logs:UpdateLogDelivery",
        ],
        Resource: "*",
      },
      {
        Sid: "Traces",
        Effect: "Allow",
        Action: [
          "xray:GetSamplingRules",
          "xray:GetSamplingTargets",
          "xray:PutTelemetryRecords",
          "xray:PutTraceSegments",
        ],
        Resource: "*",
      },
    ],
  });
}
