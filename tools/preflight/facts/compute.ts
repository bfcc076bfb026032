/** Instance types where they are offered, the vCPUs that run, and what EKS offers. */
import {
  paginateDescribeInstances,
  paginateDescribeInstanceTypeOfferings,
  paginateDescribeInstanceTypes,
} from "@aws-sdk/client-ec2";
import {
  DescribeClusterCommand,
  paginateDescribeAddonVersions,
  paginateDescribeClusterVersions,
  paginateListClusters,
} from "@aws-sdk/client-eks";
import type { RegionClients } from "../clients.ts";
import { ask, askOr, errorName, type Fact } from "../fact.ts";
import { memo, pages } from "./memo.ts";

export interface Running {
  readonly type: string;
  readonly market: "onDemand" | "spot";
  readonly vcpus: number;
}

export interface ClusterVersion {
  readonly version: string;
  /** `STANDARD_SUPPORT`, `EXTENDED_SUPPORT` or `UNSUPPORTED`. */
  readonly status: string;
}

/** `free` when nothing has the name, else the tags of what has it. */
export type Taken = { readonly free: true } | { readonly free: false; readonly tags: Record<string, string> };

export class ComputeFacts {
  readonly #clients: (region: string) => RegionClients;
  readonly #once = memo();

  constructor(clients: (region: string) => RegionClients) {
    this.#clients = clients;
  }

  /** Zones that offer a type, by type. */
  offerings(region: string, types: readonly string[]): Promise<Fact<ReadonlyMap<string, readonly string[]>>> {
    return this.#once(`offerings ${region} ${types.join()}`, () =>
      ask("ec2:DescribeInstanceTypeOfferings", async () => {
        const offered = await pages(
          paginateDescribeInstanceTypeOfferings(
            { client: this.#clients(region).ec2 },
            {
              LocationType: "availability-zone",
              Filters: [{ Name: "instance-type", Values: [...types] }],
            },
          ),
          (page) => page.InstanceTypeOfferings,
        );
        const zones = Map.groupBy(offered, ({ InstanceType }) => String(InstanceType));
        return new Map(
          [...zones].map(([type, found]) => [type, found.map(({ Location }) => Location ?? "")]),
        );
      }),
    );
  }

  /** vCPUs of each type that the region knows. */
  vcpus(region: string, types: readonly string[]): Promise<Fact<ReadonlyMap<string, number>>> {
    return this.#once(`vcpus ${region} ${types.join()}`, () =>
      ask("ec2:DescribeInstanceTypes", async () => {
        // A filter: naming a type that does not exist would fail the whole request.
        const found = await pages(
          paginateDescribeInstanceTypes(
            { client: this.#clients(region).ec2 },
            { Filters: [{ Name: "instance-type", Values: [...types] }] },
          ),
          (page) => page.InstanceTypes,
        );
        return new Map(found.map((type) => [String(type.InstanceType), type.VCpuInfo?.DefaultVCpus ?? 0]));
      }),
    );
  }

  running(region: string): Promise<Fact<readonly Running[]>> {
    return this.#once(`running ${region}`, () =>
      ask("ec2:DescribeInstances", async () => {
        const reservations = await pages(
          paginateDescribeInstances(
            { client: this.#clients(region).ec2 },
            { Filters: [{ Name: "instance-state-name", Values: ["pending", "running"] }] },
          ),
          (page) => page.Reservations,
        );
        return reservations
          .flatMap(({ Instances }) => Instances ?? [])
          .map(({ InstanceType, InstanceLifecycle, CpuOptions }) => ({
            type: String(InstanceType),
            market: InstanceLifecycle === "spot" ? ("spot" as const) : ("onDemand" as const),
            vcpus: (CpuOptions?.CoreCount ?? 0) * (CpuOptions?.ThreadsPerCore ?? 1),
          }));
      }),
    );
  }

  clusterCount(region: string): Promise<Fact<number>> {
    return this.#once(`clusters ${region}`, () =>
      ask("eks:ListClusters", async () => {
        const names = await pages(
          paginateListClusters({ client: this.#clients(region).eks }, {}),
          (page) => page.clusters,
        );
        return names.length;
      }),
    );
  }

  cluster(region: string, name: string): Promise<Fact<Taken>> {
    return this.#once(`cluster ${region} ${name}`, () =>
      askOr<Taken>(
        "eks:DescribeCluster",
        async () => {
          const { cluster } = await this.#clients(region).eks.send(new DescribeClusterCommand({ name }));
          return { free: false, tags: cluster?.tags ?? {} };
        },
        (error) => (errorName(error) === "ResourceNotFoundException" ? { free: true } : undefined),
      ),
    );
  }

  clusterVersions(region: string): Promise<Fact<readonly ClusterVersion[]>> {
    return this.#once(`versions ${region}`, () =>
      ask("eks:DescribeClusterVersions", async () => {
        const found = await pages(
          paginateDescribeClusterVersions({ client: this.#clients(region).eks }, {}),
          (page) => page.clusterVersions,
        );
        return found.map(({ clusterVersion, versionStatus }) => ({
          version: clusterVersion ?? "",
          status: versionStatus ?? "",
        }));
      }),
    );
  }

  /** Builds of a managed add-on for a Kubernetes version. */
  addOnBuilds(
    region: string,
    addonName: string,
    kubernetesVersion: string,
  ): Promise<Fact<readonly string[]>> {
    return this.#once(`add-on ${region} ${addonName} ${kubernetesVersion}`, () =>
      ask("eks:DescribeAddonVersions", async () => {
        const found = await pages(
          paginateDescribeAddonVersions(
            { client: this.#clients(region).eks },
            { addonName, kubernetesVersion },
          ),
          (page) => page.addons,
        );
        return found
          .flatMap(({ addonVersions }) => addonVersions ?? [])
          .flatMap(({ addonVersion }) => addonVersion ?? []);
      }),
    );
  }
}
