/** Which Kubernetes versions EKS runs, and until when at the ordinary price. */

/**
 * Last day of standard support by version; after it AWS charges for extended support and then upgrades by itself.
 * https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html
 */
const STANDARD_SUPPORT_ENDS: Readonly<Record<string, string>> = {
  "1.34": "2026-12-02",
  "1.35": "2027-03-27",
  "1.36": "2027-08-02",
};

const DAY_MS = 86_400_000;

/** Oldest first. */
export function supportedVersions(ends: Readonly<Record<string, string>> = STANDARD_SUPPORT_ENDS): string[] {
  return Object.keys(ends).sort(compareVersions);
}

/** Negative when `a` is older than `b`. Minor versions are numbers: 1.9 is older than 1.34. */
export function compareVersions(a: string, b: string): number {
  const [aMajor = 0, aMinor = 0] = a.split(".").map(Number);
  const [bMajor = 0, bMinor = 0] = b.split(".").map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}

/** Why this version cannot be deployed (C-29), or undefined when it can. `floor` is the oldest version allowed here. */
export function versionProblem(version: string, floor?: string): string | undefined {
  const supported = supportedVersions();
  if (!supported.includes(version))
    return `version "${version}" is not in standard support: choose one of ${supported.join(", ")}`;
  if (floor === undefined) return undefined;
  if (!/^\d+\.\d+$/.test(floor)) return `versionFloor "${floor}" is no version: write it as "1.34"`;
  if (compareVersions(version, floor) < 0)
    return `version "${version}" is below versionFloor "${floor}": choose one of ${
      supported.filter((candidate) => compareVersions(candidate, floor) >= 0).join(", ") || "a newer release"
    }`;
  return undefined;
}

/** Days of standard support left on `today` (YYYY-MM-DD); negative once it ended, undefined for an unknown version. */
export function supportDaysLeft(version: string, today: string): number | undefined {
  const end = STANDARD_SUPPORT_ENDS[version];
  return end === undefined ? undefined : Math.round((Date.parse(end) - Date.parse(today)) / DAY_MS);
}
