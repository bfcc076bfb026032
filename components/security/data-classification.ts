import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { wholeNumberProblem } from "../argument-problems.ts";
import { refuse } from "../arguments.ts";
import { at, type ByRegion, regionProblems } from "../data/regions.ts";
import { accountProblems } from "./policy-statements.ts";

export type Weekday = "MONDAY" | "TUESDAY" | "WEDNESDAY" | "THURSDAY" | "FRIDAY" | "SATURDAY" | "SUNDAY";

export interface DataClassificationArgs {
  /** Regions whose buckets are searched; Macie reads only buckets of its own region. */
  readonly regions: readonly string[];
  /** A provider for every region. */
  readonly providers: ByRegion<aws.Provider>;
  readonly accountId: string;
  /** Buckets with documents, by region. Replaces the region's job, which then reads everything again. */
  readonly bucketNames: ByRegion<readonly pulumi.Input<string>[]>;
  /** `existing` for an account that uses Macie already: AWS refuses to turn it on twice. @default "create" */
  readonly session?: "create" | "existing" | undefined;
  /** Day of the weekly search of what is new. Replaces the jobs. @default "SUNDAY" */
  readonly weekday?: Weekday | undefined;
  /** Per cent of the objects that are read; 1 USD a GB. Replaces the jobs. @default 100 */
  readonly samplingPercentage?: number | undefined;
}

/**
 * Searches the document buckets of each region for personal, financial and secret data with Macie: once through everything,
 * then weekly through what is new (SEC-22). Belongs to the `global` stack; findings go to Security Hub.
 *
 * A bucket with a KMS key is readable to Macie only when the key's policy admits `macie`. Under failure: each region searches its own replica of the documents; name the buckets of
 * one region only, and the same document is paid for once.
 */
export class DataClassification extends pulumi.ComponentResource {
  /** Jobs by region. */
  readonly jobIds: ByRegion<pulumi.Output<string>>;

  constructor(name: string, args: DataClassificationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:security:DataClassification", name, {}, opts);
    refuse(this, `DataClassification ${name}`, problems(args));
    const { accountId, bucketNames, providers, regions, session = "create" } = args;
    const jobs = regions.flatMap((region): [string, pulumi.Output<string>][] => {
      const options = { parent: this, provider: at(providers, region) };
      const sessions =
        session === "existing"
          ? []
          : [
              new aws.macie2.Account(
                `${name}-${region}`,
                { findingPublishingFrequency: "FIFTEEN_MINUTES", status: "ENABLED" },
                options,
              ),
            ];
      const buckets = at(bucketNames, region);
      if (buckets.length === 0) return [];
      const job = new aws.macie2.ClassificationJob(
        `${name}-documents-${region}`,
        {
          description: "Sensitive data in documents",
          jobType: "SCHEDULED",
          initialRun: true,
          samplingPercentage: args.samplingPercentage ?? 100,
          scheduleFrequency: { weeklySchedule: args.weekday ?? "SUNDAY" },
          s3JobDefinition: { bucketDefinitions: [{ accountId, buckets: [...buckets] }] },
        },
        { ...options, dependsOn: sessions },
      );
      return [[region, job.id]];
    });
    this.jobIds = Object.fromEntries(jobs);
    this.registerOutputs({ jobIds: this.jobIds });
  }
}

function problems(args: DataClassificationArgs): string[] {
  const { bucketNames, providers, regions, samplingPercentage } = args;
  const found = [...regionProblems(regions, { providers, bucketNames }), ...accountProblems(args.accountId)];
  if (samplingPercentage !== undefined) {
    found.push(
      ...wholeNumberProblem("samplingPercentage", samplingPercentage, {
        from: 1,
        to: 100,
        fix: "give a percentage, or leave it out to read everything",
      }),
    );
  }
  return found;
}
