import { iso27001, pciDss, soc2 } from "../../core/controls.ts";
import { resourceRule } from "../../core/rule.ts";

const kinds = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

export const eksControlPlaneLogs = resourceRule({
  id: "eks-control-plane-logs",
  title: "The control plane writes all five kinds of logs",
  why: "Without the audit log nobody can say who changed what in the cluster; the others explain why it broke.",
  severity: "medium",
  level: "mandatory",
  controls: [...soc2("CC7.2"), ...iso27001("A.8.15"), ...pciDss("10.2.1")],
  requirements: ["GOV-07", "GOV-08"],
  remediation: `Set enabledClusterLogTypes to ${kinds.join(", ")}.`,
  url: "https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html",
  config: {},
  checks: {
    "aws:eks/cluster:Cluster": (cluster, inspection) =>
      inspection.must({
        property: "enabledClusterLogTypes",
        read: () => cluster.enabledClusterLogTypes ?? [],
        is: (enabled) => kinds.every((kind) => enabled.includes(kind)),
        allowed: `all of ${kinds.join(", ")}`,
        fix: "Add those that are missing.",
      }),
  },
});
