import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { bootstrapScript } from "./service-database-bootstrap.ts";

/** Needs PostgreSQL's `initdb`, `postgres` and `psql` on the PATH. PostgreSQL refuses to run as root: then as `nobody`. */
const run = promisify(execFile);
const NOBODY = 65_534;
const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

describe("a service's database in a real PostgreSQL", () => {
  let folder = "";
  let server: ChildProcess | undefined;
  let port = 0;
  let log = "";

  const environment = (user: string, database: string, password: string) => ({
    PATH: process.env["PATH"],
    PGHOST: "127.0.0.1",
    PGPORT: String(port),
    PGUSER: user,
    PGDATABASE: database,
    PGPASSWORD: password,
  });
  const sql = async (statement: string, user = "superuser", database = "postgres", password = "super") => {
    const options = { env: environment(user, database, password) };
    return (await run("psql", ["--no-psqlrc", "-Atc", statement], options)).stdout.trim();
  };
  /** As the Job runs it: by the administrator, who is no superuser, and without a terminal. */
  const bootstrap = (servicePassword: string) =>
    new Promise<number | null>((resolve, reject) => {
      const env = {
        ...environment("platform", "platform", "administrator"),
        SERVICE_PASSWORD: servicePassword,
      };
      const job = spawn("/bin/sh", ["-c", bootstrapScript("orders")], {
        env,
        detached: true,
        stdio: "ignore",
      });
      job.on("error", reject).on("close", resolve);
    });

  before(async function () {
    this.timeout(60_000);
    folder = await mkdtemp(join(tmpdir(), "service-database-"));
    const passwordFile = join(folder, "password");
    await writeFile(passwordFile, "super\n");
    if (identity.uid !== undefined) {
      for (const path of [folder, passwordFile]) await chown(path, identity.uid, identity.gid ?? NOBODY);
    }
    const data = join(folder, "data");
    const initialize = ["-D", data, "-U", "superuser", "--auth=scram-sha-256", `--pwfile=${passwordFile}`];
    await run("initdb", initialize, { ...identity, cwd: folder });
    port = await freePort();
    const settings = ["log_statement=all", "fsync=off", `unix_socket_directories=${folder}`];
    const started = spawn(
      "postgres",
      ["-D", data, "-p", String(port), ...settings.flatMap((setting) => ["-c", setting])],
      { ...identity, cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
    );
    server = started;
    await new Promise<void>((resolve, reject) => {
      started.on("error", reject);
      started.on("exit", (code) => reject(new Error(`postgres ended with ${code}: ${log}`)));
      started.stderr.on("data", (chunk: Buffer) => {
        log += chunk.toString();
        if (log.includes("ready to accept connections")) resolve();
      });
    });
    await sql("CREATE ROLE platform LOGIN CREATEROLE CREATEDB PASSWORD 'administrator'");
    await sql("CREATE DATABASE platform OWNER platform");
    await sql("CREATE ROLE other LOGIN PASSWORD 'other'");
  });

  after(async () => {
    const running = server;
    if (running !== undefined && running.exitCode === null) {
      const ended = new Promise((resolve) => running.once("exit", resolve));
      running.kill("SIGINT");
      await ended;
    }
    if (folder !== "") await rm(folder, { recursive: true, force: true });
  });

  it("DATA-09: makes role and database once, and again changes nothing but the password", async () => {
    assert.equal(await bootstrap("first-service-password"), 0);
    assert.equal(await sql("SELECT 1", "orders", "orders", "first-service-password"), "1");
    assert.equal(await bootstrap("second-service-password"), 0);
    assert.equal(await sql("SELECT 1", "orders", "orders", "second-service-password"), "1");
    await assert.rejects(
      sql("SELECT 1", "orders", "orders", "first-service-password"),
      /password authentication failed/,
    );
  });

  it("DATA-09: gives the service a database of its own that no other role can connect to", async () => {
    const owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'orders'";
    assert.equal(await sql(owner), "orders");
    assert.equal(
      await sql("CREATE TABLE t (a int)", "orders", "orders", "second-service-password"),
      "CREATE TABLE",
    );
    await assert.rejects(
      sql("SELECT 1", "other", "orders", "other"),
      /permission denied for database "orders"/,
    );
  });

  it("leaves the administrator no member of the service's role", async () => {
    const members =
      "SELECT count(*) FROM pg_auth_members JOIN pg_roles ON pg_roles.oid = roleid WHERE rolname = 'orders' AND (to_jsonb(pg_auth_members) ->> 'set_option') IS DISTINCT FROM 'false'";
    assert.equal(await sql(members), "0");
  });

  it("writes the password to no log of the database", () => {
    assert.match(log, /ALTER USER orders PASSWORD 'SCRAM-SHA-256/);
    assert.doesNotMatch(log, /service-password/);
  });

  it("fails when it cannot do its work", async () => {
    await sql("ALTER ROLE platform NOCREATEROLE");
    assert.notEqual(await bootstrap("third-service-password"), 0);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject).listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        address !== null && typeof address === "object"
          ? resolve(address.port)
          : reject(new Error("no port is free")),
      );
    });
  });
}
