/** What tests read from policy documents. */

// Tests that do not import it from there yet.
export { waitsFor } from "../../tools/plan/testing.ts";

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export function statementsOf(text: unknown): PolicyStatement[] {
  return JSON.parse(String(text)).Statement;
}

export function statementOf(text: unknown, sid: string): PolicyStatement {
  const found = statementsOf(text).find(({ Sid }) => Sid === sid);
  if (found === undefined) throw new Error(`no statement ${sid} in ${String(text)}`);
  return found;
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

function matches(pattern: string, text: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${expression}$`, "i").test(text);
}

/** Whether a document, conditions left aside, names the action in a statement of that effect. */
export function names(text: unknown, effect: "Allow" | "Deny", action: string): boolean {
  return statementsOf(text).some(
    ({ Effect, Action, NotAction }) =>
      Effect === effect &&
      (NotAction === undefined
        ? list(Action).some((pattern) => matches(pattern, action))
        : !NotAction.some((pattern) => matches(pattern, action))),
  );
}

/** Statements that allow everything, or an action of writing on everything, without a condition. */
export function unboundedWrites(text: unknown): string[] {
  return statementsOf(text)
    .filter(
      ({ Effect, Resource, Condition }) => Effect === "Allow" && list(Resource).includes("*") && !Condition,
    )
    .flatMap(({ Action }) => list(Action))
    .filter((action) => !/^[a-z0-9-]+:(Describe|Get|List)/.test(action));
}
