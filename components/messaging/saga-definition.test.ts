import assert from "node:assert/strict";
import fc from "fast-check";
import { type SagaStep, sagaDefinition, sagaProblems, undoName } from "./saga-definition.ts";

interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, MachineState>>;
}
interface MachineState {
  readonly Type: "Pass" | "Task" | "Choice" | "Succeed" | "Fail";
  readonly Next?: string;
  readonly Default?: string;
  readonly Error?: string;
  readonly ResultPath?: string | null;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts: number }[];
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly ResultPath: string;
    readonly Next: string;
  }[];
  readonly Choices?: readonly {
    readonly Variable: string;
    readonly IsPresent: boolean;
    readonly Next: string;
  }[];
  readonly Parameters?: {
    readonly QueueUrl?: string;
    readonly MessageBody?: Readonly<Record<string, unknown>>;
  };
}

/** Every way in which a task can fail with an outcome that nobody knows. `States.ALL` does not stand for the last. */
const UNKNOWN = ["Crashed", "States.Timeout", "States.DataLimitExceeded"] as const;
type Outcome = "done" | "Refused" | (typeof UNKNOWN)[number];

/** Runs the machine as Step Functions would, with the final outcome of each task; lists the tasks in their order. */
function run(
  machine: Machine,
  outcomes: Readonly<Record<string, Outcome>>,
): { tasks: string[]; end: string } {
  const tasks: string[] = [];
  const data = new Set<string>();
  for (let name = machine.StartAt; ; ) {
    const state: MachineState | undefined = machine.States[name];
    assert.ok(state, `state ${name} exists`);
    assert.ok(tasks.length <= 100, "the machine ends");
    switch (state.Type) {
      case "Succeed":
        return { tasks, end: "Succeeded" };
      case "Fail":
        return { tasks, end: state.Error ?? "" };
      case "Choice": {
        const taken = state.Choices?.find(({ IsPresent, Variable }) => data.has(Variable) === IsPresent);
        name = taken?.Next ?? state.Default ?? "";
        break;
      }
      case "Pass":
        name = state.Next ?? "";
        break;
      case "Task": {
        tasks.push(name);
        const outcome = outcomes[name] ?? "done";
        const caught = state.Catch?.find(({ ErrorEquals }) =>
          ErrorEquals.some(
            (error) =>
              error === outcome || (error === "States.ALL" && outcome !== "States.DataLimitExceeded"),
          ),
        );
        if (outcome === "done") name = state.Next ?? "";
        else {
          assert.ok(caught, `state ${name} catches ${outcome}`);
          data.add(caught.ResultPath);
          name = caught.Next;
        }
      }
    }
  }
}

const stepsOf = (flags: readonly boolean[]): SagaStep[] =>
  flags.map((compensated, index) => ({ name: `step-${index}`, worker: "w", compensated }));
const machineOf = (steps: readonly SagaStep[]): Machine =>
  JSON.parse(sagaDefinition({ partition: "aws", steps, queueUrls: { w: "https://queue" } }));
const someSteps = fc.array(fc.boolean(), { minLength: 1, maxLength: 8 }).map(stepsOf);
const undosOf = (steps: readonly SagaStep[]) =>
  steps
    .filter(({ compensated }) => compensated)
    .map(({ name }) => undoName(name))
    .reverse();
const doneTasks = (steps: readonly SagaStep[]) => steps.map(({ name }) => name);

