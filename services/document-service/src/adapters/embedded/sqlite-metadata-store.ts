import { DatabaseSync, type StatementSync } from "node:sqlite";
import { z } from "zod";
import { StoreUnavailable } from "../../ports/errors.ts";
import type { DocumentRecord, MetadataStore, Superseded } from "../../ports/metadata-store.ts";

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    contentType TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    modifiedAt INTEGER NOT NULL,
    originRegion TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS superseded (
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    supersededAt INTEGER NOT NULL,
    PRIMARY KEY (id, version)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS superseded_by_age ON superseded (supersededAt);
`;

const record: z.ZodType<DocumentRecord> = z.object({
  id: z.string(),
  version: z.string(),
  sequence: z.number(),
  contentType: z.string(),
  size: z.number(),
  sha256: z.string(),
  modifiedAt: z.number(),
  originRegion: z.string(),
});

const superseded: z.ZodType<Superseded> = z.object({
  id: z.string(),
  version: z.string(),
  supersededAt: z.number(),
});

/**
 * Records in one SQLite file. In WAL mode with synchronous FULL a commit is on disk before it returns; NORMAL could
 * lose acknowledged ones. Several processes may share the file: SQLite serialises their commits.
 */
export class SqliteMetadataStore implements MetadataStore {
  readonly #database: DatabaseSync;
  readonly #read: StatementSync;
  readonly #sequence: StatementSync;
  readonly #supersede: StatementSync;
  readonly #replace: StatementSync;

  /**
   * @param path a file, or ":memory:" for one that ends with the process.
   * @param options how long a commit waits for another process that is committing. Milliseconds, @default 1000
   */
  constructor(path: string, { busyTimeoutMs = 1000 }: { readonly busyTimeoutMs?: number } = {}) {
    this.#database = new DatabaseSync(path, { timeout: busyTimeoutMs });
    this.#database.exec(schema);
    this.#read = this.#database.prepare("SELECT * FROM documents WHERE id = ?");
    this.#sequence = this.#database.prepare("SELECT sequence FROM documents WHERE id = ?");
    this.#supersede = this.#database.prepare(
      "INSERT INTO superseded SELECT id, version, :at FROM documents WHERE id = :id",
    );
    this.#replace = this.#database.prepare(
      `INSERT OR REPLACE INTO documents
       VALUES (:id, :version, :sequence, :contentType, :size, :sha256, :modifiedAt, :originRegion)`,
    );
  }

  async read(id: string): Promise<DocumentRecord | undefined> {
    return answered(() => {
      const row = this.#read.get(id);
      return row && record.parse(row);
    });
  }

  async commit(next: DocumentRecord): Promise<"committed" | "conflict"> {
    return answered(() =>
      this.#transaction(() => {
        const current = Number(this.#sequence.get(next.id)?.["sequence"] ?? 0);
        if (current !== next.sequence - 1) return "conflict";
        this.#supersede.run({ id: next.id, at: next.modifiedAt });
        this.#replace.run({ ...next });
        return "committed";
      }),
    );
  }

  async superseded({ before, limit }: { before: number; limit: number }): Promise<readonly Superseded[]> {
    return answered(() =>
      this.#database
        .prepare("SELECT * FROM superseded WHERE supersededAt < ? ORDER BY supersededAt LIMIT ?")
        .all(before, limit)
        .map((row) => superseded.parse(row)),
    );
  }

  async forget({ id, version }: { id: string; version: string }): Promise<void> {
    answered(() =>
      this.#database.prepare("DELETE FROM superseded WHERE id = ? AND version = ?").run(id, version),
    );
  }

  async refersTo({ id, version }: { id: string; version: string }): Promise<boolean> {
    return answered(
      () =>
        this.#database
          .prepare(
            `SELECT 1 FROM documents WHERE id = :id AND version = :version
             UNION ALL SELECT 1 FROM superseded WHERE id = :id AND version = :version`,
          )
          .get({ id, version }) !== undefined,
    );
  }

  async probe(): Promise<void> {
    answered(() => this.#sequence.get(""));
  }

  async close(): Promise<void> {
    this.#database.close();
  }

  #transaction<T>(work: () => T): T {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

function answered<T>(call: () => T): T {
  try {
    return call();
  } catch (cause) {
    throw new StoreUnavailable("The embedded metadata database failed", { cause });
  }
}
