import { deepEqual } from "node:assert/strict";
import { cases, runRule, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { kmsRotation } from "./kms-rotation.ts";

const fixed = (value: string) =>
  `enableKeyRotation is ["SYMMETRIC_DEFAULT",${value}]; it must be true for a symmetric key. Set enableKeyRotation: true; replicas of a multi-region key follow their primary.`;

describe("kms-rotation", () => {
  it("accepts the waiting time of the stack's settings", () => {
    const key = (deletionWindowInDays: number) => ({
      type: "aws:kms/key:Key",
      props: { enableKeyRotation: true, deletionWindowInDays },
    });
    deepEqual(runRule(kmsRotation, key(7), { deletionDays: 7 }), []);
    deepEqual(runRule(kmsRotation, key(7), { deletionDays: 8 }).length, 1);
  });

  cases(kmsRotation, "aws:kms/key:Key", { enableKeyRotation: true }, [
    ["refuses a key that says nothing", { enableKeyRotation: undefined }, [fixed("null")]],
    ["refuses a key that does not rotate", { enableKeyRotation: false }, [fixed("false")]],
    [
      "leaves a signing key alone",
      { enableKeyRotation: undefined, customerMasterKeySpec: "ECC_NIST_P256" },
      [],
    ],
    ["takes the longest waiting time", { deletionWindowInDays: 30 }, []],
    [
      "refuses a short waiting time",
      { deletionWindowInDays: 7 },
      [
        "deletionWindowInDays is 7; it must be at least 30 days. Remove deletionWindowInDays; 30 is the default and the longest.",
      ],
    ],
    [
      "does not decide on an unknown setting",
      { enableKeyRotation: UNKNOWN },
      [undecided("enableKeyRotation")],
    ],
  ]);
});
