import { UnknownValueError } from "@pulumi/policy/proxy.js";
import { type Finding, findingMessage } from "./message.ts";

/** One property that has to hold; `read` is a function because reading an unknown value throws. */
export interface Expectation<V> extends Omit<Finding, "value"> {
  readonly read: () => V;
  readonly is: (value: V) => boolean;
}

/**
 * What a rule looks at one resource through. A value that preview does not know ends only the expectation that reads
 * it; the others are still checked, and `finish` then tells the engine that the rule stays undecided.
 */
export class Inspection {
  readonly #report: (message: string) => void;
  #unknown: UnknownValueError | undefined;

  constructor(report: (message: string) => void) {
    this.#report = report;
  }

  report(finding: Finding): void {
    this.#report(findingMessage(finding));
  }

  /** For findings whose value must not be shown or that are no single property. */
  say(message: string): void {
    this.#report(message);
  }

  must<V>({ read, is, ...finding }: Expectation<V>): void {
    this.attempt(() => {
      const value = read();
      if (!is(value)) this.report({ ...finding, value });
    });
  }

  /** Set is enough: a value that is not known yet is set. */
  mustBeSet({ read, ...finding }: Omit<Expectation<unknown>, "is">): void {
    if (!isSet(read)) this.report(finding);
  }

  attempt(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof UnknownValueError)) throw error;
      this.#unknown ??= error;
    }
  }

  get unknown(): UnknownValueError | undefined {
    return this.#unknown;
  }

  finish(): void {
    if (this.#unknown) throw this.#unknown;
  }
}

/** True for any value, the empty string apart, and for one that preview does not know yet. */
export function isSet(read: () => unknown): boolean {
  const value = knownOr(read, "known after the update");
  return value !== undefined && value !== null && value !== "";
}

/** The value, or `otherwise` where preview does not know it yet. */
export function knownOr<V, O>(read: () => V, otherwise: O): V | O {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnknownValueError) return otherwise;
    throw error;
  }
}
