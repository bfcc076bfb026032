import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import { type DataProtection, protectionOptions } from "../data/protection.ts";
import { at, type ByRegion, mapRegions, orderedPairs, regionProblems } from "../data/regions.ts";
import { sortedJson } from "../json.ts";

export interface ContainerRegistryArgs {
  /** Prefix of all repositories, for example `platform`; also what is replicated. Replaces the repositories. */
  readonly prefix: string;
  /** One repository for each image, for example `document-service`. */
  readonly images: readonly string[];
  /** Regions that hold a copy. */
  readonly regions: readonly string[];
  /** A provider for every region. */
  readonly providers: ByRegion<aws.Provider>;
  readonly accountId: string;
  /** Images that are kept in each repository; older ones expire. @default 50 */
  readonly keptImages?: number;
  /** Days after which an image without a tag expires. @default 14 */
  readonly untaggedDays?: number;
  /** `retain` protects the repositories; `release` lets destroy delete them with their images. */
  readonly dataProtection: DataProtection;
}

/**
 * Repositories in every region, replicated from each to each other, with immutable tags and scanning on push (STOR-14).
 *
 * A push to any region reaches the others, so a build can publish, and a cluster can pull, while another region is down.
 * Every repository is declared in every region: one that replication makes by itself would have mutable tags and no scan.
 * The replication rule is one for each account and region.
 */
export class ContainerRegistry extends pulumi.ComponentResource {
  /** Image to its repository URL by region. */
  readonly repositoryUrls: Readonly<Record<string, ByRegion<pulumi.Output<string>>>>;

  constructor(name: string, args: ContainerRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("platform:delivery:ContainerRegistry", name, {}, opts);
    refuse(this, `ContainerRegistry ${name}`, regionProblems(args.regions, { providers: args.providers }));
    this.repositoryUrls = Object.fromEntries(
      args.images.map((image) => [
        image,
        mapRegions(args.regions, (region) => this.#repository(name, image, region, args).repositoryUrl),
      ]),
    );
    for (const region of args.regions) this.#replication(name, region, args);
    this.registerOutputs({ repositoryUrls: this.repositoryUrls });
  }

  #repository(name: string, image: string, region: string, args: ContainerRegistryArgs): aws.ecr.Repository {
    const opts = { parent: this, provider: at(args.providers, region) };
    const repository = new aws.ecr.Repository(
      `${name}-${image}-${region}`,
      {
        name: `${args.prefix}/${image}`,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS" }],
        forceDelete: args.dataProtection === "release",
      },
      { ...opts, ...protectionOptions(args.dataProtection) },
    );
    new aws.ecr.LifecyclePolicy(
      `${name}-${image}-${region}`,
      { repository: repository.name, policy: lifecycle(args.keptImages ?? 50, args.untaggedDays ?? 14) },
      opts,
    );
    return repository;
  }

  #replication(name: string, region: string, args: ContainerRegistryArgs): void {
    const peers = orderedPairs(args.regions).filter(({ from }) => from === region);
    if (peers.length === 0) return;
    new aws.ecr.ReplicationConfiguration(
      `${name}-${region}`,
      {
        replicationConfiguration: {
          rules: [
            {
              destinations: peers.map(({ to }) => ({ region: to, registryId: args.accountId })),
              repositoryFilters: [{ filter: `${args.prefix}/`, filterType: "PREFIX_MATCH" }],
            },
          ],
        },
      },
      { parent: this, provider: at(args.providers, region) },
    );
  }
}

function lifecycle(keptImages: number, untaggedDays: number): string {
  const expire = { type: "expire" };
  return sortedJson({
    rules: [
      {
        rulePriority: 1,
        description: "Images without a tag",
        selection: {
          tagStatus: "untagged",
          countType: "sinceImagePushed",
          countUnit: "days",
          countNumber: untaggedDays,
        },
        action: expire,
      },
      {
        rulePriority: 2,
        description: "All but the newest images",
        selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keptImages },
        action: expire,
      },
    ],
  });
}
