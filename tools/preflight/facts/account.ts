/** What belongs to the account as a whole: identity, roles, limits, names, DNS zones. */
import { paginateListCertificates } from "@aws-sdk/client-acm";
import { GetAccountSummaryCommand, GetRoleCommand } from "@aws-sdk/client-iam";
import {
  type AccountLimitType,
  GetAccountLimitCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListTagsForResourceCommand,
} from "@aws-sdk/client-route-53";
import {
  GetBucketReplicationCommand,
  GetBucketTaggingCommand,
  HeadBucketCommand,
  paginateListBuckets,
} from "@aws-sdk/client-s3";
import { DescribeSecretCommand } from "@aws-sdk/client-secrets-manager";
import { GetAWSDefaultServiceQuotaCommand, GetServiceQuotaCommand } from "@aws-sdk/client-service-quotas";
import { AssumeRoleCommand, GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import type { RegionClients } from "../clients.ts";
import { ask, askOr, errorName, type Fact, isDenied, statusOf } from "../fact.ts";
import type { Taken } from "./compute.ts";
import { bareName, type HostedZone, zoneOf } from "./hosted-zone.ts";
import { memo, pages, tagMap } from "./memo.ts";

export interface Caller {
  readonly accountId: string;
  readonly arn: string;
}

/** `elsewhere`: the bucket exists in another region. `closed`: it exists, and these credentials may not look at it. */
export type Bucket =
  | { readonly state: "absent" }
  | { readonly state: "closed" }
  | { readonly state: "present"; readonly region: string }
  | { readonly state: "elsewhere"; readonly region: string };

export type Secret = Taken & { readonly deletedOn?: string };

/** Without permissions: the credentials of the trial are good for nothing. */
const NOTHING = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }],
});
const SHORTEST_SESSION_SECONDS = 900;

export class AccountFacts {
  readonly #clients: (region: string) => RegionClients;
  readonly #home: string;
  readonly #once = memo();

  /** `home`: region whose endpoints lead to the global services. */
  constructor(clients: (region: string) => RegionClients, home: string) {
    this.#clients = clients;
    this.#home = home;
  }

