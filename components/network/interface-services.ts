/**
 * Services that workers, add-ons and the document service call, by the last part of the endpoint's service name (NET-18,
 * NET-33, C-59). S3 and DynamoDB have gateway endpoints, which are free, in `RegionNetwork`.
 */
export const INTERFACE_SERVICES = [
  "aps-workspaces",
  "autoscaling",
  "ec2",
  "ec2messages",
  "ecr.api",
  "ecr.dkr",
  "eks",
  "eks-auth",
  "elasticfilesystem",
  "elasticloadbalancing",
  "kms",
  "logs",
  "monitoring",
  "secretsmanager",
  "sns",
  "sqs",
  "ssm",
  "ssmmessages",
  "sts",
  "xray",
] as const;
export type InterfaceService = (typeof INTERFACE_SERVICES)[number];
