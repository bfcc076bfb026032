import type { ComputedTable } from "../computed.ts";

const OF_BUCKET = { id: "{bucket}" };

/** Object, file and block storage, image registries and backup. */
export const STORAGE: ComputedTable = {
  "aws:s3/bucket:Bucket": {
    id: "{bucket}",
    arn: "arn:{partition}:s3:::{bucket}",
    bucketDomainName: "{bucket}.s3.amazonaws.com",
    bucketRegionalDomainName: "{bucket}.s3.{region}.amazonaws.com",
    bucketRegion: "{region}",
    hostedZoneId: "Z3AQBSTGFYJSTF",
  },
  "aws:s3/bucketVersioning:BucketVersioning": OF_BUCKET,
  "aws:s3/bucketPolicy:BucketPolicy": OF_BUCKET,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": OF_BUCKET,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": OF_BUCKET,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": OF_BUCKET,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": OF_BUCKET,
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": OF_BUCKET,
  "aws:s3/bucketLogging:BucketLogging": OF_BUCKET,
  "aws:s3/bucketNotification:BucketNotification": OF_BUCKET,
  "aws:s3/bucketAccelerateConfiguration:BucketAccelerateConfiguration": OF_BUCKET,
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": OF_BUCKET,
  "aws:s3/bucketObjectv2:BucketObjectv2": {
    id: "{key}",
    arn: "arn:{partition}:s3:::{bucket}/{key}",
    etag: "{hex:32}",
    versionId: "{hex:32}",
  },
  "aws:s3/bucketObject:BucketObject": { id: "{key}", etag: "{hex:32}", versionId: "{hex:32}" },
  "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint": {
    id: "{account}:{details.name}",
    accountId: "{account}",
    alias: "{hex:13}.mrap",
    arn: "arn:{partition}:s3::{account}:accesspoint/{alias}",
    domainName: "{alias}.accesspoint.s3-global.amazonaws.com",
    status: "READY",
  },
  "aws:efs/fileSystem:FileSystem": {
    id: "fs-{hex:17}",
    arn: "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{id}",
    dnsName: "{id}.efs.{region}.amazonaws.com",
    ownerId: "{account}",
  },
  "aws:efs/mountTarget:MountTarget": {
    id: "fsmt-{hex:17}",
    dnsName: "{fileSystemId}.efs.{region}.amazonaws.com",
    fileSystemArn: "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{fileSystemId}",
    networkInterfaceId: "eni-{hex:17}",
    ownerId: "{account}",
  },
  "aws:efs/accessPoint:AccessPoint": {
    id: "fsap-{hex:17}",
    arn: "arn:{partition}:elasticfilesystem:{region}:{account}:access-point/{id}",
    fileSystemArn: "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{fileSystemId}",
    ownerId: "{account}",
  },
  "aws:efs/replicationConfiguration:ReplicationConfiguration": {
    id: "{sourceFileSystemId}",
    originalSourceFileSystemArn:
      "arn:{partition}:elasticfilesystem:{region}:{account}:file-system/{sourceFileSystemId}",
    sourceFileSystemRegion: "{region}",
  },
  "aws:ecr/repository:Repository": {
    id: "{name}",
    arn: "arn:{partition}:ecr:{region}:{account}:repository/{name}",
    registryId: "{account}",
    repositoryUrl: "{account}.dkr.ecr.{region}.amazonaws.com/{name}",
  },
  "aws:ecr/replicationConfiguration:ReplicationConfiguration": { id: "{account}", registryId: "{account}" },
  "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": {
    id: "{account}",
    registryId: "{account}",
  },
  "aws:ecr/registryPolicy:RegistryPolicy": { id: "{account}", registryId: "{account}" },
  "aws:backup/vault:Vault": {
    id: "{name}",
    arn: "arn:{partition}:backup:{region}:{account}:backup-vault:{name}",
    recoveryPoints: 0,
  },
  "aws:backup/plan:Plan": {
    id: "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}",
    arn: "arn:{partition}:backup:{region}:{account}:backup-plan:{id}",
    version: "{hex:32}",
  },
  "aws:backup/selection:Selection": { id: "{hex:8}-{hex:4}-{hex:4}-{hex:4}-{hex:12}" },
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": {
    id: "{backupVaultName}",
    backupVaultArn: "arn:{partition}:backup:{region}:{account}:backup-vault:{backupVaultName}",
  },
  "aws:backup/vaultPolicy:VaultPolicy": {
    id: "{backupVaultName}",
    backupVaultArn: "arn:{partition}:backup:{region}:{account}:backup-vault:{backupVaultName}",
  },
};