  caller(): Promise<Fact<Caller>> {
    return this.#once("caller", () =>
      ask("sts:GetCallerIdentity", async () => {
        const { Account, Arn } = await this.#clients(this.#home).sts.send(new GetCallerIdentityCommand({}));
        return { accountId: Account ?? "", arn: Arn ?? "" };
      }),
    );
  }

  /** Whether the caller may take the role on. */
  mayAssume(roleArn: string): Promise<Fact<boolean>> {
    return this.#once(`assume ${roleArn}`, () =>
      askOr(
        "sts:AssumeRole",
        async () => {
          await this.#clients(this.#home).sts.send(
            new AssumeRoleCommand({
              RoleArn: roleArn,
              RoleSessionName: "platform-preflight",
              DurationSeconds: SHORTEST_SESSION_SECONDS,
              Policy: NOTHING,
            }),
          );
          return true;
        },
        (error) => (isDenied(error) ? false : undefined),
      ),
    );
  }

  role(name: string): Promise<Fact<Taken>> {
    return this.#once(`role ${name}`, () =>
      askOr<Taken>(
        "iam:GetRole",
        async () => {
          const { Role } = await this.#clients(this.#home).iam.send(new GetRoleCommand({ RoleName: name }));
          return { free: false, tags: tagMap(Role?.Tags) };
        },
        (error) =>
          ["NoSuchEntity", "NoSuchEntityException"].includes(errorName(error)) ? { free: true } : undefined,
      ),
    );
  }

  /** Counts and limits of IAM, for example `Roles` and `RolesQuota`. */
  summary(): Promise<Fact<Readonly<Record<string, number>>>> {
    return this.#once("summary", () =>
      ask("iam:GetAccountSummary", async () => {
        const { SummaryMap } = await this.#clients(this.#home).iam.send(new GetAccountSummaryCommand({}));
        return { ...SummaryMap };
      }),
    );
  }

  dnsLimit(type: AccountLimitType): Promise<Fact<{ readonly limit: number; readonly used: number }>> {
    return this.#once(`dns limit ${type}`, () =>
      ask("route53:GetAccountLimit", async () => {
        const { Limit, Count } = await this.#clients(this.#home).route53.send(
          new GetAccountLimitCommand({ Type: type }),
        );
        return { limit: Limit?.Value ?? 0, used: Count ?? 0 };
      }),
    );
  }

  /** The applied quota; where none was ever applied, AWS's default. */
  quota(region: string, ServiceCode: string, QuotaCode: string): Promise<Fact<number>> {
    const { quotas } = this.#clients(region);
    return this.#once(`quota ${region} ${ServiceCode} ${QuotaCode}`, async () => {
      const applied = await askOr<number>(
        "servicequotas:GetServiceQuota",
        async () => {
          const { Quota } = await quotas.send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode }));
          return Quota?.Value ?? Number.NaN;
        },
        (error) => (errorName(error) === "NoSuchResourceException" ? Number.NaN : undefined),
      );
      if (!applied.known || !Number.isNaN(applied.value)) {
        return applied;
      }
      return await ask("servicequotas:GetAWSDefaultServiceQuota", async () => {
        const { Quota } = await quotas.send(new GetAWSDefaultServiceQuotaCommand({ ServiceCode, QuotaCode }));
        if (Quota?.Value === undefined) {
          throw new Error(`no value for ${QuotaCode}`);
        }
        return Quota.Value;
      });
    });
  }

  certificates(region: string): Promise<Fact<number>> {
    return this.#once(`certificates ${region}`, () =>
      ask("acm:ListCertificates", async () => {
        const found = await pages(
          paginateListCertificates({ client: this.#clients(region).acm }, {}),
          (page) => page.CertificateSummaryList,
        );
        return found.length;
      }),
    );
  }

  /** Names of the account's own buckets, in every region. */
  ownBuckets(): Promise<Fact<ReadonlySet<string>>> {
    return this.#once("buckets", () =>
      ask("s3:ListAllMyBuckets", async () => {
        const found = await pages(
          paginateListBuckets({ client: this.#clients(this.#home).s3 }, {}),
          (page) => page.Buckets,
        );
        return new Set(found.flatMap(({ Name }) => Name ?? []));
      }),
    );
  }

  bucket(region: string, name: string): Promise<Fact<Bucket>> {
    return this.#once(`bucket ${region} ${name}`, () =>
      askOr<Bucket>(
        "s3:ListBucket",
        async () => {
          const found = await this.#clients(region).s3.send(new HeadBucketCommand({ Bucket: name }));
          return { state: "present", region: found.BucketRegion ?? region };
        },
        // A HEAD answer has no body, so the status alone tells them apart.
        (error) => {
          switch (statusOf(error)) {
            case 301:
              return { state: "elsewhere", region: headerOf(error, "x-amz-bucket-region") };
            case 403:
              return { state: "closed" };
            case 404:
              return { state: "absent" };
            default:
              return undefined;
          }
        },
      ),
    );
  }

  bucketTags(region: string, name: string): Promise<Fact<Record<string, string>>> {
    return this.#once(`bucket tags ${name}`, () =>
      askOr(
        "s3:GetBucketTagging",
        async () => {
          const { TagSet } = await this.#clients(region).s3.send(
            new GetBucketTaggingCommand({ Bucket: name }),
          );
          return tagMap(TagSet);
        },
        (error) => (errorName(error) === "NoSuchTagSet" ? {} : undefined),
      ),
    );
  }

  /** Whether a bucket replicates anywhere. */
  replicates(region: string, name: string): Promise<Fact<boolean>> {
    return this.#once(`replication ${name}`, () =>
      askOr(
        "s3:GetReplicationConfiguration",
        async () => {
          await this.#clients(region).s3.send(new GetBucketReplicationCommand({ Bucket: name }));
          return true;
        },
        (error) => (errorName(error) === "ReplicationConfigurationNotFoundError" ? false : undefined),
      ),
    );
  }

  secret(region: string, name: string): Promise<Fact<Secret>> {
    return this.#once(`secret ${region} ${name}`, () =>
      askOr<Secret>(
        "secretsmanager:DescribeSecret",
        async () => {
          const { Tags, DeletedDate } = await this.#clients(region).secrets.send(
            new DescribeSecretCommand({ SecretId: name }),
          );
          const deletedOn = DeletedDate?.toISOString().slice(0, 10);
          return { free: false, tags: tagMap(Tags), ...(deletedOn === undefined ? {} : { deletedOn }) };
        },
        (error) => (errorName(error) === "ResourceNotFoundException" ? { free: true } : undefined),
      ),
    );
  }

  /** Public zones of exactly this name. */
  zonesNamed(domain: string): Promise<Fact<readonly HostedZone[]>> {
    return this.#once(`zones ${domain}`, () =>
      ask("route53:ListHostedZonesByName", async () => {
        const { HostedZones } = await this.#clients(this.#home).route53.send(
          new ListHostedZonesByNameCommand({ DNSName: domain }),
        );
        return (HostedZones ?? [])
          .map(({ Id, Name, Config }) => zoneOf(Id, Name, Config?.PrivateZone))
          .filter(({ name, isPublic }) => name === domain && isPublic);
      }),
    );
  }

  /** A zone and its name servers; nothing when there is none with this id. */
  zone(id: string): Promise<Fact<{ readonly zone: HostedZone; readonly servers: readonly string[] } | null>> {
    return this.#once(`zone ${id}`, () =>
      askOr(
        "route53:GetHostedZone",
        async () => {
          const { HostedZone, DelegationSet } = await this.#clients(this.#home).route53.send(
            new GetHostedZoneCommand({ Id: id }),
          );
          return {
            zone: zoneOf(HostedZone?.Id, HostedZone?.Name, HostedZone?.Config?.PrivateZone),
            servers: (DelegationSet?.NameServers ?? []).map(bareName),
          };
        },
        (error) => (["NoSuchHostedZone", "InvalidInput"].includes(errorName(error)) ? null : undefined),
      ),
    );
  }

  zoneTags(id: string): Promise<Fact<Record<string, string>>> {
    return this.#once(`zone tags ${id}`, () =>
      ask("route53:ListTagsForResource", async () => {
        const { ResourceTagSet } = await this.#clients(this.#home).route53.send(
          new ListTagsForResourceCommand({ ResourceType: "hostedzone", ResourceId: id }),
        );
        return tagMap(ResourceTagSet?.Tags);
      }),
    );
  }
}

function headerOf(error: unknown, header: string): string {
  const response = error instanceof Error ? Reflect.get(error, "$response") : undefined;
  const headers =
    typeof response === "object" && response !== null ? Reflect.get(response, "headers") : undefined;
  const value = typeof headers === "object" && headers !== null ? Reflect.get(headers, header) : undefined;
  return typeof value === "string" ? value : "another region";
}
