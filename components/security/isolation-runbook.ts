/** The Systems Manager runbook that isolates an instance, and what its role and its trigger may do. */

import { sortedJson } from "../json.ts";
import { allow, policyText } from "./policy-statements.ts";

/** Tag that the runbook puts on what it makes. */
const TAG = "quarantine";

export function isolationRunbook(input: {
  readonly roleArn: string;
  readonly groupName: string;
  /** Text of `isolate-instance.py`. */
  readonly script: string;
}): string {
  return sortedJson({
    schemaVersion: "0.3",
    description:
      "Replaces every security group of an EC2 instance by one that is empty, tags it with the groups it had, and takes snapshots of its volumes.",
    assumeRole: input.roleArn,
    parameters: {
      InstanceId: {
        type: "String",
        description: "Instance to isolate",
        allowedPattern: "^i-[0-9a-f]{8,17}$",
      },
    },
    outputs: ["isolate.GroupId", "isolate.Snapshots"],
    mainSteps: [
      {
        name: "isolate",
        action: "aws:executeScript",
        timeoutSeconds: 300,
        inputs: {
          Runtime: "python3.11",
          Handler: "isolate",
          InputPayload: { InstanceId: "{{ InstanceId }}", GroupName: input.groupName },
          Script: input.script,
        },
        outputs: [
          { Name: "GroupId", Selector: "$.Payload.GroupId", Type: "String" },
          { Name: "Snapshots", Selector: "$.Payload.Snapshots", Type: "StringList" },
        ],
      },
    ],
  });
}

/** May cut instances off and keep evidence; may not open, start, stop or delete anything. */
export function isolationPolicy({
  partition,
  accountId,
}: {
  readonly partition: string;
  readonly accountId: string;
}): string {
  const ec2 = (kind: string) => `arn:${partition}:ec2:*:${accountId}:${kind}/*`;
  // A snapshot that does not exist yet has no account in its ARN.
  const snapshots = `arn:${partition}:ec2:*::snapshot/*`;
  const group = ec2("security-group");
  return policyText([
    allow("Find", ["ec2:DescribeInstances", "ec2:DescribeSecurityGroups"], ["*"]),
    allow(
      "CutOff",
      ["ec2:ModifyNetworkInterfaceAttribute"],
      [ec2("network-interface"), ec2("instance"), group],
    ),
    allow("MakeGroup", ["ec2:CreateSecurityGroup"], [ec2("vpc")]),
    allow("MakeTaggedGroup", ["ec2:CreateSecurityGroup"], [group], {
      StringEquals: { [`aws:RequestTag/${TAG}`]: "group" },
    }),
    allow("EmptyGroup", ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"], [group], {
      StringEquals: { [`aws:ResourceTag/${TAG}`]: "group" },
    }),
    allow("KeepEvidence", ["ec2:CreateSnapshots"], [ec2("instance"), ec2("volume"), snapshots]),
    allow("TagNew", ["ec2:CreateTags"], [group, snapshots], {
      StringEquals: { "ec2:CreateAction": ["CreateSecurityGroup", "CreateSnapshots"] },
    }),
    allow("TagInstance", ["ec2:CreateTags"], [ec2("instance")], {
      "ForAllValues:StringLike": { "aws:TagKeys": [TAG, `${TAG}:*`] },
    }),
  ]);
}

/** EventBridge starts one runbook with one role. */
export function startPolicy(input: {
  readonly partition: string;
  readonly accountId: string;
  readonly documentName: string;
  readonly roleArn: string;
}): string {
  return policyText([
    allow(
      "StartRunbook",
      ["ssm:StartAutomationExecution"],
      [`arn:${input.partition}:ssm:*:${input.accountId}:automation-definition/${input.documentName}:*`],
    ),
    allow("HandOverRole", ["iam:PassRole"], [input.roleArn], {
      StringEquals: { "iam:PassedToService": "ssm.amazonaws.com" },
    }),
  ]);
}

/** High findings about an instance; those about a pod name its cluster, and its node is left to people. */
export const ISOLATED_FINDINGS = sortedJson({
  source: ["aws.guardduty"],
  "detail-type": ["GuardDuty Finding"],
  detail: {
    severity: [{ numeric: [">=", 7] }],
    resource: { resourceType: ["Instance"], instanceDetails: { instanceId: [{ prefix: "i-" }] } },
  },
});
