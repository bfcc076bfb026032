/** What Karpenter's controller may do, by topic; the documents of its v1.14 guide, narrowed to one cluster. */
import type { Json } from "../json.ts";

export interface KarpenterScope {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly nodeRoleArn: string;
  readonly queueArn: string;
}

type Statement = { readonly [key: string]: Json };

/**
 * Inline policies of the controller's role. Nodes get an instance profile that the stack owns, so Karpenter may not write
 * to IAM at all: starting a node then needs no control plane outside its region.
 * https://karpenter.sh/v1.14/reference/cloudformation/
 */
export function karpenterPolicies(scope: KarpenterScope): Record<string, Json> {
  return {
    nodes: document(nodeStatements(scope)),
    cluster: document(clusterStatements(scope)),
    discovery: document(discoveryStatements(scope)),
  };
}

function document(statements: Statement[]): Json {
  return { Version: "2012-10-17", Statement: statements };
}

const OWNED_KINDS = [
  "fleet",
  "instance",
  "volume",
  "network-interface",
  "launch-template",
  "spot-instances-request",
];

function nodeStatements(scope: KarpenterScope): Statement[] {
  const ec2 = (kind: string) => `arn:${scope.partition}:ec2:${scope.region}:*:${kind}/*`;
  const shared = (kind: string) => `arn:${scope.partition}:ec2:${scope.region}::${kind}/*`;
  const clusterTag = `kubernetes.io/cluster/${scope.clusterName}`;
  const owned = { [`aws:ResourceTag/${clusterTag}`]: "owned" };
  const ofSomePool = { "aws:ResourceTag/karpenter.sh/nodepool": "*" };
  const tagged = {
    [`aws:RequestTag/${clusterTag}`]: "owned",
    "aws:RequestTag/eks:eks-cluster-name": scope.clusterName,
  };
  const forSomePool = { "aws:RequestTag/karpenter.sh/nodepool": "*" };
  const create = ["ec2:RunInstances", "ec2:CreateFleet"];
  return [
    {
      Sid: "StartFromSharedResources",
      Effect: "Allow",
      Action: create,
      Resource: [
        shared("image"),
        shared("snapshot"),
        ...["security-group", "subnet", "capacity-reservation", "placement-group"].map(ec2),
      ],
    },
    {
      Sid: "StartFromOwnTemplates",
      Effect: "Allow",
      Action: create,
      Resource: ec2("launch-template"),
      Condition: { StringEquals: owned, StringLike: ofSomePool },
    },
    {
      Sid: "StartTagged",
      Effect: "Allow",
      Action: [...create, "ec2:CreateLaunchTemplate"],
      Resource: OWNED_KINDS.map(ec2),
      Condition: { StringEquals: tagged, StringLike: forSomePool },
    },
    {
      Sid: "TagAtCreation",
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: OWNED_KINDS.map(ec2),
      Condition: {
        StringEquals: {
          ...tagged,
          "ec2:CreateAction": ["RunInstances", "CreateFleet", "CreateLaunchTemplate"],
        },
        StringLike: forSomePool,
      },
    },
    {
      Sid: "NameOwnInstances",
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: ec2("instance"),
      Condition: {
        StringEquals: owned,
        StringLike: ofSomePool,
        StringEqualsIfExists: { "aws:RequestTag/eks:eks-cluster-name": scope.clusterName },
        "ForAllValues:StringEquals": {
          "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"],
        },
      },
    },
    {
      Sid: "StopOwn",
      Effect: "Allow",
      Action: ["ec2:TerminateInstances", "ec2:DeleteLaunchTemplate"],
      Resource: [ec2("instance"), ec2("launch-template")],
      Condition: { StringEquals: owned, StringLike: ofSomePool },
    },
    {
      Sid: "GiveNodesTheirRole",
      Effect: "Allow",
      Action: "iam:PassRole",
      Resource: scope.nodeRoleArn,
      Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
    },
  ];
}

function clusterStatements(scope: KarpenterScope): Statement[] {
  return [
    { Sid: "FindApiServer", Effect: "Allow", Action: "eks:DescribeCluster", Resource: scope.clusterArn },
    {
      Sid: "ReadInterruptions",
      Effect: "Allow",
      Action: ["sqs:DeleteMessage", "sqs:GetQueueUrl", "sqs:ReceiveMessage"],
      Resource: scope.queueArn,
    },
    {
      Sid: "AvoidShiftedZones",
      Effect: "Allow",
      Action: "arc-zonal-shift:GetManagedResource",
      Resource: "*",
      Condition: { StringEquals: { "arc-zonal-shift:ResourceIdentifier": scope.clusterArn } },
    },
  ];
}

function discoveryStatements(scope: KarpenterScope): Statement[] {
  return [
    {
      Sid: "ReadRegion",
      Effect: "Allow",
      Action: [
        "ec2:DescribeCapacityReservations",
        "ec2:DescribeImages",
        "ec2:DescribeInstances",
        "ec2:DescribeInstanceStatus",
        "ec2:DescribeInstanceTypeOfferings",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplates",
        "ec2:DescribePlacementGroups",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSpotPriceHistory",
        "ec2:DescribeSubnets",
      ],
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": scope.region } },
    },
    {
      Sid: "FindImages",
      Effect: "Allow",
      Action: "ssm:GetParameter",
      Resource: `arn:${scope.partition}:ssm:${scope.region}::parameter/aws/service/*`,
    },
    { Sid: "ReadPrices", Effect: "Allow", Action: "pricing:GetProducts", Resource: "*" },
    { Sid: "ListProfiles", Effect: "Allow", Action: "iam:ListInstanceProfiles", Resource: "*" },
    {
      Sid: "ReadProfiles",
      Effect: "Allow",
      Action: "iam:GetInstanceProfile",
      Resource: `arn:${scope.partition}:iam::${scope.accountId}:instance-profile/*`,
    },
  ];
}

/** The events that foretell the end of a node, as EventBridge patterns by a stable key. */
export const INTERRUPTION_EVENTS: Readonly<
  Record<string, { readonly source: string; readonly detail: string }>
> = {
  "spot-interruption": { source: "aws.ec2", detail: "EC2 Spot Instance Interruption Warning" },
  rebalance: { source: "aws.ec2", detail: "EC2 Instance Rebalance Recommendation" },
  "state-change": { source: "aws.ec2", detail: "EC2 Instance State-change Notification" },
  "reservation-end": {
    source: "aws.ec2",
    detail: "EC2 Capacity Reservation Instance Interruption Warning",
  },
  "scheduled-change": { source: "aws.health", detail: "AWS Health Event" },
};

/** Who may write to the interruption queue: those rules, over TLS. */
export function interruptionQueuePolicy(queueArn: string, ruleArns: readonly string[]): Json {
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "InterruptionRules",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": [...ruleArns].sort() } },
      },
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: queueArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}
