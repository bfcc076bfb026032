import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";
import { STORE_PORTS } from "../network/security-rules.ts";
import { RelationalCluster, type RelationalClusterArgs } from "./relational-cluster.ts";
import {
  type BootstrapJob,
  bootstrapJob,
  databaseNameProblems,
  imageProblems,
  type SecretKey,
} from "./service-database-bootstrap.ts";

interface ServiceArgs {
  /** Service that owns the database, as Kubernetes names it. */
  readonly service: string;
  /** Name of its role and of its database. Another name is another, empty database. @default the service, `-` as `_` */
  readonly database?: string | undefined;
  /** Namespace of the Job and of both Secrets. */
  readonly namespace: string;
  /** Kubernetes Secret with the administrator's password. */
  readonly administratorSecret: SecretKey;
  /** Kubernetes Secret with the service's password, the same value in every region. */
  readonly serviceSecret: SecretKey;
  /** Image with `psql` and a shell, by digest. */
  readonly bootstrapImage: string;
}

/** A role and a database of its own on a cluster that services share. */
export interface SharedServiceDatabaseArgs extends ServiceArgs {
  readonly isolation: "database";
  /** Host that takes writes from any region: the global database's writer endpoint, or the cluster's own. */
  readonly writerEndpoint: pulumi.Input<string>;
  /** Host of this region's readers. */
  readonly readerEndpoint: pulumi.Input<string>;
  /** User that makes roles and databases. */
  readonly administratorUsername: string;
  /** Database that the administrator connects to. */
  readonly administratorDatabase: string;
}

/** A cluster of its own, Serverless v2. */
export interface DedicatedServiceDatabaseArgs extends ServiceArgs {
  readonly isolation: "cluster";
  /** As of any relational cluster; its size is in capacity units. @default 0.5 to 8 ACU, two members */
  readonly cluster: Omit<RelationalClusterArgs, "instanceClass">;
  /** Writer endpoint of the global database that the cluster joins. @default the cluster's own endpoint, when it joins none */
  readonly writerEndpoint?: pulumi.Input<string> | undefined;
}

export type ServiceDatabaseArgs = SharedServiceDatabaseArgs | DedicatedServiceDatabaseArgs;

/** From about 45 USD a month a member to what a service of its own should ever need; a burst beyond it waits. */
const CAPACITY = { serverlessMinimumAcu: 0.5, serverlessMaximumAcu: 8 };

/**
 * The PostgreSQL database of one service: a role and a database on the shared cluster, or a Serverless v2 cluster of its
 * own (DATA-09, DATA-10, C-13, COST-08). Either way no other service's role can connect to it.
 *
 * AWS knows no roles or databases inside PostgreSQL, and the program has no way into the VPC. So `bootstrapJob` is the
 * manifest of a Kubernetes Job, to be applied in the cluster: it makes what is missing, sets the service's password, tries
 * it, and may run again in any region at any time. Nothing else makes the role: a service waits for the Job. Under failure
 * it behaves as its cluster does. A database costs nothing; a cluster at rest about 90 USD a month in each region.
 */
export class ServiceDatabase extends pulumi.ComponentResource {
  /** Host that takes writes. */
  readonly host: pulumi.Output<string>;
  readonly readerHost: pulumi.Output<string>;
  readonly port: number;
  /** Name of the database and of the role that owns it. */
  readonly database: string;
  /** The Job that makes role and database, named by its contents. */
  readonly bootstrapJob: pulumi.Output<BootstrapJob>;
  /** The service's own cluster; undefined on a shared one. */
  readonly cluster: RelationalCluster | undefined;

  constructor(name: string, args: ServiceDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:data:ServiceDatabase", name, {}, opts);
    this.database = args.database ?? args.service.replaceAll("-", "_");
    refuse(`ServiceDatabase ${name}`, problems(args, this.database));
    this.port = STORE_PORTS.aurora.port;

    if (args.isolation === "cluster") {
      this.cluster = new RelationalCluster(
        `${name}-cluster`,
        { ...CAPACITY, ...args.cluster, instanceClass: "db.serverless" },
        { parent: this },
      );
      this.host = pulumi.output(args.writerEndpoint ?? this.cluster.endpoint);
      this.readerHost = this.cluster.readerEndpoint;
    } else {
      this.cluster = undefined;
      this.host = pulumi.output(args.writerEndpoint);
      this.readerHost = pulumi.output(args.readerEndpoint);
    }
    this.bootstrapJob = this.host.apply((host) =>
      bootstrapJob({
        ...args,
        host,
        port: this.port,
        database: this.database,
        image: args.bootstrapImage,
        administrator: administratorOf(args),
      }),
    );
    this.registerOutputs({
      host: this.host,
      readerHost: this.readerHost,
      port: this.port,
      database: this.database,
      bootstrapJob: this.bootstrapJob,
    });
  }
}

function administratorOf(args: ServiceDatabaseArgs): {
  readonly username: string;
  readonly database: string;
} {
  return args.isolation === "cluster"
    ? { username: args.cluster.masterUsername, database: args.cluster.databaseName }
    : { username: args.administratorUsername, database: args.administratorDatabase };
}

/** A name that Kubernetes takes as a label; 36 characters leave room for the rest of the Job's name. */
const SERVICE = /^[a-z]([a-z0-9-]{0,34}[a-z0-9])?$/;
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

function problems(args: ServiceDatabaseArgs, database: string): string[] {
  const administrator = administratorOf(args);
  const found: string[] = [];
  if (!SERVICE.test(args.service)) {
    found.push(
      `service: "${args.service}" is no name of a service; use up to 36 lower-case letters, digits and hyphens, a letter first`,
    );
  }
  if (!NAMESPACE.test(args.namespace)) {
    found.push(
      `namespace: "${args.namespace}" is no namespace; use up to 63 lower-case letters, digits and hyphens`,
    );
  }
  found.push(...databaseNameProblems("database", database), ...imageProblems(args.bootstrapImage));
  if (database === administrator.username || database === administrator.database) {
    found.push(`database: "${database}" is the administrator's; name the service's own`);
  }
  if (
    args.isolation === "cluster" &&
    args.cluster.globalClusterIdentifier !== undefined &&
    args.writerEndpoint === undefined
  ) {
    found.push(
      "writerEndpoint: a cluster with globalClusterIdentifier may be a copy that refuses writes; give the global database's writer endpoint",
    );
  }
  return found;
}
