import { z } from "zod";
import { iso27001, pciDss, soc2 } from "../../core/controls.ts";
import type { Inspection } from "../../core/inspection.ts";
import { resourceRule } from "../../core/rule.ts";

const config = {
  floor: z
    .string()
    .regex(/^1\.\d+$/, 'a Kubernetes minor version such as "1.34"')
    .default("1.34")
    .describe("Oldest Kubernetes minor version that is accepted; raise it when AWS ends standard support"),
};

const minorOf = (version: string | undefined) => Number(/^1\.(\d+)$/.exec(version ?? "")?.[1] ?? Number.NaN);

function supported(read: () => string | undefined, inspection: Inspection, floor: string): void {
  inspection.must({
    property: "version",
    read,
    is: (version) => minorOf(version) >= minorOf(floor),
    allowed: `"${floor}" or newer`,
    fix: "Set a version in standard support; upgrade one minor version at a time.",
  });
}

export const eksVersion = resourceRule({
  id: "eks-version",
  title: "Kubernetes runs a version in standard support",
  why: "A version out of standard support gets no fixes, costs six times as much and is upgraded by AWS on a day of its choice.",
  severity: "high",
  level: "mandatory",
  controls: [...soc2("CC7.1"), ...iso27001("A.8.8"), ...pciDss("6.3.3")],
  requirements: ["EKS-07"],
  remediation: "Set the cluster's version in the stack's config to one in standard support.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
  config,
  checks: {
    "aws:eks/cluster:Cluster": (cluster, inspection, { config: { floor } }) =>
      supported(() => cluster.version, inspection, floor),
    "aws:eks/nodeGroup:NodeGroup": (group, inspection, { config: { floor } }) =>
      // Without a version the group takes the cluster's.
      inspection.attempt(() => {
        if (group.version !== undefined) supported(() => group.version, inspection, floor);
      }),
  },
});
