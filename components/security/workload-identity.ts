import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import { type Json, sortedJson } from "../json.ts";
import { podIdentityTrust, serviceAccountProblems, webIdentityTrust } from "./workload-trust.ts";

/** The cluster's OpenID Connect provider, when roles are taken by IRSA instead of EKS Pod Identity. */
export interface IrsaProvider {
  readonly oidcProviderArn: pulumi.Input<string>;
  /** With or without `https://`. */
  readonly issuerUrl: pulumi.Input<string>;
}

export interface WorkloadIdentityArgs {
  /** Name of the EKS cluster. Replaces the association. */
  readonly clusterName: pulumi.Input<string>;
  /** ARN of that cluster; the role trusts no other. */
  readonly clusterArn: pulumi.Input<string>;
  /** AWS account of the cluster. */
  readonly accountId: pulumi.Input<string>;
  /** Kubernetes namespace. Replaces the association. */
  readonly namespace: string;
  /** Kubernetes service account; need not exist yet. Replaces the association. */
  readonly serviceAccount: string;
  /** Inline policies by a stable key: a document, or its JSON text. @default none */
  readonly policies?: Readonly<Record<string, Json | pulumi.Output<string>>>;
  /** ARNs of managed policies by a stable key. @default none */
  readonly managedPolicyArns?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Physical name, for a role that something outside the stack names. Replaces the role. @default generated */
  readonly roleName?: pulumi.Input<string>;
  /** ARN of the policy that bounds the role. @default none */
  readonly permissionsBoundaryArn?: pulumi.Input<string>;
  /** Take the role by IRSA; the service account then needs `serviceAccountAnnotations`. @default EKS Pod Identity */
  readonly irsa?: IrsaProvider;
}

/**
 * The AWS identity of one Kubernetes service account (SEC-07, C-46): a role of its own, the policies it needs, and the
 * binding. Regional by its cluster; the role itself is global, and a lost peer region does not touch it. Credentials are
 * issued by the region's own EKS Auth endpoint.
 *
 * Pods get credentials when they are admitted: make them depend on `ready`, or they start without any.
 */
export class WorkloadIdentity extends pulumi.ComponentResource {
  readonly roleArn: pulumi.Output<string>;
  readonly roleName: pulumi.Output<string>;
  /** Annotations the service account must carry; empty with EKS Pod Identity. */
  readonly serviceAccountAnnotations: pulumi.Output<Record<string, string>>;
  /** What must exist before a pod with this identity starts. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: WorkloadIdentityArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform:security:WorkloadIdentity", name, {}, opts);
    refuse(this, `WorkloadIdentity "${name}"`, serviceAccountProblems(args));

    const role = new aws.iam.Role(
      `${name}-role`,
      {
        name: args.roleName,
        description: `Kubernetes service account ${args.namespace}/${args.serviceAccount}`,
        assumeRolePolicy: trustOf(args),
        permissionsBoundary: args.permissionsBoundaryArn,
      },
      { parent: this },
    );
    const inline = Object.entries(args.policies ?? {}).map(
      ([key, policy]) =>
        new aws.iam.RolePolicy(
          `${name}-${key}`,
          { role: role.name, policy: pulumi.Output.isInstance(policy) ? policy : policyText(policy) },
          { parent: this },
        ),
    );
    const attached = Object.entries(args.managedPolicyArns ?? {}).map(
      ([key, policyArn]) =>
        new aws.iam.RolePolicyAttachment(`${name}-${key}`, { role: role.name, policyArn }, { parent: this }),
    );

    const rights: pulumi.Resource[] = [...inline, ...attached];
    if (args.irsa) {
      this.ready = [role, ...rights];
    } else {
      const association = new aws.eks.PodIdentityAssociation(
        `${name}-association`,
        {
          clusterName: args.clusterName,
          namespace: args.namespace,
          serviceAccount: args.serviceAccount,
          roleArn: role.arn,
        },
        pulumi.mergeOptions({ dependsOn: opts.dependsOn }, { parent: this, dependsOn: rights }),
      );
      this.ready = [association];
    }
    this.roleArn = role.arn;
    this.roleName = role.name;
    this.serviceAccountAnnotations = args.irsa
      ? role.arn.apply((arn): Record<string, string> => ({ "eks.amazonaws.com/role-arn": arn }))
      : pulumi.output<Record<string, string>>({});
    this.registerOutputs({
      roleArn: this.roleArn,
      roleName: this.roleName,
      serviceAccountAnnotations: this.serviceAccountAnnotations,
    });
  }
}

function policyText(policy: Json): string {
  return typeof policy === "string" ? policy : sortedJson(policy);
}

function trustOf(args: WorkloadIdentityArgs): pulumi.Output<string> {
  const { namespace, serviceAccount, irsa } = args;
  return irsa
    ? pulumi
        .all([irsa.oidcProviderArn, irsa.issuerUrl])
        .apply(([oidcProviderArn, issuerUrl]) =>
          webIdentityTrust({ namespace, serviceAccount, oidcProviderArn, issuerUrl }),
        )
    : pulumi
        .all([args.accountId, args.clusterArn])
        .apply(([accountId, clusterArn]) =>
          podIdentityTrust({ namespace, serviceAccount, accountId, clusterArn }),
        );
}
