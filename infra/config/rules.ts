/** What no single key can tell: rules between keys. Each rule looks only at parts that are themselves well formed. */
import type { z } from "zod";
import { type Cidr, carve, formatCidr, overlap, parseCidr } from "../../components/network/cidr.ts";
import { subnetPlanProblems } from "../../components/network/subnet-plan.ts";
import { type ConfigProblem, keyOf, show } from "./problems.ts";
import { type ConfigValues, configSchema } from "./schema.ts";

type Raw = Readonly<Record<string, unknown>>;
type Part = keyof ConfigValues & string;

/**
 * @param raw decoded values as written
 * @param broken keys that already have a problem of their own
 */
export function crossFieldProblems(raw: Raw, broken: ReadonlySet<string>): ConfigProblem[] {
  const parts = new Parts(raw, broken);
  return [
    ...regionRules(parts),
    ...weightRules(parts),
    ...cidrRules(parts),
    ...scopeRules(parts),
    ...sizeRules(parts),
    ...optionRules(parts),
  ];
}

/** The well-formed parts of a configuration. */
class Parts {
  readonly #raw: Raw;
  readonly #broken: readonly string[];

  constructor(raw: Raw, broken: ReadonlySet<string>) {
    this.#raw = raw;
    this.#broken = [...broken];
  }

  isMissing(key: Part): boolean {
    return this.#raw[key] === undefined;
  }

  get<K extends Part>(key: K): ConfigValues[K] | undefined {
    const path = keyOf([key]);
    if (this.#broken.some((other) => other === path || other.startsWith(`${path}.`))) {
      return undefined;
    }
    const schema: z.ZodType = configSchema.shape[key];
    const parsed = schema.safeParse(this.#raw[key]);
    return parsed.success ? (parsed.data as ConfigValues[K]) : undefined;
  }
}

/** Every key that names a region names one of `regions`. */
function regionRules(parts: Parts): ConfigProblem[] {
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

function weightRules(parts: Parts): ConfigProblem[] {
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
function cidrRules(parts: Parts): ConfigProblem[] {
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
function scopeRules(parts: Parts): ConfigProblem[] {
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

function need(path: readonly PropertyKey[], allowed: string, fix: string): ConfigProblem {
  return { key: keyOf(path), allowed, fix };
}

function sizeRules(parts: Parts): ConfigProblem[] {
  const nodes = parts.get("cluster")?.systemNodes;
  const replicas = parts.get("documents")?.replicas;
  const bounds: [PropertyKey[], { minimum: number; maximum: number } | undefined][] = [
    [["cluster", "systemNodes"], nodes],
    [["documents", "replicas"], replicas],
  ];
  return bounds.flatMap(([path, bound]) =>
    bound === undefined || bound.minimum <= bound.maximum
      ? []
      : [
          {
            key: keyOf([...path, "minimum"]),
            value: String(bound.minimum),
            allowed: `at most ${keyOf([...path, "maximum"])} (${bound.maximum})`,
            fix: "lower minimum or raise maximum",
          },
        ],
  );
}

/** An option and the facts it needs stand or fall together. */
function optionRules(parts: Parts): ConfigProblem[] {
  return [...capacityRules(parts), ...slotRules(parts), ...networkOptionRules(parts)];
}

function slotRules(parts: Parts): ConfigProblem[] {
  const slots = parts.get("cluster")?.slots ?? { main: 100 };
  const total = Object.values(slots).reduce((sum, weight) => sum + weight, 0);
  return total === 100
    ? []
    : [
        {
          key: keyOf(["cluster", "slots"]),
          value: `weights sum to ${total} (${Object.entries(slots)
            .map(([name, weight]) => `${name} ${weight}`)
            .join(", ")})`,
          allowed: "weights that sum to 100",
          fix: `${total > 100 ? "lower" : "raise"} a weight by ${Math.abs(100 - total)}`,
        },
      ];
}

function networkOptionRules(parts: Parts): ConfigProblem[] {
  const regions = Object.entries(parts.get("regions") ?? {});
  const hybrid = parts.get("network")?.hybrid;
  const needsTransit = regions.filter(
    ([, { sharedCidr }]) => sharedCidr !== undefined || hybrid !== undefined,
  );
  const transit = needsTransit
    .filter(([, { transitAsn }]) => transitAsn === undefined)
    .map(([name]) =>
      need(
        ["regions", name, "transitAsn"],
        "64512 to 65534",
        "add an ASN that no other region has: sharedCidr and hybrid need a transit gateway",
      ),
    );
  const asns = regions.flatMap(([name, { transitAsn }]) =>
    transitAsn === undefined ? [] : [{ name, transitAsn }],
  );
  const repeated = asns
    .filter(({ transitAsn }, index) => asns.findIndex((other) => other.transitAsn === transitAsn) < index)
    .map(({ name, transitAsn }) => ({
      key: keyOf(["regions", name, "transitAsn"]),
      value: show(transitAsn),
      allowed: "another ASN in each region",
      fix: "choose a free one of 64512 to 65534",
    }));
  const ways =
    hybrid !== undefined && hybrid.vpn === undefined && hybrid.directConnect === undefined
      ? [need(["network", "hybrid"], "vpn, directConnect or both", "add the facts of at least one way")]
      : [];
  const link = parts.get("scopes")?.includes("link")
    ? regions
        .filter(([, { stack }]) => stack === undefined)
        .map(([name]) =>
          need(["regions", name, "stack"], "the name of a stack", "say which stack deploys the region"),
        )
    : [];
  return [...transit, ...repeated, ...ways, ...link];
}

function capacityRules(parts: Parts): ConfigProblem[] {
  const relational = parts.get("relational");
  if (relational === undefined) {
    return [];
  }
  const wantsCapacity = relational.instanceClass === "db.serverless";
  return wantsCapacity === (relational.serverless !== undefined)
    ? []
    : [
        {
          key: keyOf(["relational", wantsCapacity ? "serverless" : "instanceClass"]),
          ...(wantsCapacity ? {} : { value: show(relational.instanceClass) }),
          allowed: "instanceClass db.serverless together with serverless.minimumAcu and maximumAcu",
          fix: wantsCapacity
            ? "add { minimumAcu: 0.5, maximumAcu: 8 }"
            : "set db.serverless, or remove serverless",
        },
      ];
}
