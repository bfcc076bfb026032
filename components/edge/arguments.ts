/** Throws one error that lists every problem; does nothing when there is none. */
export function refuse(subject: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(`${subject}:\n${problems.map((line) => `  ${line}`).join("\n")}`);
}
