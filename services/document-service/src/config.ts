import { z } from "zod";

const mebibyte = 1024 * 1024;

const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

const defaultContentTypes = [
  "application/json",
  "application/octet-stream",
  "application/pdf",
  "application/xml",
  "image/jpeg",
  "image/png",
  "image/tiff",
  "image/webp",
  "text/csv",
  "text/markdown",
  "text/plain",
];

interface Setting<Value> {
  readonly name: string;
  readonly meaning: string;
  readonly allowed: string;
  /** As it would stand in the environment. */
  readonly default: string;
  readonly schema: z.ZodType<Value, string>;
}

function setting<Value>(setting: Setting<Value>): Setting<Value> {
  return setting;
}

function wholeNumber(from: number, to: number): Pick<Setting<number>, "allowed" | "schema"> {
  return {
    allowed: `a whole number from ${from} to ${to}`,
    schema: z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number)
      .pipe(z.int().min(from).max(to)),
  };
}

function oneOf<const Values extends readonly [string, ...string[]]>(
  values: Values,
): Pick<Setting<Values[number]>, "allowed" | "schema"> {
  return { allowed: values.join(", "), schema: z.string().pipe(z.enum(values)) };
}

/** Every environment variable of the service. The README's table is made from this one. */
const settings = {
  host: setting({
    name: "HOST",
    meaning: "Address to listen on. A container needs `0.0.0.0` or `::`",
    allowed: "a host name or an IP address",
    default: "127.0.0.1",
    schema: z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/),
  }),
  port: setting({
    name: "PORT",
    meaning: "TCP port; 0 takes any free one",
    default: "8080",
    ...wholeNumber(0, 65535),
  }),
  region: setting({
    name: "REGION",
    meaning: "Recorded with each write as its region of origin",
    allowed: "lower-case letters, digits and hyphens, at most 32",
    default: "local",
    schema: z.string().regex(/^[a-z0-9-]{1,32}$/),
  }),
  dataDir: setting({
    name: "DATA_DIR",
    meaning: "Directory of the embedded stores, created if absent; relative to the working directory",
    allowed: "a path",
    default: "./.data",
    schema: z.string().min(1),
  }),
  maxDocumentBytes: setting({
    name: "MAX_DOCUMENT_BYTES",
    meaning: "Largest document that is accepted",
    default: String(25 * mebibyte),
    ...wholeNumber(1, 5 * 1024 * mebibyte),
  }),
  allowedContentTypes: setting({
    name: "ALLOWED_CONTENT_TYPES",
    meaning: "Media types that are accepted",
    allowed: "media types such as text/plain, separated by commas",
    default: defaultContentTypes.join(","),
    schema: z
      .string()
      .transform((list) => list.split(",").map((type) => type.trim().toLowerCase()))
      .pipe(z.array(z.string().regex(/^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/))),
  }),
  storageTimeoutMs: setting({
    name: "STORAGE_TIMEOUT_MS",
    meaning: "Longest wait for one metadata call, in milliseconds",
    default: "2000",
    ...wholeNumber(1, 60_000),
  }),
  cacheTtlSeconds: setting({
    name: "CACHE_TTL_SECONDS",
    meaning: "Time to live of a cache entry: the longest that a missed invalidation can show an old version",
    default: "300",
    ...wholeNumber(1, 86_400),
  }),
  cacheWriteMode: setting({
    name: "CACHE_WRITE_MODE",
    meaning: "What a write does to the cache: store the new version, or drop the old one",
    default: "update",
    ...oneOf(["update", "invalidate"]),
  }),
  cacheMaxDocumentBytes: setting({
    name: "CACHE_MAX_DOCUMENT_BYTES",
    meaning: "Largest document that is cached with its content; of larger ones only the record is",
    default: String(64 * 1024),
    ...wholeNumber(0, 16 * mebibyte),
  }),
  cacheCapacityBytes: setting({
    name: "CACHE_CAPACITY_BYTES",
    meaning: "Memory of the embedded cache",
    default: String(64 * mebibyte),
    ...wholeNumber(mebibyte, 16 * 1024 * mebibyte),
  }),
  cacheTimeoutMs: setting({
    name: "CACHE_TIMEOUT_MS",
    meaning: "Longest wait for one cache call, in milliseconds; later it counts as a miss",
    default: "50",
    ...wholeNumber(1, 5000),
  }),
  probeTimeoutMs: setting({
    name: "PROBE_TIMEOUT_MS",
    meaning: "Longest wait of `/health` for each dependency, in milliseconds; Route 53 gives up after 2000",
    default: "500",
    ...wholeNumber(1, 1500),
  }),
  supersededGraceSeconds: setting({
    name: "SUPERSEDED_GRACE_SECONDS",
    meaning: "How long a replaced version's content is kept; longer than CACHE_TTL_SECONDS",
    default: "3600",
    ...wholeNumber(1, 2_592_000),
  }),
  orphanGraceSeconds: setting({
    name: "ORPHAN_GRACE_SECONDS",
    meaning: "Age at which content that never became a document is removed; longer than any upload takes",
    default: "86400",
    ...wholeNumber(1, 2_592_000),
  }),
  cleanupIntervalSeconds: setting({
    name: "CLEANUP_INTERVAL_SECONDS",
    meaning: "Pause between two removals of unreachable content; 0 turns them off",
    default: "600",
    ...wholeNumber(0, 86_400),
  }),
  shutdownGraceSeconds: setting({
    name: "SHUTDOWN_GRACE_SECONDS",
    meaning: "Time for requests under way after SIGTERM or SIGINT; less than the pod's termination grace",
    default: "25",
    ...wholeNumber(0, 3600),
  }),
  logLevel: setting({
    name: "LOG_LEVEL",
    meaning: "Least important level that is logged",
    default: "info",
    ...oneOf(logLevels),
  }),
};

