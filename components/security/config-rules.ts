import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import { at, type ByRegion, mapRegions, regionProblems } from "../data/regions.ts";
import {
  REMEDIABLE_RULES,
  type RemediableRule,
  type Remediation,
  remediationOf,
  remediationPolicy,
} from "./config-remediations.ts";
import { type ConfigRule, type ManagedRule, rulesOf } from "./config-rule-catalogue.ts";
import { accountProblems, serviceTrust } from "./policy-statements.ts";

export interface ConfigRulesArgs {
  /** Regions that are judged, each with a recorder; the first also judges what is in no region. */
  readonly regions: readonly string[];
  /** A provider for every region. */
  readonly providers: ByRegion<aws.Provider>;
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /** Prefix of the rules' names. Replaces the rules. */
  readonly prefix: string;
  /** Oldest Kubernetes version that is allowed, for example `1.34`. */
  readonly oldestKubernetesVersion: string;
  /** What must exist in a region first: `ConfigurationRecorder.ready`. @default nothing, for a recorder made elsewhere */
  readonly recorderReady?: ByRegion<readonly pulumi.Resource[]> | undefined;
  /** Rules that are left out, for example one that Control Tower brings. @default none */
  readonly excludedRules?: readonly ConfigRule[] | undefined;
  /** Rules whose violations are mended at once (GOV-06); the others are mended from the console. @default all that can be */
  readonly automaticRemediations?: readonly RemediableRule[] | undefined;
  readonly permissionsBoundaryArn?: pulumi.Input<string> | undefined;
}

/** Attempts within the time below; after them a violation waits for a person. */
const ATTEMPTS = 3;
const ATTEMPTS_WITHIN_SECONDS = 600;
/** Per cent of the violations that are mended at once, and that may fail before the rest is left alone. */
const AT_ONCE_PERCENT = 25;
const FAILED_PERCENT = 20;

/**
 * Managed rules of AWS Config in every region, and Systems Manager runbooks that mend what is safe to mend (GOV-05, GOV-06).
 * Belongs to the `global` stack. A rule costs 0.001 USD for each evaluation.
 *
 * Under failure: rules and runbooks of a region need nothing of another. The runbooks' role may do what the runbooks do and
 * nothing else. A mended resource of the program shows as a difference in the next preview, which is how its owner learns.
 */
export class ConfigRules extends pulumi.ComponentResource {
  /** Names of the rules by region. */
  readonly ruleNames: ByRegion<readonly string[]>;
  readonly remediationRoleArn: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: ConfigRulesArgs;

  constructor(name: string, args: ConfigRulesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:security:ConfigRules", name, {}, opts);
    refuse(this, `ConfigRules ${name}`, problems(args));
    this.#name = name;
    this.#args = args;
    const [role, rights] = this.#createRole();
    const rules = mapRegions(args.regions, (region) =>
      rulesOf({ home: region === args.regions[0], excluded: args.excludedRules ?? [] }),
    );
    for (const region of args.regions) {
      for (const [key, rule] of at(rules, region)) {
        const created = this.#createRule(region, key, rule);
        const remediation = remediationOf(key);
        if (remediation !== undefined)
          this.#createRemediation(region, key, remediation, { created, role, rights });
      }
    }
    this.ruleNames = mapRegions(args.regions, (region) =>
      at(rules, region).map(([key]) => `${args.prefix}-${key}`),
    );
    this.remediationRoleArn = role.arn;
    this.registerOutputs({ ruleNames: this.ruleNames, remediationRoleArn: this.remediationRoleArn });
  }

