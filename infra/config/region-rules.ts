/** Rules between the regions, their weights and ranges, and the part that a stack plays. */
import { type Cidr, carve, formatCidr, overlap, parseCidr } from "../../components/network/cidr.ts";
import { subnetPlanProblems } from "../../components/network/subnet-plan.ts";
import { need, type Parts } from "./parts.ts";
import { type ConfigProblem, keyOf, show } from "./problems.ts";

/** Every key that names a region names one of `regions`. */
export function regionRules(parts: Parts): ConfigProblem[] {
  const regions = parts.get("regions");
  if (regions === undefined) {
    return [];
  }
  const known = Object.keys(regions);
  const named: [readonly PropertyKey[], string | undefined][] = [
    [["region"], parts.get("region")],
    [["primaryRegion"], parts.get("primaryRegion")],
    [["homeRegion"], parts.get("homeRegion")],
    [["relational", "initialWriterRegion"], parts.get("relational")?.initialWriterRegion],
    [["security", "identityCenter", "region"], parts.get("security")?.identityCenter?.region],
    ...(parts.get("evacuate") ?? []).map((name, index): [PropertyKey[], string] => [
      ["evacuate", index],
      name,
    ]),
  ];
  return named.flatMap(([path, name]) =>
    name === undefined || known.includes(name)
      ? []
      : [
          {
            key: keyOf(path),
            value: show(name),
            allowed: `one of platform:regions (${known.join(", ")})`,
            fix: `name a region of platform:regions, or add ${name} there`,
          },
        ],
  );
}

export function weightRules(parts: Parts): ConfigProblem[] {
  const regions = parts.get("regions");
  if (regions === undefined) {
    return [];
  }
  const weights = Object.entries(regions).map(([name, region]) => `${name} ${region.weight}`);
  const total = Object.values(regions).reduce((sum, region) => sum + region.weight, 0);
  return total === 100
    ? []
    : [
        {
          key: keyOf(["regions"]),
          value: `weights sum to ${total} (${weights.join(", ")})`,
          allowed: "weights that sum to 100",
          fix: `${total > 100 ? "lower" : "raise"} a weight by ${Math.abs(100 - total)}`,
        },
      ];
}

/** Ranges that overlap, and ranges that cannot hold the subnets of the zones. */
export function cidrRules(parts: Parts): ConfigProblem[] {
  const regions = Object.entries(parts.get("regions") ?? {});
  const ranges = regions.flatMap(([name, region]) =>
    RANGE_KEYS.flatMap((key) => {
      const cidr = region[key];
      const range = cidr === undefined ? undefined : readCidr(cidr);
      return range === undefined
        ? []
        : [{ key: keyOf(["regions", name, key]), cidr, range, pods: key === "podCidr" }];
    }),
  );
  const overlaps = ranges.flatMap(({ key, cidr, range, pods }, index) =>
    ranges
      .slice(0, index)
      .filter((earlier) => overlap(earlier.range, range))
      .map((earlier) => ({
        key,
        value: `${cidr} overlaps ${earlier.key} ${earlier.cidr}`,
        allowed: "ranges that do not overlap, so that networks can be joined",
        fix: `choose a /16 outside it, for example ${freeRange(pods ? "100.64.0.0/10" : "10.0.0.0/8", ranges)}`,
      })),
  );
  const told = new Set(overlaps.map(({ key }) => key));
  const unfit = regions.flatMap(([name, { cidr, sharedCidr, podCidr, zones }]) => {
    const inRegion = zones.map((zone) => `${name}${zone}`);
    const production = subnetPlanProblems({ cidr, zones: inRegion, podCidr });
    const shared = sharedCidr === undefined ? [] : subnetPlanProblems({ cidr: sharedCidr, zones: inRegion });
    const unique = [
      ...production,
      ...shared.filter((fix) => fix.startsWith("cidr")).map((fix) => fix.replace("cidr", "sharedCidr")),
    ];
    return unique.map((fix) => {
      const [argument = "cidr"] = fix.split(" ");
      return {
        key: keyOf(["regions", name, argument.replace(/[^A-Za-z].*$/, "")]),
        value: show({ cidr, sharedCidr, podCidr, zones }[argument.replace(/[^A-Za-z].*$/, "")]),
        allowed: "private ranges of /16 to /23, pods inside 100.64.0.0/10, and two to four zones",
        fix,
      };
    });
  });
  return [...overlaps, ...unfit.filter(({ key }) => !told.has(key))];
}

const RANGE_KEYS = ["cidr", "sharedCidr", "podCidr"] as const;

function readCidr(text: string): Cidr | undefined {
  try {
    return parseCidr(text);
  } catch {
    return undefined;
  }
}

function freeRange(space: string, taken: readonly { readonly range: Cidr }[]): string {
  const parent = parseCidr(space);
  const candidates = Array.from({ length: 2 ** (16 - parent.prefix) }, (_, index) =>
    carve(parent, 16, index),
  );
  const free = candidates.find((candidate) => !taken.some(({ range }) => overlap(range, candidate)));
  return free === undefined ? "another private range" : formatCidr(free);
}

/** A stack with the region scope says which region it is and what part it plays. */
export function scopeRules(parts: Parts): ConfigProblem[] {
  const scopes = parts.get("scopes");
  const region = parts.get("region");
  const problems: ConfigProblem[] = [];
  if (scopes?.includes("region")) {
    if (parts.isMissing("region")) {
      problems.push(need(["region"], "a region of platform:regions", "say which region this stack is"));
    }
    if (parts.isMissing("role")) {
      problems.push(need(["role"], "primary or secondary", "say which part this region plays"));
    }
  }
  if (scopes?.includes("link") && scopes.length > 1) {
    problems.push({
      key: keyOf(["scopes"]),
      value: show(scopes),
      allowed: "[global], [region], [global, region] or [link]",
      fix: "keep link in a stack of its own: no region may wait for another",
    });
  }
  const own = (parts.get("evacuate") ?? []).indexOf(region ?? "");
  if (own >= 0) {
    problems.push({
      key: keyOf(["evacuate", own]),
      value: show(region),
      allowed: "peer regions",
      fix: "a region's switch evacuates its peers only: set it in the stack of a peer",
    });
  }
  return problems;
}
