/** Address ranges that the plan's networks would share with networks that exist. */
import { cidrsOverlap } from "../../../components/network/cidr.ts";
import type { Plan } from "../../plan/plan.ts";
import type { StackContext } from "../context.ts";
import { all, map } from "../fact.ts";
import type { JoinedRange, Network } from "../facts/network.ts";
import { type Finding, findingsOf, isOwn } from "../finding.ts";
import { planned, text } from "../planned.ts";

const range = findingsOf("address range");

/** Makes AWS refuse, or silently drop, traffic between two networks of one range. */
const JOINS = [
  "ec2/vpcPeeringConnection:VpcPeeringConnection",
  "ec2transitgateway/vpcAttachment:VpcAttachment",
  "ec2transitgateway/transitGateway:TransitGateway",
] as const;

export interface PlannedNetwork {
  readonly name: string;
  readonly cidr: string;
}

function networkNeeds(plan: Plan, region: string): PlannedNetwork[] {
  return planned(plan, "ec2/vpc:Vpc", region)
    .map(({ name, inputs }) => ({ name, cidr: text(inputs["cidrBlock"]) }))
    .filter(({ cidr }) => cidr !== "");
}

export async function checkNetworks({
  stack,
  plan,
  regions,
  facts,
}: StackContext): Promise<readonly Finding[]> {
  const found = await Promise.all(
    regions.map(async (region) => {
      const needs = networkNeeds(plan, region);
      if (needs.length === 0) {
        return [];
      }
      const joins = JOINS.some((type) => planned(plan, type, region).length > 0);
      const [networks, joined] = await Promise.all([
        facts.network.networks(region),
        Promise.all([facts.network.peerings(region), facts.network.transitRoutes(region)]).then((lists) =>
          map(all(lists), (ranges) => ranges.flat()),
        ),
      ]);
      return needs.flatMap((need) => {
        const about = `${need.cidr}, ${region}`;
        if (!networks.known) {
          return [range.unknown(about, networks.why)];
        }
        const clashes = clashesOf(stack, need, networks.value, joined.known ? joined.value : []);
        const unread = joined.known ? [] : [range.unknown(`joined ranges, ${region}`, joined.why)];
        return [...judgeRange({ need, region, joins }, clashes), ...unread];
      });
    }),
  );
  return found.flat();
}

/** What shares addresses with the network, in words; the stack's own network of an earlier `up` does not. */
export function clashesOf(
  stack: string,
  { cidr }: PlannedNetwork,
  networks: readonly Network[],
  joined: readonly JoinedRange[],
): string[] {
  const own = networks.filter(({ tags }) => isOwn(stack, tags)).flatMap(({ cidrs }) => cidrs);
  const existing = networks
    .filter(({ tags }) => !isOwn(stack, tags))
    .flatMap(({ id, cidrs }) =>
      cidrs.filter((other) => clash(cidr, other)).map((other) => `${id} has ${other}`),
    );
  const far = joined
    .filter((other) => clash(cidr, other.cidr) && !own.includes(other.cidr))
    .map((other) => `${other.by} leads to ${other.cidr}`);
  return [...new Set([...existing, ...far])].sort();
}

/** Ranges of AWS may have host bits in a route; such a one is compared by nothing and clashes with nothing. */
function clash(cidr: string, other: string): boolean {
  try {
    return cidrsOverlap(cidr, other);
  } catch {
    return false;
  }
}

interface RangeNeed {
  readonly need: PlannedNetwork;
  readonly region: string;
  /** Whether the plan joins its networks with others. */
  readonly joins: boolean;
}

export function judgeRange({ need, region, joins }: RangeNeed, clashes: readonly string[]): Finding[] {
  const about = `${need.cidr}, ${region}`;
  if (clashes.length === 0) {
    return [range.ok(about, "no network shares it")];
  }
  const words = {
    about,
    is: `addresses of ${need.name} are taken: ${clashes.join("; ")}`,
    needs: joins
      ? "a range of its own, for the plan joins its networks with others"
      : "a range of its own, should the two ever be joined by peering or a transit gateway",
    fix: [
      `aws ec2 describe-vpcs --region ${region} --query 'Vpcs[].[VpcId,CidrBlock]' --output text   # then choose platform:regions.${region}.cidr in Pulumi.yaml`,
    ],
  };
  return [joins ? range.stop(words) : range.note(words)];
}
