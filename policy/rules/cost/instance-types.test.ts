import { deepEqual } from "node:assert/strict";
import { cases, runRule, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { instanceTypes } from "./instance-types.ts";

const defaults =
  "m5.large, m5.xlarge, c5.2xlarge, c5.4xlarge, m6i.large, m6i.xlarge, db.r6g.large, db.serverless, cache.r6g.large";
const other = (property: string, size: string, list = defaults) =>
  `${property} is "${size}"; it must be one of ${list}. Choose one of them, or agree on the cost and add it to the rule's settings of this stack.`;

describe("instance-types", () => {
  const single = [
    ["aws:ec2/instance:Instance", "instanceType", "m5.large"],
    ["aws:ec2/launchTemplate:LaunchTemplate", "instanceType", "c5.4xlarge"],
    ["aws:elasticache/globalReplicationGroup:GlobalReplicationGroup", "cacheNodeType", "cache.r6g.large"],
    ["aws:elasticache/replicationGroup:ReplicationGroup", "nodeType", "cache.r6g.large"],
    ["aws:rds/clusterInstance:ClusterInstance", "instanceClass", "db.r6g.large"],
    ["aws:rds/instance:Instance", "instanceClass", "db.serverless"],
  ] as const;
  for (const [type, property, size] of single)
    cases(instanceTypes, type, { [property]: size }, [
      ["COST-18: refuses another size", { [property]: "x2idn.metal" }, [other(property, "x2idn.metal")]],
      ["leaves a size that is set elsewhere alone", { [property]: undefined }, []],
      ["does not decide on an unknown size", { [property]: UNKNOWN }, [undecided(property)]],
    ]);

  cases(instanceTypes, "aws:eks/nodeGroup:NodeGroup", { instanceTypes: ["m5.large", "m5.xlarge"] }, [
    [
      "names the size of a list",
      { instanceTypes: ["m5.large", "m5.24xlarge"] },
      [other("instanceTypes[1]", "m5.24xlarge")],
    ],
    ["takes no list", { instanceTypes: undefined }, []],
  ]);

  const pool = (...requirements: object[]) => ({ template: { spec: { requirements } } });
  const sizes = (...values: string[]) => ({
    key: "node.kubernetes.io/instance-type",
    operator: "In",
    values,
  });
  const unlisted =
    "spec.template.spec.requirements is not set; it must be a list of node.kubernetes.io/instance-type with the operator In. Add one with the sizes that were agreed on.";
  cases(instanceTypes, "kubernetes:karpenter.sh/v1:NodePool", { spec: pool(sizes("m5.large")) }, [
    [
      "COST-18: refuses a pool of any size",
      { spec: pool({ key: "karpenter.sh/capacity-type", operator: "In", values: ["spot"] }) },
      [unlisted],
    ],
    [
      "refuses a pool of all but some",
      { spec: pool({ ...sizes("m5.large"), operator: "NotIn" }) },
      [unlisted],
    ],
    [
      "names the size",
      { spec: pool(sizes("m5.large", "p5.48xlarge")) },
      [other("node.kubernetes.io/instance-type[1]", "p5.48xlarge")],
    ],
    ["does not decide on an unknown pool", { spec: UNKNOWN }, [undecided("spec")]],
  ]);

  it("takes the list of the stack's settings instead of its own", () => {
    const instance = { type: "aws:ec2/instance:Instance", props: { instanceType: "m5.large" } };
    deepEqual(runRule(instanceTypes, instance, { allowed: ["t3.small"] }), [
      other("instanceType", "m5.large", "t3.small"),
    ]);
    deepEqual(runRule(instanceTypes, instance, { allowed: [] }), [other("instanceType", "m5.large", "")]);
  });
});
