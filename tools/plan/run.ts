/** Runs one Pulumi program in this process, in SDK state of its own, and gathers everything that goes wrong. */
import { AsyncLocalStorage } from "node:async_hooks";
import { createRequire } from "node:module";
import { setImmediate as nextTurn } from "node:timers/promises";
import { runtime } from "@pulumi/pulumi";
import { Engine } from "./engine.ts";
import { PlanError, type PlanFailure, programFrames } from "./errors.ts";
import type { EngineOptions } from "./goal.ts";
import { inProcessEngine, inProcessMonitor } from "./monitor.ts";
import { callbackRegistry } from "./transforms.ts";

export interface RunOptions extends EngineOptions {
  readonly secretKeys: readonly string[];
  /** Longest time in which nothing happens before the program counts as stuck. */
  readonly idleTimeoutMilliseconds: number;
}

/** The parts of the SDK's per-program state that are set here. */
interface SdkStore {
  readonly settings: { monitor: unknown; engine: unknown };
  readonly pendingResourceRegistrations: Map<unknown, { name?: string; type?: string; phase: string }>;
  callbacks: unknown;
}
interface SdkState {
  withLocalStorage<T>(callback: () => T): T;
  getStore(): SdkStore;
}
interface SdkSettings {
  waitForRPCs(): Promise<void>;
}

const require = createRequire(import.meta.url);
const sdkState: SdkState = require("@pulumi/pulumi/runtime/state");
const sdkSettings: SdkSettings = require("@pulumi/pulumi/runtime/settings");

/** The engine with everything the program registered. Rejects with a `PlanError` that holds every failure. */
export function runProgram(program: () => unknown, options: RunOptions): Promise<Engine> {
  const failures = new FailureLog();
  return currentRun.run(failures, () => sdkState.withLocalStorage(() => run(program, options, failures)));
}

async function run(program: () => unknown, options: RunOptions, failures: FailureLog): Promise<Engine> {
  const activity = new Activity(options.idleTimeoutMilliseconds);
  const engine = new Engine({
    ...options,
    onResource(count) {
      activity.mark();
      options.onResource?.(count);
    },
    stackOutputs: (stack) => activity.during(() => options.stackOutputs(stack)),
  });
  prepareSdk(engine, failures, options);
  const listening = listen();
  try {
    const store = sdkState.getStore();
    await activity.until(
      async () => {
        await runtime.runInPulumiStack(async () => program()).catch((error: unknown) => failures.add(error));
        await sdkSettings.waitForRPCs();
        // Rejections that nobody handles are reported at the end of a turn.
        await nextTurn();
        await sdkSettings.waitForRPCs();
        await nextTurn();
      },
      () => new Error(stuckMessage([...store.pendingResourceRegistrations.values()])),
    );
  } catch (error) {
    failures.add(error);
  } finally {
    await nextTurn();
    listening.stop();
  }
  if (failures.list.length > 0) {
    throw new PlanError(options.stack, failures.list);
  }
  return engine;
}

function prepareSdk(engine: Engine, failures: FailureLog, options: RunOptions): void {
  runtime.resetOptions(options.project, options.stack, -1, "", "", engine.preview, "organization");
  runtime.setAllConfig({ ...options.config }, [...options.secretKeys]);
  const store = sdkState.getStore();
  const callbacks = callbackRegistry({
    registerStackTransform(request: { getToken(): string }, done: (error: Error | null) => void) {
      monitor.registerStackTransform(request, done);
    },
  });
  const monitor = inProcessMonitor(engine, callbacks, (error, details) => failures.add(error, details));
  store.callbacks = callbacks;
  store.settings.monitor = monitor;
  store.settings.engine = inProcessEngine(engine, (error, details) => failures.add(error, details));
}

function stuckMessage(pending: readonly { name?: string; type?: string; phase: string }[]): string {
  const waiting = pending.map(({ name, type, phase }) => `"${name}" (${type}) waits for its ${phase}`);
  return [
    "the program does not come to an end: it awaits a promise that is never resolved, or resources wait for each other",
    ...waiting,
  ].join("\n");
}

/** Every cause once, however many promises it made fail. */
class FailureLog {
  readonly list: PlanFailure[] = [];
  readonly #seen = new Set<unknown>();

  add(error: unknown, details: { urn?: string; frames?: readonly string[] } = {}): void {
    if (this.#seen.has(error)) {
      return;
    }
    this.#seen.add(error);
    const message = error instanceof Error ? error.message : String(error);
    const positions = details.frames ?? [];
    const frames =
      positions.length > 0 ? positions : programFrames(error instanceof Error ? error.stack : "");
    // The SDK wraps the reason that the engine gave when it arose, and may know better where that was.
    const known = this.list.findIndex((failure) => message.includes(failure.message));
    const recorded = this.list[known];
    if (recorded === undefined) {
      const kind = error instanceof Error ? error.name : "Error";
      this.list.push({ message, kind, frames, ...(details.urn === undefined ? {} : { urn: details.urn }) });
    } else if (recorded.frames.length === 0) {
      this.list[known] = { ...recorded, frames };
    }
  }
}

/** Notices when nothing happens any more although the program has not ended. */
class Activity {
  #last = performance.now();
  #elsewhere = 0;
  readonly #limit: number;

  constructor(limitMilliseconds: number) {
    this.#limit = limitMilliseconds;
  }

  mark(): void {
    this.#last = performance.now();
  }

  /** Another stack's plan takes its own time. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#elsewhere += 1;
    try {
      return await work();
    } finally {
      this.#elsewhere -= 1;
      this.mark();
    }
  }

  async until(work: () => Promise<void>, stuck: () => Error): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const idle = new Promise<never>((_resolve, reject) => {
      timer = setInterval(() => {
        if (this.#elsewhere === 0 && performance.now() - this.#last > this.#limit) {
          reject(stuck());
        }
      }, this.#limit / 10);
    });
    try {
      await Promise.race([work(), idle]);
    } finally {
      clearInterval(timer);
    }
  }
}

const currentRun = new AsyncLocalStorage<FailureLog>();
let activeRuns = 0;
let foreignListeners: NodeJS.UnhandledRejectionListener[] = [];

/**
 * The SDK reports a failed registration by a promise that nobody handles. While a program runs, such rejections that
 * belong to it are gathered; all others go to whoever listened before.
 */
function listen(): { stop(): void } {
  activeRuns += 1;
  if (activeRuns === 1) {
    takeOver();
  }
  return {
    stop() {
      activeRuns -= 1;
      if (activeRuns === 0) {
        giveBack();
      }
    },
  };
}

function takeOver(): void {
  foreignListeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", onUnhandledRejection);
}

function giveBack(): void {
  process.removeListener("unhandledRejection", onUnhandledRejection);
  for (const listener of foreignListeners) {
    process.on("unhandledRejection", listener);
  }
}

function onUnhandledRejection(reason: unknown, promise: Promise<unknown>): void {
  const failures = currentRun.getStore();
  if (failures !== undefined) {
    failures.add(reason);
    return;
  }
  giveBack();
  try {
    if (!process.emit("unhandledRejection", reason, promise)) {
      throw reason;
    }
  } finally {
    takeOver();
  }
}
