/** Tells the effective configuration of a stack: every value, where it comes from and what it means. */
import { z } from "zod";
import { makeNames } from "../names.ts";
import { posture } from "../posture.ts";
import { type ConfigEntries, parseConfig } from "./parse.ts";
import { ConfigError, keyOf, metaOf, schemaAt } from "./problems.ts";
import { type ConfigValues, configSchema } from "./schema.ts";

export type Origin = "stack file" | "project file" | "default" | "derived";

export interface ExplainedValue {
  readonly key: string;
  readonly value: unknown;
  readonly origin: Origin;
  readonly meaning: string;
}

export interface ConfigFiles {
  /** Entries of the namespace in Pulumi.yaml. */
  readonly project: ConfigEntries;
  /** Entries of the namespace in Pulumi.<stack>.yaml; each replaces the project's as a whole. */
  readonly stack: ConfigEntries;
}

/** @throws ConfigError when the configuration has mistakes */
export function explainConfig(stackName: string, files: ConfigFiles): ExplainedValue[] {
  const { values, problems } = parseConfig({ ...files.project, ...files.stack });
  if (values === undefined) {
    throw new ConfigError(stackName, problems);
  }
  return [...leaves(values, []).map(([path, value]) => explainLeaf(path, value, files)), ...derived(values)];
}

function explainLeaf(path: readonly string[], value: unknown, files: ConfigFiles): ExplainedValue {
  const [top = "", ...rest] = path;
  const file = top in files.stack ? files.stack : files.project;
  const written = top in file && has(file[top], rest);
  const origin: Origin = written ? (file === files.stack ? "stack file" : "project file") : "default";
  return { key: keyOf(path), value, origin, meaning: metaOf(schemaAt(configSchema, path)).description ?? "" };
}

/** Lists are values of their own: nobody asks where their second element comes from. */
function leaves(value: unknown, path: readonly string[]): [readonly string[], unknown][] {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, child]) => leaves(child, [...path, key]))
    : [[path, value]];
}

function has(value: unknown, path: readonly string[]): boolean {
  return path.reduce<unknown>((current, step) => child(current, step), value) !== undefined;
}

function child(value: unknown, step: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined;
}

/** What follows from the configuration and is worth knowing by heart. */
function derived(values: ConfigValues): ExplainedValue[] {
  const names = makeNames(values);
  const rows: [string, unknown, string][] = [
    ["origin", names.origin, "Health-checked name in front of the regions."],
    [
      "deployerRoleArn",
      values.deployerRoleArn ?? names.deployerRoleArn,
      "Role that deploys and administers clusters.",
    ],
    [
      "relational.initialWriterRegion",
      values.relational.initialWriterRegion ?? values.homeRegion ?? values.primaryRegion,
      "Region of the global database's first writer.",
    ],
  ];
  if (values.region !== undefined && values.role !== undefined) {
    const { evacuates, servesPercent } = posture({ ...values, region: values.region, role: values.role });
    rows.push(
      ...Object.keys(values.cluster.slots).map((slot): [string, unknown, string] => [
        `clusterArn.${slot}`,
        names.clusterArn(values.region ?? "", slot),
        "EKS cluster of this region.",
      ]),
      ["regionalOrigin", names.regionalOrigin(values.region), "Host of this region's load balancer."],
      ["evacuates", evacuates, "Peers that this region takes out of DNS."],
      ["servesPercent", servesPercent, "Share of all traffic this region is sized for, in per cent."],
    );
  }
  return rows.map(([key, value, meaning]) => ({ key: `derived.${key}`, value, origin: "derived", meaning }));
}

/** JSON Schema of a stack file, for editors: completion, meaning of a key, allowed values. */
export function stackFileSchema(): Record<string, unknown> {
  const { properties = {} } = z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" });
  const keys = Object.entries(properties).map(([key, schema]) => [`platform:${key}`, schema]);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Stack configuration of the document platform",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(keys),
        patternProperties: { "^(?!platform:).*$": {} },
        additionalProperties: false,
      },
    },
  };
}
