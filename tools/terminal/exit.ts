/** How a command ends: its exit code, and what a person reads on standard error when it does not end well. */

/** `against`: the answer is no (a guardrail is violated). `mistake`: the user can mend it. `fault`: we must mend it. */
export const exitCode = { ok: 0, against: 1, mistake: 2, fault: 70, interrupted: 130 } as const;

/** Something the user can mend; the message says what is true and what to do. */
export class Mistake extends Error {
  override readonly name = "Mistake";
}

/**
 * Errors of other modules that tell a user's mistake, by name: the modules that throw them load slowly. A program that
 * cannot be planned is the user's to mend; its error names the place.
 */
const mistakes: ReadonlySet<string> = new Set(["Mistake", "ConfigError", "PlanError", "ProjectError"]);

export interface Ending {
  readonly code: number;
  /** For standard error, without a final line break. */
  readonly text: string;
}

export function endingOf(error: unknown, commandLine: string): Ending {
  const cause = mistakeWithin(error);
  if (cause !== undefined) {
    return { code: exitCode.mistake, text: cause.message };
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const text = [
    "platform failed, and it is not your mistake. Please report these lines:",
    "",
    `  command   ${commandLine}`,
    `  node      ${process.version} on ${process.platform}`,
    ...detail.split("\n").map((line) => `  ${line}`),
  ];
  return { code: exitCode.fault, text: text.join("\n") };
}

function mistakeWithin(error: unknown): Error | undefined {
  if (!(error instanceof Error)) {
    return undefined;
  }
  return mistakes.has(error.name) ? error : mistakeWithin(error.cause);
}
