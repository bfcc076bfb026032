import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const sources = new URL("../", import.meta.url);

export interface ServiceProcess {
  readonly url: string;
  /** What it logged so far. */
  readonly lines: readonly string[];
  kill(signal: NodeJS.Signals): void;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Starts the real service as a process of its own and waits until it listens. */
export async function startService(
  environment: Readonly<Record<string, string>>,
  entry = "main.ts",
): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [fileOf(entry)], {
    env: environmentOf(environment),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  const ended = endOf(child);
  const url = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      lines.push(line);
      const address = /Server listening at (http:[^"]+)/.exec(line)?.[1];
      if (address) resolve(address);
    });
    ended.then(
      (how) => reject(new Error(`The service ended (${how}) before it listened: ${lines.join("\n")}`)),
      reject,
    );
  });
  return { url, lines, ended, kill: (signal) => child.kill(signal) };
}

/** Runs the service where it cannot start, to its end. */
export async function failToStart(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [fileOf("main.ts")], {
    env: environmentOf(environment),
    stdio: ["ignore", "inherit", "pipe"],
  });
  const [code, errors] = await Promise.all([endOf(child), text(child.stderr)]);
  return { code, errors };
}

function fileOf(entry: string): string {
  return fileURLToPath(new URL(entry, sources));
}

/** Nothing of the tests' own environment reaches the service. */
function environmentOf(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { PORT: "0", ...settings };
}

async function endOf(child: ChildProcess): Promise<number | NodeJS.Signals> {
  const [code, signal] = await once(child, "close");
  return code ?? signal;
}
