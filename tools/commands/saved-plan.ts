/** Plans that `platform plan --json` wrote to a file. */
import { readFileSync } from "node:fs";
import type { Plan } from "../plan/plan.ts";
import { Mistake } from "../terminal/exit.ts";

/** Every plan in a file: one, or an object with one for each stack. `option` names the option in mistakes. */
export function savedPlans(option: string, file: string): Plan[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Mistake(`${option} ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const plans = isPlan(content) ? [content] : Object.values(content ?? {}).filter(isPlan);
  if (plans.length === 0) {
    throw new Mistake(`${option} ${file}: no plan in it; write one with platform plan prod --json > ${file}`);
  }
  return plans;
}

/** The plan of one stack in a file. */
export function savedPlan(option: string, file: string, stack: string): Plan {
  const plans = savedPlans(option, file);
  const found = plans.find((plan) => plan.stack === stack);
  if (found === undefined) {
    const names = plans.map((plan) => plan.stack).join(", ");
    throw new Mistake(`${option} ${file}: it holds the plan of ${names}, not of ${stack}`);
  }
  return found;
}

function isPlan(value: unknown): value is Plan {
  return (
    typeof value === "object" &&
    value !== null &&
    Array.isArray(Reflect.get(value, "resources")) &&
    typeof Reflect.get(value, "stack") === "string"
  );
}
