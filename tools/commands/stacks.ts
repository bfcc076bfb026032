/** The stack files of the checkout, and what they configure. */
import { join } from "node:path";
import type { ConfigValues } from "../../infra/config/schema.ts";
import { stackNames as filesByName, readYaml } from "../plan/project.ts";
import { Mistake } from "../terminal/exit.ts";

/** Deploy order; other stacks follow by name. */
const deployOrder = ["global", "prod", "dr", "link"];
const namespace = "platform:";

export interface StackFile {
  readonly stack: string;
  readonly values: ConfigValues;
}

export function stackFile(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}

export function stackNames(root: string): string[] {
  const rank = (name: string) =>
    deployOrder.includes(name) ? deployOrder.indexOf(name) : deployOrder.length;
  return filesByName(root).sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** The stacks asked for, or all; a name without a file is a mistake that tells the names there are. */
export function stacksNamed(root: string, wanted: readonly string[]): string[] {
  const known = stackNames(root);
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    const names = unknown.map((name) => `"${name}"`).join(", ");
    throw new Mistake(
      `no stack ${names}: there is no ${unknown.map(stackFile).join(", ")}; stacks are: ${known.join(", ")}`,
    );
  }
  return wanted.length === 0 ? known : [...new Set(wanted)];
}

/** Effective configurations. @throws Mistake that tells every mistake of every file */
export async function stackFiles(root: string, stacks: readonly string[]): Promise<StackFile[]> {
  const [{ parseConfig }, { ConfigError }] = await Promise.all([
    import("../../infra/config/parse.ts"),
    import("../../infra/config/problems.ts"),
  ]);
  const project = configEntries(root, "Pulumi.yaml");
  const parsed = stacks.map((stack) => ({
    stack,
    ...parseConfig({ ...project, ...configEntries(root, stackFile(stack)) }),
  }));
  const wrong = parsed.filter(({ problems }) => problems.length > 0);
  if (wrong.length > 0) {
    throw new Mistake(
      wrong.map(({ stack, problems }) => new ConfigError(stack, problems).message).join("\n\n"),
    );
  }
  return parsed.flatMap(({ stack, values }) => (values === undefined ? [] : [{ stack, values }]));
}

/** Entries of the namespace `platform` in one file, without the namespace; a project file wraps each in `value`. */
export function configEntries(root: string, file: string): Record<string, unknown> {
  const content = readYaml(join(root, file));
  const config = property(content, "config") ?? {};
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key.startsWith(namespace))
      .map(([key, value]) => [
        key.slice(namespace.length),
        file === "Pulumi.yaml" ? (property(value, "value") ?? property(value, "default") ?? value) : value,
      ]),
  );
}

function property(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
