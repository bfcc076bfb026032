/**
 * `npm run bench:regions`: how the time of a plan grows with the number of regions, 1 to 8. `global` grows with them; a
 * region's own stack must not. Medians of three plans in one warm process.
 */
import { planStack } from "../plan/index.ts";
import { print, table } from "../terminal/output.ts";

const REGIONS = [
  "us-east-1",
  "us-west-2",
  "eu-west-1",
  "eu-central-1",
  "ap-southeast-2",
  "ap-northeast-1",
  "ca-central-1",
  "sa-east-1",
];
const RUNS = 3;

/** Shares that sum to 100, the first region taking what division leaves. */
function shapeOf(count: number): Record<string, { cidr: string; weight: number }> {
  const share = Math.floor(100 / count);
  const names = REGIONS.slice(0, count);
  return Object.fromEntries(
    names.map((name, index) => [
      name,
      { cidr: `10.${index}.0.0/16`, weight: index === 0 ? 100 - share * (count - 1) : share },
    ]),
  );
}

interface Figure {
  readonly milliseconds: number;
  readonly resources: number;
}

async function measure(stack: string, regions: ReturnType<typeof shapeOf>): Promise<Figure> {
  const config = { "platform:regions": regions };
  const global = stack === "global" ? undefined : (await planStack("global", { config })).outputs;
  const times: number[] = [];
  let resources = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const started = performance.now();
    const plan = await planStack(stack, { config, stackOutputs: async () => global });
    times.push(performance.now() - started);
    resources = plan.resources.length;
  }
  times.sort((a, b) => a - b);
  return { milliseconds: times[Math.floor(RUNS / 2)] ?? 0, resources };
}

async function main(): Promise<void> {
  await measure("global", shapeOf(1));
  const rows: string[][] = [];
  for (let count = 1; count <= REGIONS.length; count += 1) {
    const shape = shapeOf(count);
    const global = await measure("global", shape);
    const region = await measure("prod", shape);
    rows.push(
      [
        count,
        global.resources,
        global.milliseconds.toFixed(0),
        (global.milliseconds / global.resources).toFixed(2),
        region.resources,
        region.milliseconds.toFixed(0),
      ].map(String),
    );
  }
  const heads = ["regions", "global resources", "ms", "ms each", "prod resources", "ms"];
  const right = { align: "right" } as const;
  print(
    table(
      [heads, ...rows],
      heads.map(() => right),
    ).join("\n"),
  );
}

await main();
