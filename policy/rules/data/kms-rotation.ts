import { z } from "zod";
import { iso27001, pciDss, soc2 } from "../../core/controls.ts";
import { resourceRule } from "../../core/rule.ts";

const config = {
  deletionDays: z.int().min(7).max(30).default(30).describe("Shortest waiting time of a deletion, in days"),
};

export const kmsRotation = resourceRule({
  id: "kms-rotation",
  title: "Encryption keys rotate every year and cannot be deleted in haste",
  why: "Rotation bounds how much data one key version opens, and the waiting time is the only way back from a mistaken deletion.",
  severity: "medium",
  level: "mandatory",
  controls: [...soc2("CC6.1"), ...iso27001("A.8.24"), ...pciDss("3.7.4")],
  requirements: ["SEC-01", "GOV-07"],
  remediation: "Set enableKeyRotation: true and leave deletionWindowInDays at 30.",
  url: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
  config,
  checks: {
    "aws:kms/key:Key": (key, inspection, { config: { deletionDays } }) => {
      inspection.must({
        property: "deletionWindowInDays",
        read: () => key.deletionWindowInDays,
        is: (days) => days === undefined || days >= deletionDays,
        allowed: `at least ${deletionDays} days`,
        fix: "Remove deletionWindowInDays; 30 is the default and the longest.",
      });
      inspection.must({
        property: "enableKeyRotation",
        read: () => [key.customerMasterKeySpec ?? "SYMMETRIC_DEFAULT", key.enableKeyRotation] as const,
        // KMS rotates only symmetric encryption keys; signing and HMAC keys are replaced by hand.
        is: ([spec, rotates]) => spec !== "SYMMETRIC_DEFAULT" || rotates === true,
        allowed: "true for a symmetric key",
        fix: "Set enableKeyRotation: true; replicas of a multi-region key follow their primary.",
      });
    },
  },
});
