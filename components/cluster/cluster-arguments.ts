import { versionProblem } from "./kubernetes-version.ts";
import { versionsProblems } from "./managed-add-ons.ts";
import { countProblems, type NodeCounts } from "./node-sizes.ts";

/** The plain values of a cluster's arguments, those that can be checked before anything exists. */
export interface CheckedClusterArguments {
  readonly clusterName: string;
  readonly version: string;
  readonly versionFloor?: string;
  readonly region: string;
  readonly accountId: string;
  readonly publicAccessCidrs?: readonly string[];
  readonly addOnVersions: Readonly<Record<string, string>>;
  readonly systemNodes?: NodeCounts;
  readonly systemInstanceTypes?: readonly string[];
  readonly warmIpTarget?: number;
  readonly minimumIpTarget?: number;
  readonly logRetentionDays?: number;
}

/** What CloudWatch Logs accepts, in days. */
const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Every reason why a cluster cannot be made of these arguments. */
export function clusterProblems(args: CheckedClusterArguments): string[] {
  const problems: string[] = [];
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_-]{0,99}$/.test(args.clusterName))
    problems.push(
      `clusterName "${args.clusterName}" is no cluster name: use up to 100 letters, digits, dashes and underscores`,
    );
  if (!/^\d{12}$/.test(args.accountId))
    problems.push(`accountId "${args.accountId}" is no AWS account: use its 12 digits`);
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(args.region))
    problems.push(`region "${args.region}" is no AWS region: write it as "us-east-1"`);
  const version = versionProblem(args.version, args.versionFloor);
  if (version !== undefined) problems.push(version);
  for (const cidr of args.publicAccessCidrs ?? [])
    if (/\/0$/.test(cidr))
      problems.push(
        `publicAccessCidrs "${cidr}" opens the API server to the internet: name the administrators' networks`,
      );
  problems.push(...versionsProblems(args.addOnVersions));
  if (args.systemNodes) problems.push(...countProblems("systemNodes", args.systemNodes));
  if (args.systemInstanceTypes?.length === 0)
    problems.push("systemInstanceTypes is empty: name at least one EC2 instance type");
  for (const key of ["warmIpTarget", "minimumIpTarget"] as const) {
    const target = args[key];
    if (target !== undefined && (!Number.isInteger(target) || target < 1))
      problems.push(`${key} ${target} is no count of addresses: use a whole number from 1`);
  }
  if (args.logRetentionDays !== undefined && !RETENTION_DAYS.includes(args.logRetentionDays))
    problems.push(
      `logRetentionDays ${args.logRetentionDays} is refused by CloudWatch: use one of ${RETENTION_DAYS.join(", ")}`,
    );
  return problems;
}
