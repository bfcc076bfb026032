import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../edge/arguments.ts";

/** Roles that an account must have before a service's first use; other services make theirs with it. */
const ROLES = {
  /** Auto Scaling uses keys of ours for volumes only when a key policy names its role, which must exist by then. */
  autoscaling: { service: "autoscaling.amazonaws.com", role: "AWSServiceRoleForAutoScaling" },
  /** A domain in a VPC. */
  opensearch: {
    service: "opensearchservice.amazonaws.com",
    role: "AWSServiceRoleForAmazonOpenSearchService",
  },
  /** Spot instances that Karpenter asks for. */
  spot: { service: "spot.amazonaws.com", role: "AWSServiceRoleForEC2Spot" },
} as const;

export type LinkedService = keyof typeof ROLES;

export interface ServiceLinkedRolesArgs {
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /** Services whose role the account needs. */
  readonly services: readonly LinkedService[];
  /**
   * Those of `services` whose role the account has already: made by the console, by another project, or by a first use.
   * They are looked up, not made, and stay when the stack is destroyed. @default none
   */
  readonly adopt?: readonly LinkedService[] | undefined;
}

/**
 * Service-linked roles of the account, each once (DATA-26). Belongs to the `global` stack, or to the only one: an account
 * has one role for all regions, and IAM refuses a second.
 *
 * When `up` says that a role name is taken, the account has it: add the service to `adopt`. Decide it with the first `up`;
 * a role that is made here and adopted later is deleted if no one uses it. Under failure nothing depends on them but new
 * domains and nodes. They are free.
 */
export class ServiceLinkedRoles extends pulumi.ComponentResource {
  /** Of every one of `services`, known when the role is there. */
  readonly roleArns: Readonly<Partial<Record<LinkedService, pulumi.Output<string>>>>;

  constructor(name: string, args: ServiceLinkedRolesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:data:ServiceLinkedRoles", name, {}, opts);
    const { accountId, adopt = [], partition = "aws", services } = args;
    refuse(`ServiceLinkedRoles ${name}`, problems(args));
    this.roleArns = Object.fromEntries(
      services.map((key) => {
        const { service, role } = ROLES[key];
        const made = adopt.includes(key)
          ? aws.iam.ServiceLinkedRole.get(
              `${name}-${key}`,
              `arn:${partition}:iam::${accountId}:role/aws-service-role/${service}/${role}`,
              {},
              { parent: this },
            )
          : new aws.iam.ServiceLinkedRole(
              `${name}-${key}`,
              { awsServiceName: service, description: `Lets ${key} act in this account` },
              { parent: this },
            );
        return [key, made.arn];
      }),
    );
    this.registerOutputs({ roleArns: this.roleArns });
  }
}

function problems({ accountId, adopt = [], services }: ServiceLinkedRolesArgs): string[] {
  const found: string[] = [];
  if (!/^\d{12}$/.test(accountId)) found.push(`accountId: "${accountId}" is no account; write its 12 digits`);
  const repeated = services.filter((key, place) => services.indexOf(key) !== place);
  for (const key of new Set(repeated)) {
    found.push(`services: "${key}" is named twice; name every service once`);
  }
  for (const key of adopt.filter((each) => !services.includes(each))) {
    found.push(`adopt: "${key}" is not one of services; add it there, or leave it out here`);
  }
  return found;
}
