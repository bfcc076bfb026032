/** Names that the program chose itself: each must be free, or belong to this very stack. */
import type { Plan } from "../../plan/plan.ts";
import type { StackContext } from "../context.ts";
import type { Fact } from "../fact.ts";
import type { Bucket, Secret } from "../facts/account.ts";
import type { Taken } from "../facts/compute.ts";
import { type Finding, findingsOf, isOwn, quoted } from "../finding.ts";
import { at, chosenName, items, planned, text } from "../planned.ts";

const names = findingsOf("name");

interface Place {
  readonly stack: string;
  readonly region: string;
  readonly name: string;
}

export async function checkNames(context: StackContext): Promise<readonly Finding[]> {
  const { plan, regions } = context;
  const found = await Promise.all([
    ...regions.flatMap((region) => [
      ...chosen(plan, "s3/bucket:Bucket", "bucket", region).map((name) => checkBucket(context, region, name)),
      ...chosen(plan, "eks/cluster:Cluster", "name", region).map(async (name) =>
        judgeTaken(
          {
            stack: context.stack,
            about: `EKS cluster ${name}, ${region}`,
            remove: `aws eks delete-cluster --region ${region} --name ${quoted(name)}`,
          },
          await context.facts.compute.cluster(region, name),
        ),
      ),
      ...secretNames(plan, region).map(async (name) =>
        judgeSecret({ stack: context.stack, region, name }, await context.facts.account.secret(region, name)),
      ),
    ]),
    ...chosen(plan, "iam/role:Role", "name").map(async (name) =>
      judgeTaken(
        {
          stack: context.stack,
          about: `IAM role ${name}`,
          remove: `aws iam delete-role --role-name ${quoted(name)}`,
        },
        await context.facts.account.role(name),
      ),
    ),
  ]);
  return [...found, ...notLookedUp(plan, regions)];
}

function chosen(plan: Plan, type: string, key: string, region?: string): string[] {
  return planned(plan, type, region).flatMap((resource) => chosenName(resource, key) ?? []);
}

/** Secrets made in a region, and replicas that land in it. */
function secretNames(plan: Plan, region: string): string[] {
  return planned(plan, "secretsmanager/secret:Secret").flatMap((secret) => {
    const regions = [
      secret.region,
      ...items(secret.inputs, "replicas").map((replica) => text(at(replica, "region"))),
    ];
    return regions.includes(region) ? (chosenName(secret, "name") ?? []) : [];
  });
}

interface TakenSubject {
  readonly stack: string;
  readonly about: string;
  /** Command that frees the name. */
  readonly remove: string;
}

export function judgeTaken({ stack, about, remove }: TakenSubject, taken: Fact<Taken>): Finding {
  if (!taken.known) {
    return names.unknown(about, taken.why);
  }
  if (taken.value.free) {
    return names.ok(about, "free");
  }
  return isOwn(stack, taken.value.tags)
    ? names.ok(about, "exists, made by this stack")
    : names.stop({
        about,
        is: "the name is taken by something that this stack did not make",
        needs: "the name free, or another platform:name",
        fix: [`${remove}   # only if nobody needs it`],
      });
}

export function judgeSecret({ stack, region, name }: Place, secret: Fact<Secret>): Finding {
  const about = `secret ${name}, ${region}`;
  const remove = `aws secretsmanager delete-secret --region ${region} --secret-id ${quoted(name)} --force-delete-without-recovery`;
  if (secret.known && secret.value.deletedOn !== undefined) {
    return names.stop({
      about,
      is: `it is being deleted (${secret.value.deletedOn}) and holds its name until the recovery window ends`,
      needs: "the name free; ending the window loses the value for good",
      fix: [remove],
    });
  }
  return judgeTaken({ stack, about, remove }, secret);
}

