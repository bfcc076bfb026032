import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";
import { sortedJson } from "../json.ts";
import { batchDefinition, batchProblems, batchStatements } from "./batch-definition.ts";
import type { WorkerQueueArgs } from "./saga.ts";
import { Workflow, type WorkflowPlaceArgs } from "./workflow.ts";
import { workflowPolicy } from "./workflow-policies.ts";
import { taskStatements } from "./workflow-tasks.ts";

export interface BatchWorkflowArgs extends WorkflowPlaceArgs {
  /** Name of the batch in its region. Replaces it. */
  readonly batchName: string;
  /** Bucket of this region with the objects to process. */
  readonly sourceBucket: pulumi.Input<string>;
  /** Folder of the objects, with a slash at its end. */
  readonly sourcePrefix: string;
  /** Bucket of this region for what became of each task. */
  readonly resultBucket: pulumi.Input<string>;
  /** Folder for that, with a slash at its end. */
  readonly resultPrefix: string;
  /** Keys that the two buckets are encrypted with. */
  readonly bucketKmsKeyArns: pulumi.Input<pulumi.Input<string>[]>;
  /** Queue of the service that processes objects. */
  readonly worker: WorkerQueueArgs;
  /** Tasks at a time. @default 20 */
  readonly concurrency?: number | undefined;
  /** Objects of one task. @default 100 */
  readonly objectsPerTask?: number | undefined;
  /** Share of tasks that may fail without failing the run, in percent. @default 5 */
  readonly toleratedFailurePercentage?: number | undefined;
  /** Seconds until a task that nobody answers counts as lost. @default 3600 */
  readonly taskTimeoutSeconds?: number | undefined;
  /** When it runs, as EventBridge Scheduler writes it, in UTC: `cron(0 3 * * ? *)`. @default only when started by hand */
  readonly scheduleExpression?: string | undefined;
}

/**
 * Batch processing for analytics (MSG-07): every object of a bucket's folder, in groups, by as many workers as are wanted
 * at a time. It reads and writes its own region's buckets; a lost region's run goes on when the region is back, and the
 * other region can run the same batch on its replica.
 */
export class BatchWorkflow extends pulumi.ComponentResource {
  readonly stateMachineArn: pulumi.Output<string>;

  constructor(name: string, args: BatchWorkflowArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:messaging:BatchWorkflow", name, {}, opts);
    const shape = {
      batchName: args.batchName,
      sourcePrefix: args.sourcePrefix,
      resultPrefix: args.resultPrefix,
      concurrency: args.concurrency ?? 20,
      objectsPerTask: args.objectsPerTask ?? 100,
      toleratedFailurePercentage: args.toleratedFailurePercentage ?? 5,
      taskTimeoutSeconds: args.taskTimeoutSeconds ?? 3600,
    };
    refuse(`BatchWorkflow ${name}`, batchProblems(shape));

    const { accountId, partition, region } = args;
    const place = { accountId, partition, region };
    const given = pulumi.output({
      worker: args.worker,
      sourceBucket: args.sourceBucket,
      resultBucket: args.resultBucket,
      bucketKeyArns: args.bucketKmsKeyArns,
    });
    const workflow = new Workflow(
      `${name}-workflow`,
      {
        ...place,
        kmsKeyArn: args.kmsKeyArn,
        logKmsKeyArn: args.logKmsKeyArn,
        logRetentionDays: args.logRetentionDays,
        alarmTopicArns: args.alarmTopicArns,
        workflowName: args.batchName,
        definition: given.apply(({ worker, ...buckets }) =>
          batchDefinition({ ...shape, ...buckets, partition, queueUrl: worker.queueUrl }),
        ),
        policy: pulumi
          .all([args.kmsKeyArn, given])
          .apply(([key, { worker, ...buckets }]) =>
            workflowPolicy(key, [
              ...taskStatements([worker]),
              ...batchStatements(place, { ...shape, ...buckets }),
            ]),
          ),
      },
      { parent: this },
    );
    if (args.scheduleExpression !== undefined) {
      this.#schedule(name, args.scheduleExpression, workflow.stateMachineArn, args);
    }
    this.stateMachineArn = workflow.stateMachineArn;
    this.registerOutputs({ stateMachineArn: this.stateMachineArn });
  }

  #schedule(
    name: string,
    scheduleExpression: string,
    stateMachineArn: pulumi.Output<string>,
    { accountId, batchName }: Pick<BatchWorkflowArgs, "accountId" | "batchName">,
  ): void {
    const role = new aws.iam.Role(
      `${name}-schedule`,
      {
        description: `Starts batch ${batchName}`,
        assumeRolePolicy: sortedJson({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "scheduler.amazonaws.com" },
              Action: "sts:AssumeRole",
              Condition: { StringEquals: { "aws:SourceAccount": accountId } },
            },
          ],
        }),
      },
      { parent: this },
    );
    const policy = new aws.iam.RolePolicy(
      `${name}-schedule`,
      {
        role: role.id,
        policy: stateMachineArn.apply((arn) =>
          sortedJson({
            Version: "2012-10-17",
            Statement: [{ Effect: "Allow", Action: "states:StartExecution", Resource: arn }],
          }),
        ),
      },
      { parent: this },
    );
    new aws.scheduler.Schedule(
      `${name}-schedule`,
      {
        description: `Starts batch ${batchName}`,
        scheduleExpression,
        scheduleExpressionTimezone: "UTC",
        flexibleTimeWindow: { mode: "OFF" },
        target: { arn: stateMachineArn, roleArn: role.arn },
      },
      { parent: this, dependsOn: [policy] },
    );
  }
}
