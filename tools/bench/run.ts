/**
 * One measured process: plans one stack with one planner, then again, and prints what it took as JSON. `main.ts` starts it.
 *
 * Words: planner, stack, folder with the plans that `main.ts` made before.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plan, PlanObject } from "../plan/plan.ts";

export type Planner = "platform" | "setMocks";

export interface Measured {
  /** From the start of the process to the first plan, modules included. */
  readonly firstSeconds: number;
  /** The same plan again in the same process. */
  readonly againSeconds: number;
  readonly resources: number;
  readonly peakMiB: number;
}

type Run = () => Promise<number>;

function savedPlan(folder: string, stack: string): Plan {
  return JSON.parse(readFileSync(join(folder, `${stack}.json`), "utf8"));
}

/** This project's engine: everything that a preview of the real engine checks, and a whole plan as the result. */
async function platformRun(stack: string, folder: string): Promise<Run> {
  const { planStack } = await import("../plan/index.ts");
  const stackOutputs = async (name: string) => savedPlan(folder, name).outputs;
  return async () => (await planStack(stack, { stackOutputs })).resources.length;
}

/**
 * The SDK's own test harness under the same program: it answers each registration from `mocks` and does nothing else. The
 * answers are those of the saved plan, so that both planners build the same resources.
 */
async function setMocksRun(stack: string, folder: string): Promise<Run> {
  const { runtime } = await import("@pulumi/pulumi");
  const { PROJECT_ROOT, readStackConfig } = await import("../plan/project.ts");
  const { localPackages } = await import("../providers/index.ts");
  const packages = localPackages();
  const answers = new Map(
    savedPlan(folder, stack).resources.map((resource) => [`${resource.type}::${resource.name}`, resource]),
  );
  const { project, main, config } = readStackConfig(PROJECT_ROOT, stack);
  let runs = 0;
  return async () => {
    let registered = 0;
    const mocks = {
      newResource({ type, name, inputs }: { type: string; name: string; inputs: PlanObject }) {
        registered += 1;
        const known = answers.get(`${type}::${name}`);
        return { id: known?.id ?? `${name}-id`, state: { ...inputs, ...known?.outputs } };
      },
      call({ token, inputs }: { token: string; inputs: PlanObject }) {
        return (
          packages
            .get(token.split(":")[0] ?? "")
            ?.configure({ region: "us-east-1" })
            .invoke(token, inputs) ?? {}
        );
      },
    };
    await runtime.setMocks(mocks, project, stack, false, "organization");
    runtime.setAllConfig({ ...config });
    runs += 1;
    const { default: program } = await import(`${pathToFileURL(main).href}?mocked=${runs}`);
    await runtime.runInPulumiStack(async () => program());
    await runtime.disconnect();
    return registered;
  };
}

async function measure(planner: Planner, stack: string, folder: string): Promise<Measured> {
  const run = await (planner === "platform" ? platformRun : setMocksRun)(stack, folder);
  const resources = await run();
  // The clock of `performance` starts with the process.
  const first = performance.now();
  await run();
  return {
    firstSeconds: first / 1000,
    againSeconds: (performance.now() - first) / 1000,
    resources,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  };
}

if (import.meta.main) {
  const [planner, stack = "", folder = ""] = process.argv.slice(2);
  const measured = await measure(planner === "setMocks" ? "setMocks" : "platform", stack, folder);
  process.stdout.write(JSON.stringify(measured), () => process.exit());
}
