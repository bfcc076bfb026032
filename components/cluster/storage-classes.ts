import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { DEFAULT_STORAGE_CLASS } from "./placement.ts";

export interface StorageClassesArgs {
  /** ARN of the key that encrypts volumes. Replaces the class; volumes that exist keep theirs. @default the account's EBS key */
  readonly volumeKeyArn?: pulumi.Input<string>;
  /** AWS tags of every volume, for example those that backups select by. Replaces the class. @default none */
  readonly volumeTags?: Readonly<Record<string, string>>;
}

/**
 * Storage of pods (EKS-26, COST-07): encrypted gp3, the default class, placed in the zone of the pod that uses it; and
 * snapshots of it, which outlive the object that asked for them. The gp2 class that EKS makes carries no default mark
 * since 1.30, below every version that can be deployed here, so there is nothing to take from it.
 *
 * Needs an explicit `kubernetes` provider and the EBS CSI driver. A volume lives in one zone: what must survive the loss
 * of a zone replicates itself.
 */
export class StorageClasses extends pulumi.ComponentResource {
  readonly defaultClassName: pulumi.Output<string>;

  constructor(name: string, args: StorageClassesArgs = {}, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform:cluster:StorageClasses", name, {}, opts);
    const driver = "ebs.csi.aws.com";
    // https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md
    const tagSpecifications = Object.fromEntries(
      Object.entries(args.volumeTags ?? {}).map(([key, value], index) => [
        `tagSpecification_${index + 1}`,
        `${key}=${value}`,
      ]),
    );
    const options = pulumi.mergeOptions({ dependsOn: opts.dependsOn }, { parent: this });
    const storage = new kubernetes.storage.v1.StorageClass(
      `${name}-gp3`,
      {
        metadata: {
          name: DEFAULT_STORAGE_CLASS,
          annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        },
        provisioner: driver,
        parameters: pulumi.output(args.volumeKeyArn).apply((kmsKeyId) => ({
          type: "gp3",
          encrypted: "true",
          ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
          ...tagSpecifications,
        })),
        reclaimPolicy: "Delete",
        allowVolumeExpansion: true,
        volumeBindingMode: "WaitForFirstConsumer",
      },
      // Parameters cannot be changed, and two classes cannot share the name.
      pulumi.mergeOptions(options, { deleteBeforeReplace: true }),
    );
    new kubernetes.apiextensions.CustomResource(
      `${name}-snapshots`,
      {
        apiVersion: "snapshot.storage.k8s.io/v1",
        kind: "VolumeSnapshotClass",
        metadata: {
          name: "ebs",
          annotations: { "snapshot.storage.kubernetes.io/is-default-class": "true" },
          labels: { "velero.io/csi-volumesnapshot-class": "true" },
        },
        driver,
        deletionPolicy: "Retain",
      },
      options,
    );
    this.defaultClassName = storage.metadata.name;
    this.registerOutputs({ defaultClassName: this.defaultClassName });
  }
}
