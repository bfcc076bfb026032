/** Rules between sizes, and between an option and the facts that it needs. */
import { need, type Parts } from "./parts.ts";
import { type ConfigProblem, keyOf, show } from "./problems.ts";

export function sizeRules(parts: Parts): ConfigProblem[] {
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
export function optionRules(parts: Parts): ConfigProblem[] {
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
