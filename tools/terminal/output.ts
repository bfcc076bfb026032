/** What commands print: text and JSON on standard output, colour only where a terminal shows it. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { stripVTControlCharacters } from "node:util";
import picocolors from "picocolors";

export type Colours = ReturnType<typeof picocolors.createColors>;

/** Colours for a stream; none without a terminal, with `NO_COLOR` or with `TERM=dumb`. */
export function coloursFor(stream: NodeJS.WriteStream): Colours {
  return picocolors.createColors(stream.isTTY === true && stream.hasColors());
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

export interface Column {
  readonly align?: "left" | "right";
}

/** Lines of a table: columns two spaces apart, no trailing spaces; colour codes take no width. */
export function table(rows: readonly (readonly string[])[], columns: readonly Column[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, visibleLength(cell));
    });
  }
  return rows.map((row) =>
    row
      .map((cell, index) => {
        const space = " ".repeat((widths[index] ?? 0) - visibleLength(cell));
        return columns[index]?.align === "right" ? space + cell : cell + space;
      })
      .join("  ")
      .trimEnd(),
  );
}

export function visibleLength(text: string): number {
  return [...stripVTControlCharacters(text)].length;
}

/** `plural(1, "rule")` is "1 rule", `plural(2, "rule")` is "2 rules". */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

export function indent(lines: readonly string[], by = 2): string[] {
  return lines.map((line) => (line === "" ? line : " ".repeat(by) + line));
}

/** Writes a file whole or not at all, so that an interrupted command leaves the old one. */
export function writeWhole(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(unfinished, content);
    renameSync(unfinished, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
}
