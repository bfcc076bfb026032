import picocolors from "/work/main/node_modules/picocolors/picocolors.js";
import { checkPlans, renderVerdict } from "/work/main/tools/check/index.ts";
import { planStacks } from "/work/main/tools/plan/stacks.ts";

const t = performance.now();
const plans = [
  ...(
    await planStacks(["global", "prod", "dr", "staging", "dev"], {
      mode: (process.argv[2] ?? "update") as "update",
    })
  ).values(),
];
console.log(
  "planned",
  Math.round(performance.now() - t),
  plans.map((p) => p.resources.length),
);
const t2 = performance.now();
for (const v of await checkPlans(plans)) {
  console.log(renderVerdict(v, picocolors.createColors(false)).join("\n"));
  console.log(v.milliseconds);
}
console.log("checked", Math.round(performance.now() - t2));
