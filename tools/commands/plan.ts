/** `platform plan`: what each stack would create, as a tree or as data. */
import { Command, Option } from "commander";
import type { Plan, PlanMode } from "../plan/plan.ts";
import { repositoryRoot } from "../requirements/coverage.ts";
import { coloursFor, print, printJson } from "../terminal/output.ts";
import { plansOf } from "./planning.ts";
import { stacksNamed } from "./stacks.ts";

interface Options {
  readonly json?: true;
  readonly mode: PlanMode;
  readonly expand?: true;
}

const examples = `
Examples:
  platform plan prod                             the tree of one stack
  platform plan --expand global                  every resource on a line
  platform plan dr --json | jq -r '.resources[].region'

With several stacks --json prints an object with one plan for each stack.`;

export function command(): Command {
  return new Command("plan")
    .description("What each stack would create, offline: no cloud, no credentials.")
    .argument("[stack...]", "stacks to plan; all stack files when none is named")
    .addOption(
      new Option("--mode <mode>", "preview: nothing exists yet; update: providers answer with example values")
        .choices(["preview", "update"])
        .default("update"),
    )
    .option("--expand", "each resource on a line")
    .option("--json", "machine-readable")
    .addHelpText("after", examples)
    .action(run);
}

async function run(names: readonly string[], options: Options): Promise<void> {
  const stacks = stacksNamed(repositoryRoot, names);
  const plans = await plansOf(stacks, options.mode);
  if (options.json === true) {
    const [only] = plans.values();
    printJson(plans.size === 1 ? only : Object.fromEntries(plans));
  } else {
    await showTrees(plans, options);
  }
}

async function showTrees(plans: ReadonlyMap<string, Plan>, options: Options): Promise<void> {
  const { planText } = await import("../report/tree.ts");
  const colours = coloursFor(process.stdout);
  const width = process.stdout.columns ?? 110;
  const trees = [...plans.values()].map((plan) =>
    planText(plan, { colours, expand: options.expand === true, width }),
  );
  print(trees.join("\n\n\n"));
}
