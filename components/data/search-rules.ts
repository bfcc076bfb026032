/** Shapes and access of an OpenSearch domain. */
import { sortedJson } from "../json.ts";

export interface SearchShape {
  readonly domainName: string;
  readonly engineVersion: string;
  /** Zones that the nodes are spread over. */
  readonly zoneCount: number;
  readonly instanceCount: number;
  readonly masterCount: number;
  readonly volumeGiB: number;
}

/** Every reason why OpenSearch Service would refuse the domain, or why it would lose data with a zone. */
export function searchProblems(shape: SearchShape): string[] {
  const { domainName, engineVersion, instanceCount, masterCount, volumeGiB, zoneCount } = shape;
  const found: string[] = [];
  if (!/^[a-z][a-z0-9-]{2,27}$/.test(domainName)) {
    found.push(
      `domainName: "${domainName}" is no domain name; use 3 to 28 lower-case letters, digits and hyphens, a letter first`,
    );
  }
  if (!/^OpenSearch_[23]\.\d{1,2}$/.test(engineVersion)) {
    found.push(`engineVersion: "${engineVersion}" is no OpenSearch version; write it like OpenSearch_2.19`);
  }
  if (![1, 2, 3].includes(zoneCount)) {
    found.push(
      `subnetIds: ${zoneCount} subnets are no layout; give one in each of two or three zones, or a single one`,
    );
  } else if (!Number.isInteger(instanceCount) || instanceCount < 1 || instanceCount % zoneCount !== 0) {
    found.push(
      `instanceCount: ${instanceCount} is not a multiple of the ${zoneCount} zones; give every zone as many nodes`,
    );
  }
  if (![0, 3, 5].includes(masterCount)) {
    found.push(
      `masterCount: ${masterCount} cannot agree when one is lost; use 3 or 5, or 0 for data nodes that do both`,
    );
  }
  if (!Number.isInteger(volumeGiB) || volumeGiB < 10 || volumeGiB > 16_384) {
    found.push(
      `volumeGiB: ${volumeGiB} is not a whole number from 10 to 16384; it is the disk of one data node`,
    );
  }
  return found;
}

/** Only the named roles may call the domain; what each may do inside, the domain's own roles say. */
export function searchAccessPolicy(input: {
  readonly domainArn: string;
  readonly roleArns: readonly string[];
}): string {
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "NamedRoles",
        Effect: "Allow",
        Principal: { AWS: [...input.roleArns].sort() },
        Action: "es:ESHttp*",
        Resource: `${input.domainArn}/*`,
      },
    ],
  });
}

/** Lets the domain write its logs, for the own account only. */
export function searchLogPolicy(input: {
  readonly accountId: string;
  readonly domainArn: string;
  readonly logGroupArn: string;
}): string {
  return sortedJson({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OneDomain",
        Effect: "Allow",
        Principal: { Service: "es.amazonaws.com" },
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `${input.logGroupArn}:*`,
        Condition: {
          ArnLike: { "aws:SourceArn": input.domainArn },
          StringEquals: { "aws:SourceAccount": input.accountId },
        },
      },
    ],
  });
}
