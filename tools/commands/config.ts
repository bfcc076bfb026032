/** `platform config`: the effective configuration of a stack with the source of each value, and the schema for editors. */
import { join } from "node:path";
import { Command } from "commander";
import type { ExplainedValue } from "../../infra/config/explain.ts";
import { repositoryRoot } from "../requirements/coverage.ts";
import { Mistake } from "../terminal/exit.ts";
import { coloursFor, print, printJson, table, visibleLength, writeWhole } from "../terminal/output.ts";
import { configEntries, stackFile, stacksNamed } from "./stacks.ts";

const SCHEMA_FILE = "docs/stack.schema.json";

const examples = `
Examples:
  platform config explain prod                      every value of prod
  platform config explain dr traffic                the keys under platform:traffic
  platform config explain dr platform:role --json
  platform config schema --write                    bring ${SCHEMA_FILE} up to date`;

export function command(): Command {
  const parent = new Command("config")
    .description("The effective configuration of a stack, and where each value comes from.")
    .addHelpText("after", examples);
  parent
    .command("explain")
    .summary("every value with its source and its meaning")
    .argument("<stack>", "stack whose file is read, for example prod")
    .argument("[key]", "only this key and the keys below it; the namespace platform: may be left out")
    .option("--json", "machine-readable")
    .addHelpText("after", examples)
    .action(explain);
  parent
    .command("schema")
    .summary("JSON Schema of a stack file, for editors")
    .option("--write", `write ${SCHEMA_FILE} instead of printing it`)
    .option("--json", "the schema is JSON anyway")
    .action(schema);
  return parent;
}

async function explain(
  stack: string,
  key: string | undefined,
  options: { readonly json?: true },
): Promise<void> {
  stacksNamed(repositoryRoot, [stack]);
  const { explainConfig } = await import("../../infra/config/explain.ts");
  const all = explainConfig(stack, {
    project: configEntries(repositoryRoot, "Pulumi.yaml"),
    stack: configEntries(repositoryRoot, stackFile(stack)),
  });
  const values = key === undefined ? all : below(all, key, stack);
  if (options.json === true) {
    printJson(values);
    return;
  }
  print(explained(values, stack, key !== undefined).join("\n"));
}

/** One line for each value; with few values the meaning stands whole on a line of its own. */
function explained(values: readonly ExplainedValue[], stack: string, few: boolean): string[] {
  const colours = coloursFor(process.stdout);
  const source = {
    "stack file": colours.green(stackFile(stack)),
    "project file": "Pulumi.yaml",
    default: "default",
    derived: "derived",
  };
  const lines = table(values.map((row) => [row.key, shown(row.value), source[row.origin]]));
  if (few) {
    return values.flatMap((row, index) => [lines[index] ?? "", `  ${colours.dim(row.meaning)}`]);
  }
  const taken = Math.max(...lines.map(visibleLength)) + 2;
  const room = process.stdout.isTTY ? (process.stdout.columns || 110) - taken : Number.POSITIVE_INFINITY;
  return values.map((row, index) => {
    const line = lines[index] ?? "";
    const meaning =
      row.meaning.length > room ? `${row.meaning.slice(0, Math.max(room - 3, 0))}...` : row.meaning;
    return room < 20 ? line : line + " ".repeat(taken - visibleLength(line)) + colours.dim(meaning);
  });
}

function below(all: readonly ExplainedValue[], key: string, stack: string): ExplainedValue[] {
  const bare = (text: string) => text.replace(/^platform:/, "");
  const wanted = bare(key);
  const found = all.filter((row) => bare(row.key) === wanted || bare(row.key).startsWith(`${wanted}.`));
  if (found.length === 0) {
    const known = [...new Set(all.map((row) => bare(row.key).split(".")[0]))];
    throw new Mistake(`stack ${stack} has no configuration key "${key}"; keys are: ${known.join(", ")}`);
  }
  return found;
}

function shown(value: unknown): string {
  if (value === undefined) {
    return "-";
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

async function schema(options: { readonly write?: true }): Promise<void> {
  const { stackFileSchema } = await import("../../infra/config/explain.ts");
  if (options.write === true) {
    writeWhole(join(repositoryRoot, SCHEMA_FILE), `${JSON.stringify(stackFileSchema(), null, 2)}\n`);
    print(`${SCHEMA_FILE} written`);
    return;
  }
  printJson(stackFileSchema());
}
