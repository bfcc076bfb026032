import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";
import { engineVersionProblems } from "./engine-version.ts";
import { type DataProtection, protectionOptions } from "./protection.ts";

export interface GlobalDatabaseArgs {
  /** Identifier that the regional clusters join by. Replaces the global database. */
  readonly globalClusterIdentifier: string;
  /** Aurora PostgreSQL version, at least 15.4; a newer one upgrades every member. */
  readonly engineVersion: string;
  /** First database, made by the first writer. Replaces the global database. */
  readonly databaseName: string;
  /** `retain` protects the global database; `release` lets destroy delete it, after the regions' clusters. */
  readonly dataProtection: DataProtection;
}

/**
 * The Aurora Global Database that the regions' clusters join (DATA-04, DATA-08): empty at first, with no source cluster.
 *
 * It names no primary, so neither a switchover nor a failover changes an input of it or of a member. Its writer endpoint
 * follows the writer. It costs nothing itself; replicated writes are billed. Destroy the region that is not the writer
 * first, then the writer's, then this.
 */
export class GlobalDatabase extends pulumi.ComponentResource {
  readonly globalClusterIdentifier: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  /** Host name that always leads to the current writer, in whatever region it is. */
  readonly writerEndpoint: pulumi.Output<string>;

  constructor(name: string, args: GlobalDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:data:GlobalDatabase", name, {}, opts);
    refuse(`GlobalDatabase ${name}`, problems(args));
    const cluster = new aws.rds.GlobalCluster(
      name,
      {
        globalClusterIdentifier: args.globalClusterIdentifier,
        engine: "aurora-postgresql",
        engineVersion: args.engineVersion,
        databaseName: args.databaseName,
        storageEncrypted: true,
        deletionProtection: args.dataProtection === "retain",
      },
      { parent: this, ...protectionOptions(args.dataProtection) },
    );
    this.globalClusterIdentifier = cluster.globalClusterIdentifier;
    this.arn = cluster.arn;
    this.writerEndpoint = cluster.endpoint;
    this.registerOutputs({
      globalClusterIdentifier: this.globalClusterIdentifier,
      arn: this.arn,
      writerEndpoint: this.writerEndpoint,
    });
  }
}

function problems(args: GlobalDatabaseArgs): string[] {
  const found = engineVersionProblems(args.engineVersion);
  if (!/^(?!.*--)[a-z][a-z0-9-]{0,61}[a-z0-9]$/.test(args.globalClusterIdentifier)) {
    found.push(
      `globalClusterIdentifier: "${args.globalClusterIdentifier}" is no identifier; use lower-case letters, digits and single hyphens, a letter first`,
    );
  }
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(args.databaseName)) {
    found.push(
      `databaseName: "${args.databaseName}" is no database name; use lower-case letters, digits and underscores, a letter first`,
    );
  }
  return found;
}
