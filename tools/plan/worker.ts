/** A process that plans one stack: the task comes in as a message, the plan goes out as one. */
import { PlanError, type PlanFailure } from "./errors.ts";
import type { Plan, PlanMode, PlanObject } from "./plan.ts";
import { planStack } from "./stack.ts";

export interface WorkerTask {
  readonly stack: string;
  readonly mode: PlanMode;
  readonly root: string;
  readonly config?: Readonly<Record<string, unknown>>;
}

export type WorkerMessage =
  | { readonly kind: "progress"; readonly resources: number }
  | { readonly kind: "reference"; readonly stack: string }
  | { readonly kind: "plan"; readonly plan: Plan }
  | {
      readonly kind: "failed";
      readonly name: string;
      readonly message: string;
      readonly failures?: readonly PlanFailure[];
    };

/** The answer to a `reference` message. */
type Answer = { readonly outputs: PlanObject } | { readonly error: string };

const REPORT_EVERY = 20;

async function work(task: WorkerTask): Promise<WorkerMessage> {
  const { stack, mode, root, config } = task;
  try {
    const plan = await planStack(stack, {
      mode,
      root,
      ...(config === undefined ? {} : { config }),
      onResource(resources) {
        if (resources % REPORT_EVERY === 0) {
          send({ kind: "progress", resources });
        }
      },
      stackOutputs: ask,
    });
    return { kind: "plan", plan };
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    const failures = known instanceof PlanError ? { failures: known.failures } : {};
    return { kind: "failed", name: known.name, message: known.message, ...failures };
  }
}

const answers = new Map<string, Promise<PlanObject>>();

/** One question at a time: the answers do not say what they answer. */
let lastAnswer: Promise<unknown> = Promise.resolve();

function ask(stack: string): Promise<PlanObject> {
  const known = answers.get(stack);
  if (known !== undefined) {
    return known;
  }
  const answer = lastAnswer.then(() => askParent(stack));
  answers.set(stack, answer);
  lastAnswer = answer.catch(() => undefined);
  return answer;
}

function askParent(stack: string): Promise<PlanObject> {
  return new Promise((resolve, reject) => {
    process.once("message", (answer: Answer) => {
      if ("outputs" in answer) {
        resolve(answer.outputs);
      } else {
        reject(new Error(answer.error));
      }
    });
    send({ kind: "reference", stack });
  });
}

function send(message: WorkerMessage, sent?: () => void): void {
  process.send?.(message, undefined, undefined, sent);
}

process.once("message", (task: WorkerTask) => {
  void work(task).then((message) => send(message, () => process.exit()));
});