type Settings = typeof settings;

export type Config = { readonly [Key in keyof Settings]: z.output<Settings[Key]["schema"]> };

export interface ConfigProblem {
  readonly name: string;
  readonly value: string;
  readonly allowed: string;
  readonly fix: string;
}

export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(
      ({ name, value, allowed, fix }) =>
        `  ${name}  ${JSON.stringify(value)} is not allowed\n      allowed: ${allowed}\n      fix: ${fix}`,
    );
    const count = problems.length === 1 ? "1 error" : `${problems.length} errors`;
    super(`The environment has ${count}\n\n${lines.join("\n")}`);
    this.problems = problems;
  }
}

/**
 * The only reader of the environment.
 *
 * @throws ConfigError with every problem at once.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: ConfigProblem[] = [];
  const values = Object.entries<Setting<unknown>>(settings).map(
    ([key, { name, allowed, schema, ...rest }]) => {
      const value = environment[name] ?? rest.default;
      const result = schema.safeParse(value);
      if (result.success) return [key, result.data];
      problems.push({
        name,
        value,
        allowed,
        fix: `unset ${name} for the default, or set it as in ${name}=${rest.default}`,
      });
      return [key, undefined];
    },
  );
  if (problems.length > 0) throw new ConfigError(problems);
  const config: Config = Object.fromEntries(values);
  const contradictions = findContradictions(config);
  if (contradictions.length > 0) throw new ConfigError(contradictions);
  return config;
}

function findContradictions(config: Config): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (config.supersededGraceSeconds <= config.cacheTtlSeconds) {
    problems.push({
      name: "SUPERSEDED_GRACE_SECONDS",
      value: String(config.supersededGraceSeconds),
      allowed: `more than CACHE_TTL_SECONDS, which is ${config.cacheTtlSeconds}: cached records point at that content`,
      fix: "raise SUPERSEDED_GRACE_SECONDS or lower CACHE_TTL_SECONDS",
    });
  }
  if (config.cacheMaxDocumentBytes * 8 > config.cacheCapacityBytes) {
    problems.push({
      name: "CACHE_MAX_DOCUMENT_BYTES",
      value: String(config.cacheMaxDocumentBytes),
      allowed: `at most an eighth of CACHE_CAPACITY_BYTES, which is ${config.cacheCapacityBytes}`,
      fix: "lower CACHE_MAX_DOCUMENT_BYTES or raise CACHE_CAPACITY_BYTES",
    });
  }
  return problems;
}

/** The README's table, as Markdown. */
export function environmentTable(): string {
  const rows = Object.values<Setting<unknown>>(settings).map(
    ({ name, meaning, allowed, default: value }) =>
      `| \`${name}\` | \`${value.replaceAll(",", ", ")}\` | ${allowed} | ${meaning} |`,
  );
  return ["| Variable | Default | Allowed | Meaning |", "|---|---|---|---|", ...rows].join("\n");
}
