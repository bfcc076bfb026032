import { z } from "zod";
import { iso27001, pciDss, soc2 } from "../../core/controls.ts";
import { anyTypeRule } from "../../core/rule.ts";
import taggable from "./taggable-types.json" with { type: "json" };

const config = {
  tags: z
    .array(z.string().min(1))
    .default(["environment", "service", "team"])
    .describe(
      "Tag keys that every AWS resource carries; AWS tells `Team` from `team`, so write them as they are",
    ),
};

/** Objects inherit the bill of their bucket, and S3 gives them fewer tags than it gives everything else. */
const exempt = new Set([
  "aws:s3/bucketObject:BucketObject",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:s3/objectCopy:ObjectCopy",
]);

export const requiredTags = anyTypeRule({
  id: "required-tags",
  title: "Every AWS resource says which service, team and environment it belongs to",
  why: "Costs without an owner cannot be allocated, and nobody can be asked about a resource without one.",
  severity: "medium",
  level: "mandatory",
  controls: [...soc2("CC6.1"), ...iso27001("A.5.9"), ...pciDss("12.5.1")],
  requirements: ["COST-16"],
  remediation:
    "Set the tags once as defaultTags of the stack's AWS providers; set `service` on the resource where it differs.",
  url: "https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/cost-alloc-tags.html",
  types: taggable.filter((type) => !exempt.has(type)),
  config,
  check: (props, inspection, { config: { tags: required }, provider }) => {
    const tags = { ...record(defaultTagsOf(provider?.props["defaultTags"])), ...record(props["tags"]) };
    for (const key of required)
      inspection.must({
        property: `tags.${key}`,
        read: () => tags[key],
        is: (value) => typeof value === "string" && value.trim() !== "",
        allowed: "a name",
        fix:
          otherSpelling(tags, key) ??
          "Set it on the resource, or for all of them in the provider's defaultTags.",
      });
  },
});

/** AWS compares keys letter by letter, so `Team` does not count as `team`. */
function otherSpelling(tags: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const found = Object.keys(tags).find((other) => other !== key && other.toLowerCase() === key.toLowerCase());
  return found && `Rename ${found} to ${key}: AWS tells them apart.`;
}

/** Providers carry structured settings as JSON text. */
function defaultTagsOf(setting: unknown): unknown {
  const parsed = typeof setting === "string" ? JSON.parse(setting) : setting;
  return record(parsed)["tags"];
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
