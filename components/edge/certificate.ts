import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { isHostName } from "../argument-problems.ts";
import { refuse } from "./arguments.ts";

export interface CertificateArgs {
  /** First name of the certificate; `*.` may lead. Replaces the certificate. */
  readonly domainName: string;
  /** Further names. Replaces the certificate. @default [] */
  readonly subjectAlternativeNames?: readonly string[];
  /** Names whose validation record another stack owns; all are names of this certificate. @default [] */
  readonly validatedElsewhere?: readonly string[];
  /** Public zone that takes the validation records. */
  readonly zoneId: pulumi.Input<string>;
}

/**
 * A certificate of ACM in the provider's region, proven by DNS records that stay, so that renewal needs nobody.
 *
 * ACM gives a name the same validation record in every region of an account, and `*.x` the same as `x`. Two stacks that
 * both made the record of a shared name would fight over it, and the first to be destroyed would stop the other's renewal.
 * So every validation record has one owner: `global` for the shared names (`<domain>`, `*.<domain>`), each region for its
 * own `origin.<region>.<domain>`. A region names the shared ones in `validatedElsewhere`; `global` is deployed first.
 *
 * Under failure: an issued certificate works without ACM; nothing in a failover issues one.
 */
export class Certificate extends pulumi.ComponentResource {
  /** ARN of the certificate, known once it is issued. */
  readonly certificateArn: pulumi.Output<string>;

  constructor(name: string, args: CertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:edge:Certificate", name, {}, opts);
    const names = [args.domainName, ...(args.subjectAlternativeNames ?? [])];
    refuse(`Certificate "${name}"`, certificateProblems(names, args.validatedElsewhere ?? []));

    const certificate = new aws.acm.Certificate(
      `${name}-certificate`,
      {
        domainName: args.domainName,
        subjectAlternativeNames: names.slice(1),
        validationMethod: "DNS",
        tags: { Name: name },
      },
      { parent: this },
    );
    const records = ownedNames(names, args.validatedElsewhere ?? []).map((owned) => {
      const proof = certificate.domainValidationOptions.apply((options) => validationOf(owned, options));
      return new aws.route53.Record(
        `${name}-validation-${owned}`,
        {
          zoneId: args.zoneId,
          name: proof.resourceRecordName,
          type: proof.resourceRecordType,
          records: [proof.resourceRecordValue],
          ttl: 300,
        },
        { parent: this },
      );
    });
    const issued = new aws.acm.CertificateValidation(
      `${name}-issued`,
      // No validationRecordFqdns: the provider would insist on the records that another stack owns.
      { certificateArn: certificate.arn },
      { parent: this, dependsOn: records, customTimeouts: { create: "20m" } },
    );
    this.certificateArn = issued.certificateArn;
    this.registerOutputs({ certificateArn: this.certificateArn });
  }
}

/** The names that need a validation record of this certificate's own: one each, `*.x` and `x` being the same. */
export function ownedNames(names: readonly string[], validatedElsewhere: readonly string[]): string[] {
  const elsewhere = new Set(validatedElsewhere.map(bare));
  return [...new Set(names.map(bare))].filter((name) => !elsewhere.has(name));
}

const bare = (name: string): string => name.replace(/^\*\./, "");

function validationOf<O extends { readonly domainName: string }>(name: string, options: readonly O[]): O {
  const option = options.find(({ domainName }) => bare(domainName) === name);
  if (option === undefined) throw new Error(`ACM returned no validation record for ${name}`);
  return option;
}

function certificateProblems(names: readonly string[], validatedElsewhere: readonly string[]): string[] {
  const problems = names
    .filter((name) => !isHostName(bare(name)))
    .map((name) => `domainName: "${name}" is not a DNS name; write it like example.com or *.example.com`);
  if (names.length > 10)
    problems.push(`subjectAlternativeNames: ${names.length} names, ACM allows 10 at first`);
  for (const name of validatedElsewhere.filter((shared) => !names.includes(shared))) {
    problems.push(`validatedElsewhere: "${name}" is not a name of this certificate; remove it`);
  }
  return problems;
}
