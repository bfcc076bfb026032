import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";
import { type SagaStep, sagaDefinition, sagaProblems } from "./saga-definition.ts";
import { Workflow, type WorkflowPlaceArgs } from "./workflow.ts";
import { workflowPolicy } from "./workflow-policies.ts";
import { taskStatements, type WorkerQueue } from "./workflow-tasks.ts";

/** A worker's queue, as a component that makes it returns it. */
export type WorkerQueueArgs = { readonly [property in keyof WorkerQueue]: pulumi.Input<string> };

export interface SagaArgs extends WorkflowPlaceArgs {
  /** Name of the saga in its region. Replaces it; sagas that are under way end. */
  readonly sagaName: string;
  /** In their order. Sagas that are under way keep the steps they began with. */
  readonly steps: readonly SagaStep[];
  /** Queues of the services that do and undo steps, by the keys that steps use. */
  readonly workers: Readonly<Record<string, WorkerQueueArgs>>;
}

/**
 * A transaction over several services, without two-phase commit (MSG-08, C-14): each step is a local transaction of one
 * service, and when a step fails, the steps before it are undone in reverse order. A saga runs in one region, on that
 * region's services; what they store reaches the other region by the stores' own replication.
 */
export class Saga extends pulumi.ComponentResource {
  /** What starts a saga names, and what workers answer to. */
  readonly stateMachineArn: pulumi.Output<string>;

  constructor(name: string, args: SagaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:messaging:Saga", name, {}, opts);
    const { sagaName, steps, workers, ...place } = args;
    refuse(`Saga ${name}`, sagaProblems({ sagaName, steps, workers: Object.keys(workers) }));

    const used = new Set(steps.map(({ worker }) => worker));
    const queues = pulumi.output(
      Object.fromEntries(Object.entries(workers).filter(([worker]) => used.has(worker))),
    );
    const workflow = new Workflow(
      `${name}-workflow`,
      {
        ...place,
        workflowName: sagaName,
        definition: queues.apply((resolved) =>
          sagaDefinition({
            partition: place.partition,
            steps,
            queueUrls: Object.fromEntries(
              Object.entries(resolved).map(([worker, { queueUrl }]) => [worker, queueUrl]),
            ),
          }),
        ),
        policy: pulumi
          .all([place.kmsKeyArn, queues])
          .apply(([key, resolved]) => workflowPolicy(key, taskStatements(Object.values(resolved)))),
      },
      { parent: this },
    );
    this.stateMachineArn = workflow.stateMachineArn;
    this.registerOutputs({ stateMachineArn: this.stateMachineArn });
  }
}
