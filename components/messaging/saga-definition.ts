/** A saga as a state machine: steps forward, and on a failure the way back. */
import { wholeNumberProblem } from "../argument-problems.ts";
import { type Json, sortedJson } from "../json.ts";
import { REFUSED, type State, stateMachineNameProblems, taskState } from "./workflow-tasks.ts";

export interface SagaStep {
  /** Unique in the saga, such as `reserve-stock`. */
  readonly name: string;
  /** Worker, by its key, that does the step and undoes it. */
  readonly worker: string;
  /** Whether the worker can undo the step. @default true */
  readonly compensated?: boolean | undefined;
  /** Seconds until a worker that does not answer counts as lost. @default 300 */
  readonly timeoutSeconds?: number | undefined;
}

export interface SagaShape {
  readonly sagaName: string;
  readonly steps: readonly SagaStep[];
  /** Keys of the workers that there are. */
  readonly workers: readonly string[];
}

export const DEFAULT_STEP_SECONDS = 300;
const FORWARD = { attempts: 2, pauseSeconds: 5, longestPauseSeconds: 60 };
/** An undo is tried for about an hour: giving up leaves two services that disagree. */
const BACK = { attempts: 12, pauseSeconds: 10, longestPauseSeconds: 600 };

/** An answer that is too large is no part of `States.ALL`, which must stand alone and last. */
const OTHER_ERRORS = ["States.DataLimitExceeded", "States.ALL"];

export const undoName = (step: string) => `undo-${step}`;
const SETTLED = "settled";

/** Every reason why the saga could not run, or could not be undone. */
export function sagaProblems({ sagaName, steps, workers }: SagaShape): string[] {
  const found = stateMachineNameProblems("sagaName", sagaName);
  if (steps.length === 0) found.push("steps: is empty; a saga has at least one step");
  const names = steps.map(({ name }) => name);
  for (const name of new Set(names.filter((step, index) => names.indexOf(step) !== index))) {
    found.push(`steps: "${name}" is there twice; name every step once`);
  }
  for (const { name, timeoutSeconds = DEFAULT_STEP_SECONDS, worker } of steps) {
    if (!/^(?!undo-)[a-z][a-z0-9-]{0,59}$/.test(name) || RESERVED.includes(name)) {
      found.push(
        `steps: "${name}" is no name of a step; use up to 60 lower-case letters, digits and hyphens, not undo-..., ${RESERVED.join(", ")}`,
      );
    }
    if (!workers.includes(worker)) {
      found.push(
        `steps.${name}.worker: "${worker}" is no worker; use one of ${workers.join(", ") || "none"}`,
      );
    }
    found.push(
      ...wholeNumberProblem(`steps.${name}.timeoutSeconds`, timeoutSeconds, {
        from: 1,
        to: 86_400,
        fix: "a day is the longest",
      }),
    );
  }
  return found;
}

const RESERVED = ["begin", "completed", SETTLED, "compensated", "compensation-incomplete"];

/**
 * The state machine, in Amazon States Language.
 *
 * A step that was refused did nothing: the way back starts before it. After any other failure, above all after a
 * timeout, nobody knows whether the step was done: the way back starts with the step itself. An undo that fails for
 * good does not stop the others; the saga then ends as `CompensationIncomplete`, which is a matter for a person.
 */
export function sagaDefinition(input: {
  readonly partition: string;
  readonly steps: readonly SagaStep[];
  /** URL of each worker's queue. */
  readonly queueUrls: Readonly<Record<string, string>>;
}): string {
  const { steps } = input;
  const states: Record<string, Json> = {
    begin: { Type: "Pass", Parameters: { "input.$": "$", results: {} }, Next: steps[0]?.name ?? "completed" },
    ...ENDS,
  };
  for (const [index, step] of steps.entries()) {
    const task = (name: string, payload: State, retries: typeof FORWARD): State =>
      taskState({
        partition: input.partition,
        queueUrl: queueOf(input.queueUrls, step.worker),
        task: name,
        payload: { "input.$": "$.input", "results.$": "$.results", ...payload },
        timeoutSeconds: step.timeoutSeconds ?? DEFAULT_STEP_SECONDS,
        retries,
      });
    states[step.name] = {
      ...task(step.name, {}, FORWARD),
      ResultPath: `$.results['${step.name}']`,
      Next: steps[index + 1]?.name ?? "completed",
      Catch: [
        { ErrorEquals: [REFUSED], ResultPath: "$.failure", Next: wayBack(steps, index - 1) },
        ...OTHER_ERRORS.map((error) => ({
          ErrorEquals: [error],
          ResultPath: "$.failure",
          Next: wayBack(steps, index),
        })),
      ],
    };
    if (step.compensated ?? true) {
      const next = wayBack(steps, index - 1);
      states[undoName(step.name)] = {
        ...task(undoName(step.name), { "failure.$": "$.failure" }, BACK),
        ResultPath: null,
        Next: next,
        Catch: OTHER_ERRORS.map((error) => ({
          ErrorEquals: [error],
          ResultPath: "$.undoFailure",
          Next: next,
        })),
      };
    }
  }
  return sortedJson({ Comment: "Saga: steps forward, compensation back", StartAt: "begin", States: states });
}

const ENDS: State = {
  completed: { Type: "Succeed", OutputPath: "$.results" },
  [SETTLED]: {
    Type: "Choice",
    Choices: [{ Variable: "$.undoFailure", IsPresent: true, Next: "compensation-incomplete" }],
    Default: "compensated",
  },
  compensated: {
    Type: "Fail",
    Error: "Compensated",
    Cause: "A step failed; every step that was or may have been done has been undone",
  },
  "compensation-incomplete": {
    Type: "Fail",
    Error: "CompensationIncomplete",
    Cause: "A step failed and a step could not be undone: compare the services by hand",
  },
};

/** The undo of the last step, up to `index`, that has one. */
function wayBack(steps: readonly SagaStep[], index: number): string {
  const last = steps.slice(0, index + 1).findLast(({ compensated }) => compensated ?? true);
  return last === undefined ? SETTLED : undoName(last.name);
}

function queueOf(queueUrls: Readonly<Record<string, string>>, worker: string): string {
  const url = queueUrls[worker];
  if (url === undefined) throw new Error(`no queue is given for worker "${worker}"`);
  return url;
}
