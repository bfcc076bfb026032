/** What makes a service's role and database inside PostgreSQL: SQL, and the Kubernetes Job that runs it. */
import { createHash } from "node:crypto";

/** A key of a Kubernetes Secret. */
export interface SecretKey {
  readonly name: string;
  readonly key: string;
}

export interface BootstrapRequest {
  /** Service that owns the database; names the Job. */
  readonly service: string;
  /** Name of the role and of the database it owns. */
  readonly database: string;
  readonly namespace: string;
  /** Host that takes writes: the global database's writer endpoint, or the cluster's own. */
  readonly host: string;
  readonly port: number;
  /** User that makes roles and databases, and the database it connects to. */
  readonly administrator: { readonly username: string; readonly database: string };
  /** Kubernetes Secret with the administrator's password. */
  readonly administratorSecret: SecretKey;
  /** Kubernetes Secret with the service's password. */
  readonly serviceSecret: SecretKey;
  /** Image with `psql`, by digest. */
  readonly image: string;
}

/** PostgreSQL cuts longer names off, and these need no quotes. */
const DATABASE_NAME = /^[a-z][a-z0-9_]{0,62}$/;
const RESERVED = new Set(["postgres", "rdsadmin", "template0", "template1", "public"]);

export function databaseNameProblems(argument: string, name: string): string[] {
  if (DATABASE_NAME.test(name) && !RESERVED.has(name) && !/^(pg|rds)_/.test(name)) return [];
  return [
    `${argument}: "${name}" is no name for a service's role and database; use up to 63 lower-case letters, digits and underscores, a letter first, and none of PostgreSQL's own`,
  ];
}

export function imageProblems(image: string): string[] {
  if (/^[\w.-]+(:\d+)?(\/[\w.-]+)*(:[\w.-]+)?@sha256:[0-9a-f]{64}$/.test(image)) return [];
  return [
    `bootstrapImage: "${image}" names no digest; write it like registry/postgres@sha256:<64 hex digits>`,
  ];
}

/**
 * Makes the role and its database where they are missing, and lets nobody else connect. It can run again at any time.
 *
 * The role is not one of `rds_iam`: PostgreSQL 16 makes the administrator an indirect member of every role it creates, and
 * a member of `rds_iam` can log in with a password no more.
 */
export function bootstrapSql(database: string): string {
  return [
    `SELECT 'CREATE ROLE ${database} LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${database}')\\gexec`,
    // Only a member of a role may make it an owner, and only while it does.
    `GRANT ${database} TO CURRENT_USER;`,
    `SELECT 'CREATE DATABASE ${database} OWNER ${database}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '${database}')\\gexec`,
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC;`,
    `REVOKE ${database} FROM CURRENT_USER;`,
  ].join("\n");
}

/**
 * Shell script of the Job. `\password` sends a SCRAM verifier, never the password, so it is in no log of the database; it
 * reads from standard input where there is no terminal.
 */
export function bootstrapScript(database: string): string {
  return [
    "set -eu",
    `psql --no-psqlrc --set ON_ERROR_STOP=1 <<'SQL'\n${bootstrapSql(database)}\nSQL`,
    `printf '%s\\n%s\\n' "$SERVICE_PASSWORD" "$SERVICE_PASSWORD" | psql --no-psqlrc --set ON_ERROR_STOP=1 --command '\\password ${database}'`,
    `PGUSER=${database} PGDATABASE=${database} PGPASSWORD="$SERVICE_PASSWORD" psql --no-psqlrc --set ON_ERROR_STOP=1 --command 'SELECT 1' >/dev/null`,
  ].join("\n");
}

const USER_ID = 65_532;

/**
 * The Job, named by what it does: another request is another Job, the same one is already done. Its namespace must admit
 * it to the database by network policy, and hold both Secrets.
 */
export function bootstrapJob(request: BootstrapRequest) {
  const { administrator, administratorSecret, database, image, namespace, service, serviceSecret } = request;
  const script = bootstrapScript(database);
  const digest = createHash("sha256")
    .update(JSON.stringify([request, script]))
    .digest("hex")
    .slice(0, 8);
  const fromSecret = (name: string, secretKeyRef: SecretKey) => ({
    name,
    valueFrom: { secretKeyRef: { name: secretKeyRef.name, key: secretKeyRef.key } },
  });
  const labels = { "app.kubernetes.io/name": "service-database", "app.kubernetes.io/instance": service };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: `service-database-${service}-${digest}`, namespace, labels },
    spec: {
      backoffLimit: 6,
      activeDeadlineSeconds: 600,
      ttlSecondsAfterFinished: 86_400,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: USER_ID,
            runAsGroup: USER_ID,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: "bootstrap",
              image,
              command: ["/bin/sh", "-c", script],
              env: [
                { name: "PGHOST", value: request.host },
                { name: "PGPORT", value: String(request.port) },
                { name: "PGSSLMODE", value: "require" },
                { name: "PGCONNECT_TIMEOUT", value: "10" },
                { name: "PGUSER", value: administrator.username },
                { name: "PGDATABASE", value: administrator.database },
                fromSecret("PGPASSWORD", administratorSecret),
                fromSecret("SERVICE_PASSWORD", serviceSecret),
              ],
              resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "64Mi" } },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
            },
          ],
        },
      },
    },
  };
}

export type BootstrapJob = ReturnType<typeof bootstrapJob>;
