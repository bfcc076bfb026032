import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import { type DataProtection, protectionOptions } from "../data/protection.ts";
import { at, type ByRegion, mapRegions, regionProblems } from "../data/regions.ts";

export interface ReplicatedSecretArgs {
  /** Name of the secret, the same in every region, for example `platform/relational`. Replaces the secret. */
  readonly secretName: string;
  /** What the secret is for, in words. */
  readonly description: pulumi.Input<string>;
  /** Regions of the secret; the first owns it and takes new values. Another first region replaces the secret. */
  readonly regions: readonly string[];
  /** Key of each region, by region. */
  readonly kmsKeyArns: ByRegion<pulumi.Input<string>>;
  /**
   * Whether the first `up` writes a random password of 40 letters and digits; later runs never touch it.
   * @default false: the secret has no value until `platform secret set` writes one
   */
  readonly generatePassword?: boolean | undefined;
  /** `retain` protects the secret and keeps a deleted one for 30 days; `release` lets destroy delete it at once. */
  readonly dataProtection: DataProtection;
}

/**
 * A secret that every region can read from its own copy under its own key (SEC-14, C-45). Give it the provider of the
 * first region.
 *
 * Values are in no configuration. The loss of the first region leaves the copies readable; to write during such an
 * outage, promote a copy (`aws secretsmanager stop-replication-to-replica`). 0.40 USD a month in each region.
 */
export class ReplicatedSecret extends pulumi.ComponentResource {
  /** ARN by region. With a generated value, known only when that value is written. */
  readonly arns: ByRegion<pulumi.Output<string>>;
  readonly secretName: string;

  constructor(name: string, args: ReplicatedSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:security:ReplicatedSecret", name, {}, opts);
    refuse(this, `ReplicatedSecret ${name}`, problems(args));
    const [first = "", ...others] = args.regions;
    const retained = args.dataProtection === "retain";
    const secret = new aws.secretsmanager.Secret(
      name,
      {
        name: args.secretName,
        description: args.description,
        kmsKeyId: at(args.kmsKeyArns, first),
        recoveryWindowInDays: retained ? 30 : 0,
        replicas: others.map((region) => ({ region, kmsKeyId: at(args.kmsKeyArns, region) })),
      },
      { parent: this, ...protectionOptions(args.dataProtection) },
    );
    const written = args.generatePassword === true ? this.#generate(name, secret) : secret.arn;

    this.secretName = args.secretName;
    this.arns = mapRegions(args.regions, (region) =>
      written.apply((arn) => arn.replace(`:${first}:`, `:${region}:`)),
    );
    this.registerOutputs({ arns: this.arns, secretName: this.secretName });
  }

  /**
   * The invoke answers with another password every time. The provider reads a write-only argument when it creates the
   * version and when `secretStringWoVersion` changes, compares it never, and so the value in AWS is the first one for good.
   * `ignoreChanges` of it would be wrong: a refresh removes a write-only argument from the state, and the provider then refuses
   * the number that is left without it.
   */
  #generate(name: string, secret: aws.secretsmanager.Secret): pulumi.Output<string> {
    const { randomPassword } = aws.secretsmanager.getRandomPasswordOutput(
      { excludePunctuation: true, passwordLength: 40 },
      { parent: this },
    );
    const version = new aws.secretsmanager.SecretVersion(
      `${name}-initial`,
      {
        secretId: secret.id,
        secretStringWo: pulumi.secret(randomPassword),
        secretStringWoVersion: 1,
        // Without a label of its own the version is deleted some changes of the value later, and a refresh followed by an
        // up would then write a random password over the one in use.
        versionStages: ["AWSCURRENT", "platform-initial"],
      },
      // AWSCURRENT moves to a newer value; to bring it back would undo a rotation.
      { parent: this, ignoreChanges: ["versionStages"] },
    );
    return pulumi.all([secret.arn, version.id]).apply(([arn]) => arn);
  }
}

function problems(args: ReplicatedSecretArgs): string[] {
  const found = regionProblems(args.regions, { kmsKeyArns: args.kmsKeyArns });
  if (!/^[\w/+=.@-]{1,512}$/.test(args.secretName)) {
    found.push(`secretName: "${args.secretName}" is no secret name; use letters, digits and /_+=.@-`);
  }
  // Secrets Manager adds a hyphen and six characters to a name; one that ends so is mistaken for a partial ARN.
  if (/-\w{6}$/.test(args.secretName)) {
    found.push(
      `secretName: "${args.secretName}" ends like an ARN; do not end it with a hyphen and six characters`,
    );
  }
  return found;
}
