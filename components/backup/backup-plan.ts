import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { unknownRegionProblems, wholeNumberProblem } from "../argument-problems.ts";
import { refuse } from "../edge/arguments.ts";
import { backupTrust, failedJobs, managedPolicies } from "./backup-policies.ts";
import {
  archiveLifecycle,
  BACKUP_TAG,
  dailyLifecycle,
  type Lifecycle,
  retentionProblems,
  schedules,
  vaultArn,
  vaultNameProblems,
} from "./backup-rules.ts";

export interface BackupPlanArgs {
  /** Starts the names of the plans in their region. */
  readonly planName: string;
  /** Region of the provider. */
  readonly region: string;
  readonly accountId: string;
  /** `aws`, `aws-us-gov` or `aws-cn`. @default "aws" */
  readonly partition?: string | undefined;
  /** Name of the vault, the same in every region. */
  readonly vaultName: pulumi.Input<string>;
  /** Other regions that every backup is copied to. */
  readonly copyRegions: readonly string[];
  /** Hour of the day, UTC, at which the daily backups start. @default 5 (GAP-12) */
  readonly hourUtc?: number | undefined;
  /** Days that daily backups and their copies are kept. @default 35 (C-52) */
  readonly retentionDays?: number | undefined;
  /** Days that the first backup of each month is kept; 0 keeps none (COST-09). @default 365 */
  readonly archiveRetentionDays?: number | undefined;
  /** Days after which that backup moves to cold storage. @default 90 (C-54) */
  readonly coldStorageAfterDays?: number | undefined;
  /**
   * Whether this plan sets which services AWS Backup may use in the region, a setting that the account has once in each
   * region. @default true
   */
  readonly regionSettings?: boolean | undefined;
  /**
   * Topics of this region that failed jobs are told to; their policies admit `events.amazonaws.com`, and their keys too.
   */
  readonly failureTopicArns: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Services that AWS Backup may use; the platform has data in the first five. */
const SERVICES = { Aurora: true, DynamoDB: true, EBS: true, EFS: true, S3: true, EC2: true, RDS: true };
/** Minutes within which a backup must start, and be done. */
const START_WINDOW = 60;
const COMPLETION_WINDOW = 8 * 60;

/**
 * The backups of one region (DR-18 to DR-27, C-53): every day a backup of each resource with the tag `backup: daily`
 * (EBS, EFS, DynamoDB, Aurora), for S3 a continuous one that can be restored to any second, each copied to the other
 * regions; the first of each month is kept for longer and moves to cold storage.
 *
 * Aurora and DynamoDB recover to any second by their own means, for as long, so AWS Backup takes snapshots of them and
 * leaves their settings alone. ElastiCache and OpenSearch, which AWS Backup does not cover, take their own snapshots. The
 * loss of this region leaves the copies, and plans of the others, in use. Paid by the GiB, twice with one copy.
 */
export class BackupPlan extends pulumi.ComponentResource {
  /** Of the snapshots and of the continuous backups. */
  readonly planIds: Readonly<Record<"daily" | "continuous", pulumi.Output<string>>>;
  /** Role that makes and restores backups. */
  readonly roleArn: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: BackupPlanArgs;
  readonly #partition: string;

  constructor(name: string, args: BackupPlanArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:backup:BackupPlan", name, {}, opts);
    this.#name = name;
    this.#args = args;
    this.#partition = args.partition ?? "aws";
    const shape = {
      hourUtc: args.hourUtc ?? 5,
      retentionDays: args.retentionDays ?? 35,
      archiveRetentionDays: args.archiveRetentionDays ?? 365,
      coldStorageAfterDays: args.coldStorageAfterDays ?? 90,
    };
    refuse(`BackupPlan ${name}`, [...problems(args, shape.hourUtc), ...retentionProblems(shape)]);

    const { daily, monthly } = schedules(shape.hourUtc);
    const archive =
      shape.archiveRetentionDays === 0 ? [] : [this.#rule("monthly", monthly, archiveLifecycle(shape))];
    const lifecycle = dailyLifecycle(shape);
    const snapshots = this.#createPlan("daily", [this.#rule("daily", daily, lifecycle), ...archive]);
    const continuous = this.#createPlan("continuous", [
      { ...this.#rule("continuous", daily, lifecycle), enableContinuousBackup: true },
      ...archive,
    ]);
    const [role, attachments] = this.#createRole();
    const buckets = `arn:${this.#partition}:s3:::*`;
    this.#select(
      "daily",
      { planId: snapshots.id, resources: ["*"], notResources: [buckets] },
      role,
      attachments,
    );
    this.#select("continuous", { planId: continuous.id, resources: [buckets] }, role, attachments);
    this.#tellFailures();
    if (args.regionSettings ?? true) this.#createRegionSettings();

