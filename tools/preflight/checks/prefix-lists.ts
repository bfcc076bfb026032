/** What a prefix list counts for in a security group. */
import type { Plan } from "../../plan/plan.ts";
import { invoke } from "../../providers/aws/invokes.ts";
import { items, planned, text } from "../planned.ts";
import type { PrefixListWeights } from "./security-group-rules.ts";

/** https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html */
const DOCUMENTED_WEIGHTS: ReadonlyMap<RegExp, number> = new Map([
  [/\.cloudfront\.origin-facing$/, 55],
  [/\.route53-healthchecks$/, 25],
]);

export interface PrefixLists {
  readonly plan: Plan;
  readonly region: string;
  /** Rules that a list may hold, by name; EC2 tells it for lists of customers only. */
  readonly sizes: ReadonlyMap<string, number | undefined>;
}

/** A plan knows lists by the id that its own provider answers with, so that provider is asked for each name. */
export function prefixListWeights({ plan, region, sizes }: PrefixLists): PrefixListWeights {
  const names = new Set([
    ...sizes.keys(),
    "com.amazonaws.global.cloudfront.origin-facing",
    `com.amazonaws.${region}.route53-healthchecks`,
  ]);
  const known = [...names].map(
    (name) => [plannedId(name, region), sizes.get(name) ?? documented(name)] as const,
  );
  const made = planned(plan, "ec2/managedPrefixList:ManagedPrefixList", region).map(
    ({ id, inputs }) => [id ?? "", Number(inputs["maxEntries"] ?? items(inputs, "entries").length)] as const,
  );
  const weights = new Map([...known, ...made]);
  return (id) => weights.get(id) ?? 1;
}

function plannedId(name: string, region: string): string {
  const place = { region, account: "", partition: "aws" };
  const { id } = invoke("aws:ec2/getManagedPrefixList:getManagedPrefixList", { name }, place);
  return text(typeof id === "string" ? id : undefined);
}

function documented(name: string): number {
  const found = [...DOCUMENTED_WEIGHTS].find(([pattern]) => pattern.test(name));
  return found?.[1] ?? 1;
}
