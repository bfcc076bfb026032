import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { wholeNumberProblem } from "../argument-problems.ts";
import { refuse } from "../arguments.ts";
import { at, type ByRegion, mapRegions, regionProblems } from "../data/regions.ts";
import { accountProblems } from "./policy-statements.ts";

/** Services of this component. */
const THREAT_SERVICES = ["guardduty", "inspector", "access-analyzer"] as const;
export type ThreatService = (typeof THREAT_SERVICES)[number];

/** What GuardDuty looks at beyond CloudTrail, flow and DNS logs; `RUNTIME_MONITORING` covers EKS, EC2 and ECS. */
export const DETECTOR_FEATURES = [
  "S3_DATA_EVENTS",
  "EKS_AUDIT_LOGS",
  "EBS_MALWARE_PROTECTION",
  "RDS_LOGIN_EVENTS",
  "LAMBDA_NETWORK_LOGS",
  "RUNTIME_MONITORING",
] as const;
export type FeatureName = (typeof DETECTOR_FEATURES)[number];

/** In the order of AWS's own examples: the provider compares the list with the one that AWS answers. */
const AGENTS = {
  eks: "EKS_ADDON_MANAGEMENT",
  ecs: "ECS_FARGATE_AGENT_MANAGEMENT",
  ec2: "EC2_AGENT_MANAGEMENT",
} as const;
export type AgentPlace = keyof typeof AGENTS;

export interface ThreatDetectionArgs {
  /** Regions that are watched. */
  readonly regions: readonly string[];
  /** A provider for every region. */
  readonly providers: ByRegion<aws.Provider>;
  readonly accountId: string;
  /**
   * Services that this component turns on. Leave out one that an organisation runs for the account: AWS refuses a second
   * detector, and an account that is a member cannot turn Inspector on or off. @default all
   */
  readonly services?: readonly ThreatService[] | undefined;
  /** Detectors that exist; their features are set, the detectors are left as they are. @default one is made in each region */
  readonly existingDetectorIds?: ByRegion<pulumi.Input<string>> | undefined;
  /** GuardDuty features that are on; the others are turned off. @default all */
  readonly features?: readonly FeatureName[] | undefined;
  /**
   * Where GuardDuty installs and updates its runtime agent by itself. It then makes an endpoint and a security group in each
   * VPC, which are deleted with the VPC. @default eks and ec2
   */
  readonly managedAgents?: readonly AgentPlace[] | undefined;
  /** How often GuardDuty repeats a finding that goes on; a new one comes within 5 minutes. @default "FIFTEEN_MINUTES" */
  readonly publishingFrequency?: "FIFTEEN_MINUTES" | "ONE_HOUR" | "SIX_HOURS" | undefined;
  /** Days without use after which an identity's access is reported, 0.20 USD a month for each. @default not reported */
  readonly unusedAccessDays?: number | undefined;
}

/**
 * What watches the account in every region: GuardDuty for attacks, also at run time in nodes and pods, Inspector for
 * vulnerable images, instances and functions, Access Analyzer for what is open to other accounts (SEC-16, SEC-18, GAP-15).
 * Belongs to the `global` stack; findings go to Security Hub and EventBridge.
 *
 * Under failure: each region watches itself. AWS keeps a feature that is no longer declared; take it out of `features`
 * instead of taking out the component. About 4 USD for a million CloudTrail events, 1.50 USD for a vCPU of runtime a month.
 */
export class ThreatDetection extends pulumi.ComponentResource {
  /** Detector by region; none without GuardDuty. */
  readonly detectorIds: ByRegion<pulumi.Output<string>>;

  readonly #name: string;
  readonly #args: ThreatDetectionArgs;

  constructor(name: string, args: ThreatDetectionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:security:ThreatDetection", name, {}, opts);
    refuse(this, `ThreatDetection ${name}`, problems(args));
    this.#name = name;
    this.#args = args;
    const { regions, services = THREAT_SERVICES } = args;

    this.detectorIds = services.includes("guardduty")
      ? mapRegions(regions, (region) => this.#createDetector(region))
      : {};
    for (const region of regions) {
      if (services.includes("inspector")) this.#createInspector(region);
      if (services.includes("access-analyzer")) this.#createAnalyzers(region);
    }
    this.registerOutputs({ detectorIds: this.detectorIds });
  }

  #createDetector(region: string): pulumi.Output<string> {
    const { existingDetectorIds, features = DETECTOR_FEATURES, managedAgents = ["eks", "ec2"] } = this.#args;
    const options = this.#in(region);
    const detectorId =
      existingDetectorIds === undefined
        ? new aws.guardduty.Detector(
            `${this.#name}-detector-${region}`,
            {
              enable: true,
              findingPublishingFrequency: this.#args.publishingFrequency ?? "FIFTEEN_MINUTES",
            },
            options,
          ).id
        : pulumi.output(at(existingDetectorIds, region));
    for (const feature of DETECTOR_FEATURES) {
      const status = statusOf(features.includes(feature));
      new aws.guardduty.DetectorFeature(
        `${this.#name}-${feature.toLowerCase().replaceAll("_", "-")}-${region}`,
        {
          detectorId,
          name: feature,
          status,
          ...(feature === "RUNTIME_MONITORING"
            ? {
                additionalConfigurations: (Object.keys(AGENTS) as AgentPlace[]).map((place) => ({
                  name: AGENTS[place],
                  status: statusOf(features.includes(feature) && managedAgents.includes(place)),
                })),
              }
            : {}),
        },
        options,
      );
    }
    return detectorId;
  }

  #createInspector(region: string): void {
    new aws.inspector2.Enabler(
      `${this.#name}-inspector-${region}`,
      { accountIds: [this.#args.accountId], resourceTypes: ["EC2", "ECR", "LAMBDA"] },
      this.#in(region),
    );
  }

  #createAnalyzers(region: string): void {
    const { regions, unusedAccessDays } = this.#args;
    new aws.accessanalyzer.Analyzer(
      `${this.#name}-access-${region}`,
      { analyzerName: `${this.#name}-external`, type: "ACCOUNT" },
      this.#in(region),
    );
    // Identities are in no region; a second analyzer of them would report, and cost, the same again.
    if (unusedAccessDays !== undefined && region === regions[0]) {
      new aws.accessanalyzer.Analyzer(
        `${this.#name}-unused-${region}`,
        {
          analyzerName: `${this.#name}-unused`,
          type: "ACCOUNT_UNUSED_ACCESS",
          configuration: { unusedAccess: { unusedAccessAge: unusedAccessDays } },
        },
        this.#in(region),
      );
    }
  }

  #in(region: string): pulumi.CustomResourceOptions {
    return { parent: this, provider: at(this.#args.providers, region) };
  }
}

function statusOf(on: boolean): "ENABLED" | "DISABLED" {
  return on ? "ENABLED" : "DISABLED";
}

function problems(args: ThreatDetectionArgs): string[] {
  const { existingDetectorIds, providers, regions, services = THREAT_SERVICES, unusedAccessDays } = args;
  const found = [
    ...regionProblems(regions, {
      providers,
      ...(existingDetectorIds === undefined ? {} : { existingDetectorIds }),
    }),
    ...accountProblems(args.accountId),
  ];
  if (services.length === 0) {
    found.push(
      `services: [] turns nothing on; name some of ${THREAT_SERVICES.join(", ")}, or leave the component out`,
    );
  }
  if (unusedAccessDays !== undefined) {
    found.push(
      ...wholeNumberProblem("unusedAccessDays", unusedAccessDays, {
        from: 1,
        to: 365,
        fix: "give days, or leave it out",
      }),
    );
  }
  return found;
}
