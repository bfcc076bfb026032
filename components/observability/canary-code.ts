/** The canary's code as a zip that is the same wherever it is made, and what the canary may do. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { allow, policyText, type Statement } from "../security/policy-statements.ts";

export interface CanaryCode {
  /** Place in the zip that Synthetics looks in. */
  readonly path: string;
  readonly text: string;
  /** `<file>.<function>` of `path`. */
  readonly handler: string;
}

export function canaryCode(): CanaryCode {
  return {
    path: "nodejs/node_modules/probe.js",
    text: readFileSync(new URL("./canary-probe.cjs", import.meta.url), "utf8"),
    handler: "probe.handler",
  };
}

/**
 * Key of the zip. It changes with the code and with the runtime: Synthetics takes neither a new code under an old key nor a new
 * runtime without the code.
 */
export function canaryCodeKey({ text }: CanaryCode, runtimeVersion: string): string {
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return `code/${runtimeVersion}-${digest}.zip`;
}

export interface CanaryPolicyInput {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly bucketName: string;
  /** Key of the bucket. */
  readonly kmsKeyArn: string;
  readonly tokenSecretArn?: string | undefined;
  readonly tokenKeyArn?: string | undefined;
}

/**
 * What a run needs, and nothing else.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Synthetics_Canaries_CanaryPermissions.html
 */
export function canaryPolicy(input: CanaryPolicyInput): string {
  const { accountId, bucketName, partition, region } = input;
  const bucket = `arn:${partition}:s3:::${bucketName}`;
  return policyText([
    allow("Artifacts", ["s3:GetObject", "s3:PutObject"], [`${bucket}/runs/*`]),
    allow("EncryptArtifacts", ["kms:Decrypt", "kms:GenerateDataKey"], [input.kmsKeyArn], {
      StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
    }),
    allow("FindBucket", ["s3:GetBucketLocation"], [bucket]),
    allow("ListBuckets", ["s3:ListAllMyBuckets"], ["*"]),
    allow(
      "Logs",
      ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      [`arn:${partition}:logs:${region}:${accountId}:log-group:/aws/lambda/cwsyn-*`],
    ),
    allow("Metrics", ["cloudwatch:PutMetricData"], ["*"], {
      StringEquals: { "cloudwatch:namespace": "CloudWatchSynthetics" },
    }),
    ...tokenStatements(input),
  ]);
}

function tokenStatements({ region, tokenKeyArn, tokenSecretArn }: CanaryPolicyInput): Statement[] {
  if (tokenSecretArn === undefined) return [];
  const read = allow("ReadToken", ["secretsmanager:GetSecretValue"], [tokenSecretArn]);
  if (tokenKeyArn === undefined) return [read];
  return [
    read,
    allow("DecryptToken", ["kms:Decrypt"], [tokenKeyArn], {
      StringEquals: {
        "kms:EncryptionContext:SecretARN": tokenSecretArn,
        "kms:ViaService": `secretsmanager.${region}.amazonaws.com`,
      },
    }),
  ];
}

/** Lambda names no source when it takes a function's role; what bounds the role is its policy. */
export const CANARY_TRUST = policyText([
  {
    Sid: "LambdaRunsIt",
    Effect: "Allow",
    Principal: { Service: "lambda.amazonaws.com" },
    Action: "sts:AssumeRole",
  },
]);
