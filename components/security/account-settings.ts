import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import { at, type ByRegion, regionProblems } from "../data/regions.ts";
import { accountProblems } from "./policy-statements.ts";

/** Settings of this component; what an organisation's policy decides already is left out by name. */
const ACCOUNT_SETTINGS = [
  "ebs-encryption",
  "snapshots-private",
  "images-private",
  "instance-metadata",
  "documents-private",
  "image-scanning",
  "buckets-private",
  "password-policy",
] as const;
export type AccountSetting = (typeof ACCOUNT_SETTINGS)[number];

export interface AccountSettingsArgs {
  /** Regions of the regional settings; the first one's provider sets what is in no region. */
  readonly regions: readonly string[];
  /** A provider for every region. */
  readonly providers: ByRegion<aws.Provider>;
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /** Key of each region for volumes that name none; its policy admits `autoscaling`. */
  readonly volumeKeyArns: ByRegion<pulumi.Input<string>>;
  /** `ENHANCED` is Inspector's: it scans again whenever a vulnerability becomes known. @default "ENHANCED" */
  readonly imageScanning?: "BASIC" | "ENHANCED" | undefined;
  /** Settings that are made. @default all */
  readonly settings?: readonly AccountSetting[] | undefined;
}

/**
 * What holds for the account whatever a resource says of itself: encrypted volumes, no public snapshots, images, runbooks or
 * buckets, IMDSv2 with one hop, scanned images, long passwords (SEC-04, SEC-11, SEC-16). Belongs to the `global` stack, one
 * stack of the account.
 *
 * Under failure: the settings stay as they are. Destroy gives most back to AWS's own defaults; the blocks on images stay.
 */
export class AccountSettings extends pulumi.ComponentResource {
  readonly #name: string;
  readonly #args: AccountSettingsArgs;

  constructor(name: string, args: AccountSettingsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:security:AccountSettings", name, {}, opts);
    refuse(this, `AccountSettings ${name}`, problems(args));
    this.#name = name;
    this.#args = args;
    const { regions, settings = ACCOUNT_SETTINGS } = args;
    for (const setting of ACCOUNT_SETTINGS.filter((known) => settings.includes(known))) {
      if (setting === "buckets-private") this.#blockPublicBuckets();
      else if (setting === "password-policy") this.#setPasswordPolicy();
      else for (const region of regions) this.#set(setting, region);
    }
    this.registerOutputs({});
  }

  #set(setting: Exclude<AccountSetting, "buckets-private" | "password-policy">, region: string): void {
    const { accountId, imageScanning = "ENHANCED", partition = "aws", volumeKeyArns } = this.#args;
    const name = `${this.#name}-${setting}-${region}`;
    const options = this.#in(region);
    switch (setting) {
      case "ebs-encryption": {
        const on = new aws.ebs.EncryptionByDefault(name, { enabled: true }, options);
        new aws.ebs.DefaultKmsKey(
          `${this.#name}-ebs-key-${region}`,
          { keyArn: at(volumeKeyArns, region) },
          { ...options, dependsOn: [on] },
        );
        return;
      }
      case "snapshots-private":
        new aws.ebs.SnapshotBlockPublicAccess(name, { state: "block-all-sharing" }, options);
        return;
      case "images-private":
        new aws.ec2.ImageBlockPublicAccess(name, { state: "block-new-sharing" }, options);
        return;
      case "instance-metadata":
        // One hop: a pod that is not on the host's network never reaches the node's credentials (C-46).
        new aws.ec2.InstanceMetadataDefaults(
          name,
          { httpTokens: "required", httpPutResponseHopLimit: 1 },
          options,
        );
        return;
      case "documents-private":
        new aws.ssm.ServiceSetting(
          name,
          {
            settingId: `arn:${partition}:ssm:${region}:${accountId}:servicesetting/ssm/documents/console/public-sharing-permission`,
            settingValue: "Disable",
          },
          options,
        );
        return;
      case "image-scanning":
        new aws.ecr.RegistryScanningConfiguration(
          name,
          {
            scanType: imageScanning,
            rules: [
              {
                scanFrequency: imageScanning === "ENHANCED" ? "CONTINUOUS_SCAN" : "SCAN_ON_PUSH",
                repositoryFilters: [{ filter: "*", filterType: "WILDCARD" }],
              },
            ],
          },
          options,
        );
    }
  }

  /** The switch buckets stay readable to health checkers: a policy for fixed address ranges is not public to S3. */
  #blockPublicBuckets(): void {
    new aws.s3.AccountPublicAccessBlock(
      `${this.#name}-buckets-private`,
      {
        accountId: this.#args.accountId,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      this.#in(this.#args.regions[0] ?? ""),
    );
  }

  #setPasswordPolicy(): void {
    new aws.iam.AccountPasswordPolicy(
      `${this.#name}-password-policy`,
      {
        minimumPasswordLength: 16,
        passwordReusePrevention: 24,
        // PCI DSS asks for it; people sign in through IAM Identity Center and have no such password.
        maxPasswordAge: 90,
        allowUsersToChangePassword: true,
        hardExpiry: false,
        requireLowercaseCharacters: true,
        requireNumbers: true,
        requireSymbols: true,
        requireUppercaseCharacters: true,
      },
      this.#in(this.#args.regions[0] ?? ""),
    );
  }

  #in(region: string): pulumi.CustomResourceOptions {
    return { parent: this, provider: at(this.#args.providers, region) };
  }
}

function problems(args: AccountSettingsArgs): string[] {
  const { providers, regions, volumeKeyArns } = args;
  return [...regionProblems(regions, { providers, volumeKeyArns }), ...accountProblems(args.accountId)];
}
