import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { ConfigError, environmentTable, readConfig } from "./config.ts";

function problemsOf(environment: Record<string, string>) {
  try {
    readConfig(environment);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error;
  }
  return assert.fail("nothing was refused");
}

describe("the environment", () => {
  it("may be empty: every setting has a default", () => {
    const { allowedContentTypes, ...config } = readConfig({});
    assert.deepEqual(config, {
      host: "127.0.0.1",
      port: 8080,
      region: "local",
      dataDir: "./.data",
      maxDocumentBytes: 26_214_400,
      storageTimeoutMs: 2000,
      cacheTtlSeconds: 300,
      cacheWriteMode: "update",
      cacheMaxDocumentBytes: 65_536,
      cacheCapacityBytes: 67_108_864,
      cacheTimeoutMs: 50,
      probeTimeoutMs: 500,
      supersededGraceSeconds: 3600,
      orphanGraceSeconds: 86_400,
      cleanupIntervalSeconds: 600,
      shutdownGraceSeconds: 25,
      logLevel: "info",
    });
    assert.ok(allowedContentTypes.includes("application/pdf"));
    // Would run scripts under the API's own origin.
    for (const type of ["text/html", "image/svg+xml"]) assert.ok(!allowedContentTypes.includes(type));
  });

  it("is read by name", () => {
    const config = readConfig({
      PORT: "0",
      CACHE_WRITE_MODE: "invalidate",
      ALLOWED_CONTENT_TYPES: "Text/Plain , image/png",
      UNRELATED: "x",
    });
    assert.equal(config.port, 0);
    assert.equal(config.cacheWriteMode, "invalidate");
    assert.deepEqual(config.allowedContentTypes, ["text/plain", "image/png"]);
  });

  it("C-17: the cache's write mode is update or invalidate and its time to live is always set", () => {
    assert.equal(readConfig({}).cacheWriteMode, "update");
    assert.equal(readConfig({}).cacheTtlSeconds, 300);
    assert.deepEqual(problemsOf({ CACHE_WRITE_MODE: "none", CACHE_TTL_SECONDS: "0" }).problems, [
      {
        name: "CACHE_TTL_SECONDS",
        value: "0",
        allowed: "a whole number from 1 to 86400",
        fix: "unset CACHE_TTL_SECONDS for the default, or set it as in CACHE_TTL_SECONDS=300",
      },
      {
        name: "CACHE_WRITE_MODE",
        value: "none",
        allowed: "update, invalidate",
        fix: "unset CACHE_WRITE_MODE for the default, or set it as in CACHE_WRITE_MODE=update",
      },
    ]);
  });

  it("is refused as a whole, in words, with every problem", () => {
    assert.equal(
      problemsOf({ PORT: "80a", LOG_LEVEL: "loud" }).message,
      `The environment has 2 errors

  PORT  "80a" is not allowed
      allowed: a whole number from 0 to 65535
      fix: unset PORT for the default, or set it as in PORT=8080
  LOG_LEVEL  "loud" is not allowed
      allowed: fatal, error, warn, info, debug, trace, silent
      fix: unset LOG_LEVEL for the default, or set it as in LOG_LEVEL=info`,
    );
  });

  for (const [name, values] of Object.entries({
    PORT: ["", " 80", "-1", "65536", "1e3", "0x50", "80.0", "NaN"],
    HOST: ["", "a b", "http://x"],
    DATA_DIR: [""],
    REGION: ["", "US-EAST-1", "a_b"],
    ALLOWED_CONTENT_TYPES: ["", "text", "text/plain,", "text/plain;charset=utf-8", "*/*"],
    LOG_LEVEL: ["", "INFO"],
  })) {
    for (const value of values) {
      it(`refuses ${name}=${JSON.stringify(value)}`, () => {
        assert.deepEqual(
          problemsOf({ [name]: value }).problems.map((problem) => [problem.name, problem.value]),
          [[name, value]],
        );
      });
    }
  }

  it("refuses settings that contradict each other", () => {
    const { problems } = problemsOf({
      SUPERSEDED_GRACE_SECONDS: "300",
      CACHE_CAPACITY_BYTES: "1048576",
      CACHE_MAX_DOCUMENT_BYTES: "131073",
    });
    assert.deepEqual(
      problems.map(({ name, allowed }) => [name, allowed]),
      [
        [
          "SUPERSEDED_GRACE_SECONDS",
          "more than CACHE_TTL_SECONDS, which is 300: cached records point at that content",
        ],
        ["CACHE_MAX_DOCUMENT_BYTES", "at most an eighth of CACHE_CAPACITY_BYTES, which is 1048576"],
      ],
    );
  });

  it("never turns a number into another one", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String)), (value) => {
        try {
          assert.equal(String(readConfig({ PORT: value }).port), value.replace(/^0+(?=\d)/, ""));
        } catch (error) {
          assert.ok(error instanceof ConfigError);
        }
      }),
    );
  });

  it("is documented in the README, variable by variable", async () => {
    const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
    const section = readme.split("\n## Environment\n")[1]?.split("\n## ")[0] ?? "";
    assert.deepEqual(settingsIn(section), settingsIn(environmentTable()));
  });
});

/** The cells of each row that begins with a name in code type; padding is the formatter's business. */
function settingsIn(markdown: string): string[][] {
  return markdown
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim()));
}
