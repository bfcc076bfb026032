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
    [["relational", "initialWriterRegion"], parts.get("relational")?.initialWriterRegion],
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
  const ranges = regions.flatMap(([name, { cidr }]) => {
    const range = readCidr(cidr);
    return range === undefined ? [] : [{ name, cidr, range }];
  });
  const taken = ranges.map(({ range }) => range);
  const overlaps = ranges.flatMap(({ name, cidr, range }, index) =>
    ranges
      .slice(0, index)
      .filter((earlier) => overlap(earlier.range, range))
      .map((earlier) => ({
        key: keyOf(["regions", name, "cidr"]),
        value: `${cidr} overlaps ${keyOf(["regions", earlier.name, "cidr"])} ${earlier.cidr}`,
        allowed: "ranges that do not overlap, so that regions can be peered",
        fix: `choose a /16 outside it, for example ${freeRange(taken)}`,
      })),
  );
  const told = new Set(overlaps.map(({ key }) => key));
  const unfit = regions.flatMap(([name, { cidr, zones }]) =>
    subnetPlanProblems({ cidr, zones: zones.map((zone) => `${name}${zone}`) }).map((fix) => ({
      key: keyOf(["regions", name, fix.startsWith("zones") ? "zones" : "cidr"]),
      value: show(fix.startsWith("zones") ? zones : cidr),
      allowed: "a private range of /16 to /23 and two to four zones",
      fix,
    })),
  );
  return [...overlaps, ...unfit.filter(({ key }) => !told.has(key))];
}

function readCidr(text: string): Cidr | undefined {
  try {
    return parseCidr(text);
  } catch {
    return undefined;
  }
}

function freeRange(taken: readonly Cidr[]): string {
  const candidates = Array.from({ length: 256 }, (_, index) => carve(parseCidr("10.0.0.0/8"), 16, index));
  const free = candidates.find((candidate) => !taken.some((range) => overlap(range, candidate)));
  return free === undefined ? "another private range" : formatCidr(free);
}

/** A stack with the region scope says which region it is and what part it plays. */
function scopeRules(parts: Parts): ConfigProblem[] {
  const scopes = parts.get("scopes");
  const region = parts.get("region");
  const problems: ConfigProblem[] = [];
  if (scopes?.includes("region")) {
    if (parts.isMissing("region")) {
      problems.push(missing("region", "a region of platform:regions", "say which region this stack is"));
    }
    if (parts.isMissing("role")) {
      problems.push(missing("role", "primary or secondary", "say which part this region plays"));
    }
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

function missing(key: Part, allowed: string, fix: string): ConfigProblem {
  return { key: keyOf([key]), allowed, fix };
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
