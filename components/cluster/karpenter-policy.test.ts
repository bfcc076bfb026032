import assert from "node:assert/strict";
import { sortedJson } from "../json.ts";
import { INTERRUPTION_EVENTS, interruptionQueuePolicy, karpenterPolicies } from "./karpenter-policy.ts";
import { volumeKeyPolicy } from "./managed-add-ons.ts";

const scope = {
  partition: "aws",
  region: "us-east-1",
  accountId: "111122223333",
  clusterName: "platform-use1",
  clusterArn: "arn:aws:eks:us-east-1:111122223333:cluster/platform-use1",
  nodeRoleArn: "arn:aws:iam::111122223333:role/nodes",
  queueArn: "arn:aws:sqs:us-east-1:111122223333:platform-use1-interruptions",
};
interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: string | string[];
  readonly Condition?: Record<string, Record<string, unknown>>;
}
const statements: Statement[] = Object.values(karpenterPolicies(scope)).flatMap(
  (policy) => JSON.parse(sortedJson(policy)).Statement,
);
const actionsOf = ({ Action }: Statement) => [Action].flat();

describe("Karpenter's rights", () => {
  it("EKS-13: every change is bound to this cluster's tag, its role or its queue", () => {
    const reads = /:(Describe|Get|List)/;
    for (const statement of statements.filter((one) =>
      actionsOf(one).some((action) => !reads.test(action)),
    )) {
      const conditions = JSON.stringify(statement.Condition ?? {});
      const bound =
        conditions.includes(`kubernetes.io/cluster/${scope.clusterName}`) ||
        [scope.nodeRoleArn, scope.queueArn].includes(String(statement.Resource)) ||
        // Images, subnets and security groups are shared by nature; what is started from them must be tagged.
        statement.Sid === "StartFromSharedResources";
      assert(bound, statement.Sid);
    }
  });

  it("EKS-13: no write to IAM, so that a node starts without a control plane of another region", () => {
    const iam = statements.flatMap(actionsOf).filter((action) => action.startsWith("iam:"));
    assert.deepEqual(iam.sort(), ["iam:GetInstanceProfile", "iam:ListInstanceProfiles", "iam:PassRole"]);
  });

  it("fits into a role, also with the longest cluster name", () => {
    const clusterName = "n".repeat(100);
    const long = {
      ...scope,
      clusterName,
      clusterArn: scope.clusterArn.replace("platform-use1", clusterName),
    };
    const policies = [...Object.values(karpenterPolicies(long)), volumeKeyPolicy(`arn:${"k".repeat(80)}`)];
    const size = policies.reduce<number>((sum, policy) => sum + sortedJson(policy).length, 0);
    assert(size <= 10_240, `${size} characters; IAM takes 10,240 in all inline policies of a role`);
  });

  it("COST-02: the warnings that spot and health events give arrive on the queue, from those rules alone", () => {
    assert.deepEqual(
      Object.values(INTERRUPTION_EVENTS)
        .map(({ detail }) => detail)
        .sort(),
      [
        "AWS Health Event",
        "EC2 Capacity Reservation Instance Interruption Warning",
        "EC2 Instance Rebalance Recommendation",
        "EC2 Instance State-change Notification",
        "EC2 Spot Instance Interruption Warning",
      ],
    );
    const [allow, deny] = JSON.parse(sortedJson(interruptionQueuePolicy("queue", ["b", "a"]))).Statement;
    assert.deepEqual(allow.Condition, { ArnEquals: { "aws:SourceArn": ["a", "b"] } });
    assert.deepEqual(
      [deny.Effect, deny.Action, deny.Condition],
      ["Deny", "sqs:*", { Bool: { "aws:SecureTransport": "false" } }],
    );
  });
});
