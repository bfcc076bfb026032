/** What a person reads when a rule finds something: which property, what it is, what is allowed, how to mend it. */
export interface Finding {
  /** Path as written in the program, for example `replicas[0].kmsKeyArn`. */
  readonly property: string;
  /** The value found. Never a secret: rules about secret content leave it out and use `Finding` without a value. */
  readonly value?: unknown;
  /** Completes "it must be ...". */
  readonly allowed: string;
  /** One sentence in the imperative. */
  readonly fix: string;
}

export function findingMessage({ property, value, allowed, fix }: Finding): string {
  return `${property} is ${showValue(value)}; it must be ${allowed}. ${fix}`;
}

const longestValue = 120;

function showValue(value: unknown): string {
  if (value === undefined || value === null) return "not set";
  const text = JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}...` : text;
}
