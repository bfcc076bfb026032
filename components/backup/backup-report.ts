import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";

export interface BackupReportArgs {
  /** Starts the names of the reports: letters, digits and underscores, a letter first. */
  readonly reportName: string;
  /** Bucket for the reports; its policy admits the service-linked role of AWS Backup's reports. */
  readonly bucketName: pulumi.Input<string>;
  /** Folder in the bucket. @default "backup-reports" */
  readonly prefix?: pulumi.Input<string> | undefined;
}

const TEMPLATES = {
  backups: "BACKUP_JOB_REPORT",
  copies: "COPY_JOB_REPORT",
  restores: "RESTORE_JOB_REPORT",
} as const;

/** A daily list of backup, copy and restore jobs as a file, for audits (DR-18, DR-24). Of this region only; optional. */
export class BackupReport extends pulumi.ComponentResource {
  readonly reportArns: Readonly<Record<keyof typeof TEMPLATES, pulumi.Output<string>>>;

  constructor(name: string, args: BackupReportArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:backup:BackupReport", name, {}, opts);
    refuse(
      `BackupReport ${name}`,
      /^[A-Za-z]\w{0,240}$/.test(args.reportName)
        ? []
        : [
            `reportName: "${args.reportName}" is no name; use letters, digits and underscores, a letter first`,
          ],
    );
    const report = (what: keyof typeof TEMPLATES) =>
      new aws.backup.ReportPlan(
        `${name}-${what}`,
        {
          name: `${args.reportName}_${what}`,
          description: `Jobs of AWS Backup: ${what}`,
          reportDeliveryChannel: {
            formats: ["CSV"],
            s3BucketName: args.bucketName,
            s3KeyPrefix: args.prefix ?? "backup-reports",
          },
          reportSetting: { reportTemplate: TEMPLATES[what] },
        },
        { parent: this },
      ).arn;
    this.reportArns = { backups: report("backups"), copies: report("copies"), restores: report("restores") };
    this.registerOutputs({ reportArns: this.reportArns });
  }
}