    this.planIds = { daily: snapshots.id, continuous: continuous.id };
    this.roleArn = role.arn;
    this.registerOutputs({ planIds: this.planIds, roleArn: this.roleArn });
  }

  #rule(ruleName: string, schedule: string, lifecycle: Lifecycle) {
    const { accountId, copyRegions, vaultName } = this.#args;
    return {
      ruleName,
      targetVaultName: vaultName,
      schedule,
      scheduleExpressionTimezone: "Etc/UTC",
      startWindow: START_WINDOW,
      completionWindow: COMPLETION_WINDOW,
      lifecycle,
      copyActions: copyRegions.map((region) => ({
        destinationVaultArn: pulumi
          .output(vaultName)
          .apply((name) => vaultArn({ partition: this.#partition, region, accountId, vaultName: name })),
        lifecycle,
      })),
    };
  }

  #createPlan(what: string, rules: aws.types.input.backup.PlanRule[]): aws.backup.Plan {
    return new aws.backup.Plan(
      `${this.#name}-${what}`,
      { name: `${this.#args.planName}-${what}`, rules },
      { parent: this },
    );
  }

  #createRole(): readonly [aws.iam.Role, aws.iam.RolePolicyAttachment[]] {
    const role = new aws.iam.Role(
      `${this.#name}-role`,
      {
        description: `AWS Backup, ${this.#args.planName}`,
        assumeRolePolicy: backupTrust(this.#args.accountId),
      },
      { parent: this },
    );
    const attachments = Object.entries(managedPolicies(this.#partition)).map(
      ([what, policyArn]) =>
        new aws.iam.RolePolicyAttachment(
          `${this.#name}-role-${what}`,
          { role: role.name, policyArn },
          { parent: this },
        ),
    );
    return [role, attachments];
  }

  #select(
    what: string,
    resources: Pick<aws.backup.SelectionArgs, "planId" | "resources" | "notResources">,
    role: aws.iam.Role,
    attachments: readonly aws.iam.RolePolicyAttachment[],
  ): void {
    new aws.backup.Selection(
      `${this.#name}-${what}`,
      {
        ...resources,
        name: `${this.#args.planName}-${what}`,
        iamRoleArn: role.arn,
        // A condition must hold in addition to the resources; a selection tag would be enough without them.
        conditions: [
          { stringEquals: [{ key: `aws:ResourceTag/${BACKUP_TAG.key}`, value: BACKUP_TAG.value }] },
        ],
      },
      { parent: this, dependsOn: [...attachments] },
    );
  }

  #tellFailures(): void {
    const rule = new aws.cloudwatch.EventRule(
      `${this.#name}-failed`,
      {
        description: "Backup, copy and restore jobs, restore tests among them, that did not succeed",
        eventPattern: failedJobs(),
      },
      { parent: this },
    );
    for (const [key, arn] of Object.entries(this.#args.failureTopicArns)) {
      new aws.cloudwatch.EventTarget(
        `${this.#name}-failed-${key}`,
        { rule: rule.name, targetId: key, arn },
        { parent: this },
      );
    }
  }

  #createRegionSettings(): void {
    new aws.backup.RegionSettings(
      `${this.#name}-region`,
      {
        resourceTypeOptInPreference: SERVICES,
        // Without it, backups of tables cannot be copied to another region or get tags, and go to no cold storage.
        resourceTypeManagementPreference: { DynamoDB: true, EFS: true },
      },
      // AWS answers with every service that it has, also with those that came later.
      { parent: this, ignoreChanges: ["resourceTypeOptInPreference", "resourceTypeManagementPreference"] },
    );
  }
}

function problems({ accountId, copyRegions, planName, region, vaultName }: BackupPlanArgs, hourUtc: number) {
  const found = [
    ...unknownRegionProblems("region", [region]),
    ...unknownRegionProblems("copyRegions", copyRegions),
    ...(typeof vaultName === "string" ? vaultNameProblems("vaultName", vaultName) : []),
    ...wholeNumberProblem("hourUtc", hourUtc, { from: 0, to: 23, fix: "5 is the proposed hour" }),
  ];
  if (!/^[a-zA-Z0-9_-]{1,39}$/.test(planName)) {
    found.push(
      `planName: "${planName}" is no name of a plan; use up to 39 letters, digits, hyphens and underscores`,
    );
  }
  if (!/^\d{12}$/.test(accountId)) {
    found.push(`accountId: "${accountId}" is no account; write its 12 digits`);
  }
  if (copyRegions.includes(region)) {
    found.push(`copyRegions: "${region}" is the region itself; name the others`);
  }
  return found;
}
