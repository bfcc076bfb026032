/** The region is enabled, its zones exist and serve, and they offer the instance types. */

import type { Plan } from "../../plan/plan.ts";
import type { StackContext } from "../context.ts";
import type { Zone } from "../facts/network.ts";
import { type Finding, findingsOf } from "../finding.ts";
import { at, items, planned, text, texts } from "../planned.ts";

const zones = findingsOf("zone");
const types = findingsOf("instance type");

/**
 * Zone ids where EKS places no control plane; a letter means another id in every account.
 * https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
const WITHOUT_CONTROL_PLANE: ReadonlySet<string> = new Set(["use1-az3", "usw1-az2", "cac1-az3"]);

/** One set of nodes: at least one of its types has to be offered in each of its zones. */
export interface NodesNeed {
  readonly name: string;
  readonly types: readonly string[];
}

/** Zones that the plan puts a subnet in. */
function zoneNeeds(plan: Plan, region: string): string[] {
  const named = planned(plan, "ec2/subnet:Subnet", region).map(({ inputs }) =>
    text(inputs["availabilityZone"]),
  );
  return [...new Set(named)].filter((zone) => zone !== "").sort();
}

/** Managed groups and node pools of the region's clusters. */
export function nodesNeeds(plan: Plan, region: string): NodesNeed[] {
  const groups = planned(plan, "eks/nodeGroup:NodeGroup", region).map(({ name, inputs }) => ({
    name: `node group ${name}`,
    types: texts(inputs["instanceTypes"]),
  }));
  const pools = plan.resources
    .filter(({ type, region: of }) => type === NODE_POOL && of === region)
    .map(({ inputs }) => ({
      name: `node pool ${text(at(inputs, "metadata", "name"))}`,
      types: requirement(inputs, "node.kubernetes.io/instance-type"),
    }));
  return [...groups, ...pools].filter((need) => need.types.length > 0);
}

export const NODE_POOL = "kubernetes:karpenter.sh/v1:NodePool";

/** Values that a node pool allows for a label. */
export function requirement(inputs: Plan["outputs"], key: string): string[] {
  return items(inputs, "spec", "template", "spec", "requirements")
    .filter((entry) => at(entry, "key") === key && at(entry, "operator") === "In")
    .flatMap((entry) => texts(at(entry, "values")));
}

export async function checkZones({
  plan,
  config,
  regions,
  facts,
}: StackContext): Promise<readonly Finding[]> {
  const found = await Promise.all(
    regions.map(async (region) => {
      const optIn = await facts.network.regions(config.primaryRegion);
      const status = optIn.known ? optIn.value.get(region) : undefined;
      if (optIn.known && status !== "opted-in" && status !== "opt-in-not-required") {
        return [regionOff(region, status)];
      }
      const wanted = zoneNeeds(plan, region);
      if (wanted.length === 0) {
        return [];
      }
      const hasCluster = planned(plan, "eks/cluster:Cluster", region).length > 0;
      const there = await facts.network.zones(region);
      const ofZones = there.known
        ? judgeZones({ region, wanted, hasCluster }, there.value)
        : [zones.unknown(`zones of ${region}`, there.why)];
      return [...ofZones, ...(await checkTypes({ plan, facts }, region, wanted))];
    }),
  );
  return found.flat();
}

function regionOff(region: string, status: string | undefined): Finding {
  return zones.stop({
    about: `region ${region}`,
    is:
      status === undefined ? "AWS has no such region in this partition" : "it is not enabled in this account",
    needs: "a region that is enabled",
    fix: [
      `aws account enable-region --region-name ${region}`,
      `aws account get-region-opt-status --region-name ${region}   # minutes to hours, until ENABLED`,
    ],
  });
}

interface ZonesWanted {
  readonly region: string;
  readonly wanted: readonly string[];
  readonly hasCluster: boolean;
}

export function judgeZones({ region, wanted, hasCluster }: ZonesWanted, there: readonly Zone[]): Finding[] {
  const serving = there.filter(({ state }) => state === "available");
  const usable = serving.filter(({ id }) => !hasCluster || !WITHOUT_CONTROL_PLANE.has(id));
  const wrong = wanted.filter((zone) => !usable.some(({ name }) => name === zone));
  if (wrong.length === 0) {
    return [zones.ok(`zones of ${region}`, wanted.join(", "))];
  }
  const letters = usable
    .map(({ name }) => name.slice(region.length))
    .filter((letter) => /^[a-z]$/.test(letter));
  return wrong.map((zone) => {
    const found = there.find(({ name }) => name === zone);
    return zones.stop({
      about: `zone ${zone}`,
      is:
        found === undefined
          ? "this account has no such zone"
          : found.state === "available"
            ? `EKS places no control plane in it (${found.id})`
            : `its state is ${found.state}`,
      needs: `zones among ${letters.join(", ")} in platform:regions.${region}.zones of Pulumi.yaml`,
      fix: [
        `aws ec2 describe-availability-zones --region ${region} --query 'AvailabilityZones[].[ZoneName,ZoneId,State]' --output text`,
      ],
    });
  });
}

async function checkTypes(
  { plan, facts }: Pick<StackContext, "plan" | "facts">,
  region: string,
  wanted: readonly string[],
): Promise<Finding[]> {
  const needs = nodesNeeds(plan, region);
  if (needs.length === 0) {
    return [];
  }
  const asked = [...new Set(needs.flatMap((need) => need.types))].sort();
  const offered = await facts.compute.offerings(region, asked);
  return offered.known
    ? needs.map((need) => judgeTypes(region, need, wanted, offered.value))
    : [types.unknown(`instance types in ${region}`, offered.why)];
}

export function judgeTypes(
  region: string,
  need: NodesNeed,
  wanted: readonly string[],
  offered: ReadonlyMap<string, readonly string[]>,
): Finding {
  const served = (zone: string) => need.types.some((type) => offered.get(type)?.includes(zone) === true);
  const without = wanted.filter((zone) => !served(zone));
  const about = `${need.name}, ${region}`;
  const list = need.types.join(", ");
  if (without.length === 0) {
    return types.ok(about, `${list} offered in every zone`);
  }
  const fix = [
    `aws ec2 describe-instance-type-offerings --region ${region} --location-type availability-zone --filters Name=location,Values=${without[0]} --query 'InstanceTypeOfferings[].InstanceType' --output text`,
  ];
  return without.length === wanted.length
    ? types.stop({ about, is: `no zone offers ${list}`, needs: "a type that its zones offer", fix })
    : types.note({
        about,
        is: `${without.join(", ")} does not offer ${list}`,
        needs: "nodes in every zone, to survive the loss of one",
        fix,
      });
}
