import { readFileSync } from "node:fs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import { at, type ByRegion, mapRegions, regionProblems } from "../data/regions.ts";
import { ISOLATED_FINDINGS, isolationPolicy, isolationRunbook, startPolicy } from "./isolation-runbook.ts";
import { accountProblems, serviceTrust } from "./policy-statements.ts";

export interface InstanceIsolationArgs {
  /** Regions that have the runbook. */
  readonly regions: readonly string[];
  /** A provider for every region. */
  readonly providers: ByRegion<aws.Provider>;
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /** Name of the runbook, known to people who start it by hand, and of its role, which they hand over. Replaces both. */
  readonly documentName: string;
  /**
   * Whether a high GuardDuty finding about an instance starts the runbook. An isolated node takes its pods with it, and a
   * false alarm on many nodes is an outage: turn it on when findings have been quiet for a while. @default false
   */
  readonly automatic?: boolean | undefined;
  readonly permissionsBoundaryArn?: pulumi.Input<string> | undefined;
}

/**
 * Isolation of an EC2 instance (GOV-10): a Systems Manager runbook in every region that moves the instance into an empty
 * security group, which it makes in the VPC when first needed, notes on the instance which groups it had, and takes snapshots
 * of its volumes. By hand:
 *
 *     aws ssm start-automation-execution --document-name <documentName> --parameters InstanceId=i-0123456789abcdef0
 *
 * Under failure: each region isolates by itself. A connection that is open when the group changes may live on until it is
 * idle, since security groups track connections. Delete quarantine groups (tag `quarantine=group`) before the VPC's stack is
 * destroyed.
 */
export class InstanceIsolation extends pulumi.ComponentResource {
  /** Runbook by region. */
  readonly documentArns: ByRegion<pulumi.Output<string>>;
  readonly roleArn: pulumi.Output<string>;

  readonly #name: string;
  readonly #args: InstanceIsolationArgs;
  readonly #partition: string;

  constructor(name: string, args: InstanceIsolationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:security:InstanceIsolation", name, {}, opts);
    refuse(this, `InstanceIsolation ${name}`, problems(args));
    this.#name = name;
    this.#args = args;
    this.#partition = args.partition ?? "aws";
    const partition = this.#partition;
    const { accountId, documentName, regions } = args;
    const script = readFileSync(new URL("./isolate-instance.py", import.meta.url), "utf8");

    const [role] = this.#createRole("runbook", {
      name: documentName,
      description: "Isolation of an EC2 instance",
      service: "ssm.amazonaws.com",
      sourceArn: `arn:${partition}:ssm:*:${accountId}:automation-execution/*`,
      policy: isolationPolicy({ partition, accountId }),
    });
    const documents = mapRegions(
      regions,
      (region) =>
        new aws.ssm.Document(
          `${name}-runbook-${region}`,
          {
            name: documentName,
            documentType: "Automation",
            documentFormat: "JSON",
            content: role.arn.apply((roleArn) =>
              isolationRunbook({ roleArn, groupName: `${documentName}-quarantine`, script }),
            ),
          },
          this.#in(region),
        ),
    );
    if (args.automatic === true) this.#startOnFindings(role, documents);
    this.roleArn = role.arn;
    this.documentArns = mapRegions(regions, (region) => at(documents, region).arn);
    this.registerOutputs({ roleArn: this.roleArn, documentArns: this.documentArns });
  }

  #startOnFindings(runbookRole: aws.iam.Role, documents: ByRegion<aws.ssm.Document>): void {
    const { accountId, documentName, regions } = this.#args;
    const partition = this.#partition;
    const [trigger, rights] = this.#createRole("trigger", {
      description: "Start of the isolation runbook by EventBridge",
      service: "events.amazonaws.com",
      sourceArn: `arn:${partition}:events:*:${accountId}:rule/*`,
      policy: runbookRole.arn.apply((roleArn) =>
        startPolicy({ partition, accountId, documentName, roleArn }),
      ),
    });
    for (const region of regions) {
      const rule = new aws.cloudwatch.EventRule(
        `${this.#name}-finding-${region}`,
        { description: "High GuardDuty findings about an instance", eventPattern: ISOLATED_FINDINGS },
        this.#in(region),
      );
      new aws.cloudwatch.EventTarget(
        `${this.#name}-finding-${region}`,
        {
          rule: rule.name,
          targetId: "runbook",
          arn: pulumi.interpolate`arn:${partition}:ssm:${region}:${accountId}:automation-definition/${at(documents, region).name}:$DEFAULT`,
          roleArn: trigger.arn,
          inputTransformer: {
            inputPaths: { instance: "$.detail.resource.instanceDetails.instanceId" },
            inputTemplate: '{"InstanceId":[<instance>]}',
          },
        },
        { ...this.#in(region), dependsOn: [rights] },
      );
    }
  }

  /** A role for all regions, made with the first region's provider. */
  #createRole(
    what: string,
    role: {
      readonly name?: string;
      readonly description: string;
      readonly service: string;
      readonly sourceArn: string;
      readonly policy: pulumi.Input<string>;
    },
  ): [aws.iam.Role, aws.iam.RolePolicy] {
    const options = this.#in(this.#args.regions[0] ?? "");
    const { description, name: roleName, policy, service, sourceArn } = role;
    const created = new aws.iam.Role(
      `${this.#name}-${what}`,
      {
        name: roleName,
        description,
        assumeRolePolicy: serviceTrust({ service, accountId: this.#args.accountId, sourceArn }),
        permissionsBoundary: this.#args.permissionsBoundaryArn,
      },
      options,
    );
    const rights = new aws.iam.RolePolicy(`${this.#name}-${what}`, { role: created.name, policy }, options);
    return [created, rights];
  }

  #in(region: string): pulumi.CustomResourceOptions {
    return { parent: this, provider: at(this.#args.providers, region) };
  }
}

function problems({ accountId, documentName, providers, regions }: InstanceIsolationArgs): string[] {
  const found = [...regionProblems(regions, { providers }), ...accountProblems(accountId)];
  if (!/^(?!aws|amazon|amzn)[\w.-]{3,64}$/i.test(documentName)) {
    found.push(
      `documentName: "${documentName}" is no runbook's name; use 3 to 64 letters, digits, dots, _ and -, not beginning with aws, amazon or amzn`,
    );
  }
  return found;
}
