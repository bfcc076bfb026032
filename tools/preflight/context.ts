import type { ConfigValues } from "../../infra/config/schema.ts";
import type { Plan } from "../plan/plan.ts";
import type { AccountFacts } from "./facts/account.ts";
import type { ComputeFacts } from "./facts/compute.ts";
import type { NetworkFacts } from "./facts/network.ts";
import type { Finding } from "./finding.ts";

export interface Facts {
  readonly account: AccountFacts;
  readonly compute: ComputeFacts;
  readonly network: NetworkFacts;
}

/** What every check of a stack works with. */
export interface StackContext {
  readonly stack: string;
  readonly config: ConfigValues;
  readonly deployerRoleArn: string;
  /** In update mode. */
  readonly plan: Plan;
  /** Regions that are looked at, sorted. */
  readonly regions: readonly string[];
  /** Plans of the stacks of the same run and account that go up earlier: what they ask for is gone by then. */
  readonly before: readonly Plan[];
  readonly facts: Facts;
  /** Name servers that the world knows for a domain. @throws as `node:dns` does */
  readonly resolveNs: (domain: string) => Promise<readonly string[]>;
}

export type Check = (context: StackContext) => Promise<readonly Finding[]>;
