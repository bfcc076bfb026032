/** One statement of an IAM policy, its one-or-many fields made lists. */
export interface Statement {
  readonly sid?: string;
  readonly effect: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  readonly principals: readonly string[];
  /** Operator to condition keys (lower case, since IAM ignores their case) to values. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** Not a policy document: the text is no JSON or lacks statements. */
export class MalformedPolicy extends Error {}

/** Reads a policy from its JSON text, or from the object that `aws.iam.Policy` also accepts. */
export function statementsOf(document: unknown): Statement[] {
  const parsed = typeof document === "string" ? parseJson(document) : document;
  if (!isObject(parsed) || parsed["Statement"] === undefined)
    throw new MalformedPolicy("it has no Statement");
  const statements = Array.isArray(parsed["Statement"]) ? parsed["Statement"] : [parsed["Statement"]];
  return statements.map(statementOf);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedPolicy("it is not JSON");
  }
}

function statementOf(statement: unknown): Statement {
  if (!isObject(statement)) throw new MalformedPolicy("a statement is no object");
  const sid = statement["Sid"];
  return {
    ...(typeof sid === "string" && { sid }),
    effect: String(statement["Effect"]),
    actions: list(statement["Action"]),
    notActions: list(statement["NotAction"]),
    resources: list(statement["Resource"]),
    notResources: list(statement["NotResource"]),
    principals: principalsOf(statement["Principal"]),
    conditions: conditionsOf(statement["Condition"]),
  };
}

function principalsOf(principal: unknown): readonly string[] {
  return isObject(principal) ? Object.values(principal).flatMap(list) : list(principal);
}

function conditionsOf(conditions: unknown): Statement["conditions"] {
  if (!isObject(conditions)) return {};
  return Object.fromEntries(
    Object.entries(conditions).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(isObject(keys) ? keys : {}).map(([key, values]) => [key.toLowerCase(), list(values)]),
      ),
    ]),
  );
}

function list(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