async function checkBucket({ stack, facts }: StackContext, region: string, name: string): Promise<Finding> {
  const [bucket, own] = await Promise.all([facts.account.bucket(region, name), facts.account.ownBuckets()]);
  const tags =
    bucket.known && bucket.value.state === "present"
      ? await facts.account.bucketTags(region, name)
      : undefined;
  return judgeBucket({ stack, region, name }, { bucket, own, tags });
}

interface BucketFacts {
  readonly bucket: Fact<Bucket>;
  readonly own: Fact<ReadonlySet<string>>;
  /** Of a bucket that is present. */
  readonly tags?: Fact<Readonly<Record<string, string>>>;
}

export function judgeBucket({ stack, region, name }: Place, { bucket, own, tags }: BucketFacts): Finding {
  const about = `bucket ${name}, ${region}`;
  if (!bucket.known) {
    return names.unknown(about, bucket.why);
  }
  const { value } = bucket;
  const needs = "the name free, or another platform:name";
  const isAccounts = own.known && own.value.has(name);
  if (value.state === "absent") {
    return names.ok(about, "free");
  }
  if (value.state === "closed") {
    if (!own.known || isAccounts) {
      return names.unknown(about, "not known: needs s3:ListBucket");
    }
    return names.stop({
      about,
      is: "the bucket belongs to another account",
      needs: "another platform:name",
      fix: [`pulumi config set platform:name <name> --stack ${quoted(stack)}`],
    });
  }
  if (value.state === "elsewhere") {
    return names.stop({
      about,
      is: `the bucket exists in ${value.region}${isAccounts ? ", in this account" : ""}`,
      needs,
      fix: isAccounts
        ? [`aws s3 rb s3://${name} --region ${value.region}`]
        : [`pulumi config set platform:name <name> --stack ${quoted(stack)}`],
    });
  }
  if (tags !== undefined && !tags.known) {
    return names.unknown(about, tags.why);
  }
  return judgeTaken(
    { stack, about, remove: `aws s3 rb s3://${name} --region ${region}` },
    { known: true, value: { free: false, tags: { ...tags?.value } } },
  );
}

interface Unlooked {
  readonly type: string;
  readonly key: string;
  readonly command: (name: string) => string;
}

/** Kinds whose names this command has no client for; a left-over of each stops an `up`. */
const UNLOOKED: readonly Unlooked[] = [
  {
    type: "dynamodb/table:Table",
    key: "name",
    command: (name) => `dynamodb describe-table --table-name ${quoted(name)}`,
  },
  {
    type: "rds/globalCluster:GlobalCluster",
    key: "globalClusterIdentifier",
    command: (name) => `rds describe-global-clusters --global-cluster-identifier ${quoted(name)}`,
  },
  {
    type: "rds/cluster:Cluster",
    key: "clusterIdentifier",
    command: (name) => `rds describe-db-clusters --db-cluster-identifier ${quoted(name)}`,
  },
  {
    type: "ecr/repository:Repository",
    key: "name",
    command: (name) => `ecr describe-repositories --repository-names ${quoted(name)}`,
  },
  {
    type: "cloudwatch/logGroup:LogGroup",
    key: "name",
    command: (name) => `logs describe-log-groups --log-group-name-prefix ${quoted(name)}`,
  },
  {
    type: "sqs/queue:Queue",
    key: "name",
    command: (name) => `sqs get-queue-url --queue-name ${quoted(name)}`,
  },
  { type: "kms/alias:Alias", key: "name", command: (name) => `kms describe-key --key-id ${quoted(name)}` },
];

function notLookedUp(plan: Plan, regions: readonly string[]): Finding[] {
  const commands = regions.flatMap((region) =>
    UNLOOKED.flatMap(({ type, key, command }) =>
      chosen(plan, type, key, region).map((name) => `aws ${command(name)} --region ${region}`),
    ),
  );
  return commands.length === 0
    ? []
    : [
        names.note({
          about: "names of other services",
          is: `${commands.length} more names have to be free and are not looked up here`,
          needs: "nothing on a first up in a new account; after a destroy, each of these finds nothing",
          fix: commands,
        }),
      ];
}
