/** What EC2 tells of a region: zones, networks, and how much of each countable thing exists. */
import {
  DescribeAddressesCommand,
  DescribeAvailabilityZonesCommand,
  DescribeRegionsCommand,
  paginateDescribeInternetGateways,
  paginateDescribeManagedPrefixLists,
  paginateDescribeNatGateways,
  paginateDescribeNetworkInterfaces,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeTransitGateways,
  paginateDescribeVpcEndpoints,
  paginateDescribeVpcPeeringConnections,
  paginateDescribeVpcs,
} from "@aws-sdk/client-ec2";
import type { RegionClients } from "../clients.ts";
import { ask, type Fact } from "../fact.ts";
import { memo, pages, tagMap } from "./memo.ts";

export interface Zone {
  readonly name: string;
  readonly id: string;
  readonly state: string;
}

export interface Network {
  readonly id: string;
  readonly cidrs: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** A range that a network of the region is joined to. */
export interface JoinedRange {
  readonly cidr: string;
  readonly by: string;
}

export class NetworkFacts {
  readonly #client: (region: string) => { readonly client: RegionClients["ec2"] };
  readonly #once = memo();

  constructor(clients: (region: string) => RegionClients) {
    this.#client = (region) => ({ client: clients(region).ec2 });
  }

  /** Opt-in status by region, as `home` knows them. */
  regions(home: string): Promise<Fact<ReadonlyMap<string, string>>> {
    return this.#once(`regions ${home}`, () =>
      ask("ec2:DescribeRegions", async () => {
        const answer = await this.#client(home).client.send(new DescribeRegionsCommand({ AllRegions: true }));
        return new Map(
          (answer.Regions ?? []).map(({ RegionName, OptInStatus }) => [RegionName ?? "", OptInStatus ?? ""]),
        );
      }),
    );
  }

