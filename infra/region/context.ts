import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { AlertSeverity } from "../../components/security/alert-rules.ts";
import type { RegionConfig } from "../config/index.ts";
import type { GlobalOutputs } from "../contracts.ts";
import { type Names, ONLY_SLOT } from "../names.ts";
import type { Posture } from "../posture.ts";

/** What every layer of a region works with. */
export interface RegionContext {
  readonly config: RegionConfig;
  readonly names: Names;
  readonly provider: aws.Provider;
  readonly global: GlobalOutputs;
  readonly posture: Posture;
}

/** Topics of this region by severity. */
export function topicsBySeverity(context: RegionContext): Record<AlertSeverity, pulumi.Output<string>> {
  const { page, notice } = context.global.alertTopicArns;
  return { page: ofRegion(context, page), notice: ofRegion(context, notice) };
}

/** Topics that alarms of one severity only tell: these wake somebody. */
export function alarmTopics(context: RegionContext): pulumi.Output<string>[] {
  return [topicsBySeverity(context).page];
}

/** One cluster of the region: the only one, or one of several that share its traffic. */
export interface SlotContext extends RegionContext {
  readonly slot: {
    readonly name: string;
    /** Appended to the logical names of what the slot has for itself; empty for the only cluster. */
    readonly suffix: string;
    readonly clusterName: string;
    /** Per cent of the whole traffic that the slot must be able to serve at once. */
    readonly servesPercent: number;
  };
}

export function slotsOf(context: RegionContext): SlotContext[] {
  const { config, names, posture } = context;
  return Object.entries(config.cluster.slots).map(([name, weight]) => ({
    ...context,
    slot: {
      name,
      suffix: name === ONLY_SLOT ? "" : `-${name}`,
      clusterName: names.cluster(name),
      servesPercent: (posture.servesPercent * weight) / 100,
    },
  }));
}

/** The value of this region in something that `global` made for every region. */
export function ofRegion<T>({ config }: RegionContext, byRegion: Readonly<Record<string, T>>): T {
  const value = byRegion[config.region];
  if (value === undefined) {
    throw new Error(
      `stack ${config.globalStack} knows no region ${config.region}: run \`pulumi up --stack ${config.globalStack}\` first`,
    );
  }
  return value;
}
