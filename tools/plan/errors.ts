import { fileURLToPath } from "node:url";

/** One thing that went wrong while a program ran. */
export interface PlanFailure {
  readonly message: string;
  /** The class of the error, for example `ConfigError`. */
  readonly kind: string;
  readonly urn?: string;
  /** The program's own stack frames, nearest first: `at what (file:line:column)`. */
  readonly frames: readonly string[];
}

/** The program did not make a plan. `failures` holds every cause that was found, the message all of them in words. */
export class PlanError extends Error {
  readonly failures: readonly PlanFailure[];

  constructor(stack: string, failures: readonly PlanFailure[]) {
    const head = `stack ${stack} cannot be planned: ${failures.length} error${failures.length === 1 ? "" : "s"}`;
    super([head, ...failures.map(describeFailure)].join("\n\n"));
    this.name = "PlanError";
    this.failures = failures;
    // The frames that matter are the program's and stand in the message; those of the engine only distract.
    this.stack = `${this.name}: ${this.message}`;
  }
}

function describeFailure(failure: PlanFailure): string {
  return [failure.message, ...failure.frames.map((frame) => `  ${frame}`)]
    .join("\n")
    .replaceAll(/^(?=.)/gm, "  ");
}

const MAXIMUM_FRAMES = 5;
const TOOLS_FOLDER = fileURLToPath(new URL("../", import.meta.url));

/** Frames of the program itself: neither Node's, nor a package's, nor the engine's. */
export function programFrames(stack: string | undefined): string[] {
  return (stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .filter((line) => !/node:|node_modules|<anonymous>/.test(line))
    .map((line) => line.trim().replace(/[^\s(]*file:\/[^)\s]*/, toPath))
    .filter((line) => !isEngine(line))
    .map((line) => line.replace(`${process.cwd()}/`, ""))
    .slice(0, MAXIMUM_FRAMES);
}

function isEngine(line: string): boolean {
  const [, file = ""] = line.split(TOOLS_FOLDER);
  return /^(plan|providers)\/[\w/-]+\.ts:/.test(file) && !/\bfixture\//.test(file);
}

/** Positions that the SDK sent with a request, as frames. */
export function positionFrames(
  positions: readonly { uri: string; line: number; column: number }[],
): string[] {
  return programFrames(
    positions.map(({ uri, line, column }) => `    at ${uri}:${line}:${column}`).join("\n"),
  );
}

/** A module's address as a path; the query of a module that was loaded afresh is no part of it. */
function toPath(address: string): string {
  return decodeURI(address)
    .replace(/^.*file:\/+/, "/")
    .replace(/\?[^:]*(?=:\d+:\d+$)/, "");
}
