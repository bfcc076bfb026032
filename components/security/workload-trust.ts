/** Trust policies of workload identities: who may take the role of one Kubernetes service account. */

import { sortedJson } from "../json.ts";

export interface ServiceAccountName {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/**
 * Trust for EKS Pod Identity. The source conditions refuse any other cluster or account; the tag conditions refuse any
 * other service account, even one that someone associates with this role by mistake.
 * https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 */
export function podIdentityTrust(
  args: ServiceAccountName & { readonly accountId: string; readonly clusterArn: string },
): string {
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OneServiceAccountOfOneCluster",
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: {
          ArnEquals: { "aws:SourceArn": args.clusterArn },
          StringEquals: {
            "aws:RequestTag/kubernetes-namespace": args.namespace,
            "aws:RequestTag/kubernetes-service-account": args.serviceAccount,
            "aws:SourceAccount": args.accountId,
          },
        },
      },
    ],
  });
}

/**
 * Trust for IAM roles for service accounts (IRSA): a token of the cluster's own issuer, for STS, for one subject.
 * https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html
 */
export function webIdentityTrust(
  args: ServiceAccountName & { readonly oidcProviderArn: string; readonly issuerUrl: string },
): string {
  const issuer = args.issuerUrl.replace(/^https:\/\//, "");
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OneServiceAccountOfOneCluster",
        Effect: "Allow",
        Principal: { Federated: args.oidcProviderArn },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            [`${issuer}:aud`]: "sts.amazonaws.com",
            [`${issuer}:sub`]: `system:serviceaccount:${args.namespace}:${args.serviceAccount}`,
          },
        },
      },
    ],
  });
}

/** DNS-1123 label, the form of a namespace; a service account may also hold dots. */
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/** Every reason why the pair is no service account's name. A wildcard here would widen the role to others. */
export function serviceAccountProblems(args: ServiceAccountName): string[] {
  const problems: string[] = [];
  if (!LABEL.test(args.namespace))
    problems.push(
      `namespace "${args.namespace}" is no Kubernetes namespace: use lower-case letters, digits and dashes`,
    );
  if (!SUBDOMAIN.test(args.serviceAccount))
    problems.push(
      `serviceAccount "${args.serviceAccount}" is no service account: use lower-case letters, digits, dots and dashes`,
    );
  return problems;
}
