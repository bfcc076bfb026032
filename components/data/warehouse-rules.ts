/** Shapes and access of a Redshift Serverless warehouse. */
import { type Json, sortedJson } from "../json.ts";

export interface WarehouseShape {
  readonly name: string;
  readonly accountId: string;
  readonly databaseName: string;
  readonly subnetCount: number;
  readonly baseCapacity: number;
  readonly maximumCapacity: number;
  readonly dailyRpuHours: number;
  readonly snapshotRetentionDays: number;
  readonly copyTo?: string | undefined;
  readonly region: string;
  readonly lakeBuckets: readonly string[];
  readonly lakeDatabases: readonly string[];
}

/** Redshift processing units come in eights; the base starts at 8 and ends at 512. */
const RPU = { step: 8, least: 8, mostBase: 512, most: 5632 };

/** Every reason why Redshift Serverless would refuse the warehouse. */
export function warehouseProblems(shape: WarehouseShape): string[] {
  const { baseCapacity, copyTo, dailyRpuHours, maximumCapacity, region, snapshotRetentionDays } = shape;
  const found = namingProblems(shape);
  if (shape.subnetCount < 3) {
    found.push(
      `subnetIds: ${shape.subnetCount} subnets are too few; Redshift Serverless wants three, each in a zone of its own`,
    );
  }
  if (baseCapacity % RPU.step !== 0 || baseCapacity < RPU.least || baseCapacity > RPU.mostBase) {
    found.push(
      `baseCapacity: ${baseCapacity} is no base; give a multiple of ${RPU.step} RPU from ${RPU.least} to ${RPU.mostBase}`,
    );
  }
  if (maximumCapacity % RPU.step !== 0 || maximumCapacity < baseCapacity || maximumCapacity > RPU.most) {
    found.push(
      `maximumCapacity: ${maximumCapacity} is no maximum; give a multiple of ${RPU.step} RPU from baseCapacity (${baseCapacity}) to ${RPU.most}`,
    );
  }
  if (!Number.isInteger(dailyRpuHours) || dailyRpuHours < 1) {
    found.push(`dailyRpuHours: ${dailyRpuHours} is no limit; give a whole number of RPU hours a day from 1`);
  }
  if (!Number.isInteger(snapshotRetentionDays) || snapshotRetentionDays < 1 || snapshotRetentionDays > 3653) {
    found.push(
      `snapshotRetentionDays: ${snapshotRetentionDays} is not a whole number from 1 to 3653; 35 is what production keeps`,
    );
  }
  if (copyTo === region) {
    found.push(`copyTo: "${copyTo}" is the warehouse's own region; name another, or leave it out`);
  }
  return found;
}

function namingProblems({
  accountId,
  databaseName,
  lakeBuckets,
  lakeDatabases,
  name,
}: WarehouseShape): string[] {
  const found: string[] = [];
  if (!/^(?!.*--)[a-z][a-z0-9-]{1,62}[a-z0-9]$/.test(name)) {
    found.push(
      `warehouseName: "${name}" is no name; use 3 to 64 lower-case letters, digits and single hyphens, a letter first`,
    );
  }
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(databaseName)) {
    found.push(
      `databaseName: "${databaseName}" is no database name; use lower-case letters, digits and underscores, a letter first`,
    );
  }
  if (!/^\d{12}$/.test(accountId)) {
    found.push(`accountId: "${accountId}" is no account; write its 12 digits`);
  }
  for (const bucket of lakeBuckets.filter((each) => !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(each))) {
    found.push(`lakeBucketNames: "${bucket}" is no bucket name; name buckets, without wildcards`);
  }
  for (const database of lakeDatabases.filter((each) => !/^[a-z0-9_]{1,255}$/.test(each))) {
    found.push(
      `lakeDatabases: "${database}" is no Glue database; use lower-case letters, digits and underscores, without wildcards`,
    );
  }
  if (lakeBuckets.length > 0 !== lakeDatabases.length > 0) {
    found.push(
      "lakeBucketNames and lakeDatabases: Spectrum needs both; name some of each, or none of either",
    );
  }
  return found;
}

/** Redshift, for namespaces of the own account and region only. */
export function warehouseTrust(where: {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}): string {
  const { accountId, partition, region } = where;
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "redshift-serverless.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: {
          ArnLike: { "aws:SourceArn": `arn:${partition}:redshift-serverless:${region}:${accountId}:*` },
          StringEquals: { "aws:SourceAccount": accountId },
        },
      },
      {
        Effect: "Allow",
        Principal: { Service: "redshift.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      },
    ],
  });
}

/**
 * What Spectrum may read: the named buckets and the tables of the named Glue databases, nothing else, and it writes
 * nowhere. https://docs.aws.amazon.com/redshift/latest/dg/c-spectrum-iam-policies.html
 */
export function spectrumPolicy(lake: {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly buckets: readonly string[];
  readonly databases: readonly string[];
  readonly kmsKeyArns: readonly string[];
}): string {
  const buckets = [...lake.buckets].sort().map((bucket) => `arn:${lake.partition}:s3:::${bucket}`);
  const glue = (resource: string) =>
    `arn:${lake.partition}:glue:${lake.region}:${lake.accountId}:${resource}`;
  const allow = (sid: string, action: string[], resource: string[], condition?: Json): Json => ({
    Sid: sid,
    Effect: "Allow",
    Action: action,
    Resource: resource,
    ...(condition === undefined ? {} : { Condition: condition }),
  });
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      allow("ListLake", ["s3:GetBucketLocation", "s3:ListBucket"], buckets),
      allow(
        "ReadLake",
        ["s3:GetObject"],
        buckets.map((arn) => `${arn}/*`),
      ),
      allow(
        "ReadCatalogue",
        ["glue:GetDatabase", "glue:GetPartition", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"],
        [
          glue("catalog"),
          ...[...lake.databases]
            .sort()
            .flatMap((name) => [glue(`database/${name}`), glue(`table/${name}/*`)]),
        ],
      ),
      ...(lake.kmsKeyArns.length === 0
        ? []
        : [
            allow("DecryptLake", ["kms:Decrypt"], [...lake.kmsKeyArns].sort(), {
              StringEquals: { "kms:ViaService": `s3.${lake.region}.amazonaws.com` },
            }),
          ]),
    ],
  });
}

/** EventBridge Scheduler, for the own account only. */
export function snapshotTrust(accountId: string): string {
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      },
    ],
  });
}

/** Snapshots of one namespace; Redshift asks for the right on the snapshot that is to be made, too. */
export function snapshotPolicy(where: {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly namespaceArn: string;
}): string {
  const { accountId, namespaceArn, partition, region } = where;
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TakeSnapshots",
        Effect: "Allow",
        Action: ["redshift-serverless:CreateSnapshot", "redshift-serverless:TagResource"],
        Resource: [namespaceArn, `arn:${partition}:redshift-serverless:${region}:${accountId}:snapshot/*`],
      },
    ],
  });
}

/** AWS CLI command that has every snapshot and recovery point of the warehouse copied to another region. */
export function snapshotCopyCommand(copy: {
  readonly name: string;
  readonly region: string;
  readonly copyTo: string;
  readonly copyKmsKeyArn: string;
  readonly retentionDays: number;
}): string {
  return [
    "aws redshift-serverless create-snapshot-copy-configuration",
    `--region ${copy.region}`,
    `--namespace-name ${copy.name}`,
    `--destination-region ${copy.copyTo}`,
    `--destination-kms-key-id ${copy.copyKmsKeyArn}`,
    `--snapshot-retention-period ${copy.retentionDays}`,
  ].join(" ");
}
