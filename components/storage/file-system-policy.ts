/** Who may mount a shared file system, and how. */
import { sortedJson } from "../json.ts";

/**
 * Mounting needs TLS and one of the VPC's mount targets, whose security group says from where. Nobody is root on it: the
 * access points say as whom a client acts. https://docs.aws.amazon.com/efs/latest/ug/access-control-block-public-access.html
 */
export function fileSystemPolicy(fileSystemArn: string): string {
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: "*",
        Resource: fileSystemArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      {
        Sid: "MountTargetsOnly",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        Resource: fileSystemArn,
        Condition: { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } },
      },
    ],
  });
}
