#!/usr/bin/env node
import { ConfigError, readConfig } from "./config.ts";
import { serve } from "./serve.ts";
import { openAdapters } from "./service.ts";

const userMistake = 2;
const ourFault = 70;

/** What the operating system says when the address or the directory cannot be used as configured. */
const environmentErrors: Readonly<Record<string, string>> = {
  EADDRINUSE: "set PORT to another port, or 0 for any free one",
  EADDRNOTAVAIL: "set HOST to an address of this machine",
  ENOTFOUND: "set HOST to an address of this machine",
  EACCES: "set PORT above 1023, or DATA_DIR to a directory that this user may write",
  EROFS: "set DATA_DIR to a directory that can be written",
  ENOTDIR: "set DATA_DIR to a directory",
  EEXIST: "set DATA_DIR to a directory",
};

// What the embedded stores write is for this user only, whoever made their directory.
process.umask(0o077);

try {
  // At a terminal the address is the news and a line for each request is not.
  const defaults = process.stdout.isTTY ? { LOG_LEVEL: "warn" } : {};
  const config = readConfig({ ...defaults, ...process.env });
  const { url } = await serve(config, await openAdapters(config));
  if (process.stdout.isTTY) {
    const example = `curl -X PUT ${url}/documents/hello -H "Content-Type: text/plain" -d "Hello"`;
    process.stdout.write(`Document service at ${url}, data in ${config.dataDir}. Try: ${example}\n`);
  }
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    return userMistake;
  }
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const fix = environmentErrors[code];
  if (error instanceof Error && fix !== undefined) {
    process.stderr.write(`The service cannot start: ${error.message}\n  fix: ${fix}\n`);
    return userMistake;
  }
  console.error("The service failed to start. Please report this:", error);
  return ourFault;
}
