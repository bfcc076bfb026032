import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { sortedJson } from "../json.ts";
import { parameter, parameterGroupFamily } from "./engine-version.ts";
import type { DataProtection } from "./protection.ts";
import { placeMembers } from "./relational-layout.ts";

export interface RelationalMembersArgs {
  /** Cluster that the members belong to. Replaces them. */
  readonly clusterIdentifier: pulumi.Input<string>;
  readonly dbSubnetGroupName: pulumi.Input<string>;
  /** Aurora PostgreSQL version of the cluster; its major version chooses the parameters' family. */
  readonly engineVersion: string;
  /** Key of this region for Performance Insights. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Zones for the members, the preferred writer's first. A member whose zone changes is replaced. */
  readonly zones: readonly string[];
  /** RDS class of every member; a change restarts each in the maintenance window. */
  readonly instanceClass: string;
  /** Members that are always there. */
  readonly instances: number;
  /** Members at most; more than `instances` lets Application Auto Scaling add readers at 60 % CPU. */
  readonly maximumInstances: number;
  readonly partition: string;
  /** `release` adds no more readers: one that scaling has added would hold up the cluster's deletion. */
  readonly dataProtection: DataProtection;
}

const MONITORING_SECONDS = 60;
const READER_CPU_PERCENT = 60;

/**
 * The instances of one region's relational cluster, spread over its zones, and the readers that load adds (DATA-03).
 *
 * They hold no data of their own. When the writer or its zone is lost, the member with the lowest promotion tier takes
 * over, and the loss of the tier's first zone is made good by hand or at the next failover: the preference is soft.
 */
export class RelationalMembers extends pulumi.ComponentResource {
  /** Identifiers by the member's key, its zone. */
  readonly identifiers: Readonly<Record<string, pulumi.Output<string>>>;

  readonly #name: string;
  readonly #args: RelationalMembersArgs;

  constructor(name: string, args: RelationalMembersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:data:RelationalMembers", name, {}, opts);
    this.#name = name;
    this.#args = args;
    this.identifiers = this.#createMembers();
    if (args.maximumInstances > args.instances) this.#createScaling();
    this.registerOutputs({ identifiers: this.identifiers });
  }

  #createMembers(): Record<string, pulumi.Output<string>> {
    const { clusterIdentifier, dbSubnetGroupName, instanceClass, instances, kmsKeyArn, zones } = this.#args;
    const dbParameterGroupName = this.#createParameters().name;
    const monitoringRoleArn = this.#createMonitoringRole();
    const members = placeMembers(zones, instances).map(({ key, zone, promotionTier }) => {
      const member = new aws.rds.ClusterInstance(
        `${this.#name}-${key}`,
        {
          clusterIdentifier,
          engine: "aurora-postgresql",
          instanceClass,
          availabilityZone: zone,
          promotionTier,
          dbSubnetGroupName,
          dbParameterGroupName,
          // A minor version comes to all regions at once, by the global database.
          autoMinorVersionUpgrade: false,
          publiclyAccessible: false,
          copyTagsToSnapshot: true,
          monitoringInterval: MONITORING_SECONDS,
          monitoringRoleArn,
          performanceInsightsEnabled: true,
          performanceInsightsKmsKeyId: kmsKeyArn,
        },
        { parent: this },
      );
      return [key, member.identifier] as const;
    });
    return Object.fromEntries(members);
  }

  /** What the logs tell: changes of the schema, statements over a second, waits for locks. Not every statement. */
  #createParameters(): aws.rds.ParameterGroup {
    return new aws.rds.ParameterGroup(
      `${this.#name}-parameters`,
      {
        family: parameterGroupFamily(this.#args.engineVersion),
        parameters: [
          parameter("log_lock_waits", "1"),
          parameter("log_min_duration_statement", "1000"),
          parameter("log_statement", "ddl"),
        ],
      },
      { parent: this },
    );
  }

  /** The role is of use only with its policy, so what is handed out waits for both. */
  #createMonitoringRole(): pulumi.Output<string> {
    const role = new aws.iam.Role(
      `${this.#name}-monitoring`,
      {
        assumeRolePolicy: sortedJson({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Service: "monitoring.rds.amazonaws.com" },
              Action: "sts:AssumeRole",
            },
          ],
        }),
      },
      { parent: this },
    );
    const attached = new aws.iam.RolePolicyAttachment(
      `${this.#name}-monitoring`,
      {
        role: role.name,
        policyArn: `arn:${this.#args.partition}:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole`,
      },
      { parent: this },
    );
    return pulumi.all([role.arn, attached.id]).apply(([arn]) => arn);
  }

  #createScaling(): void {
    const { clusterIdentifier, dataProtection, instances, maximumInstances } = this.#args;
    const ceiling = dataProtection === "release" ? instances : maximumInstances;
    const target = new aws.appautoscaling.Target(
      `${this.#name}-readers`,
      {
        serviceNamespace: "rds",
        scalableDimension: "rds:cluster:ReadReplicaCount",
        resourceId: pulumi.interpolate`cluster:${clusterIdentifier}`,
        minCapacity: instances - 1,
        maxCapacity: ceiling - 1,
      },
      { parent: this },
    );
    new aws.appautoscaling.Policy(
      `${this.#name}-readers`,
      {
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: { predefinedMetricType: "RDSReaderAverageCPUUtilization" },
          targetValue: READER_CPU_PERCENT,
          // A reader takes minutes to start; a hasty return would start it over and over.
          scaleInCooldown: 600,
          scaleOutCooldown: 300,
        },
      },
      { parent: this },
    );
  }
}
