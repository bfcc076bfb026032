/** Settings of the guardrails for one stack: `policy/config/<stack>.json`, the same file that the CLI takes. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import { z } from "zod";
import { catalogue } from "../../policy/catalogue.ts";
import type { Rule } from "../../policy/core/rule.ts";
import type { Waiver } from "../../policy/core/waiver.ts";
import { toStruct } from "../providers/struct.ts";
import { Mistake } from "../terminal/exit.ts";
import { PACK_FOLDER } from "./analyzer.ts";

const level = z.enum(["advisory", "mandatory", "disabled"]);
export type Level = z.infer<typeof level>;

/** As in the CLI's `--policy-pack-config`: rule id, or `all`, to a level or to settings. */
export type PolicyConfig = Readonly<Record<string, unknown>>;

/** What applies to one rule after defaults, `all` and the rule's own entry. */
export interface RuleSettings {
  readonly level: Level;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly waivers: readonly Waiver[];
}

export async function readPolicyConfig(
  stack: string,
  folder = join(PACK_FOLDER, "config"),
): Promise<PolicyConfig> {
  const file = join(folder, `${stack}.json`);
  const text = await readFile(file, "utf8").catch((cause) => {
    throw new Mistake(
      `${file} cannot be read: the guardrails need the settings of stack ${stack}. Create it.`,
      { cause },
    );
  });
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch (cause) {
    throw new Mistake(`${file} is not a JSON object of rule ids`, { cause });
  }
}

/** Every rule's settings, or one mistake that lists everything that is wrong. */
export function resolveSettings(
  config: PolicyConfig,
  rules: readonly Rule[] = catalogue,
): Map<string, RuleSettings> {
  const problems: string[] = [];
  const known = new Set(["all", ...rules.map(({ id }) => id)]);
  for (const key of Object.keys(config))
    if (!known.has(key)) problems.push(`${key}: no such rule; \`platform check --rules\` lists them`);
  const all = level.optional().safeParse(config["all"]);
  if (!all.success)
    problems.push(`all: ${JSON.stringify(config["all"])} is no level; use ${level.options.join(", ")}`);
  const settings = new Map(
    rules.map((rule) => [rule.id, settingsOf(rule, config[rule.id] ?? {}, all.data, problems)] as const),
  );
  if (problems.length > 0)
    throw new Mistake(["the settings of the guardrails are wrong", ...problems].join("\n  "));
  return settings;
}

const waived = z.looseObject({ waivers: z.array(z.custom<Waiver>()).default([]) });

function settingsOf(rule: Rule, entry: unknown, all: Level | undefined, problems: string[]): RuleSettings {
  const { enforcementLevel, ...own } =
    typeof entry === "string" ? { enforcementLevel: entry } : { ...Object(entry) };
  const chosen = level.optional().safeParse(enforcementLevel);
  if (!chosen.success)
    problems.push(
      `${rule.id}: ${JSON.stringify(enforcementLevel)} is no level; use ${level.options.join(", ")}`,
    );
  const effective = chosen.data ?? all ?? rule.level;
  const parsed = rule.configSchema.safeParse(own);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues)
      problems.push(`${[rule.id, ...path.map(String)].join(".")}: ${message}`);
    return { level: effective, properties: {}, waivers: [] };
  }
  return { level: effective, properties: parsed.data, waivers: waived.parse(parsed.data).waivers };
}

/** A waiver for something that is not there is a mistake: it hides nothing today and the wrong thing tomorrow. */
export function refuseStrayWaivers(
  settings: ReadonlyMap<string, RuleSettings>,
  urns: ReadonlySet<string>,
): void {
  const stray = [...settings].flatMap(([rule, { waivers }]) =>
    waivers.filter(({ urn }) => !urns.has(urn)).map(({ urn, who }) => `${rule}: ${urn} (${who})`),
  );
  if (stray.length > 0)
    throw new Mistake(
      ["waivers name resources that the stack does not have; remove them", ...stray].join("\n  "),
    );
}

const protocolLevel = {
  advisory: proto.EnforcementLevel.ADVISORY,
  mandatory: proto.EnforcementLevel.MANDATORY,
  disabled: proto.EnforcementLevel.DISABLED,
} as const;

export function configureRequest(
  settings: ReadonlyMap<string, RuleSettings>,
): proto.ConfigureAnalyzerRequest {
  const request = new proto.ConfigureAnalyzerRequest();
  for (const [rule, { level: own, properties }] of settings) {
    const message = new proto.PolicyConfig();
    message.setEnforcementlevel(protocolLevel[own]);
    message.setProperties(toStruct(JSON.parse(JSON.stringify(properties))));
    request.getPolicyconfigMap().set(rule, message);
  }
  return request;
}
