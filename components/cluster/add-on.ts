import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import type { Json } from "../json.ts";
import { WorkloadIdentity } from "../security/workload-identity.ts";
import { addOnProblems } from "./add-on-order.ts";

/** A value of a chart. Null takes a default of the chart away. */
export type HelmValue =
  | undefined
  | null
  | boolean
  | number
  | string
  | pulumi.Output<string>
  | pulumi.Output<string[]>
  | readonly HelmValue[]
  | HelmValues;
export interface HelmValues {
  readonly [key: string]: HelmValue;
}

/** The AWS identity of a service account that a chart makes. */
export interface AddOnIdentity {
  /** As the chart's values name it. */
  readonly serviceAccount: string;
  /** Inline policies by a stable key. @default none */
  readonly policies?: Readonly<Record<string, Json | pulumi.Output<string>>>;
  /** Managed policies by a stable key. @default none */
  readonly managedPolicyArns?: Readonly<Record<string, pulumi.Input<string>>>;
}

/** The contract of every add-on: what is installed, where, as whom, and after what. */
export interface AddOn {
  /** Name of the release, and of the entry; unique in a cluster. */
  readonly name: string;
  /** Name in `repository`, or an `oci://` reference. */
  readonly chart: string;
  /** `https://` address of the chart repository; absent for `oci://`. */
  readonly repository?: string;
  /** Exact version of the chart. */
  readonly version: string;
  /** Must exist. */
  readonly namespace: string;
  /** Everything of an earlier wave is Ready first, and is deleted later. */
  readonly wave: Wave;
  /** Add-ons of the same or an earlier wave that must be Ready first. @default none */
  readonly dependsOn?: readonly string[];
  /** By a stable key. @default none */
  readonly identities?: Readonly<Record<string, AddOnIdentity>>;
  readonly values: HelmValues;
  /** Leave out the chart's own `crds/` folder, when another release owns the definitions. @default false */
  readonly skipCrds?: boolean;
  /** Seconds until an installation that is not Ready is rolled back. @default 600 */
  readonly timeoutSeconds?: number;
}

/**
 * 1 definitions and metrics, 2 certificates, 3 nodes, load balancers and secrets, 4 mesh and monitoring, 5 platform
 * services, 6 admission policies and developer tools.
 */
export type Wave = 1 | 2 | 3 | 4 | 5 | 6;

/** The cluster an add-on goes to; `KubernetesCluster` is one. */
export interface ClusterReference {
  readonly name: pulumi.Input<string>;
  readonly arn: pulumi.Input<string>;
  readonly accountId: pulumi.Input<string>;
}

export interface HelmAddOnArgs {
  readonly addOn: AddOn;
  readonly cluster: ClusterReference;
  /** ARN of the policy that bounds the roles made here. @default none */
  readonly permissionsBoundaryArn?: pulumi.Input<string>;
}

/** How every release behaves: all or nothing, and it waits until its pods are Ready. */
export const RELEASE_OPTIONS = {
  atomic: true,
  cleanupOnFail: true,
  createNamespace: false,
  // Enough to roll back by hand; each revision is a Secret of up to 1 MiB in etcd.
  maxHistory: 5,
} as const;
export const RELEASE_TIMEOUT_SECONDS = 600;

/**
 * One chart, pinned, with an AWS role for each of its service accounts (SEC-06, SEC-07). Regional by its cluster. A chart
 * that does not become Ready is rolled back, and the deployment stops there: the former revision keeps running.
 *
 * Needs explicit `aws` and `kubernetes` providers.
 */
export class HelmAddOn extends pulumi.ComponentResource {
  readonly release: kubernetes.helm.v3.Release;
  /** Roles by the key of the identity. */
  readonly roleArns: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: HelmAddOnArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform:cluster:HelmAddOn", name, {}, opts);
    const { addOn } = args;
    refuse(this, `HelmAddOn "${name}"`, addOnProblems([addOn]));

    const identities = addOnIdentities(name, args, this);
    this.release = new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        name: addOn.name,
        chart: addOn.chart,
        repositoryOpts: addOn.repository === undefined ? undefined : { repo: addOn.repository },
        version: addOn.version,
        namespace: addOn.namespace,
        values: addOn.values,
        skipCrds: addOn.skipCrds ?? false,
        timeout: addOn.timeoutSeconds ?? RELEASE_TIMEOUT_SECONDS,
        ...RELEASE_OPTIONS,
      },
      pulumi.mergeOptions(
        { dependsOn: opts.dependsOn },
        { parent: this, dependsOn: Object.values(identities).flatMap((identity) => identity.ready) },
      ),
    );
    this.roleArns = Object.fromEntries(
      Object.entries(identities).map(([key, identity]) => [key, identity.roleArn]),
    );
    this.registerOutputs({ release: this.release, roleArns: this.roleArns });
  }
}

/** A role for each service account of an add-on. */
export function addOnIdentities(
  name: string,
  args: HelmAddOnArgs,
  parent: pulumi.Resource,
): Record<string, WorkloadIdentity> {
  return Object.fromEntries(
    Object.entries(args.addOn.identities ?? {}).map(([key, identity]) => [
      key,
      new WorkloadIdentity(
        `${name}-${key}`,
        {
          clusterName: args.cluster.name,
          clusterArn: args.cluster.arn,
          accountId: args.cluster.accountId,
          namespace: args.addOn.namespace,
          serviceAccount: identity.serviceAccount,
          policies: identity.policies,
          managedPolicyArns: identity.managedPolicyArns,
          permissionsBoundaryArn: args.permissionsBoundaryArn,
        },
        { parent },
      ),
    ]),
  );
}
