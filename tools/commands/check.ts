/** `platform check`: judges the plans of stacks by the guardrails, as a deployment would. */
import { Command } from "commander";
import type { Verdict } from "../check/index.ts";
import type { Plan } from "../plan/plan.ts";
import { repositoryRoot } from "../requirements/coverage.ts";
import { exitCode, Mistake } from "../terminal/exit.ts";
import { coloursFor, plural, print, printJson, table } from "../terminal/output.ts";
import { plansOf } from "./planning.ts";
import { savedPlans } from "./saved-plan.ts";
import { stacksNamed } from "./stacks.ts";

interface Options {
  readonly json?: true;
  readonly plan?: string;
  readonly rules?: true;
}

const examples = `
Examples:
  platform check                     every stack
  platform check prod dr
  platform check --plan plan.json    a plan that was saved with platform plan prod --json
  platform check --rules             every rule with its level
  platform check prod --json | jq '.violations[] | {rule, urn}'

Exits 1 when a mandatory rule is violated. With several stacks --json prints an object with one verdict for each.`;

export function command(): Command {
  return new Command("check")
    .description("Judges the plans of stacks by the guardrails, as a deployment would.")
    .argument("[stack...]", "stacks to judge; all stack files when none is named")
    .option("--plan <plan.json>", "judge saved plans instead of planning")
    .option("--rules", "list the rules instead of judging")
    .option("--json", "machine-readable")
    .addHelpText("after", examples)
    .action(run);
}

async function run(names: readonly string[], options: Options): Promise<void> {
  if (options.rules === true) {
    await listRules(options);
    return;
  }
  const plans = await plansToJudge(names, options);
  const { checkPlans, renderVerdict } = await import("../check/index.ts");
  const verdicts = await checkPlans(plans);
  if (options.json === true) {
    printJson(verdicts.length === 1 ? verdicts[0] : byStack(verdicts));
  } else {
    const colours = coloursFor(process.stdout);
    print(verdicts.map((verdict) => renderVerdict(verdict, colours).join("\n")).join("\n\n"));
  }
  if (verdicts.some((verdict) => !verdict.ok)) {
    process.exitCode = exitCode.against;
  }
}

async function plansToJudge(names: readonly string[], { plan: file }: Options): Promise<Plan[]> {
  if (file === undefined) {
    return [...(await plansOf(stacksNamed(repositoryRoot, names), "update")).values()];
  }
  const saved = savedPlans("--plan", file);
  const missing = names.filter((name) => !saved.some(({ stack }) => stack === name));
  if (missing.length > 0) {
    const held = saved.map(({ stack }) => stack).join(", ");
    throw new Mistake(`--plan ${file}: it holds the plan of ${held}, not of ${missing.join(", ")}`);
  }
  return saved.filter(({ stack }) => names.length === 0 || names.includes(stack));
}

function byStack(verdicts: readonly Verdict[]): Record<string, Verdict> {
  return Object.fromEntries(verdicts.map((verdict) => [verdict.stack, verdict]));
}

async function listRules({ json }: Options): Promise<void> {
  const { catalogue } = await import("../../policy/catalogue.ts");
  const rules = catalogue.map(({ id, title, severity, level, requirements, remediation, url }) => ({
    id,
    title,
    severity,
    level,
    requirements,
    remediation,
    url,
  }));
  if (json === true) {
    printJson(rules);
    return;
  }
  print(table(rules.map(({ id, level, severity, title }) => [id, level, severity, title])).join("\n"));
  print(
    `\n${plural(rules.length, "rule")}; policy/config/<stack>.json may change a level or waive a resource`,
  );
}