  zones(region: string): Promise<Fact<readonly Zone[]>> {
    return this.#once(`zones ${region}`, () =>
      ask("ec2:DescribeAvailabilityZones", async () => {
        const answer = await this.#client(region).client.send(new DescribeAvailabilityZonesCommand({}));
        return (answer.AvailabilityZones ?? []).map(({ ZoneName, ZoneId, State }) => ({
          name: ZoneName ?? "",
          id: ZoneId ?? "",
          state: State ?? "",
        }));
      }),
    );
  }

  networks(region: string): Promise<Fact<readonly Network[]>> {
    return this.#once(`networks ${region}`, () =>
      ask("ec2:DescribeVpcs", async () => {
        const vpcs = await pages(paginateDescribeVpcs(this.#client(region), {}), (page) => page.Vpcs);
        return vpcs.map(({ VpcId, CidrBlock, CidrBlockAssociationSet, Tags }) => {
          const blocks = (CidrBlockAssociationSet ?? []).flatMap((block) => block.CidrBlock ?? []);
          return {
            id: VpcId ?? "",
            cidrs: blocks.length > 0 ? blocks : [CidrBlock ?? ""],
            tags: tagMap(Tags),
          };
        });
      }),
    );
  }

  /** Ranges at the far ends of active peerings. */
  peerings(region: string): Promise<Fact<readonly JoinedRange[]>> {
    return this.#once(`peerings ${region}`, () =>
      ask("ec2:DescribeVpcPeeringConnections", async () => {
        const found = await pages(
          paginateDescribeVpcPeeringConnections(this.#client(region), {
            Filters: [{ Name: "status-code", Values: ["active"] }],
          }),
          (page) => page.VpcPeeringConnections,
        );
        return found.flatMap(({ VpcPeeringConnectionId, AccepterVpcInfo, RequesterVpcInfo }) =>
          [AccepterVpcInfo?.CidrBlock, RequesterVpcInfo?.CidrBlock].flatMap((cidr) =>
            cidr === undefined ? [] : [{ cidr, by: `peering ${VpcPeeringConnectionId}` }],
          ),
        );
      }),
    );
  }

  /** Ranges that route tables send to a transit gateway; default routes say nothing of a range. */
  transitRoutes(region: string): Promise<Fact<readonly JoinedRange[]>> {
    return this.#once(`transit routes ${region}`, () =>
      ask("ec2:DescribeRouteTables", async () => {
        const tables = await pages(
          paginateDescribeRouteTables(this.#client(region), {
            Filters: [{ Name: "route.transit-gateway-id", Values: ["tgw-*"] }],
          }),
          (page) => page.RouteTables,
        );
        return tables.flatMap(({ Routes }) =>
          (Routes ?? []).flatMap(({ DestinationCidrBlock: cidr, TransitGatewayId: gateway }) =>
            cidr === undefined || gateway === undefined || cidr === "0.0.0.0/0"
              ? []
              : [{ cidr, by: `a route to ${gateway}` }],
          ),
        );
      }),
    );
  }

  /** Rules that a prefix list weighs in a security group, by name, where EC2 tells it. */
  prefixListSizes(region: string): Promise<Fact<ReadonlyMap<string, number | undefined>>> {
    return this.#once(`prefix lists ${region}`, () =>
      ask("ec2:DescribeManagedPrefixLists", async () => {
        const lists = await pages(
          paginateDescribeManagedPrefixLists(this.#client(region), {}),
          (page) => page.PrefixLists,
        );
        return new Map(lists.map(({ PrefixListName, MaxEntries }) => [PrefixListName ?? "", MaxEntries]));
      }),
    );
  }

  internetGateways(region: string): Promise<Fact<number>> {
    return this.#count("ec2:DescribeInternetGateways", region, (client) =>
      pages(paginateDescribeInternetGateways(client, {}), (page) => page.InternetGateways),
    );
  }

  addresses(region: string): Promise<Fact<number>> {
    return this.#count(
      "ec2:DescribeAddresses",
      region,
      async ({ client }) => (await client.send(new DescribeAddressesCommand({}))).Addresses ?? [],
    );
  }

  securityGroups(region: string): Promise<Fact<number>> {
    return this.#count("ec2:DescribeSecurityGroups", region, (client) =>
      pages(paginateDescribeSecurityGroups(client, { MaxResults: 1000 }), (page) => page.SecurityGroups),
    );
  }

  gatewayEndpoints(region: string): Promise<Fact<number>> {
    return this.#count("ec2:DescribeVpcEndpoints", region, (client) =>
      pages(
        paginateDescribeVpcEndpoints(client, {
          Filters: [{ Name: "vpc-endpoint-type", Values: ["Gateway"] }],
        }),
        (page) => page.VpcEndpoints,
      ),
    );
  }

  transitGateways(region: string): Promise<Fact<number>> {
    return this.#count("ec2:DescribeTransitGateways", region, (client) =>
      pages(
        paginateDescribeTransitGateways(client, {
          Filters: [{ Name: "state", Values: ["available", "modifying", "pending"] }],
        }),
        (page) => page.TransitGateways,
      ),
    );
  }

  /** NAT gateways by zone. */
  async natGateways(region: string): Promise<Fact<ReadonlyMap<string, number>>> {
    const [subnets, gateways] = await Promise.all([
      this.#subnetZones(region),
      this.#once(`nat gateways ${region}`, () =>
        ask("ec2:DescribeNatGateways", () =>
          pages(
            paginateDescribeNatGateways(this.#client(region), {
              Filter: [{ Name: "state", Values: ["available", "pending"] }],
            }),
            (page) => page.NatGateways,
          ),
        ),
      ),
    ]);
    if (!subnets.known || !gateways.known) {
      return subnets.known ? (gateways as Fact<never>) : subnets;
    }
    const zones = gateways.value.map(({ SubnetId }) => subnets.value.get(SubnetId ?? "") ?? "");
    return { known: true, value: tally(zones) };
  }

  /**
   * Load balancers by kind, told from the network interfaces that they hold, each of which names its balancer. EC2 is asked
   * because one that holds none cannot serve, and no further service has to be opened to the reader.
   */
  loadBalancers(region: string): Promise<Fact<ReadonlyMap<string, number>>> {
    return this.#once(`load balancers ${region}`, () =>
      ask("ec2:DescribeNetworkInterfaces", async () => {
        const interfaces = await pages(
          paginateDescribeNetworkInterfaces(this.#client(region), {
            Filters: [{ Name: "description", Values: ["ELB app/*", "ELB net/*"] }],
          }),
          (page) => page.NetworkInterfaces,
        );
        const balancers = new Set(interfaces.map(({ Description }) => Description ?? ""));
        return tally([...balancers].map((name) => (name.startsWith("ELB net/") ? "network" : "application")));
      }),
    );
  }

  #subnetZones(region: string): Promise<Fact<ReadonlyMap<string, string>>> {
    return this.#once(`subnets ${region}`, () =>
      ask("ec2:DescribeSubnets", async () => {
        const subnets = await pages(
          paginateDescribeSubnets(this.#client(region), {}),
          (page) => page.Subnets,
        );
        return new Map(
          subnets.map(({ SubnetId, AvailabilityZone }) => [SubnetId ?? "", AvailabilityZone ?? ""]),
        );
      }),
    );
  }

  #count(
    action: `ec2:${string}`,
    region: string,
    list: (client: { readonly client: RegionClients["ec2"] }) => Promise<readonly unknown[]>,
  ): Promise<Fact<number>> {
    return this.#once(`${action} ${region}`, () =>
      ask(action, async () => (await list(this.#client(region))).length),
    );
  }
}

function tally(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
