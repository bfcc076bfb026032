/** Finds the Pulumi CLI: on the PATH, in the project's cache, or built from source with Go. */
import { execFile } from "node:child_process";
import { accessSync, constants, mkdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PROJECT_ROOT } from "../plan/index.ts";

/** The folder of go.mod, which names the CLI as a tool. */
const MODULE = fileURLToPath(new URL(".", import.meta.url));
const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const VERSION = "v3.246.0";
const CACHE = join(PROJECT_ROOT, ".platform", "bin");
/** A first build takes about six minutes on two cores. */
const BUILD_TIMEOUT_MILLISECONDS = 20 * 60_000;

export type Cli = { readonly path: string } | { readonly missing: string };

export async function findCli(): Promise<Cli> {
  const found = findOnPath("pulumi", [...pathFolders(), CACHE]);
  if (found !== undefined) {
    return { path: found };
  }
  const go = findOnPath("go", pathFolders());
  if (go === undefined) {
    return { missing: "no Pulumi CLI: neither pulumi nor go (to build it) is on the PATH" };
  }
  return build(go);
}

function pathFolders(): string[] {
  return (process.env["PATH"] ?? "").split(delimiter);
}

function findOnPath(name: string, folders: readonly string[]): string | undefined {
  // A package runner puts its own shims on the PATH; the npm package of this name would download a CLI.
  return folders
    .filter((folder) => !folder.includes("node_modules"))
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function build(go: string): Promise<Cli> {
  const path = join(CACHE, "pulumi");
  mkdirSync(dirname(path), { recursive: true });
  process.stderr.write(`building the Pulumi CLI ${VERSION} with Go, once; about six minutes\n`);
  const flags = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=${VERSION}`;
  try {
    await promisify(execFile)(go, ["build", "-mod=readonly", "-ldflags", flags, "-o", path, PACKAGE], {
      cwd: MODULE,
      timeout: BUILD_TIMEOUT_MILLISECONDS,
    });
    return { path };
  } catch (error) {
    const said = error instanceof Error ? error.message.split("\n").slice(0, 5).join("\n") : String(error);
    return { missing: `no Pulumi CLI, and it could not be built: ${said}` };
  }
}
