import { z } from "zod";
import { gdpr, iso27001, pciDss, soc2 } from "../../core/controls.ts";
import { isSet } from "../../core/inspection.ts";
import { stackRule } from "../../core/rule.ts";
import { partsOf } from "../../core/stack.ts";

const config = {
  sseS3Buckets: z
    .array(z.string())
    .default([])
    .describe(
      "Resource names of buckets that AWS fills and can only encrypt with SSE-S3, such as load balancer logs",
    ),
};

export const s3Encrypted = stackRule({
  id: "s3-encrypted",
  title: "Every bucket encrypts with a customer managed key",
  why: "Who may read a document is then decided by the key as well as by the bucket, and the key can be withdrawn.",
  severity: "critical",
  level: "mandatory",
  controls: [...soc2("CC6.1"), ...iso27001("A.8.24"), ...pciDss("3.5.1"), ...gdpr("Art. 32(1)(a)")],
  requirements: ["SEC-01", "GOV-07"],
  remediation:
    "Add an aws.s3.BucketServerSideEncryptionConfiguration with sseAlgorithm aws:kms, kmsMasterKeyId and bucketKeyEnabled.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
  types: ["aws:s3/bucket:Bucket"],
  config,
  check: (stack, { sseS3Buckets }) => {
    const encryptions = stack.ofType(
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    );
    for (const bucket of stack.ofType("aws:s3/bucket:Bucket")) {
      const own = partsOf(encryptions, "bucket", bucket, (props) => props.bucket);
      const algorithms = sseS3Buckets.includes(bucket.name)
        ? ["aws:kms", "aws:kms:dsse", "AES256"]
        : ["aws:kms", "aws:kms:dsse"];
      stack.inspect(bucket, (_, inspection) => {
        if (own.length === 0)
          inspection.say(
            "no aws.s3.BucketServerSideEncryptionConfiguration names this bucket; it must have one. Add it with sseAlgorithm aws:kms and the region's data key.",
          );
        for (const { name, props } of own) {
          const rule = () => props.rules[0];
          const algorithm = () => rule()?.applyServerSideEncryptionByDefault?.sseAlgorithm;
          inspection.must({
            property: `rules[0].applyServerSideEncryptionByDefault.sseAlgorithm of ${name}`,
            read: algorithm,
            is: (value) => value !== undefined && algorithms.includes(value),
            allowed: algorithms.join(" or "),
            fix: "Set aws:kms; a bucket that AWS can only write with SSE-S3 is named in the rule's sseS3Buckets.",
          });
          inspection.attempt(() => {
            if (
              algorithm() === "AES256" ||
              isSet(() => rule()?.applyServerSideEncryptionByDefault?.kmsMasterKeyId)
            )
              return;
            inspection.report({
              property: `rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId of ${name}`,
              allowed: "the ARN of a customer managed key",
              fix: "Set it to the region's data key; without it S3 takes a key of AWS.",
            });
          });
        }
      });
    }
  },
});
