/** What the AWS Load Balancer Controller may do. */
import type { Json } from "../../json.ts";

export interface LoadBalancerScope {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly clusterName: string;
}

type Statement = { readonly [key: string]: Json };

const READ_LOAD_BALANCING = [
  "DescribeCapacityReservation",
  "DescribeListenerAttributes",
  "DescribeListenerCertificates",
  "DescribeListeners",
  "DescribeLoadBalancerAttributes",
  "DescribeLoadBalancers",
  "DescribeRules",
  "DescribeSSLPolicies",
  "DescribeTags",
  "DescribeTargetGroupAttributes",
  "DescribeTargetGroups",
  "DescribeTargetHealth",
  "DescribeTrustStores",
];
const READ_NETWORK = [
  "DescribeAccountAttributes",
  "DescribeAddresses",
  "DescribeAvailabilityZones",
  "DescribeCoipPools",
  "DescribeInstances",
  "DescribeInternetGateways",
  "DescribeIpamPools",
  "DescribeNetworkInterfaces",
  "DescribeRouteTables",
  "DescribeSecurityGroups",
  "DescribeSubnets",
  "DescribeTags",
  "DescribeVpcPeeringConnections",
  "DescribeVpcs",
  "GetCoipPoolUsage",
  "GetSecurityGroupsForVpc",
];
/** The controller marks what it makes with this tag; its value is the cluster's name. */
const OWNER_TAG = "elbv2.k8s.aws/cluster";

/**
 * Enough to put pods into target groups that the stack owns (C-09): read, register, deregister, and open the cluster's
 * own security groups to the load balancer.
 */
export function bindTargetsPolicy(scope: LoadBalancerScope): Json {
  return document(bindStatements(scope));
}

/**
 * That, and making load balancers for Ingress and Service objects: the controller's published policy, with its
 * "some cluster owns it" conditions narrowed to this cluster, region and account.
 * https://github.com/kubernetes-sigs/aws-load-balancer-controller/blob/v3.5.0/docs/install/iam_policy.json
 */
export function manageLoadBalancersPolicy(scope: LoadBalancerScope): Json {
  return document([...bindStatements(scope), ...manageStatements(scope)]);
}

function document(statements: Statement[]): Json {
  return { Version: "2012-10-17", Statement: statements };
}

function balancing(scope: LoadBalancerScope, resource: string): string {
  return `arn:${scope.partition}:elasticloadbalancing:${scope.region}:${scope.accountId}:${resource}`;
}

