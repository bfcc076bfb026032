/** Plans a Pulumi program in this process. */

import { localPackages } from "../providers/index.ts";
import type { Plan, PlanMode, PlanObject } from "./plan.ts";
import { toPlan } from "./planned.ts";
import { runProgram } from "./run.ts";
import { protocolObject } from "./values.ts";

export interface PlanProgramOptions {
  /** @default "update" */
  readonly mode?: PlanMode;
  /** @default "project" */
  readonly project?: string;
  /** @default "stack" */
  readonly stack?: string;
  /** Full keys (`project:key`), values as the SDK reads them: objects are JSON text. */
  readonly config?: Readonly<Record<string, string>>;
  /** Keys of `config` that are secret. */
  readonly secretKeys?: readonly string[];
  /** Outputs of another stack, undefined when there is no such stack. @default no other stack exists */
  readonly stackOutputs?: (stackName: string) => Promise<PlanObject | undefined>;
  /**
   * Packages, or `*`, whose default provider is refused.
   * @default the config key `pulumi:disable-default-providers`, else `["*"]` as in this project
   */
  readonly disabledDefaultProviders?: readonly string[];
  /** Called with the number of resources so far. */
  readonly onResource?: (count: number) => void;
  /** @default 20,000 */
  readonly idleTimeoutMilliseconds?: number;
}

/**
 * The plan of a program that runs in this process. Its result object, if any, becomes the stack's outputs.
 * Rejects with a `PlanError`.
 */
export async function planProgram(
  program: () => unknown | Promise<unknown>,
  options: PlanProgramOptions = {},
): Promise<Plan> {
  const config = options.config ?? {};
  const engine = await runProgram(program, {
    mode: options.mode ?? "update",
    project: options.project ?? "project",
    stack: options.stack ?? "stack",
    config,
    secretKeys: options.secretKeys ?? [],
    packages: localPackages(),
    disabledDefaultProviders: options.disabledDefaultProviders ?? disabledByConfig(config) ?? ["*"],
    idleTimeoutMilliseconds: options.idleTimeoutMilliseconds ?? 20_000,
    ...(options.onResource === undefined ? {} : { onResource: options.onResource }),
    stackOutputs: async (name) => {
      const outputs = await options.stackOutputs?.(name);
      return outputs === undefined ? undefined : protocolObject(outputs);
    },
  });
  return toPlan(engine);
}

function disabledByConfig(config: Readonly<Record<string, string>>): string[] | undefined {
  const text = config["pulumi:disable-default-providers"];
  return text === undefined ? undefined : JSON.parse(text);
}
