/** Applied quotas against what is used, what earlier stacks of the run take, and what the plan asks for. */
import type { Plan } from "../../plan/plan.ts";
import type { Facts, StackContext } from "../context.ts";
import { type Fact, map } from "../fact.ts";
import { type Finding, findingsOf } from "../finding.ts";
import { regionsOf } from "../planned.ts";
import { prefixListWeights } from "./prefix-lists.ts";
import { type Amounts, QUOTA_RULES, type QuotaRule, type UsedKey } from "./quota-rules.ts";
import { RULES_PER_GROUP, securityGroupRules } from "./security-group-rules.ts";

const quota = findingsOf("quota");

/** Region in which quotas of the whole account are kept and raised. */
const ACCOUNT_QUOTA_REGION = "us-east-1";

/** All in units of the quota, none negative. */
export interface QuotaCase {
  readonly limit: number;
  readonly used: number;
  /** Asked for by stacks of the same run that go up earlier. */
  readonly earlier: number;
  readonly need: number;
}

/** How many are missing; 0 when all fit. */
export function shortfall({ limit, used, earlier, need }: QuotaCase): number {
  return need === 0 ? 0 : Math.max(0, used + earlier + need - limit);
}

/** The smallest quota with which all fit. */
export function sufficient({ used, earlier, need }: Omit<QuotaCase, "limit">): number {
  return used + earlier + need;
}

type QuotaName = Pick<QuotaRule, "service" | "code">;

export function raiseCommand({ service, code }: QuotaName, region: string, desired: number): string {
  return `aws service-quotas request-service-quota-increase --region ${region} --service-code ${service} --quota-code ${code} --desired-value ${desired}`;
}

export async function checkQuotas(context: StackContext): Promise<readonly Finding[]> {
  const regional = context.regions.flatMap((region) =>
    QUOTA_RULES.filter(({ scope }) => scope !== "account").map((rule) => judgeRule(context, rule, [region])),
  );
  const everywhere = [...new Set([context.plan, ...context.before].flatMap(regionsOf))];
  const ofAccount = QUOTA_RULES.filter(({ scope }) => scope === "account").map((rule) =>
    judgeRule(context, rule, everywhere),
  );
  const groups = context.regions.map((region) => judgeGroups(context, region));
  return (await Promise.all([...regional, ...ofAccount, ...groups])).flat();
}

async function judgeRule(
  { plan, before, facts, config }: StackContext,
  rule: QuotaRule,
  regions: readonly string[],
): Promise<Finding[]> {
  const asked = (of: Plan) => sum(regions.map((region) => rule.need(of, region)));
  const needs = asked(plan);
  if (needs.size === 0) {
    return [];
  }
  const region = rule.scope === "account" ? ACCOUNT_QUOTA_REGION : (regions[0] ?? config.primaryRegion);
  const [limit, used] = await Promise.all([limitOf(facts, rule, region), usedOf(facts, rule, region)]);
  const earlier = rule.scope === "new" ? new Map() : sum(before.map(asked));
  const where = rule.scope === "account" ? "account" : region;
  return [...needs].map(([unit, need]) => {
    const about = [rule.what, unit, where].filter((part) => part !== "").join(", ");
    if (!limit.known) {
      return quota.unknown(about, limit.why);
    }
    if (used !== undefined && !used.known) {
      return quota.unknown(about, used.why);
    }
    const amounts = {
      limit: limit.value,
      used: used?.value.get(unit) ?? 0,
      earlier: earlier.get(unit) ?? 0,
      need,
    };
    return judgeQuota({ rule, about, region, counted: used !== undefined }, amounts);
  });
}

interface Subject {
  readonly rule: QuotaName & Pick<QuotaRule, "count">;
  readonly about: string;
  readonly region: string;
  /** Whether `used` was counted. */
  readonly counted: boolean;
}

export function judgeQuota({ rule, about, region, counted }: Subject, amounts: QuotaCase): Finding {
  const { limit, used, earlier, need } = amounts;
  const usedWords = counted ? `${used} used` : "use not counted";
  const earlierWords = earlier === 0 ? "" : `, ${earlier} for the stacks before`;
  const is = `${need} of ${limit}, ${usedWords}${earlierWords}`;
  if (shortfall(amounts) === 0) {
    return counted
      ? quota.ok(about, is)
      : quota.unknown(about, `${is}; ${rule.count} --region ${region} counts them`);
  }
  const desired = sufficient(amounts);
  return quota.stop({
    about,
    is: `the quota is ${limit}, ${usedWords}${earlierWords}`,
    needs: `${need} more, so a quota of ${counted ? "" : "at least "}${desired}`,
    fix: [raiseCommand(rule, region, desired)],
  });
}

