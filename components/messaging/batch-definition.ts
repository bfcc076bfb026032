/** A batch run as a state machine: every object of a bucket's folder, in groups, by a number of workers at a time. */
import { wholeNumberProblem } from "../argument-problems.ts";
import { type Json, sortedJson } from "../json.ts";
import type { MessagingPlace } from "./queue-policies.ts";
import { type State, stateMachineArn, stateMachineNameProblems, taskState } from "./workflow-tasks.ts";

export interface BatchShape {
  readonly batchName: string;
  readonly sourcePrefix: string;
  readonly resultPrefix: string;
  readonly concurrency: number;
  readonly objectsPerTask: number;
  readonly toleratedFailurePercentage: number;
  readonly taskTimeoutSeconds: number;
}

/** Every reason why the batch could not run, or would read its own results. */
export function batchProblems(shape: BatchShape): string[] {
  const found = stateMachineNameProblems("batchName", shape.batchName);
  for (const argument of ["sourcePrefix", "resultPrefix"] as const) {
    if (!/^[A-Za-z0-9_./=-]{0,512}\/$/.test(shape[argument])) {
      found.push(`${argument}: "${shape[argument]}" is no folder of a bucket; write it like analytics/in/`);
    }
  }
  const ranges = [
    ["concurrency", 1, 10_000, "it is the number of tasks at a time"],
    ["objectsPerTask", 1, 1000, "a task's message holds their names; it is cut at 200 kB"],
    ["toleratedFailurePercentage", 0, 100, "0 stops at the first task that fails"],
    ["taskTimeoutSeconds", 1, 86_400, "a day is the longest"],
  ] as const;
  for (const [argument, from, to, fix] of ranges) {
    found.push(...wholeNumberProblem(argument, shape[argument], { from, to, fix }));
  }
  return found;
}

/** Bytes of a task; with the rest of the message it stays below the 256 KiB that Step Functions hands on. */
const LARGEST_TASK = 200_000;

export interface BatchInput extends BatchShape {
  readonly partition: string;
  readonly queueUrl: string;
  readonly sourceBucket: string;
  readonly resultBucket: string;
}

/**
 * A task gets `objects`, a list of keys with sizes. The outcome of every task is written below `resultPrefix`. The run
 * fails when more than the tolerated share of tasks did.
 */
export function batchDefinition(input: BatchInput): string {
  const { partition } = input;
  const process: State = {
    ...taskState({
      partition,
      queueUrl: input.queueUrl,
      task: "process-batch",
      payload: { "bucket.$": "$.BatchInput.bucket", "objects.$": "$.Items" },
      timeoutSeconds: input.taskTimeoutSeconds,
      retries: { attempts: 3, pauseSeconds: 10, longestPauseSeconds: 300 },
    }),
    End: true,
  };
  return sortedJson({
    Comment: "Batch: every object of a folder, in groups",
    StartAt: "every-object",
    States: {
      "every-object": {
        Type: "Map",
        Label: "objects",
        ItemReader: {
          Resource: `arn:${partition}:states:::s3:listObjectsV2`,
          Parameters: { Bucket: input.sourceBucket, Prefix: input.sourcePrefix },
        },
        ItemBatcher: {
          MaxItemsPerBatch: input.objectsPerTask,
          MaxInputBytesPerBatch: LARGEST_TASK,
          BatchInput: { bucket: input.sourceBucket },
        },
        // Standard, because an express execution cannot wait for a worker's answer.
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          StartAt: "process",
          States: { process },
        },
        MaxConcurrency: input.concurrency,
        ToleratedFailurePercentage: input.toleratedFailurePercentage,
        ResultWriter: {
          Resource: `arn:${partition}:states:::s3:putObject`,
          Parameters: { Bucket: input.resultBucket, Prefix: input.resultPrefix },
        },
        End: true,
      },
    },
  });
}

/** What the role needs beside handing out tasks: the listing, the results, and the child executions of its own runs. */
export function batchStatements(
  place: MessagingPlace,
  input: Pick<BatchInput, "batchName" | "resultBucket" | "resultPrefix" | "sourceBucket" | "sourcePrefix"> & {
    readonly bucketKeyArns: readonly string[];
  },
): State[] {
  const bucket = (name: string) => `arn:${place.partition}:s3:::${name}`;
  const allow = (Sid: string, Action: Json, Resource: Json, more: State = {}): State => ({
    Sid,
    Effect: "Allow",
    Action,
    Resource,
    ...more,
  });
  const machine = stateMachineArn(place, input.batchName);
  return [
    allow("ListSource", "s3:ListBucket", bucket(input.sourceBucket), {
      Condition: { StringLike: { "s3:prefix": `${input.sourcePrefix}*` } },
    }),
    allow(
      "WriteResults",
      ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"],
      `${bucket(input.resultBucket)}/${input.resultPrefix}*`,
    ),
    allow("BucketKeys", ["kms:Decrypt", "kms:GenerateDataKey"], [...new Set(input.bucketKeyArns)].sort()),
    allow("StartParts", "states:StartExecution", machine),
    allow(
      "FollowParts",
      ["states:DescribeExecution", "states:StopExecution"],
      `${machine.replace(":stateMachine:", ":execution:")}/*`,
    ),
  ];
}