  #createRole(): [aws.iam.Role, aws.iam.RolePolicy] {
    const { accountId, partition = "aws", permissionsBoundaryArn, providers, regions } = this.#args;
    const options = { parent: this, provider: at(providers, regions[0] ?? "") };
    const role = new aws.iam.Role(
      `${this.#name}-remediation`,
      {
        description: "Runbooks that mend violations of AWS Config rules",
        assumeRolePolicy: serviceTrust({
          service: "ssm.amazonaws.com",
          accountId,
          sourceArn: `arn:${partition}:ssm:*:${accountId}:automation-execution/*`,
        }),
        permissionsBoundary: permissionsBoundaryArn,
      },
      options,
    );
    const rights = new aws.iam.RolePolicy(
      `${this.#name}-remediation`,
      {
        role: role.name,
        policy: remediationPolicy({ partition, accountId, rules: this.#remediable() }),
      },
      options,
    );
    return [role, rights];
  }

  #remediable(): RemediableRule[] {
    const excluded: readonly string[] = this.#args.excludedRules ?? [];
    return REMEDIABLE_RULES.filter((rule) => !excluded.includes(rule));
  }

  #createRule(region: string, key: ConfigRule, rule: ManagedRule): aws.cfg.Rule {
    const { oldestKubernetesVersion, prefix, providers, recorderReady } = this.#args;
    const { description, identifier, parameters, trigger } = rule;
    return new aws.cfg.Rule(
      `${this.#name}-${key}-${region}`,
      {
        name: `${prefix}-${key}`,
        description,
        source: { owner: "AWS", sourceIdentifier: identifier },
        ...(parameters === undefined
          ? {}
          : { inputParameters: JSON.stringify(parameters({ oldestKubernetesVersion })) }),
        ...(trigger === "periodic" ? { maximumExecutionFrequency: "TwentyFour_Hours" } : {}),
      },
      {
        parent: this,
        provider: at(providers, region),
        dependsOn: [...(recorderReady === undefined ? [] : at(recorderReady, region))],
      },
    );
  }

  #createRemediation(
    region: string,
    key: ConfigRule,
    remediation: Remediation,
    made: {
      readonly created: aws.cfg.Rule;
      readonly role: aws.iam.Role;
      readonly rights: aws.iam.RolePolicy;
    },
  ): void {
    const { automaticRemediations = REMEDIABLE_RULES, providers } = this.#args;
    const automatic: readonly string[] = automaticRemediations;
    const { parameters = {}, resourceParameter, resourceType, runbook } = remediation;
    new aws.cfg.RemediationConfiguration(
      `${this.#name}-${key}-${region}`,
      {
        configRuleName: made.created.name,
        targetType: "SSM_DOCUMENT",
        targetId: runbook,
        ...(resourceType === undefined ? {} : { resourceType }),
        parameters: [
          { name: "AutomationAssumeRole", staticValue: made.role.arn },
          ...(resourceParameter === undefined
            ? []
            : [{ name: resourceParameter, resourceValue: "RESOURCE_ID" }]),
          ...Object.entries(parameters).map(([name, staticValue]) => ({ name, staticValue })),
        ],
        automatic: automatic.includes(key),
        maximumAutomaticAttempts: ATTEMPTS,
        retryAttemptSeconds: ATTEMPTS_WITHIN_SECONDS,
        executionControls: {
          ssmControls: {
            concurrentExecutionRatePercentage: AT_ONCE_PERCENT,
            errorPercentage: FAILED_PERCENT,
          },
        },
      },
      { parent: this, provider: at(providers, region), dependsOn: [made.rights] },
    );
  }
}

function problems(args: ConfigRulesArgs): string[] {
  const { excludedRules = [], oldestKubernetesVersion, prefix, providers, recorderReady, regions } = args;
  const found = [
    ...regionProblems(regions, { providers, ...(recorderReady === undefined ? {} : { recorderReady }) }),
    ...accountProblems(args.accountId),
  ];
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/.test(prefix)) {
    found.push(`prefix: "${prefix}" is no prefix of a rule's name; use up to 64 letters, digits and hyphens`);
  }
  if (!/^1\.\d{2}$/.test(oldestKubernetesVersion)) {
    found.push(
      `oldestKubernetesVersion: "${oldestKubernetesVersion}" is no Kubernetes version; write it like 1.34`,
    );
  }
  const excluded: readonly string[] = excludedRules;
  for (const rule of args.automaticRemediations ?? []) {
    if (excluded.includes(rule)) {
      found.push(`automaticRemediations: "${rule}" is one of excludedRules; take it out of one of them`);
    }
  }
  return found;
}
