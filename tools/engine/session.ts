/** The real engine on this machine: its own state folder, local providers, the unmodified program. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalWorkspace, PulumiCommand, type Stack } from "@pulumi/pulumi/automation/index.js";
import { PROJECT_ROOT, readStackConfig } from "../plan/project.ts";
import { programOutputs } from "../plan/stack.ts";
import { localPackages } from "../providers/index.ts";
import { debugProviders, type ServedProvider, serveProvider } from "../providers/serve.ts";

export interface EngineSession {
  /** A stack of the project; `config` replaces keys of its file, as in `planStack`. */
  stack(name: string, config?: Readonly<Record<string, unknown>>): Promise<Stack>;
  close(): void;
}

export interface SessionOptions {
  /** Path of the CLI, in a folder named `bin`. */
  readonly cli: string;
  /** Folder of Pulumi.yaml. @default this repository */
  readonly root?: string;
}

let loads = 0;

export async function openSession({ cli, root = PROJECT_ROOT }: SessionOptions): Promise<EngineSession> {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-engine-"));
  const state = join(folder, "state");
  mkdirSync(state);
  const served = await Promise.all([...localPackages().values()].map((local) => serveProvider(local)));
  const pulumiCommand = await PulumiCommand.get({ root: dirname(dirname(cli)) });
  return {
    async stack(name, config) {
      const { project, main, config: values, secretKeys } = readStackConfig(root, name, config);
      const workDir = join(folder, name);
      mkdirSync(workDir, { recursive: true });
      const stack = await LocalWorkspace.createOrSelectStack(
        {
          stackName: name,
          projectName: project,
          program: async () => {
            loads += 1;
            return Object(await programOutputs(await import(`${pathToFileURL(main).href}?engine=${loads}`)));
          },
        },
        { workDir, pulumiCommand, envVars: environment(folder, state, served) },
      );
      await stack.setAllConfig(
        Object.fromEntries(
          Object.entries(values).map(([key, value]) => [key, { value, secret: secretKeys.includes(key) }]),
        ),
      );
      return stack;
    },
    close() {
      for (const provider of served) {
        provider.close();
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function environment(
  folder: string,
  state: string,
  served: readonly ServedProvider[],
): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: pathToFileURL(state).href,
    PULUMI_CONFIG_PASSPHRASE: "offline",
    PULUMI_DEBUG_PROVIDERS: debugProviders(served),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}
