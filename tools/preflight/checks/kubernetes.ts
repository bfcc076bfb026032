/** The Kubernetes version, and every managed add-on build for it, as EKS offers them today. */
import type { StackContext } from "../context.ts";
import type { Fact } from "../fact.ts";
import type { ClusterVersion } from "../facts/compute.ts";
import { type Finding, findingsOf, quoted } from "../finding.ts";
import { planned, text } from "../planned.ts";

const version = findingsOf("Kubernetes version");
const addOn = findingsOf("add-on");

export async function checkKubernetes({
  stack,
  plan,
  regions,
  facts,
}: StackContext): Promise<readonly Finding[]> {
  const found = await Promise.all(
    regions.map(async (region) => {
      const wanted = [
        ...new Set(planned(plan, "eks/cluster:Cluster", region).map(({ inputs }) => text(inputs["version"]))),
      ].filter((each) => each !== "");
      const versions = wanted.map(async (each) =>
        judgeVersion({ stack, region, version: each }, await facts.compute.clusterVersions(region)),
      );
      const builds = wanted.flatMap((kubernetes) =>
        planned(plan, "eks/addon:Addon", region).map(async ({ inputs }) => {
          const name = text(inputs["addonName"]);
          const offered = await facts.compute.addOnBuilds(region, name, kubernetes);
          return judgeAddOn(
            { stack, region, kubernetes, name, build: text(inputs["addonVersion"]) },
            offered,
          );
        }),
      );
      return await Promise.all([...versions, ...builds]);
    }),
  );
  return found.flat();
}

interface VersionNeed {
  readonly stack: string;
  readonly region: string;
  readonly version: string;
}

export function judgeVersion(
  { stack, region, version: wanted }: VersionNeed,
  versions: Fact<readonly ClusterVersion[]>,
): Finding {
  const about = `Kubernetes ${wanted}, ${region}`;
  if (!versions.known) {
    return version.unknown(about, versions.why);
  }
  const standard = versions.value
    .filter(({ status }) => status === "STANDARD_SUPPORT")
    .map((each) => each.version)
    .sort(compareBuilds);
  if (standard.includes(wanted)) {
    return version.ok(about, "in standard support");
  }
  const extended = versions.value.some(
    (each) => each.version === wanted && each.status === "EXTENDED_SUPPORT",
  );
  const newest = standard.at(-1) ?? "<version>";
  return version.stop({
    about,
    // The cluster is made with the upgrade policy STANDARD, which extended support does not know.
    is: extended ? "only extended support is left" : "EKS does not offer it",
    needs: `one of ${standard.join(", ")}`,
    fix: [
      `pulumi config set --path platform:cluster.version ${newest} --stack ${quoted(stack)}   # add-on builds follow the version`,
    ],
  });
}

interface AddOnNeed {
  readonly stack: string;
  readonly region: string;
  readonly kubernetes: string;
  readonly name: string;
  readonly build: string;
}

export function judgeAddOn(
  { stack, region, kubernetes, name, build }: AddOnNeed,
  offered: Fact<readonly string[]>,
): Finding {
  const about = `add-on ${name} ${build}, ${region}`.replace("  ", " ");
  if (!offered.known) {
    return addOn.unknown(about, offered.why);
  }
  if (offered.value.includes(build) || (build === "" && offered.value.length > 0)) {
    return addOn.ok(about, `offered for ${kubernetes}`);
  }
  const near = nearestBuild(build, offered.value);
  return near === undefined
    ? addOn.stop({
        about,
        is: `EKS offers no build of ${name} for Kubernetes ${kubernetes}`,
        needs: "an add-on of this name",
        fix: [
          `aws eks describe-addon-versions --region ${region} --kubernetes-version ${kubernetes} --query 'addons[].addonName'`,
        ],
      })
    : addOn.stop({
        about,
        is: `EKS has no such build for Kubernetes ${kubernetes}; the nearest is ${near}`,
        needs: "a build that exists",
        fix: [
          `pulumi config set --path ${quoted(`platform:cluster.addOnVersions["${name}"]`)} ${near} --stack ${quoted(stack)}`,
        ],
      });
}

/** The build whose numbers differ least, the more significant first; of two equally near ones the newer. */
export function nearestBuild(wanted: string, offered: readonly string[]): string | undefined {
  const target = numbersOf(wanted);
  const distance = (build: string) =>
    numbersOf(build).map((number, index) => Math.abs(number - (target[index] ?? 0)));
  return [...offered].sort((a, b) => compareNumbers(distance(a), distance(b)) || compareBuilds(b, a))[0];
}

export function compareBuilds(a: string, b: string): number {
  return compareNumbers(numbersOf(a), numbersOf(b));
}

function numbersOf(build: string): number[] {
  return (build.match(/\d+/g) ?? []).map(Number);
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}
