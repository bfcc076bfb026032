import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { wholeNumberProblem } from "../argument-problems.ts";
import { refuse } from "../edge/arguments.ts";
import { BACKUP_TAG, vaultArn, vaultNameProblems } from "./backup-rules.ts";

/** What AWS Backup restores for a test, by the name that it gives the type. */
export const RESTORE_TYPES = ["Aurora", "DynamoDB", "EBS", "EFS", "S3"] as const;
export type RestoreType = (typeof RESTORE_TYPES)[number];

export interface RestoreTestingArgs {
  /** Starts the names of the test and of its parts: letters, digits and underscores. */
  readonly testName: string;
  /** Region of the provider. */
  readonly region: string;
  readonly accountId: string;
  /** `aws`, `aws-us-gov` or `aws-cn`. @default "aws" */
  readonly partition?: string | undefined;
  /** Vault of this region whose backups are tried. */
  readonly vaultName: pulumi.Input<string>;
  /** Role that restores. */
  readonly roleArn: pulumi.Input<string>;
  /** Types to restore, one resource of each. @default all of `RESTORE_TYPES` */
  readonly types?: readonly RestoreType[] | undefined;
  /** How each type is restored where AWS Backup cannot know, such as an Aurora cluster's subnet group. @default none */
  readonly overrides?: Readonly<Partial<Record<RestoreType, Readonly<Record<string, string>>>>> | undefined;
  /** When, in UTC. @default "cron(0 10 1 * ? *)": on the first of each month, after the daily backups (DR-24) */
  readonly scheduleExpression?: string | undefined;
  /** Hours that a restored resource is kept for whoever validates it; then AWS deletes it. @default 4 */
  readonly validationWindowHours?: number | undefined;
}

/** Only what was backed up since the last test. */
const SELECTION_DAYS = 30;

/**
 * Restores a backup of each kind every month, and deletes what it restored (DR-24). A restore that fails is told by the
 * plan's rule for failed jobs; what is restored can be looked into for the validation window, and the verdict reported
 * with `PutRestoreValidationResult`.
 *
 * It restores within the region that it is in: tested copies prove that a lost region can be rebuilt from this one.
 * Restored resources are paid for as long as they exist.
 */
export class RestoreTesting extends pulumi.ComponentResource {
  readonly planArn: pulumi.Output<string>;

  constructor(name: string, args: RestoreTestingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:backup:RestoreTesting", name, {}, opts);
    const types = args.types ?? RESTORE_TYPES;
    const validationWindowHours = args.validationWindowHours ?? 4;
    refuse(`RestoreTesting ${name}`, problems(args, types, validationWindowHours));
    const { accountId, partition = "aws", region, vaultName } = args;
    const plan = new aws.backup.RestoreTestingPlan(
      name,
      {
        name: args.testName,
        scheduleExpression: args.scheduleExpression ?? "cron(0 10 1 * ? *)",
        scheduleExpressionTimezone: "Etc/UTC",
        startWindowHours: 4,
        recoveryPointSelection: {
          algorithm: "RANDOM_WITHIN_WINDOW",
          includeVaults: [
            pulumi
              .output(vaultName)
              .apply((found) => vaultArn({ partition, region, accountId, vaultName: found })),
          ],
          recoveryPointTypes: ["CONTINUOUS", "SNAPSHOT"],
          selectionWindowDays: SELECTION_DAYS,
        },
      },
      { parent: this },
    );
    for (const type of types) {
      new aws.backup.RestoreTestingSelection(
        `${name}-${type}`,
        {
          name: `${args.testName}_${type}`,
          restoreTestingPlanName: plan.name,
          protectedResourceType: type,
          iamRoleArn: args.roleArn,
          protectedResourceArns: ["*"],
          protectedResourceConditions: {
            stringEquals: [{ key: `aws:ResourceTag/${BACKUP_TAG.key}`, value: BACKUP_TAG.value }],
          },
          validationWindowHours,
          ...(args.overrides?.[type] === undefined ? {} : { restoreMetadataOverrides: args.overrides[type] }),
        },
        { parent: this },
      );
    }
    this.planArn = plan.arn;
    this.registerOutputs({ planArn: this.planArn });
  }
}

function problems(args: RestoreTestingArgs, types: readonly RestoreType[], windowHours: number): string[] {
  const found = [
    ...(typeof args.vaultName === "string" ? vaultNameProblems("vaultName", args.vaultName) : []),
    ...wholeNumberProblem("validationWindowHours", windowHours, {
      from: 1,
      to: 168,
      fix: "a week is the longest",
    }),
  ];
  if (!/^\w{1,41}$/.test(args.testName)) {
    found.push(`testName: "${args.testName}" is no name; use up to 41 letters, digits and underscores`);
  }
  if (types.length === 0) found.push(`types: is empty; use some of ${RESTORE_TYPES.join(", ")}`);
  for (const type of Object.keys(args.overrides ?? {})) {
    if (!types.some((tested) => tested === type)) {
      found.push(`overrides.${type}: is not tested; add it to types, or leave it out`);
    }
  }
  return found;
}
