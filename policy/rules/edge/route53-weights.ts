import { z } from "zod";
import { iso27001, soc2 } from "../../core/controls.ts";
import { isSet, knownOr } from "../../core/inspection.ts";
import type { PropsOf } from "../../core/resource-inputs.ts";
import { stackRule } from "../../core/rule.ts";
import type { StackResource } from "../../core/stack.ts";

const config = {
  total: z
    .int()
    .min(1)
    .max(255)
    .default(100)
    .describe("What the weights of one record set add up to, so that a weight reads as a percentage"),
};

type Weighted = StackResource<PropsOf<"aws:route53/record:Record">>;

export const route53Weights = stackRule({
  id: "route53-weights",
  title: "The weights of a record set add up, and each weighted record has a health check",
  why: "A weight that does not read as a percentage hides the real split, and a weighted record without a health check keeps sending clients to a region that is down.",
  severity: "critical",
  level: "mandatory",
  controls: [...soc2("A1.2"), ...iso27001("A.8.14")],
  requirements: ["EDGE-05", "EDGE-06"],
  remediation:
    "Let the weights of all records with the same name and type add up to 100 and set healthCheckId on each.",
  url: "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-weighted.html",
  types: ["aws:route53/record:Record"],
  config,
  check: (stack, { total }) => {
    const weighted = stack
      .ofType("aws:route53/record:Record")
      .filter((record) => isSet(() => record.props.weightedRoutingPolicies?.[0]));
    for (const record of weighted)
      stack.inspect(record, (props, inspection) =>
        inspection.mustBeSet({
          property: "healthCheckId",
          read: () => props.healthCheckId,
          allowed: "the id of a health check of the region the record points to",
          fix: "Set healthCheckId; without it Route 53 takes the record for healthy for ever.",
        }),
      );
    for (const [first, ...others] of recordSets(weighted))
      stack.inspect(first, (_, inspection) =>
        inspection.must({
          property: `the sum of the weights of ${first.props.name} (${first.props.type})`,
          read: () =>
            [first, ...others].reduce(
              (sum, { props }) => sum + (props.weightedRoutingPolicies?.[0]?.weight ?? 0),
              0,
            ),
          is: (sum) => sum === total,
          allowed: String(total),
          fix: `Change weightedRoutingPolicies of ${[first, ...others].map(({ name }) => name).join(", ")}.`,
        }),
      );
  },
});

/** Records with the same zone, name and type answer one question together. */
function recordSets(records: readonly Weighted[]): [Weighted, ...Weighted[]][] {
  const sets = new Map<string, [Weighted, ...Weighted[]]>();
  for (const record of records) {
    const zone = (record.propertyDependencies["zoneId"] ?? []).map(({ urn }) => urn).join();
    // A name that is not known yet cannot be grouped; its record stands alone and stays undecided.
    const name = knownOr(() => record.props.name, record.urn);
    const key = JSON.stringify([
      zone || knownOr(() => record.props.zoneId, ""),
      name,
      knownOr(() => record.props.type, ""),
    ]);
    const set = sets.get(key);
    if (set) set.push(record);
    else sets.set(key, [record]);
  }
  return [...sets.values()];
}
