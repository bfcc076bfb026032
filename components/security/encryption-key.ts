import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import { type DataProtection, protectionOptions } from "../data/protection.ts";
import { at, type ByRegion, mapRegions, regionProblems } from "../data/regions.ts";
import { type KeyService, keyPolicy } from "./key-policy.ts";

export interface EncryptionKeyArgs {
  /** Name of the key's alias in every region, without `alias/`, for example `platform-documents`. Replaces the aliases. */
  readonly aliasName: string;
  /** What the key protects, in words. */
  readonly description: pulumi.Input<string>;
  /** Regions of the key, the first with its primary. Another first region replaces every key: their data is lost. */
  readonly regions: readonly string[];
  /** A provider for every region. */
  readonly providers: ByRegion<aws.Provider>;
  /** Account that the key belongs to. */
  readonly accountId: string;
  /** @default "aws" */
  readonly partition?: string | undefined;
  /** AWS services that use the key by themselves. @default none */
  readonly services?: readonly KeyService[] | undefined;
  /** `retain` protects the keys and waits 30 days before a deletion; `release` lets destroy schedule it, 7 days ahead. */
  readonly dataProtection: DataProtection;
}

/**
 * A customer-managed key with the same key material in every region, rotated every year (SEC-11).
 *
 * What one region encrypts, another can decrypt with its own key: a region's loss takes no key with it, because replica
 * keys work without the primary. A key costs 1 USD a month in each region, 2 USD after its second rotation.
 */
export class EncryptionKey extends pulumi.ComponentResource {
  /** ARN of the key by region. */
  readonly arns: ByRegion<pulumi.Output<string>>;
  /** With `alias/`; the same in every region. */
  readonly aliasName: string;

  readonly #name: string;
  readonly #args: EncryptionKeyArgs;

  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:security:EncryptionKey", name, {}, opts);
    refuse(this, `EncryptionKey ${name}`, problems(args));
    this.#name = name;
    this.#args = args;
    this.aliasName = `alias/${args.aliasName}`;

    const primary = this.#createPrimary();
    const keys = mapRegions(args.regions, (region) =>
      region === args.regions[0] ? primary : this.#createReplica(region, primary.arn),
    );
    for (const region of args.regions) this.#createAlias(region, at(keys, region).keyId);
    this.arns = mapRegions(args.regions, (region) => at(keys, region).arn);
    this.registerOutputs({ arns: this.arns, aliasName: this.aliasName });
  }

  #createPrimary(): aws.kms.Key {
    const region = this.#args.regions[0] ?? "";
    return new aws.kms.Key(
      `${this.#name}-${region}`,
      { ...this.#common(region), enableKeyRotation: true, multiRegion: true },
      this.#keyOptions(region),
    );
  }

  #createReplica(region: string, primaryKeyArn: pulumi.Input<string>): aws.kms.ReplicaKey {
    return new aws.kms.ReplicaKey(
      `${this.#name}-${region}`,
      { ...this.#common(region), primaryKeyArn },
      this.#keyOptions(region),
    );
  }

  #createAlias(region: string, targetKeyId: pulumi.Input<string>): void {
    new aws.kms.Alias(
      `${this.#name}-alias-${region}`,
      { name: this.aliasName, targetKeyId },
      { parent: this, provider: at(this.#args.providers, region) },
    );
  }

  #common(region: string) {
    const { accountId, dataProtection, description, partition = "aws", services = [] } = this.#args;
    return {
      description,
      deletionWindowInDays: dataProtection === "retain" ? 30 : 7,
      policy: keyPolicy({ partition, accountId, region, services }),
    };
  }

  #keyOptions(region: string): pulumi.CustomResourceOptions {
    const { dataProtection, providers } = this.#args;
    return { parent: this, provider: at(providers, region), ...protectionOptions(dataProtection) };
  }
}

const ALIAS = /^(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/;

function problems(args: EncryptionKeyArgs): string[] {
  const found = regionProblems(args.regions, { providers: args.providers });
  if (!ALIAS.test(args.aliasName)) {
    found.push(
      `aliasName: "${args.aliasName}" is no alias; use letters, digits, /, _ and -, without a leading alias/ or aws/`,
    );
  }
  if (args.aliasName.startsWith("alias/")) {
    found.push(`aliasName: "${args.aliasName}" starts with alias/; leave that out, it is added`);
  }
  if (!/^\d{12}$/.test(args.accountId))
    found.push(`accountId: "${args.accountId}" is no account; write its 12 digits`);
  return found;
}
