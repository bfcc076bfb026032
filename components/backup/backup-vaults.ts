import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { wholeNumberProblem } from "../argument-problems.ts";
import { type DataProtection, protectionOptions } from "../data/protection.ts";
import { at, type ByRegion, mapRegions, regionProblems } from "../data/regions.ts";
import { refuse } from "../edge/arguments.ts";
import { vaultPolicy } from "./backup-policies.ts";
import { type VaultLock, vaultNameProblems } from "./backup-rules.ts";

export interface BackupVaultsArgs {
  /** Name of the vault, the same in every region: plans and their copies find it by name. Replaces the vaults. */
  readonly vaultName: string;
  /** Regions with a vault. Adding or removing one leaves the others as they are. */
  readonly regions: readonly string[];
  /** A provider for every region. */
  readonly providers: ByRegion<aws.Provider>;
  /** Key of each region, by region. Replaces that region's vault. */
  readonly kmsKeyArns: ByRegion<pulumi.Input<string>>;
  /**
   * `governance`: nobody deletes a backup or keeps it for less than the limits, unless someone who may lifts the lock.
   * `compliance`: after `changeableForDays` nobody can lift it, AWS included. @default "governance" (GAP-12)
   */
  readonly lock?: VaultLock | undefined;
  /** Days in which a compliance lock can still be lifted, at least 3. @default 7 */
  readonly changeableForDays?: number | undefined;
  /** Shortest retention in days that a job may ask for; other jobs fail. @default 30 (C-52) */
  readonly minRetentionDays?: number | undefined;
  /** Longest retention in days. @default 366 */
  readonly maxRetentionDays?: number | undefined;
  /** `retain` protects the vaults, their locks and policies; `release` lets destroy lift them and delete every backup. */
  readonly dataProtection: DataProtection;
}

/**
 * A vault for backups in every region, each with its region's key, locked, and closed to deletions (DR-23, GAP-12).
 *
 * A region's plan writes its own vault and copies into the others, so that a region's loss takes no backup with it. A
 * vault costs nothing; what is in it does.
 */
export class BackupVaults extends pulumi.ComponentResource {
  /** Known when there is a vault in every region: plans that get it from here wait for the vaults that they copy into. */
  readonly vaultName: pulumi.Output<string>;
  readonly vaultArns: ByRegion<pulumi.Output<string>>;

  readonly #name: string;
  readonly #args: BackupVaultsArgs;

  constructor(name: string, args: BackupVaultsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:backup:BackupVaults", name, {}, opts);
    refuse(`BackupVaults ${name}`, problems(args));
    this.#name = name;
    this.#args = args;
    const vaults = mapRegions(args.regions, (region) => this.#createVault(region));
    this.vaultName = pulumi.all(Object.values(vaults).map((vault) => vault.name)).apply(() => args.vaultName);
    this.vaultArns = mapRegions(args.regions, (region) => at(vaults, region).arn);
    this.registerOutputs({ vaultName: this.vaultName, vaultArns: this.vaultArns });
  }

  #createVault(region: string): aws.backup.Vault {
    const { dataProtection, kmsKeyArns, providers, vaultName } = this.#args;
    const options = {
      parent: this,
      provider: at(providers, region),
      ...protectionOptions(dataProtection),
    };
    const vault = new aws.backup.Vault(
      `${this.#name}-${region}`,
      { name: vaultName, kmsKeyArn: at(kmsKeyArns, region), forceDestroy: dataProtection === "release" },
      options,
    );
    // Both depend on the vault, so destroy lifts them before it deletes the backups.
    const lock = lockOf(this.#args);
    if (lock !== undefined) {
      new aws.backup.VaultLockConfiguration(
        `${this.#name}-lock-${region}`,
        { backupVaultName: vault.name, ...lock },
        options,
      );
    }
    new aws.backup.VaultPolicy(
      `${this.#name}-policy-${region}`,
      { backupVaultName: vault.name, policy: vaultPolicy() },
      options,
    );
    return vault;
  }
}

function lockOf({ changeableForDays = 7, lock = "governance", ...args }: BackupVaultsArgs) {
  if (lock === "none") return undefined;
  return {
    minRetentionDays: args.minRetentionDays ?? 30,
    maxRetentionDays: args.maxRetentionDays ?? 366,
    ...(lock === "compliance" ? { changeableForDays } : {}),
  };
}

function problems(args: BackupVaultsArgs): string[] {
  const { changeableForDays, dataProtection, kmsKeyArns, lock, providers, regions, vaultName } = args;
  const [least, most] = [args.minRetentionDays ?? 30, args.maxRetentionDays ?? 366];
  const found = [
    ...regionProblems(regions, { providers, kmsKeyArns }),
    ...vaultNameProblems("vaultName", vaultName),
    ...wholeNumberProblem("minRetentionDays", least, {
      from: 1,
      to: 36_500,
      fix: "30 is the required least",
    }),
    ...wholeNumberProblem("maxRetentionDays", most, {
      from: Math.max(least, 1),
      to: 36_500,
      fix: "it is at least minRetentionDays, and what the archive keeps",
    }),
  ];
  if (changeableForDays !== undefined && lock !== "compliance") {
    found.push(`changeableForDays: only a compliance lock has it; leave it out, or set lock to "compliance"`);
  }
  if (changeableForDays !== undefined) {
    found.push(
      ...wholeNumberProblem("changeableForDays", changeableForDays, {
        from: 3,
        to: 36_500,
        fix: "AWS gives three days to think again",
      }),
    );
  }
  if (lock === "compliance" && dataProtection === "release") {
    found.push(`dataProtection: "release" cannot lift a compliance lock; use "retain", or another lock`);
  }
  return found;
}
