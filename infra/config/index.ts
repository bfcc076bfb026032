/** The only reader of Pulumi's configuration in the program. */
import * as pulumi from "@pulumi/pulumi";
import { parseConfig } from "./parse.ts";
import { ConfigError } from "./problems.ts";
import type { ConfigValues } from "./schema.ts";

export interface PlatformConfig extends ConfigValues {
  readonly stack: string;
  readonly homeRegion: string;
}

/** A stack that owns one region; `region` and `role` are then present. */
export interface RegionConfig extends PlatformConfig {
  readonly region: string;
  readonly role: "primary" | "secondary";
}

const NAMESPACE = "platform:";

/**
 * Reads and checks the configuration of the stack that runs.
 * @throws ConfigError with every mistake at once
 */
export function loadConfig(): PlatformConfig {
  const entries = Object.entries(pulumi.runtime.allConfig())
    .filter(([key]) => key.startsWith(NAMESPACE))
    .map(([key, value]) => [key.slice(NAMESPACE.length), value]);
  const stack = pulumi.getStack();
  const parsed = parseConfig(Object.fromEntries(entries));
  if (parsed.values === undefined) {
    throw new ConfigError(stack, parsed.problems);
  }
  return { ...parsed.values, stack, homeRegion: parsed.values.homeRegion ?? parsed.values.primaryRegion };
}

/** @throws when the stack has no region scope; `loadConfig` has then already refused a missing region or role. */
export function regionConfig(config: PlatformConfig): RegionConfig {
  const { region, role } = config;
  if (region === undefined || role === undefined) {
    throw new Error(`stack ${config.stack} has no region scope`);
  }
  return { ...config, region, role };
}
