import * as pulumi from "@pulumi/pulumi";
import type { DataProtection } from "../data/protection.ts";
import { at, type ByRegion, mapRegions } from "../data/regions.ts";
import { ReplicatedSecret } from "../security/replicated-secret.ts";
import { refuse } from "./arguments.ts";
import {
  acceptedOriginHeaderValues,
  originHeaderProblems,
  originHeaderSecretName,
} from "./origin-header-values.ts";

export interface OriginHeaderArgs {
  /** First part of the secrets' names, for example `platform/origin-header`. Replaces the secrets. */
  readonly secretName: string;
  /** Regions whose load balancers check the header, the first with the provider in `opts`. */
  readonly regions: readonly string[];
  /** Key of each region for its copy. */
  readonly kmsKeyArns: ByRegion<pulumi.Input<string>>;
  /** Names of the values that exist, one to three, such as `v1`. A new name makes a new value. */
  readonly values: readonly string[];
  /** The one of them that CloudFront sends. */
  readonly sends: string;
  /** `retain` protects the secrets, so that none that is in use is deleted by a slip; `release` deletes one with its name. */
  readonly dataProtection: DataProtection;
}

/**
 * The secret by which load balancers know the platform's own CloudFront (C-49), and how it changes. Every value is a secret of
 * its own, written once by Secrets Manager, copied to every region; configuration holds names, nobody ever sees a value.
 * Belongs to the `global` stack.
 *
 * To change the value from v1 to v2, with every request served throughout; each step waits for the one before:
 * 1. `values: [v1, v2]`, `sends: v1`; `up` of `global`: v2 exists, nobody uses it.
 * 2. `up` of every region: its load balancer accepts both.
 * 3. `sends: v2`; `up` of `global`, which returns when all edge locations send v2.
 * 4. `values: [v2]`; `up` of every region: v1 is refused. Then `pulumi state unprotect` of the secret of v1 and `up` of `global`,
 *    which lets go of it; with `retain` it stays in AWS until `aws secretsmanager delete-secret`.
 * To go back before step 4, set `sends: v1` and run `up` of `global`. After a leak of v1, do all four at once, in this order.
 *
 * Never join steps 1 and 3: CloudFront would send what load balancers refuse. A region that is down in step 2 is evacuated;
 * run its `up` before traffic returns to it.
 *
 * Under failure: CloudFront and load balancers hold the values themselves; neither a region's loss nor Secrets Manager's stops
 * a request.
 */
export class OriginHeader extends pulumi.ComponentResource {
  /** What CloudFront sends; secret. */
  readonly sentValue: pulumi.Output<string>;
  /** Secrets of all values by region, in the order of `values`: for `acceptedOriginHeaderValues`. */
  readonly secretArns: ByRegion<pulumi.Output<string>[]>;

  constructor(name: string, args: OriginHeaderArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:edge:OriginHeader", name, {}, opts);
    refuse(`OriginHeader "${name}"`, originHeaderProblems(args.values, args.sends));
    const { kmsKeyArns, regions, secretName, sends, values } = args;
    const [first = ""] = regions;
    const secrets = values.map((value) => ({
      value,
      secret: new ReplicatedSecret(
        `${name}-${value}`,
        {
          secretName: originHeaderSecretName(secretName, value),
          description: `Header that CloudFront sends to the load balancers, value ${value}`,
          regions,
          kmsKeyArns,
          generatePassword: true,
          dataProtection: args.dataProtection,
        },
        { parent: this },
      ),
    }));
    const sent = secrets.filter(({ value }) => value === sends).map(({ secret }) => at(secret.arns, first));
    const [sentValue] = acceptedOriginHeaderValues(sent, { parent: this });
    if (sentValue === undefined) throw new Error(`no value ${sends}`);
    this.sentValue = sentValue;
    this.secretArns = mapRegions(regions, (region) => secrets.map(({ secret }) => at(secret.arns, region)));
    this.registerOutputs({ sentValue: this.sentValue, secretArns: this.secretArns });
  }
}
