import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import { at, type ByRegion, mapRegions, regionProblems } from "../data/regions.ts";

/** Standards by short name, as Security Hub names them after `standards/`. */
const SECURITY_STANDARDS = {
  fsbp: "aws-foundational-security-best-practices/v/1.0.0",
  cis: "cis-aws-foundations-benchmark/v/5.0.0",
  pci: "pci-dss/v/4.0.1",
} as const;
export type SecurityStandard = keyof typeof SECURITY_STANDARDS;

export interface SecurityHubArgs {
  /** Regions that collect findings; the first also shows those of all others. */
  readonly regions: readonly string[];
  /** A provider for every region. */
  readonly providers: ByRegion<aws.Provider>;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /** `existing` for an account whose organisation turned Security Hub on: AWS refuses to turn it on twice. @default "create" */
  readonly hub?: "create" | "existing" | undefined;
  /** Standards that every region is scored by. @default fsbp and cis */
  readonly standards?: readonly SecurityStandard[] | undefined;
  /**
   * Whether the first region gathers the findings of the others; not for a member of an organisation, whose administrator
   * decides it. @default true
   */
  readonly aggregated?: boolean | undefined;
}

/**
 * Findings of GuardDuty, Inspector, Macie, Access Analyzer and of the standards' own checks in one place and one format
 * (SEC-19, SEC-23). Belongs to the `global` stack. Checks read AWS Config: a region without a recorder has no score.
 *
 * Under failure: every region keeps its own findings and tells EventBridge of them; when the first region is lost only the
 * common view is. 0.001 USD a check.
 */
export class SecurityHub extends pulumi.ComponentResource {
  /** Standard subscriptions by region. */
  readonly standardArns: ByRegion<readonly string[]>;

  constructor(name: string, args: SecurityHubArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:security:SecurityHub", name, {}, opts);
    refuse(this, `SecurityHub ${name}`, problems(args));
    const { aggregated = true, hub = "create", partition = "aws", providers, regions } = args;
    const standards = args.standards ?? ["fsbp", "cis"];
    const [home = "", ...others] = regions;

    const hubs = regions.flatMap((region) => {
      const options = { parent: this, provider: at(providers, region) };
      const created =
        hub === "existing"
          ? []
          : [
              new aws.securityhub.Account(
                `${name}-${region}`,
                {
                  // Which standards apply is decided here, not by what AWS turns on by default that year.
                  enableDefaultStandards: false,
                  controlFindingGenerator: "SECURITY_CONTROL",
                  autoEnableControls: true,
                },
                options,
              ),
            ];
      for (const standard of standards) {
        new aws.securityhub.StandardsSubscription(
          `${name}-${standard}-${region}`,
          { standardsArn: standardArn(partition, region, standard) },
          { ...options, dependsOn: created },
        );
      }
      return created;
    });
    if (aggregated && others.length > 0) {
      new aws.securityhub.FindingAggregator(
        `${name}-aggregator`,
        { linkingMode: "SPECIFIED_REGIONS", specifiedRegions: others },
        { parent: this, provider: at(providers, home), dependsOn: hubs },
      );
    }
    this.standardArns = mapRegions(regions, (region) =>
      standards.map((standard) => standardArn(partition, region, standard)),
    );
    this.registerOutputs({ standardArns: this.standardArns });
  }
}

function standardArn(partition: string, region: string, standard: SecurityStandard): string {
  return `arn:${partition}:securityhub:${region}::standards/${SECURITY_STANDARDS[standard]}`;
}

function problems({ providers, regions, standards = [] }: SecurityHubArgs): string[] {
  const found = regionProblems(regions, { providers });
  const repeated = new Set(standards.filter((standard, index) => standards.indexOf(standard) !== index));
  for (const standard of repeated)
    found.push(`standards: "${standard}" is named twice; name every standard once`);
  return found;
}
