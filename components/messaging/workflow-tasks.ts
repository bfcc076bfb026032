/** Tasks of workflows: a message into a worker's queue, and a wait until the worker answers with the message's token. */
import type { Json } from "../json.ts";
import type { MessagingPlace } from "./queue-policies.ts";

/**
 * A worker's queue. The worker answers with `SendTaskSuccess` or `SendTaskFailure`; the error `Refused` says that it did
 * nothing and never will. It may get one task twice, so it keeps what it answered by `idempotencyKey`; and it may get an
 * undo before the step that it undoes, so it then refuses that step.
 */
export interface WorkerQueue {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly kmsKeyArn: string;
}

export type State = { readonly [key: string]: Json };

/** Reported by a worker that did nothing: a retry would change nothing. */
export const REFUSED = "Refused";

export interface TaskInput {
  readonly partition: string;
  readonly queueUrl: string;
  /** Names the work for the worker. */
  readonly task: string;
  /** Context that the message carries, with `.$` after the names of paths. */
  readonly payload: State;
  /** Seconds until the worker counts as lost. */
  readonly timeoutSeconds: number;
  /** Attempts after the first, with growing pauses. */
  readonly retries: {
    readonly attempts: number;
    readonly pauseSeconds: number;
    readonly longestPauseSeconds: number;
  };
}

/** Everything of the task's state but what follows it. */
export function taskState({ partition, payload, queueUrl, retries, task, timeoutSeconds }: TaskInput): State {
  return {
    Type: "Task",
    Resource: `arn:${partition}:states:::sqs:sendMessage.waitForTaskToken`,
    Parameters: {
      QueueUrl: queueUrl,
      MessageBody: {
        ...payload,
        "idempotencyKey.$": `States.Format('{}/${task}', $$.Execution.Id)`,
        task,
        "taskToken.$": "$$.Task.Token",
      },
    },
    TimeoutSeconds: timeoutSeconds,
    Retry: [
      { ErrorEquals: [REFUSED], MaxAttempts: 0 },
      {
        ErrorEquals: ["States.ALL"],
        MaxAttempts: retries.attempts,
        IntervalSeconds: retries.pauseSeconds,
        BackoffRate: 2,
        MaxDelaySeconds: retries.longestPauseSeconds,
        JitterStrategy: "FULL",
      },
    ],
  };
}

/** What a workflow's role needs to hand out tasks. */
export function taskStatements(workers: readonly WorkerQueue[]): State[] {
  const distinct = (values: readonly string[]) => [...new Set(values)].sort();
  return [
    {
      Sid: "HandOutTasks",
      Effect: "Allow",
      Action: "sqs:SendMessage",
      Resource: distinct(workers.map(({ queueArn }) => queueArn)),
    },
    {
      Sid: "EncryptTasks",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: distinct(workers.map(({ kmsKeyArn }) => kmsKeyArn)),
    },
  ];
}

export const stateMachineArn = ({ accountId, partition, region }: MessagingPlace, name: string) =>
  `arn:${partition}:states:${region}:${accountId}:stateMachine:${name}`;

export function stateMachineNameProblems(argument: string, name: string): string[] {
  if (/^[A-Za-z0-9_-]{1,80}$/.test(name)) return [];
  return [
    `${argument}: "${name}" is no name of a state machine; use up to 80 letters, digits, hyphens and underscores`,
  ];
}