function bindStatements(scope: LoadBalancerScope): Statement[] {
  return [
    {
      Sid: "Read",
      Effect: "Allow",
      Action: [
        ...READ_NETWORK.map((action) => `ec2:${action}`),
        ...READ_LOAD_BALANCING.map((action) => `elasticloadbalancing:${action}`),
      ],
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": scope.region } },
    },
    {
      Sid: "BindTargets",
      Effect: "Allow",
      Action: ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
      Resource: balancing(scope, "targetgroup/*/*"),
    },
    {
      Sid: "OpenClusterSecurityGroups",
      Effect: "Allow",
      Action: ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"],
      Resource: `arn:${scope.partition}:ec2:${scope.region}:${scope.accountId}:security-group/*`,
      Condition: {
        StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${scope.clusterName}`]: "owned" },
      },
    },
  ];
}

/** Conditions on what the controller makes, and on what it made. */
function ownership(scope: LoadBalancerScope) {
  return {
    making: { [`aws:RequestTag/${OWNER_TAG}`]: scope.clusterName },
    made: { [`aws:ResourceTag/${OWNER_TAG}`]: scope.clusterName },
  };
}

function manageStatements(scope: LoadBalancerScope): Statement[] {
  return [
    {
      Sid: "FirstLoadBalancerOfAccount",
      Effect: "Allow",
      Action: "iam:CreateServiceLinkedRole",
      Resource: "*",
      Condition: { StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" } },
    },
    {
      Sid: "AttachCertificatesAndFirewalls",
      Effect: "Allow",
      Action: [
        "acm:DescribeCertificate",
        "acm:ListCertificates",
        "cognito-idp:DescribeUserPoolClient",
        "iam:GetServerCertificate",
        "iam:ListServerCertificates",
        "wafv2:AssociateWebACL",
        "wafv2:DisassociateWebACL",
        "wafv2:GetWebACL",
        "wafv2:GetWebACLForResource",
      ],
      Resource: "*",
    },
    ...securityGroupStatements(scope),
    ...loadBalancerStatements(scope),
  ];
}

function securityGroupStatements(scope: LoadBalancerScope): Statement[] {
  const { making, made } = ownership(scope);
  const groups = `arn:${scope.partition}:ec2:${scope.region}:${scope.accountId}:security-group/*`;
  return [
    { Sid: "MakeSecurityGroups", Effect: "Allow", Action: "ec2:CreateSecurityGroup", Resource: "*" },
    {
      Sid: "TagNewSecurityGroups",
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: groups,
      Condition: { StringEquals: { ...making, "ec2:CreateAction": "CreateSecurityGroup" } },
    },
    {
      Sid: "ChangeOwnSecurityGroups",
      Effect: "Allow",
      Action: [
        "ec2:AuthorizeSecurityGroupIngress",
        "ec2:CreateTags",
        "ec2:DeleteSecurityGroup",
        "ec2:DeleteTags",
        "ec2:RevokeSecurityGroupIngress",
      ],
      Resource: groups,
      Condition: { StringEquals: made },
    },
  ];
}

function loadBalancerStatements(scope: LoadBalancerScope): Statement[] {
  const { making, made } = ownership(scope);
  const elb = (...actions: string[]) => actions.map((action) => `elasticloadbalancing:${action}`);
  const groupsAndBalancers = ["targetgroup/*/*", "loadbalancer/net/*/*", "loadbalancer/app/*/*"];
  const listenersAndRules = ["listener", "listener-rule"].flatMap((kind) =>
    ["net", "app"].map((type) => `${kind}/${type}/*/*/*`),
  );
  const allow = (sid: string, actions: string[], resources: string[], condition: Record<string, Json>) => ({
    Sid: sid,
    Effect: "Allow",
    Action: actions,
    Resource: resources.map((resource) => balancing(scope, resource)),
    Condition: { StringEquals: condition },
  });
  const inRegion = { "aws:RequestedRegion": scope.region };
  return [
    allow("MakeLoadBalancers", elb("CreateLoadBalancer", "CreateTargetGroup"), groupsAndBalancers, making),
    allow("TagNewLoadBalancers", elb("AddTags"), groupsAndBalancers, {
      ...making,
      "elasticloadbalancing:CreateAction": ["CreateTargetGroup", "CreateLoadBalancer"],
    }),
    allow("TagListeners", elb("AddTags", "RemoveTags"), listenersAndRules, inRegion),
    allow(
      "ChangeOwnLoadBalancers",
      elb(
        "AddTags",
        "DeleteLoadBalancer",
        "DeleteTargetGroup",
        "ModifyCapacityReservation",
        "ModifyIpPools",
        "ModifyLoadBalancerAttributes",
        "ModifyTargetGroup",
        "ModifyTargetGroupAttributes",
        "RemoveTags",
        "SetIpAddressType",
        "SetSecurityGroups",
        "SetSubnets",
      ),
      groupsAndBalancers,
      made,
    ),
    allow(
      "ChangeListeners",
      elb(
        "AddListenerCertificates",
        "CreateListener",
        "CreateRule",
        "DeleteListener",
        "DeleteRule",
        "ModifyListener",
        "ModifyListenerAttributes",
        "ModifyRule",
        "RemoveListenerCertificates",
        "SetRulePriorities",
        "SetWebAcl",
      ),
      [...groupsAndBalancers, ...listenersAndRules],
      inRegion,
    ),
  ];
}