describe("saga definition", () => {
  it("MSG-08: without a failure every step runs once, in order, and nothing is undone", () => {
    fc.assert(
      fc.property(someSteps, (steps) => {
        assert.deepEqual(run(machineOf(steps), {}), { tasks: doneTasks(steps), end: "Succeeded" });
      }),
    );
  });

  it("MSG-08: whichever step is refused, the steps before it are undone in reverse order", () => {
    fc.assert(
      fc.property(someSteps, fc.nat(), (steps, pick) => {
        const failing = pick % steps.length;
        assert.deepEqual(run(machineOf(steps), { [`step-${failing}`]: "Refused" }), {
          tasks: [...doneTasks(steps.slice(0, failing + 1)), ...undosOf(steps.slice(0, failing))],
          end: "Compensated",
        });
      }),
    );
  });

  it("MSG-08: a step whose outcome nobody knows is undone too, before the others", () => {
    fc.assert(
      fc.property(someSteps, fc.nat(), fc.constantFrom(...UNKNOWN), (steps, pick, outcome) => {
        const failing = pick % steps.length;
        const tried = steps.slice(0, failing + 1);
        assert.deepEqual(run(machineOf(steps), { [`step-${failing}`]: outcome }), {
          tasks: [...doneTasks(tried), ...undosOf(tried)],
          end: "Compensated",
        });
      }),
    );
  });

  it("MSG-08: an undo that fails stops no other undo, and the saga says that it is incomplete", () => {
    fc.assert(
      fc.property(someSteps, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (steps, broken) => {
        const last = `step-${steps.length - 1}`;
        const outcomes: Record<string, Outcome> = { [last]: "States.Timeout" };
        const undos = undosOf(steps);
        for (const [index, undo] of undos.entries()) {
          if (broken[index]) outcomes[undo] = index % 2 === 0 ? "Refused" : "States.DataLimitExceeded";
        }
        const incomplete = undos.some((_undo, index) => broken[index]);
        assert.deepEqual(run(machineOf(steps), outcomes), {
          tasks: [...doneTasks(steps), ...undos],
          end: incomplete ? "CompensationIncomplete" : "Compensated",
        });
      }),
    );
  });

  it("every state can be reached, and every state that is named exists", () => {
    fc.assert(
      fc.property(someSteps, (steps) => {
        const { StartAt, States } = machineOf(steps);
        const named = Object.values(States).flatMap((state) =>
          [
            state.Next,
            state.Default,
            ...(state.Catch ?? []).map(({ Next }) => Next),
            ...(state.Choices ?? []).map(({ Next }) => Next),
          ].filter((name) => name !== undefined),
        );
        assert.deepEqual([...new Set([StartAt, ...named])].sort(), Object.keys(States).sort());
      }),
    );
  });

  it("a task's message carries the token, a key that is the same for every attempt, and what went before", () => {
    const { States } = machineOf([{ name: "pay", worker: "w", timeoutSeconds: 30 }]);
    assert.deepEqual(States["pay"]?.Parameters, {
      QueueUrl: "https://queue",
      MessageBody: {
        "idempotencyKey.$": "States.Format('{}/pay', $$.Execution.Id)",
        "input.$": "$.input",
        "results.$": "$.results",
        task: "pay",
        "taskToken.$": "$$.Task.Token",
      },
    });
    assert.equal(States["pay"]?.TimeoutSeconds, 30);
    assert.equal(States["pay"]?.ResultPath, "$.results['pay']");
    assert.equal(States["undo-pay"]?.Parameters?.MessageBody?.["failure.$"], "$.failure");
  });

  it("a refusal is not tried again, anything else is, and an undo for about an hour", () => {
    const { States } = machineOf(stepsOf([true]));
    const attempts = (name: string) =>
      States[name]?.Retry?.map(({ ErrorEquals, MaxAttempts }) => [...ErrorEquals, MaxAttempts]);
    assert.deepEqual(attempts("step-0"), [
      ["Refused", 0],
      ["States.ALL", 2],
    ]);
    assert.deepEqual(attempts("undo-step-0"), [
      ["Refused", 0],
      ["States.ALL", 12],
    ]);
  });

  it("is the same text for the same saga, with sorted keys", () => {
    const input = { partition: "aws-us-gov", steps: stepsOf([true]), queueUrls: { w: "q" } };
    assert.equal(sagaDefinition(input), sagaDefinition(input));
    assert.ok(sagaDefinition(input).startsWith('{"Comment"'));
    assert.match(sagaDefinition(input), /"arn:aws-us-gov:states:::sqs:sendMessage\.waitForTaskToken"/);
  });
});

describe("sagaProblems", () => {
  it("finds nothing wrong with a saga of two services", () => {
    assert.deepEqual(
      sagaProblems({
        sagaName: "place-order",
        workers: ["stock", "billing"],
        steps: [
          { name: "reserve", worker: "stock" },
          { name: "charge", worker: "billing", timeoutSeconds: 60 },
        ],
      }),
      [],
    );
  });

  it("names every mistake at once", () => {
    assert.deepEqual(
      sagaProblems({
        sagaName: "place order",
        workers: ["stock"],
        steps: [
          { name: "reserve", worker: "billing" },
          { name: "reserve", worker: "stock", timeoutSeconds: 0 },
          { name: "undo-reserve", worker: "stock" },
        ],
      }),
      [
        'sagaName: "place order" is no name of a state machine; use up to 80 letters, digits, hyphens and underscores',
        'steps: "reserve" is there twice; name every step once',
        'steps.reserve.worker: "billing" is no worker; use one of stock',
        "steps.reserve.timeoutSeconds: 0 is not a whole number from 1 to 86400; a day is the longest",
        'steps: "undo-reserve" is no name of a step; use up to 60 lower-case letters, digits and hyphens, not undo-..., begin, completed, settled, compensated, compensation-incomplete',
      ],
    );
    assert.deepEqual(sagaProblems({ sagaName: "s", workers: [], steps: [] }), [
      "steps: is empty; a saga has at least one step",
    ]);
  });
});
