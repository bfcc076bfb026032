/**
 * vCPU quotas of EC2. What a first `up` starts must fit, or its node group never becomes healthy; what nodes may grow to
 * should fit, or the region cannot take all of the traffic.
 */
import type { Plan } from "../../plan/plan.ts";
import type { StackContext } from "../context.ts";
import type { Fact } from "../fact.ts";
import type { Running } from "../facts/compute.ts";
import { type Finding, findingsOf } from "../finding.ts";
import { at, planned, text, texts } from "../planned.ts";
import { raiseCommand, shortfall, sufficient } from "./quotas.ts";
import { NODE_POOL, requirement } from "./zones.ts";

const quota = findingsOf("vCPU quota");

export type Market = "onDemand" | "spot";

/** Families that share a quota, by market. https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html */
const FAMILIES = [
  { name: "standard", of: /^(a|c|d|h|i|im|is|m|r|t|z)\d/, onDemand: "L-1216C47A", spot: "L-34B43A08" },
  { name: "G and VT", of: /^(g|gr|vt)\d/, onDemand: "L-DB2E81BA", spot: "L-3819A6DF" },
  { name: "P", of: /^p\d/, onDemand: "L-417A185B", spot: "L-7212CCBC" },
] as const;

type Family = (typeof FAMILIES)[number];

/** Nodes of one kind. */
export interface NodesNeed {
  readonly types: readonly string[];
  readonly markets: readonly Market[];
  /** Started by the first `up`, in nodes. */
  readonly first: number;
  /** Most at any time: nodes, or vCPUs where a pool is limited by them. */
  readonly most: { readonly nodes: number } | { readonly vcpus: number };
}

export function nodesNeeds(plan: Plan, region: string): NodesNeed[] {
  const groups = planned(plan, "eks/nodeGroup:NodeGroup", region).map(({ inputs }): NodesNeed => {
    const scaling = (key: string) => Number(at(inputs, "scalingConfig", key) ?? 0);
    return {
      types: texts(inputs["instanceTypes"]),
      markets: [text(inputs["capacityType"]) === "SPOT" ? "spot" : "onDemand"],
      first: scaling("desiredSize"),
      most: { nodes: scaling("maxSize") },
    };
  });
  const pools = plan.resources
    .filter(({ type, region: of }) => type === NODE_POOL && of === region)
    .map(({ inputs }): NodesNeed => {
      const markets = requirement(inputs, "karpenter.sh/capacity-type");
      return {
        types: requirement(inputs, "node.kubernetes.io/instance-type"),
        // Without the requirement Karpenter buys on demand.
        markets:
          markets.length === 0
            ? ["onDemand"]
            : markets.map((name) => (name === "spot" ? "spot" : "onDemand")),
        first: 0,
        most: { vcpus: cpus(text(at(inputs, "spec", "limits", "cpu"))) },
      };
    });
  return [...groups, ...pools].filter(({ types }) => types.length > 0);
}

/** A Kubernetes quantity of CPU: `128` or `500m`. */
export function cpus(quantity: string): number {
  const count = Number.parseFloat(quantity) || 0;
  return quantity.endsWith("m") ? Math.ceil(count / 1000) : count;
}

export interface Vcpus {
  readonly first: number;
  readonly most: number;
}

/** vCPUs for a family and market; nodes count with the largest type that they may be. */
export function vcpuNeed(
  needs: readonly NodesNeed[],
  family: RegExp,
  market: Market,
  sizes: ReadonlyMap<string, number>,
): Vcpus {
  const matching = needs.filter(
    ({ types, markets }) => markets.includes(market) && types.some((type) => family.test(type)),
  );
  const each = matching.map(({ types, first, most }) => {
    const size = Math.max(0, ...types.map((type) => sizes.get(type) ?? 0));
    return { first: first * size, most: "vcpus" in most ? most.vcpus : most.nodes * size };
  });
  return {
    first: each.reduce((sum, { first }) => sum + first, 0),
    most: each.reduce((sum, { most }) => sum + most, 0),
  };
}

export async function checkVcpus({
  plan,
  before,
  regions,
  facts,
}: StackContext): Promise<readonly Finding[]> {
  const found = await Promise.all(
    regions.map(async (region) => {
      const needs = nodesNeeds(plan, region);
      if (needs.length === 0) {
        return [];
      }
      const earlierNeeds = before.flatMap((each) => nodesNeeds(each, region));
      const types = [...new Set([...needs, ...earlierNeeds].flatMap((need) => need.types))].sort();
      const [sizes, running] = await Promise.all([
        facts.compute.vcpus(region, types),
        facts.compute.running(region),
      ]);
      if (!sizes.known) {
        return [quota.unknown(`vCPUs, ${region}`, sizes.why)];
      }
      const foreign = types.filter((type) => !FAMILIES.some(({ of }) => of.test(type)));
      const others = foreign.map((type) =>
        quota.unknown(
          `vCPUs of ${type}, ${region}`,
          `not known: its quota is not among those asked; aws service-quotas list-service-quotas --region ${region} --service-code ec2 lists it`,
        ),
      );
      const pairs = FAMILIES.flatMap((family) =>
        (["onDemand", "spot"] as const).map((market) => ({ family, market })),
      );
      const judged = pairs.map(async ({ family, market }) => {
        const need = vcpuNeed(needs, family.of, market, sizes.value);
        if (need.most === 0) {
          return [];
        }
        const earlier = vcpuNeed(earlierNeeds, family.of, market, sizes.value);
        const limit = await facts.account.quota(region, "ec2", family[market]);
        return [judgeVcpus({ region, family, market }, need, { limit, running, earlier })];
      });
      return [...others, ...(await Promise.all(judged)).flat()];
    }),
  );
  return found.flat();
}

interface Subject {
  readonly region: string;
  readonly family: Family;
  readonly market: Market;
}

interface VcpuFacts {
  readonly limit: Fact<number>;
  readonly running: Fact<readonly Running[]>;
  readonly earlier: Vcpus;
}

export function judgeVcpus(
  { region, family, market }: Subject,
  need: Vcpus,
  { limit, running, earlier }: VcpuFacts,
): Finding {
  const about = `${market === "spot" ? "Spot" : "On-demand"} vCPUs, ${family.name} types, ${region}`;
  if (!limit.known) {
    return quota.unknown(about, limit.why);
  }
  if (!running.known) {
    return quota.unknown(about, running.why);
  }
  const used = running.value
    .filter((instance) => instance.market === market && family.of.test(instance.type))
    .reduce((sum, { vcpus }) => sum + vcpus, 0);
  const first = { limit: limit.value, used, earlier: earlier.first, need: need.first };
  const most = { limit: limit.value, used, earlier: earlier.most, need: need.most };
  const is = `the quota is ${limit.value}, ${used} used`;
  const fix = [raiseCommand({ service: "ec2", code: family[market] }, region, sufficient(most))];
  if (shortfall(first) > 0) {
    return quota.stop({
      about,
      is,
      needs: `${need.first} at once for the first nodes, ${need.most} at their limits: a quota of ${sufficient(most)}`,
      fix,
    });
  }
  return shortfall(most) > 0
    ? quota.note({
        about,
        is,
        needs: `${need.most} at the limits of the nodes: without a quota of ${sufficient(most)} the region cannot grow to them`,
        fix,
      })
    : quota.ok(about, `${need.most} of ${limit.value} at the limits, ${used} used`);
}
