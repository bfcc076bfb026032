import { sortedJson } from "../json.ts";

export interface KubeConfigArgs {
  readonly clusterName: string;
  readonly region: string;
  readonly endpoint: string;
  /** Base64 of the cluster's certificate authority. */
  readonly certificateAuthority: string;
  /** Role that the token command takes on; absent: the caller's own credentials. */
  readonly tokenRoleArn?: string;
}

/**
 * A kubeconfig that holds no secret: a token is fetched at each use. Region and cluster are named on the command line, so
 * that nobody's profile or environment can point it elsewhere.
 */
export function kubeConfig(args: KubeConfigArgs): string {
  const role = args.tokenRoleArn === undefined ? [] : ["--role-arn", args.tokenRoleArn];
  return sortedJson({
    apiVersion: "v1",
    kind: "Config",
    "current-context": args.clusterName,
    clusters: [
      {
        name: args.clusterName,
        cluster: { server: args.endpoint, "certificate-authority-data": args.certificateAuthority },
      },
    ],
    contexts: [{ name: args.clusterName, context: { cluster: args.clusterName, user: args.clusterName } }],
    users: [
      {
        name: args.clusterName,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args: [
              "eks",
              "get-token",
              "--region",
              args.region,
              "--cluster-name",
              args.clusterName,
              "--output",
              "json",
              ...role,
            ],
            interactiveMode: "Never",
          },
        },
      },
    ],
  });
}
