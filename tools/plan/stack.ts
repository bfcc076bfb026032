/** Plans one stack of the project in this process. */
import { pathToFileURL } from "node:url";
import type { Plan, PlanMode, PlanObject } from "./plan.ts";
import { planProgram } from "./program.ts";
import { PROJECT_ROOT, readStackConfig } from "./project.ts";

export interface PlanStackOptions {
  /** @default "update" */
  readonly mode?: PlanMode;
  /** Replaces keys of the stack file, values as YAML has them; keys without a namespace are the project's. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Folder of Pulumi.yaml. @default this repository */
  readonly root?: string;
  /** Outputs of the stacks that this one refers to. @default plans them */
  readonly stackOutputs?: (stack: string) => Promise<PlanObject | undefined>;
  /** Called with the number of resources so far. */
  readonly onResource?: (count: number) => void;
}

let runs = 0;

/** Rejects with a `PlanError` when the program fails, with a `ProjectError` when there is no such stack. */
export async function planStack(stack: string, options: PlanStackOptions = {}): Promise<Plan> {
  const root = options.root ?? PROJECT_ROOT;
  const { project, main, config, secretKeys } = readStackConfig(root, stack, options.config);
  const outputsOf = options.stackOutputs ?? planReferenced([stack], root);
  runs += 1;
  const fresh = `${pathToFileURL(main).href}?run=${runs}`;
  return planProgram(async () => programOutputs(await import(fresh)), {
    project,
    stack,
    config,
    secretKeys,
    disabledDefaultProviders: disabled(config),
    mode: options.mode ?? "update",
    ...(options.onResource === undefined ? {} : { onResource: options.onResource }),
    stackOutputs: async (reference) => {
      const name = stackOfReference(reference, project);
      return name === undefined ? undefined : outputsOf(name);
    },
  });
}

/** A reference is `organization/project/stack` or `stack`; those of other projects are not there. */
function stackOfReference(reference: string, project: string): string | undefined {
  const [stack, of = project] = reference.split("/").reverse();
  return of === project ? stack : undefined;
}

/**
 * A stack that is referred to has been deployed before, so its outputs are known whatever the mode: they come from a
 * plan in update mode.
 */
function planReferenced(path: readonly string[], root: string) {
  return async (stack: string): Promise<PlanObject> => {
    const chain = [...path, stack];
    if (path.includes(stack)) {
      throw new Error(`stacks refer to each other: ${chain.join(" -> ")}`);
    }
    const plan = await planStack(stack, { root, stackOutputs: planReferenced(chain, root) });
    return plan.outputs;
  };
}

/** As the CLI's host does: a default export stands alone, and a function is called. */
export async function programOutputs(exported: Readonly<Record<string, unknown>>): Promise<unknown> {
  if (!("default" in exported)) {
    return { ...exported };
  }
  if (Object.keys(exported).length > 1) {
    throw new Error("the program has a default export and named exports; it may have one or the other");
  }
  const { default: program } = exported;
  return typeof program === "function" ? program() : program;
}

function disabled(config: Readonly<Record<string, string>>): string[] {
  return JSON.parse(config["pulumi:disable-default-providers"] ?? "[]");
}
