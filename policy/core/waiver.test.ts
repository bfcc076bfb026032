import { deepEqual, equal } from "node:assert/strict";
import fc from "fast-check";
import { kmsRotation } from "../rules/data/kms-rotation.ts";
import { s3Versioned } from "../rules/storage/s3-versioned.ts";
import { runRule, runStackRule, TODAY, urnOf } from "../testing/run-rule.ts";
import { waiver, waiverState } from "./waiver.ts";

const key = { type: "aws:kms/key:Key", props: {} };
const bucket = { type: "aws:s3/bucket:Bucket", props: {} };
const plain =
  'enableKeyRotation is ["SYMMETRIC_DEFAULT",null]; it must be true for a symmetric key. Set enableKeyRotation: true; replicas of a multi-region key follow their primary.';
const unversioned =
  "subject: no aws.s3.BucketVersioning names this bucket; it must have one. Add it with status Enabled.";
const of = (urn: string, until: string) => ({ urn, who: "team-platform", why: "agreed for the move", until });
const ended = (until: string) =>
  `the waiver of team-platform ended on ${until} (agreed for the move). Mend the resource and remove the waiver, or agree on a new date.`;

describe("waiver", () => {
  it("holds through its last day and not a day longer", () => {
    deepEqual(runRule(kmsRotation, key, { waivers: [of(urnOf(key), TODAY)] }), []);
    deepEqual(runRule(kmsRotation, key, { waivers: [of(urnOf(key), "2026-11-20")] }), [
      ended("2026-11-20"),
      plain,
    ]);
  });

  it("holds for one resource", () => {
    const other = urnOf({ ...key, name: "other" });
    deepEqual(runRule(kmsRotation, key, { waivers: [of(other, "2999-12-31")] }), [plain]);
  });

  it("works for stack rules too", () => {
    deepEqual(runStackRule(s3Versioned, [bucket], { waivers: [of(urnOf(bucket), TODAY)] }), []);
    deepEqual(runStackRule(s3Versioned, [bucket], { waivers: [of(urnOf(bucket), "2026-11-20")] }), [
      `subject: ${ended("2026-11-20")}`,
      unversioned,
    ]);
  });

  it("is a violation once it ended, even when the resource was mended", () => {
    const mended = { ...key, props: { enableKeyRotation: true } };
    deepEqual(runRule(kmsRotation, mended, { waivers: [of(urnOf(key), "2026-01-31")] }), [
      ended("2026-01-31"),
    ]);
  });

  it("is renewed by a second one", () => {
    deepEqual(
      waiverState([of("urn:a", "2026-01-31"), of("urn:a", "2027-01-31")], "urn:a", TODAY).kind,
      "active",
    );
  });

  it("is active exactly while its day has not passed", () => {
    const day = fc.date({ min: new Date("2020-01-01"), max: new Date("2035-12-31"), noInvalidDate: true });
    fc.assert(
      fc.property(day, day, (until, today) => {
        const [last, now] = [until, today].map((date) => date.toISOString().slice(0, 10));
        const { kind } = waiverState([of("urn:a", last ?? "")], "urn:a", now ?? "");
        equal(kind, Date.parse(last ?? "") >= Date.parse(now ?? "") ? "active" : "expired");
      }),
    );
  });

  it("must name one resource, a person, a reason and a day", () => {
    const good = of(urnOf(key), TODAY);
    equal(waiver.safeParse(good).success, true);
    for (const wrong of [
      { urn: "urn:pulumi:*" },
      { urn: "data" },
      { who: "" },
      { why: "because" },
      { until: "2026-02-30" },
      { until: "next year" },
      { until: undefined },
      { extra: true },
    ])
      equal(waiver.safeParse({ ...good, ...wrong }).success, false, JSON.stringify(wrong));
  });
});
