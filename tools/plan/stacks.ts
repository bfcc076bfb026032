/** Plans several stacks side by side, each in a process of its own. */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PlanError, type PlanFailure } from "./errors.ts";
import type { Plan, PlanMode, PlanObject } from "./plan.ts";
import { PROJECT_ROOT, ProjectError, readStackConfig } from "./project.ts";
import type { WorkerMessage, WorkerTask } from "./worker.ts";

export interface PlanStacksOptions {
  /** @default "update" */
  readonly mode?: PlanMode;
  /** As in `planStack`, for every stack. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly onProgress?: (progress: PlanProgress) => void;
  /** Folder of Pulumi.yaml. @default this repository */
  readonly root?: string;
}

export interface PlanProgress {
  readonly stack: string;
  readonly mode: PlanMode;
  /** `waiting`: for a free process, or for the plan of a stack that it refers to. */
  readonly state: "waiting" | "running" | "done" | "failed";
  readonly resources: number;
}

/** More do not pay on the small machines that check pull requests. */
const PROCESSES = 2;
/** Enough for a program's own frames; every further one costs time for every promise that the SDK makes. */
const STACK_TRACE_LIMIT = 8;
const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

/**
 * The plans of `stacks`, in their order. A stack that another one refers to is planned first, in the call or not.
 * Rejects with one `PlanError` that holds the failures of all stacks, after all of them have ended.
 */
export async function planStacks(
  stacks: readonly string[],
  options: PlanStacksOptions = {},
): Promise<Map<string, Plan>> {
  const root = options.root ?? PROJECT_ROOT;
  // A mistake in a name shows at once, not after the other stacks were planned.
  for (const stack of stacks) {
    readStackConfig(root, stack, options.config);
  }
  const coordinator = new Coordinator({ ...options, root });
  try {
    const settled = await Promise.allSettled(
      stacks.map((stack) => coordinator.plan(stack, options.mode ?? "update")),
    );
    throwFailures(stacks, settled);
    return new Map(
      settled.flatMap((result, index) =>
        result.status === "fulfilled" ? [[stacks[index] ?? "", result.value] as const] : [],
      ),
    );
  } finally {
    coordinator.close();
  }
}

function throwFailures(stacks: readonly string[], settled: readonly PromiseSettledResult<Plan>[]): void {
  const failed = settled.flatMap((result, index) =>
    result.status === "rejected" ? [{ stack: stacks[index] ?? "", error: result.reason as unknown }] : [],
  );
  const [first] = failed;
  if (first === undefined) {
    return;
  }
  if (failed.length === 1) {
    throw first.error;
  }
  const failures = failed.flatMap(({ stack, error }) =>
    failuresOf(error).map((failure) => ({ ...failure, message: `${stack}: ${failure.message}` })),
  );
  throw new PlanError(failed.map(({ stack }) => stack).join(", "), failures);
}

function failuresOf(error: unknown): readonly PlanFailure[] {
  if (error instanceof PlanError) {
    return error.failures;
  }
  const known = error instanceof Error ? error : new Error(String(error));
  return [{ message: known.message, kind: known.name, frames: [] }];
}

class Coordinator {
  readonly #options: PlanStacksOptions & { readonly root: string };
  readonly #plans = new Map<string, Promise<Plan>>();
  /** Which stack waits for the plans of which others. */
  readonly #waits = new Map<string, Set<string>>();
  readonly #children = new Set<ChildProcess>();
  readonly #queue: (() => void)[] = [];
  #busy = 0;

  constructor(options: PlanStacksOptions & { readonly root: string }) {
    this.#options = options;
  }

  plan(stack: string, mode: PlanMode): Promise<Plan> {
    const key = `${stack} ${mode}`;
    const known = this.#plans.get(key);
    if (known !== undefined) {
      return known;
    }
    const plan = this.#run(stack, mode);
    this.#plans.set(key, plan);
    return plan;
  }

  close(): void {
    for (const child of this.#children) {
      child.kill();
    }
  }

