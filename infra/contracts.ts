/**
 * What crosses stacks. Names come first (names.ts); only what AWS names itself is read from the outputs of `global`, and
 * nothing of it is needed by a failover.
 */
import * as pulumi from "@pulumi/pulumi";
import type { AlertSeverity } from "../components/security/alert-rules.ts";
import type { PlatformConfig } from "./config/index.ts";

/** One multi-region key for each kind of data, so that access to one kind never opens another. */
export const KEY_PURPOSES = [
  "documents",
  "relational",
  "cluster",
  "logs",
  "secrets",
  "audit",
  "alerts",
  "messaging",
  "backup",
] as const;
export type KeyPurpose = (typeof KEY_PURPOSES)[number];

/** Stores whose clients share a generated password. */
export const PASSWORD_PURPOSES = ["cache", "sessions", "broker"] as const;
export type PasswordPurpose = (typeof PASSWORD_PURPOSES)[number];

/** Key ARN by region, by purpose. */
export type KeyArns = Readonly<Record<KeyPurpose, Readonly<Record<string, pulumi.Output<string>>>>>;

/** The output `global` of a stack with the global scope. */
export interface GlobalOutputs {
  /** Hosted zone of the platform's domain. */
  readonly zoneId: pulumi.Output<string>;
  readonly keyArns: KeyArns;
  /** Secrets with the header values of CloudFront by region; empty without CloudFront. */
  readonly originHeaderSecretArns: Readonly<Record<string, readonly pulumi.Output<string>[]>>;
  /** Registry URL (account, region, repository) of the document service by region. */
  readonly documentImageRepository: Readonly<Record<string, pulumi.Output<string>>>;
  readonly documentTableName: pulumi.Output<string>;
  /** Change stream of the document table by region. */
  readonly documentStreamArns: Readonly<Record<string, pulumi.Output<string>>>;
  /** Password of the clients of each store, by purpose and region. */
  readonly passwordSecretArns: Readonly<
    Record<PasswordPurpose, Readonly<Record<string, pulumi.Output<string>>>>
  >;
  /** Topics that alarms tell, by severity and region. */
  readonly alertTopicArns: Readonly<Record<AlertSeverity, Readonly<Record<string, pulumi.Output<string>>>>>;
  /** Global database that a region's cluster joins. */
  readonly relationalIdentifier: pulumi.Output<string>;
  /** Secret of the database administrator by region; read once, when the first writer is made. */
  readonly relationalSecretArns: Readonly<Record<string, pulumi.Output<string>>>;
}

/** The output `region` of a stack with the region scope; read by people, tools and the stack link, by no other region. */
export interface RegionOutputs {
  /** Clusters by slot. */
  readonly clusters: Readonly<
    Record<string, { readonly name: pulumi.Output<string>; readonly endpoint: pulumi.Output<string> }>
  >;
  readonly originHost: pulumi.Output<string>;
  readonly loadBalancerArn: pulumi.Output<string>;
  readonly relationalEndpoint: pulumi.Output<string>;
  readonly relationalReaderEndpoint: pulumi.Output<string>;
  readonly switchBucket: pulumi.Output<string>;
  readonly vpcId: pulumi.Output<string>;
  /** Route tables of the private subnets by zone. */
  readonly privateRouteTableIds: Readonly<Record<string, pulumi.Output<string>>>;
  /** Peers that this region takes out of DNS now. */
  readonly evacuates: readonly string[];
}

/** Reads the outputs of the global stack, one typed output for each property. */
export function readGlobal(config: PlatformConfig): GlobalOutputs {
  const property = reader(config.globalStack, "global");
  const byRegion = (...path: readonly string[]) =>
    Object.fromEntries(Object.keys(config.regions).map((region) => [region, property(...path, region)]));
  return {
    zoneId: property("zoneId"),
    keyArns: Object.fromEntries(
      KEY_PURPOSES.map((purpose) => [purpose, byRegion("keyArns", purpose)]),
    ) as KeyArns,
    originHeaderSecretArns: config.edge.cloudfront ? originHeaders(config, property) : {},
    documentImageRepository: byRegion("documentImageRepository"),
    documentTableName: property("documentTableName"),
    documentStreamArns: byRegion("documentStreamArns"),
    passwordSecretArns: Object.fromEntries(
      PASSWORD_PURPOSES.map((purpose) => [purpose, byRegion("passwordSecretArns", purpose)]),
    ) as GlobalOutputs["passwordSecretArns"],
    alertTopicArns: {
      page: byRegion("alertTopicArns", "page"),
      notice: byRegion("alertTopicArns", "notice"),
    },
    relationalIdentifier: property("relationalIdentifier"),
    relationalSecretArns: byRegion("relationalSecretArns"),
  };
}

function originHeaders(config: PlatformConfig, property: Property): GlobalOutputs["originHeaderSecretArns"] {
  const secrets = (region: string) =>
    config.edge.originHeader.values.map((_, index) =>
      property("originHeaderSecretArns", region, String(index)),
    );
  return Object.fromEntries(Object.keys(config.regions).map((region) => [region, secrets(region)]));
}

/** What the stack link needs to know of a region's network; `zones` are letters, as in the configuration. */
export function readRegionNetwork(
  stack: string,
  region: string,
  zones: readonly string[],
): Pick<RegionOutputs, "vpcId" | "privateRouteTableIds"> {
  const property = reader(stack, "region");
  const inRegion = zones.map((zone) => `${region}${zone}`);
  return {
    vpcId: property("vpcId"),
    privateRouteTableIds: Object.fromEntries(
      inRegion.map((zone) => [zone, property("privateRouteTableIds", zone)]),
    ),
  };
}

type Property = (...path: readonly string[]) => pulumi.Output<string>;

/** Texts of one output of another stack of this project. */
function reader(stack: string, output: "global" | "region"): Property {
  const reference = new pulumi.StackReference(stack, {
    name: `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`,
  });
  const value = reference.requireOutput(output);
  return (...path) => value.apply((found) => text({ stack, output, found, path }));
}

interface Wanted {
  readonly stack: string;
  readonly output: string;
  readonly found: unknown;
  readonly path: readonly string[];
}

function text({ stack, output, found, path }: Wanted): string {
  const value = path.reduce<unknown>(
    (current, step) =>
      typeof current === "object" && current !== null ? Reflect.get(current, step) : undefined,
    found,
  );
  if (typeof value !== "string") {
    throw new pulumi.RunError(
      `stack ${stack} has no output ${output}.${path.join(".")}: run \`pulumi up --stack ${stack}\` first, with the same platform:regions`,
    );
  }
  return value;
}
