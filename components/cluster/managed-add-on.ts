import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { sortedJson } from "../json.ts";
import { WorkloadIdentity } from "../security/workload-identity.ts";
import { type ManagedAddOn, volumeKeyPolicy } from "./managed-add-ons.ts";

export interface EksAddOnArgs {
  readonly addOn: ManagedAddOn;
  /** JSON of the add-on's schema. @default the add-on's own */
  readonly configuration?: pulumi.Input<string>;
  /** Replaces the add-on. */
  readonly clusterName: pulumi.Input<string>;
  readonly clusterArn: pulumi.Input<string>;
  readonly accountId: pulumi.Input<string>;
  /** AWS partition of the managed policies. */
  readonly partition: string;
  /** ARN of the key that encrypts volumes. @default the account's EBS key, which needs no rights */
  readonly volumeKeyArn?: pulumi.Input<string>;
  /** @default none */
  readonly permissionsBoundaryArn?: pulumi.Input<string>;
}

/**
 * One managed add-on with a role for each of its service accounts. The associations come first: EKS hands credentials to
 * pods as they are admitted.
 */
export class EksAddOn extends pulumi.ComponentResource {
  readonly addOn: aws.eks.Addon;

  constructor(name: string, args: EksAddOnArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform:cluster:EksAddOn", name, {}, opts);
    const identities = args.addOn.identities.map(
      (identity) =>
        new WorkloadIdentity(
          `${name}-${identity.part}`,
          {
            clusterName: args.clusterName,
            clusterArn: args.clusterArn,
            accountId: args.accountId,
            namespace: "kube-system",
            serviceAccount: identity.serviceAccount,
            managedPolicyArns: {
              managed: `arn:${args.partition}:iam::aws:policy/${identity.managedPolicy}`,
            },
            policies:
              identity.usesVolumeKey && args.volumeKeyArn !== undefined
                ? { key: pulumi.output(args.volumeKeyArn).apply((arn) => sortedJson(volumeKeyPolicy(arn))) }
                : {},
            permissionsBoundaryArn: args.permissionsBoundaryArn,
          },
          { parent: this },
        ),
    );
    this.addOn = new aws.eks.Addon(
      `${name}-add-on`,
      {
        clusterName: args.clusterName,
        addonName: args.addOn.name,
        addonVersion: args.addOn.version,
        configurationValues: args.configuration ?? args.addOn.configuration,
        // The stack is the source of truth; an edit by hand does not survive the next deployment.
        resolveConflictsOnCreate: "OVERWRITE",
        resolveConflictsOnUpdate: "OVERWRITE",
      },
      pulumi.mergeOptions(
        { dependsOn: opts.dependsOn },
        { parent: this, dependsOn: identities.flatMap((identity) => identity.ready) },
      ),
    );
    this.registerOutputs({ addOn: this.addOn });
  }
}
