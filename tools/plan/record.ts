/** Records the plans of stacks as references: `node tools/plan/record.ts [stack...]`, all stacks by default. */
import { planStacks, stackNames } from "./index.ts";
import { saveReference } from "./reference.ts";

const wanted = process.argv.slice(2);
for (const plan of (await planStacks(wanted.length > 0 ? wanted : stackNames())).values()) {
  process.stdout.write(`${saveReference(plan)}  ${plan.resources.length} resources\n`);
}
