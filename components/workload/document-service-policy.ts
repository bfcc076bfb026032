/** What the document service may do in AWS: its table, its bucket and their key, in its own region. */
import { sortedJson } from "../json.ts";

export interface DocumentServiceAccess {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly table: string;
  readonly bucket: string;
  readonly keyArn: string;
}

/** Key-sorted JSON of the least the service needs: it never lists tables, never deletes a bucket, never manages keys. */
export function documentServicePolicy(access: DocumentServiceAccess): string {
  const table = `arn:${access.partition}:dynamodb:${access.region}:${access.accountId}:table/${access.table}`;
  const bucket = `arn:${access.partition}:s3:::${access.bucket}`;
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Metadata",
        Effect: "Allow",
        Action: [
          "dynamodb:ConditionCheckItem",
          "dynamodb:DeleteItem",
          "dynamodb:DescribeTable",
          "dynamodb:GetItem",
          "dynamodb:PutItem",
          "dynamodb:Query",
          "dynamodb:UpdateItem",
        ],
        Resource: [table, `${table}/index/*`],
      },
      {
        Sid: "Content",
        Effect: "Allow",
        Action: ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
        Resource: `${bucket}/*`,
      },
      { Sid: "ContentList", Effect: "Allow", Action: "s3:ListBucket", Resource: bucket },
      {
        Sid: "Key",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: access.keyArn,
      },
    ],
  });
}
