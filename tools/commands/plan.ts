/** `platform plan`: what each stack would create, as a tree, as data, or as the difference from an earlier plan. */
import { relative } from "node:path";
import { Command, Option } from "commander";
import type { Plan, PlanMode } from "../plan/plan.ts";
import { repositoryRoot } from "../requirements/coverage.ts";
import { Mistake } from "../terminal/exit.ts";
import { coloursFor, print, printJson } from "../terminal/output.ts";
import { plansOf } from "./planning.ts";
import { savedPlan } from "./saved-plan.ts";
import { stacksNamed } from "./stacks.ts";

interface Options {
  readonly json?: true;
  readonly mode: PlanMode;
  readonly expand?: true;
  readonly diff?: string;
  readonly record?: true;
}

const examples = `
Examples:
  platform plan prod                             the tree of one stack
  platform plan --expand global                  every resource on a line
  platform plan dr --json | jq -r '.resources[].region'
  platform plan prod --json > before.json        then, after a change:
  platform plan prod --diff before.json          what the change does
  platform plan --record                         accept the plans as the new references

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
    .addOption(
      new Option("--diff <plan.json>", "what changed since a plan that was saved with --json").conflicts(
        "record",
      ),
    )
    .addOption(
      new Option("--record", "write the reference plans that tests compare with").conflicts(["json", "mode"]),
    )
    .option("--json", "machine-readable")
    .addHelpText("after", examples)
    .action(run);
}

async function run(names: readonly string[], options: Options): Promise<void> {
  const stacks = stacksNamed(repositoryRoot, names);
  if (options.diff !== undefined) {
    await showDifference(stacks, options.diff, options);
    return;
  }
  const plans = await plansOf(stacks, options.mode);
  if (options.record === true) {
    await record(plans);
  } else if (options.json === true) {
    const [only] = plans.values();
    printJson(plans.size === 1 ? only : Object.fromEntries(plans));
  } else {
    await showTrees(plans, options);
  }
}

async function showDifference(stacks: readonly string[], file: string, options: Options): Promise<void> {
  const [stack, ...others] = stacks;
  if (stack === undefined || others.length > 0) {
    throw new Mistake(
      "--diff compares one stack: name it, for example platform plan prod --diff before.json",
    );
  }
  const before = savedPlan("--diff", file, stack);
  const after = (await plansOf([stack], before.mode)).get(stack);
  const { describeDiff, diffPlans } = await import("../plan/diff.ts");
  const diff = diffPlans(before, after ?? before);
  if (options.json === true) {
    printJson(diff);
  } else {
    print(describeDiff(diff) || `${stack}: nothing changed`);
  }
}

async function record(plans: ReadonlyMap<string, Plan>): Promise<void> {
  const { saveReference } = await import("../plan/reference.ts");
  for (const plan of plans.values()) {
    print(`${relative(repositoryRoot, saveReference(plan))} written: ${plan.resources.length} resources`);
  }
}

async function showTrees(plans: ReadonlyMap<string, Plan>, options: Options): Promise<void> {
  const { planText } = await import("../report/tree.ts");
  const colours = coloursFor(process.stdout);
  // A terminal that does not know its width says 0.
  const width = process.stdout.columns || 110;
  const trees = [...plans.values()].map((plan) =>
    planText(plan, { colours, expand: options.expand === true, width }),
  );
  print(trees.join("\n\n\n"));
}
