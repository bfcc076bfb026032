/** Clients of the services that preflight asks. They only read; every endpoint is the region's own. */
import { ACMClient } from "@aws-sdk/client-acm";
import { EC2Client } from "@aws-sdk/client-ec2";
import { EKSClient } from "@aws-sdk/client-eks";
import { IAMClient } from "@aws-sdk/client-iam";
import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { STSClient } from "@aws-sdk/client-sts";

/** Service Quotas answers a few requests a second, so tries are more than the SDK's three. */
const TRIES = 5;
const CONNECT_MILLISECONDS = 3000;
const ANSWER_MILLISECONDS = 10_000;

export interface RegionClients {
  readonly acm: ACMClient;
  readonly ec2: EC2Client;
  readonly eks: EKSClient;
  readonly iam: IAMClient;
  readonly quotas: ServiceQuotasClient;
  readonly route53: Route53Client;
  readonly s3: S3Client;
  readonly secrets: SecretsManagerClient;
  readonly sts: STSClient;
}

export interface Patience {
  /** @default 5 */
  readonly tries?: number;
  /** For one answer. @default 10000 */
  readonly milliseconds?: number;
}

/** Clients by region, each made once. IAM and Route 53 are global: any region of the partition leads to them. */
export function regionClients(patience: Patience = {}): (region: string) => RegionClients {
  const made = new Map<string, RegionClients>();
  return (region) => {
    const known = made.get(region) ?? clientsOf(region, patience);
    made.set(region, known);
    return known;
  };
}

function clientsOf(
  region: string,
  { tries = TRIES, milliseconds = ANSWER_MILLISECONDS }: Patience,
): RegionClients {
  const settings = {
    region,
    maxAttempts: tries,
    requestHandler: {
      connectionTimeout: CONNECT_MILLISECONDS,
      requestTimeout: milliseconds,
      throwOnRequestTimeout: true,
    },
  };
  return {
    acm: new ACMClient(settings),
    ec2: new EC2Client(settings),
    eks: new EKSClient(settings),
    iam: new IAMClient(settings),
    quotas: new ServiceQuotasClient(settings),
    route53: new Route53Client(settings),
    s3: new S3Client(settings),
    secrets: new SecretsManagerClient(settings),
    sts: new STSClient(settings),
  };
}
