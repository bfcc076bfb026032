import { z } from "zod";
import { iso27001, soc2 } from "../../core/controls.ts";
import type { Inspection } from "../../core/inspection.ts";
import { type ResourceContext, resourceRule } from "../../core/rule.ts";

const config = {
  allowed: z
    .array(z.string().min(1))
    .default([
      "m5.large",
      "m5.xlarge",
      "c5.2xlarge",
      "c5.4xlarge",
      "m6i.large",
      "m6i.xlarge",
      "db.r6g.large",
      "db.serverless",
      "cache.r6g.large",
    ])
    .describe("EC2, database and cache sizes that may be used, as AWS writes them"),
};

type Context = ResourceContext<typeof config>;

function listed(
  property: string,
  read: () => string | undefined,
  inspection: Inspection,
  { config }: Context,
): void {
  inspection.must({
    property,
    read,
    is: (size) => size === undefined || config.allowed.includes(size),
    allowed: `one of ${config.allowed.join(", ")}`,
    fix: "Choose one of them, or agree on the cost and add it to the rule's settings of this stack.",
  });
}

function allListed(
  property: string,
  read: () => readonly string[] | undefined,
  inspection: Inspection,
  context: Context,
): void {
  inspection.attempt(() => {
    (read() ?? []).forEach((_, at) => {
      listed(`${property}[${at}]`, () => read()?.[at], inspection, context);
    });
  });
}

export const instanceTypes = resourceRule({
  id: "instance-types",
  title: "Machines are of sizes that were agreed on",
  why: "One mistyped size costs more in a night than the platform in a month.",
  severity: "medium",
  level: "mandatory",
  controls: [...soc2("CC8.1"), ...iso27001("A.8.6")],
  requirements: ["COST-18"],
  remediation:
    "Use a size of the list, or add the size to the rule's settings in policy/config with a review of its cost.",
  url: "https://aws.amazon.com/ec2/instance-types/",
  config,
  checks: {
    "aws:ec2/instance:Instance": (instance, inspection, context) =>
      listed("instanceType", () => instance.instanceType, inspection, context),
    "aws:ec2/launchTemplate:LaunchTemplate": (template, inspection, context) =>
      listed("instanceType", () => template.instanceType, inspection, context),
    "aws:eks/nodeGroup:NodeGroup": (group, inspection, context) =>
      allListed("instanceTypes", () => group.instanceTypes, inspection, context),
    "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup": (cache, inspection, context) =>
      listed("cacheNodeType", () => cache.cacheNodeType, inspection, context),
    "aws:elasticache/replicationGroup:ReplicationGroup": (cache, inspection, context) =>
      listed("nodeType", () => cache.nodeType, inspection, context),
    "aws:rds/clusterInstance:ClusterInstance": (database, inspection, context) =>
      listed("instanceClass", () => database.instanceClass, inspection, context),
    "aws:rds/instance:Instance": (database, inspection, context) =>
      listed("instanceClass", () => database.instanceClass, inspection, context),
    "kubernetes:karpenter.sh/v1:NodePool": (pool, inspection, context) => {
      const requirements = pool.spec?.template?.spec?.requirements ?? [];
      const sizes = requirements.find(({ key }) => key === "node.kubernetes.io/instance-type");
      // Karpenter takes any size that fits when the pool names none.
      if (sizes?.operator !== "In")
        return inspection.report({
          property: "spec.template.spec.requirements",
          allowed: "a list of node.kubernetes.io/instance-type with the operator In",
          fix: "Add one with the sizes that were agreed on.",
        });
      allListed("node.kubernetes.io/instance-type", () => sizes.values, inspection, context);
    },
  },
});
