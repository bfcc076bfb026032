#!/usr/bin/env node
/**
 * The `platform` command. Only the command that was asked for is loaded, so that help is instant. Adding a command is one
 * file in `commands/` and one entry here.
 */
import { writeSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { endingOf, exitCode } from "./terminal/exit.ts";

interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ command(): Command }>;
}

const entries: readonly Entry[] = [
  {
    name: "overview",
    summary: "plan all production stacks, judge them, write the report page",
    load: () => import("./commands/overview.ts"),
  },
  { name: "plan", summary: "what a stack would create, as a tree", load: () => import("./commands/plan.ts") },
  { name: "check", summary: "judge stacks by the guardrails", load: () => import("./commands/check.ts") },
  {
    name: "config",
    summary: "effective configuration, and where each value comes from",
    load: () => import("./commands/config.ts"),
  },
  {
    name: "preflight",
    summary: "what in your account would stop a first up",
    load: () => import("./commands/preflight.ts"),
  },
  {
    name: "requirements",
    summary: "requirement rows and the tests that prove them",
    load: () => import("./commands/requirements.ts"),
  },
];

const examples = `
Examples:
  platform overview                everything at a glance, and .platform/report.html
  platform plan prod               the tree of one stack
  platform check                   judge every stack
  platform config explain prod     effective configuration with its sources
  platform plan dr --json | jq '.resources[].region'

Exit codes: 0 ok, 1 the verdict is against, 2 a mistake of yours, 70 a fault of ours.`;

async function program(words: readonly string[]): Promise<Command> {
  const named = words.filter((word) => !word.startsWith("-"));
  const wanted = named[0] === "help" ? named[1] : named[0];
  const root = new Command("platform")
    .description("Plan, judge and explain the platform, offline: no cloud, no credentials.")
    .addHelpText("after", examples);
  for (const entry of entries) {
    const command = entry.name === wanted ? (await entry.load()).command() : new Command(entry.name);
    root.addCommand(command.summary(entry.summary));
  }
  return withMistakesExplained(root);
}

/** Each command throws instead of ending the process, and answers a word it does not know with those it knows. */
function withMistakesExplained(command: Command): Command {
  for (const child of command.commands) {
    withMistakesExplained(child);
  }
  const options = ["--help", ...command.options.map((option) => option.long ?? option.flags)];
  const known =
    command.commands.length > 0
      ? `commands: ${command.commands.map((child) => child.name()).join(", ")}`
      : `options: ${options.sort().join(", ")}`;
  return command.exitOverride().showHelpAfterError(known);
}

async function main(words: readonly string[]): Promise<void> {
  try {
    await (await program(words)).parseAsync(words, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      // `platform` alone asks for help; commander calls that an error.
      process.exitCode = error.exitCode === 0 || words.length === 0 ? exitCode.ok : exitCode.mistake;
      return;
    }
    const ending = endingOf(error, ["platform", ...words].join(" "));
    process.stderr.write(`${ending.text}\n`);
    process.exitCode = ending.code;
  }
}

// A reader such as `head` may leave early: that is no fault.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? process.exitCode : exitCode.fault);
});
process.once("SIGINT", () => {
  if (process.stderr.isTTY) {
    // The progress lines hide the cursor and hold back what others write, so this goes straight to the terminal.
    writeSync(process.stderr.fd, "\u001b[?25h\n");
  }
  process.exit(exitCode.interrupted);
});

await main(process.argv.slice(2));
