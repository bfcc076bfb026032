import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";
import { documentEngineProblems, identifierProblems } from "./document-database-rules.ts";
import { type DataProtection, protectionOptions } from "./protection.ts";

export interface GlobalDocumentDatabaseArgs {
  /** Identifier that the regional clusters join by. Replaces the global cluster. */
  readonly globalClusterIdentifier: string;
  /** DocumentDB version; a newer one upgrades every member, a newer major one cannot be had. @default "5.0.0" */
  readonly engineVersion?: string | undefined;
  /** `retain` protects the global cluster; `release` lets destroy delete it, after the regions' clusters. */
  readonly dataProtection: DataProtection;
}

/**
 * The DocumentDB global cluster that the regions' clusters join (DATA-16, C-11): empty at first, with no source cluster.
 *
 * It names no primary, so neither a switchover nor a failover changes an input of it or of a member. It costs nothing
 * itself; replicated writes are billed. Destroy the regions that are not the writer first, then the writer's, then this.
 */
export class GlobalDocumentDatabase extends pulumi.ComponentResource {
  readonly globalClusterIdentifier: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: GlobalDocumentDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:data:GlobalDocumentDatabase", name, {}, opts);
    const { engineVersion = "5.0.0" } = args;
    refuse(`GlobalDocumentDatabase ${name}`, [
      ...identifierProblems("globalClusterIdentifier", args.globalClusterIdentifier),
      ...documentEngineProblems(engineVersion),
    ]);
    const cluster = new aws.docdb.GlobalCluster(
      name,
      {
        globalClusterIdentifier: args.globalClusterIdentifier,
        engine: "docdb",
        engineVersion,
        storageEncrypted: true,
        deletionProtection: args.dataProtection === "retain",
      },
      { parent: this, ...protectionOptions(args.dataProtection) },
    );
    this.globalClusterIdentifier = cluster.globalClusterIdentifier;
    this.arn = cluster.arn;
    this.registerOutputs({ globalClusterIdentifier: this.globalClusterIdentifier, arn: this.arn });
  }
}