  async #run(stack: string, mode: PlanMode): Promise<Plan> {
    let resources = 0;
    const report = (state: PlanProgress["state"]) =>
      this.#options.onProgress?.({ stack, mode, state, resources });
    report("waiting");
    await this.#acquire();
    report("running");
    try {
      const plan = await this.#inChild({ stack, mode }, async (message) => {
        if (message.kind === "progress") {
          resources = message.resources;
          report("running");
          return undefined;
        }
        report("waiting");
        // A process that waits computes nothing; its place is free for the one that it waits for.
        this.#release();
        try {
          return await this.#outputsFor(stack, message.stack);
        } finally {
          await this.#acquire();
          report("running");
        }
      });
      resources = plan.resources.length;
      report("done");
      return plan;
    } catch (error) {
      report("failed");
      throw error;
    } finally {
      this.#release();
    }
  }

  async #outputsFor(waiting: string, wanted: string): Promise<PlanObject> {
    const cycle = this.#pathBetween(wanted, waiting);
    if (cycle !== undefined) {
      throw new Error(`stacks refer to each other: ${[waiting, ...cycle].join(" -> ")}`);
    }
    const waits = this.#waits.get(waiting) ?? new Set();
    this.#waits.set(waiting, waits.add(wanted));
    try {
      return (await this.plan(wanted, "update")).outputs;
    } catch (error) {
      throw new Error(`the stack "${wanted}", which "${waiting}" refers to, cannot be planned`, {
        cause: error,
      });
    }
  }

  #pathBetween(from: string, to: string): string[] | undefined {
    if (from === to) {
      return [to];
    }
    for (const next of this.#waits.get(from) ?? []) {
      const rest = this.#pathBetween(next, to);
      if (rest !== undefined) {
        return [from, ...rest];
      }
    }
    return undefined;
  }

  async #acquire(): Promise<void> {
    if (this.#busy < PROCESSES) {
      this.#busy += 1;
      return;
    }
    await new Promise<void>((resolve) => this.#queue.push(resolve));
  }

  /** A place that is given on stays counted. */
  #release(): void {
    const next = this.#queue.shift();
    if (next === undefined) {
      this.#busy -= 1;
    } else {
      next();
    }
  }

  #inChild(
    what: { stack: string; mode: PlanMode },
    answer: (
      message: Extract<WorkerMessage, { kind: "progress" | "reference" }>,
    ) => Promise<PlanObject | undefined>,
  ): Promise<Plan> {
    const { root, config } = this.#options;
    const child = fork(WORKER, [], {
      execArgv: [`--stack-trace-limit=${STACK_TRACE_LIMIT}`],
      env: { ...process.env, NODE_COMPILE_CACHE: join(PROJECT_ROOT, ".platform", "compile-cache") },
      serialization: "advanced",
      stdio: ["ignore", "inherit", "pipe", "ipc"],
    });
    this.#children.add(child);
    let errors = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      errors += chunk.toString();
    });
    return new Promise<Plan>((resolve, reject) => {
      child.on("message", (message: WorkerMessage) => {
        if (message.kind === "plan") {
          resolve(message.plan);
        } else if (message.kind === "failed") {
          reject(revive(what.stack, message));
        } else {
          void answer(message).then(
            (outputs) => outputs !== undefined && child.connected && child.send({ outputs }),
            (error: Error) => child.connected && child.send({ error: error.message }),
          );
        }
      });
      child.on("error", reject);
      child.on("exit", (code, signal) => {
        this.#children.delete(child);
        const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
        reject(
          new Error(
            `the process that planned the stack "${what.stack}" ended (${how})\n${errors.slice(-2000)}`.trimEnd(),
          ),
        );
      });
      const task: WorkerTask = { ...what, root, ...(config === undefined ? {} : { config }) };
      child.send(task);
    });
  }
}

function revive(stack: string, failed: Extract<WorkerMessage, { kind: "failed" }>): Error {
  if (failed.failures !== undefined) {
    return new PlanError(stack, failed.failures);
  }
  return failed.name === "ProjectError" ? new ProjectError(failed.message) : new Error(failed.message);
}
