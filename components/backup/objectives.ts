/**
 * What may be lost and how long it may take, for each tier, in one place (C-03, C-04). Alarms, runbooks and drills quote
 * these numbers; none has its own.
 */

export interface RecoveryTimeObjective {
  /** Longest time in seconds until the tier serves again. */
  readonly seconds: number;
  readonly rows: readonly string[];
  readonly what: string;
}

export interface RecoveryPointObjective {
  /** Longest stretch of acknowledged writes in seconds that may be lost. */
  readonly seconds: number;
  readonly rows: readonly string[];
  readonly what: string;
}

export interface RecoveryObjectives {
  readonly time: Readonly<
    Record<"traffic" | "database" | "application" | "region" | "restore", RecoveryTimeObjective>
  >;
  readonly point: Readonly<
    Record<
      "database" | "state" | "files" | "sharedFiles" | "configuration" | "restore",
      RecoveryPointObjective
    >
  >;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

export const OBJECTIVES = {
  time: {
    traffic: { seconds: 30, rows: ["DR-07"], what: "new requests go to the healthy region" },
    database: { seconds: MINUTE, rows: ["DR-06"], what: "the other region's Aurora cluster takes writes" },
    application: { seconds: 5 * MINUTE, rows: ["DR-05"], what: "services of the region serve all traffic" },
    region: {
      seconds: 15 * MINUTE,
      rows: ["DR-08"],
      what: "the whole failover; the steps above are parts of it",
    },
    restore: {
      seconds: 4 * HOUR,
      rows: ["DR-09"],
      what: "only from backups: data destroyed in every region at once",
    },
  },
  point: {
    database: { seconds: 1, rows: ["DR-10"], what: "Aurora global database" },
    state: { seconds: 1, rows: ["DR-11"], what: "DynamoDB global tables; real time is about a second" },
    files: {
      seconds: 15 * MINUTE,
      rows: ["DR-12", "DR-14"],
      what: "S3 with Replication Time Control, whose only promise this is",
    },
    sharedFiles: { seconds: 15 * MINUTE, rows: ["DR-12", "DR-14"], what: "EFS replication" },
    configuration: {
      seconds: 0,
      rows: ["DR-13", "DR-33"],
      what: "Git: what is not committed is not deployed",
    },
    restore: { seconds: 24 * HOUR, rows: ["DR-18"], what: "daily backups; continuous ones lose minutes" },
  },
} as const satisfies RecoveryObjectives;

/** A daily backup counts as late when none was completed for its interval and this long, in which it runs. */
export const BACKUP_GRACE_HOURS = 2;

/** Every objective as a line for people: tier, limit, row. */
export function objectiveLines(objectives: RecoveryObjectives = OBJECTIVES): string[] {
  return (["time", "point"] as const).flatMap((kind) =>
    Object.entries(objectives[kind]).map(
      ([tier, { rows, seconds, what }]) =>
        `${kind === "time" ? "RTO" : "RPO"} ${tier}: ${inWords(seconds)} (${rows.join(", ")}): ${what}`,
    ),
  );
}

function inWords(seconds: number): string {
  const units = [
    [HOUR, "h"],
    [MINUTE, "min"],
  ] as const;
  const [size, unit] = units.find(([length]) => seconds >= length && seconds % length === 0) ?? [1, "s"];
  return `${seconds / size} ${unit}`;
}