async function judgeGroups({ plan, facts }: StackContext, region: string): Promise<Finding[]> {
  const about = `${RULES_PER_GROUP.what}, ${region}`;
  const [limit, lists] = await Promise.all([
    facts.account.quota(region, RULES_PER_GROUP.service, RULES_PER_GROUP.code),
    facts.network.prefixListSizes(region),
  ]);
  const sizes = lists.known ? lists.value : new Map<string, number | undefined>();
  const rules = securityGroupRules(plan, region, prefixListWeights({ plan, region, sizes }));
  const most = [...rules].sort(([, a], [, b]) => b - a)[0];
  if (most === undefined) {
    return [];
  }
  if (!limit.known) {
    return [quota.unknown(about, limit.why)];
  }
  const over = [...rules].filter(([, need]) => need > limit.value);
  return over.length === 0
    ? [quota.ok(about, `${most[1]} of ${limit.value} in the fullest, ${most[0]}`)]
    : over.map(([group, need]) =>
        quota.stop({
          about: `${RULES_PER_GROUP.what}, ${group}, ${region}`,
          is: `the quota is ${limit.value}`,
          needs: `${need}; a prefix list counts with as many rules as it weighs`,
          fix: [raiseCommand(RULES_PER_GROUP, region, need)],
        }),
      );
}

function sum(amounts: readonly Amounts[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const [unit, amount] of amounts.flatMap((each) => [...each])) {
    total.set(unit, (total.get(unit) ?? 0) + amount);
  }
  return total;
}

/** IAM and Route 53 tell their own limits, with what is used. */
async function limitOf({ account }: Facts, rule: QuotaRule, region: string): Promise<Fact<number>> {
  switch (rule.used) {
    case "roles":
      return map(await account.summary(), (of) => of["RolesQuota"] ?? 0);
    case "instanceProfiles":
      return map(await account.summary(), (of) => of["InstanceProfilesQuota"] ?? 0);
    case "healthChecks":
      return map(await account.dnsLimit("MAX_HEALTH_CHECKS_BY_OWNER"), ({ limit }) => limit);
    case "hostedZones":
      return map(await account.dnsLimit("MAX_HOSTED_ZONES_BY_OWNER"), ({ limit }) => limit);
    default:
      return await account.quota(region, rule.service, rule.code);
  }
}

async function usedOf(facts: Facts, rule: QuotaRule, region: string): Promise<Fact<Amounts> | undefined> {
  if (rule.scope === "new") {
    return { known: true, value: new Map() };
  }
  return rule.used === undefined ? undefined : await USED[rule.used](facts, region);
}

const whole = (count: Fact<number>): Fact<Amounts> => map(count, (value) => new Map([["", value]]));
const kind = (balancers: Fact<Amounts>, name: string): Fact<Amounts> =>
  map(balancers, (of) => new Map([["", of.get(name) ?? 0]]));

const USED: Readonly<Record<UsedKey, (facts: Facts, region: string) => Promise<Fact<Amounts>>>> = {
  addresses: async ({ network }, region) => whole(await network.addresses(region)),
  applicationLoadBalancers: async ({ network }, region) =>
    kind(await network.loadBalancers(region), "application"),
  buckets: async ({ account }) => whole(map(await account.ownBuckets(), ({ size }) => size)),
  certificates: async ({ account }, region) => whole(await account.certificates(region)),
  clusters: async ({ compute }, region) => whole(await compute.clusterCount(region)),
  gatewayEndpoints: async ({ network }, region) => whole(await network.gatewayEndpoints(region)),
  healthChecks: async ({ account }) =>
    whole(map(await account.dnsLimit("MAX_HEALTH_CHECKS_BY_OWNER"), ({ used }) => used)),
  hostedZones: async ({ account }) =>
    whole(map(await account.dnsLimit("MAX_HOSTED_ZONES_BY_OWNER"), ({ used }) => used)),
  instanceProfiles: async ({ account }) =>
    whole(map(await account.summary(), (of) => of["InstanceProfiles"] ?? 0)),
  internetGateways: async ({ network }, region) => whole(await network.internetGateways(region)),
  natGateways: async ({ network }, region) => await network.natGateways(region),
  networkLoadBalancers: async ({ network }, region) => kind(await network.loadBalancers(region), "network"),
  networks: async ({ network }, region) => whole(map(await network.networks(region), ({ length }) => length)),
  roles: async ({ account }) => whole(map(await account.summary(), (of) => of["Roles"] ?? 0)),
  securityGroups: async ({ network }, region) => whole(await network.securityGroups(region)),
  transitGateways: async ({ network }, region) => whole(await network.transitGateways(region)),
};
