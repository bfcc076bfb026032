import type { Rule } from "./core/rule.ts";
import { configMapNoSecrets } from "./rules/cluster/config-map-no-secrets.ts";
import { eksControlPlaneLogs } from "./rules/cluster/eks-control-plane-logs.ts";
import { eksEndpointPrivate } from "./rules/cluster/eks-endpoint-private.ts";
import { eksSecretsEncrypted } from "./rules/cluster/eks-secrets-encrypted.ts";
import { eksVersion } from "./rules/cluster/eks-version.ts";
import { ebsGp3Encrypted } from "./rules/compute/ebs-gp3-encrypted.ts";
import { instanceMetadataV2 } from "./rules/compute/instance-metadata-v2.ts";
import { instanceTypes } from "./rules/cost/instance-types.ts";
import { dynamodbEncrypted } from "./rules/data/dynamodb-encrypted.ts";
import { dynamodbRecoverable } from "./rules/data/dynamodb-recoverable.ts";
import { dynamodbReplicasSymmetric } from "./rules/data/dynamodb-replicas-symmetric.ts";
import { kmsRotation } from "./rules/data/kms-rotation.ts";
import { rdsBackupRetention } from "./rules/data/rds-backup-retention.ts";
import { rdsDeletionGuard } from "./rules/data/rds-deletion-guard.ts";
import { rdsEncrypted } from "./rules/data/rds-encrypted.ts";
import { cloudfrontTls } from "./rules/edge/cloudfront-tls.ts";
import { listenerTls } from "./rules/edge/listener-tls.ts";
import { route53Weights } from "./rules/edge/route53-weights.ts";
import { noFullAccess } from "./rules/identity/no-full-access.ts";
import { noOpenIngress } from "./rules/network/no-open-ingress.ts";
import { dataProtected } from "./rules/platform/data-protected.ts";
import { providerRegion } from "./rules/platform/provider-region.ts";
import { requiredTags } from "./rules/platform/required-tags.ts";
import { s3Encrypted } from "./rules/storage/s3-encrypted.ts";
import { s3PublicAccessBlocked } from "./rules/storage/s3-public-access-blocked.ts";
import { s3TlsOnly } from "./rules/storage/s3-tls-only.ts";
import { s3Versioned } from "./rules/storage/s3-versioned.ts";

/** Every rule by area, which is its folder; a test compares this list with the files. */
export const areas = {
  cluster: [configMapNoSecrets, eksControlPlaneLogs, eksEndpointPrivate, eksSecretsEncrypted, eksVersion],
  compute: [ebsGp3Encrypted, instanceMetadataV2],
  cost: [instanceTypes],
  data: [
    dynamodbEncrypted,
    dynamodbRecoverable,
    dynamodbReplicasSymmetric,
    kmsRotation,
    rdsBackupRetention,
    rdsDeletionGuard,
    rdsEncrypted,
  ],
  edge: [cloudfrontTls, listenerTls, route53Weights],
  identity: [noFullAccess],
  network: [noOpenIngress],
  platform: [dataProtected, providerRegion, requiredTags],
  storage: [s3Encrypted, s3PublicAccessBlocked, s3TlsOnly, s3Versioned],
} as const satisfies Readonly<Record<string, readonly Rule[]>>;

export const catalogue: readonly Rule[] = Object.values(areas).flat();
