import type { Json } from "../../json.ts";
import type { AddOn } from "../add-on.ts";
import { evenSpread, ON_SYSTEM_NODES } from "../placement.ts";

export interface ExternalSecretsOptions {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** What the names of readable secrets begin with, for example "platform/". */
  readonly secretPrefix: string;
}

const EXTERNAL_SECRETS = "external-secrets";

/**
 * Secrets of AWS Secrets Manager as Kubernetes secrets (EKS-28, SEC-12, C-45), read with the operator's own identity.
 * When it or Secrets Manager is down, the Kubernetes secrets stay as they are.
 * https://github.com/external-secrets/external-secrets/blob/helm-chart-2.9.0/deploy/charts/external-secrets/values.yaml
 */
export function externalSecrets(options: ExternalSecretsOptions): AddOn {
  const part = (name: string) => ({
    replicaCount: 2,
    podDisruptionBudget: { enabled: true, minAvailable: 1 },
    topologySpreadConstraints: evenSpread({ "app.kubernetes.io/name": name }),
    ...ON_SYSTEM_NODES,
  });
  return {
    name: EXTERNAL_SECRETS,
    chart: EXTERNAL_SECRETS,
    repository: "https://charts.external-secrets.io",
    version: "2.9.0",
    namespace: "platform",
    wave: 3,
    identities: {
      operator: {
        serviceAccount: EXTERNAL_SECRETS,
        policies: { secrets: readSecretsPolicy(options) },
      },
    },
    values: {
      installCRDs: true,
      // Without this an uninstall would take every secret that was made from them along.
      crds: { annotations: { "helm.sh/resource-policy": "keep" } },
      leaderElect: true,
      serviceAccount: { create: true, name: EXTERNAL_SECRETS },
      ...part(EXTERNAL_SECRETS),
      webhook: part("external-secrets-webhook"),
      certController: part("external-secrets-cert-controller"),
    },
  };
}

/** Secrets of this region whose names begin with the prefix, and the keys that Secrets Manager decrypts them with. */
export function readSecretsPolicy(options: ExternalSecretsOptions): Json {
  const { partition, region, accountId, secretPrefix } = options;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "ReadPlatformSecrets",
        Effect: "Allow",
        Action: [
          "secretsmanager:DescribeSecret",
          "secretsmanager:GetResourcePolicy",
          "secretsmanager:GetSecretValue",
          "secretsmanager:ListSecretVersionIds",
        ],
        Resource: `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${secretPrefix}*`,
      },
      {
        Sid: "DecryptThemThere",
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: `arn:${partition}:kms:${region}:${accountId}:key/*`,
        Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
      },
    ],
  };
}
