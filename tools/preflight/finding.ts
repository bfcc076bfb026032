/** What a check found: one line for a person, one object for a machine. */

/**
 * `ok`: the account gives what the stack asks for. `stop`: a first `up` would fail or wait for ever. `unknown`: a fact could
 * not be read, which is never a pass. `note`: the `up` succeeds, yet somebody should know.
 */
export const LEVELS = ["stop", "unknown", "note", "ok"] as const;
export type Level = (typeof LEVELS)[number];

export interface Finding {
  readonly level: Level;
  /** Name of the check, for example `quota`. */
  readonly check: string;
  /** What is spoken of, for example `Elastic IP addresses, us-east-1`. */
  readonly about: string;
  /** What is true now. */
  readonly is: string;
  /** What the stack needs. */
  readonly needs?: string;
  /** Commands that mend it, in order. */
  readonly fix?: readonly string[];
}

type Words = Omit<Finding, "level" | "check">;

export interface Findings {
  readonly ok: (about: string, is: string) => Finding;
  readonly stop: (words: Words) => Finding;
  readonly note: (words: Words) => Finding;
  readonly unknown: (about: string, is: string) => Finding;
}

/** Makes the findings of one check. */
export function findingsOf(check: string): Findings {
  return {
    ok: (about, is) => ({ level: "ok", check, about, is }),
    stop: (words) => ({ level: "stop", check, ...words }),
    note: (words) => ({ level: "note", check, ...words }),
    unknown: (about, is) => ({ level: "unknown", check, about, is }),
  };
}

/** Tags that the providers of a stack put on everything: what bears them is the stack's own, from an earlier `up`. */
export function isOwn(stack: string, tags: Readonly<Record<string, string>>): boolean {
  return tags["managedBy"] === "pulumi" && tags["stack"] === stack;
}

/** An argument of a POSIX shell. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
