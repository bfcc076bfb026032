import { gdpr, iso27001, pciDss, soc2 } from "../../core/controls.ts";
import { MalformedPolicy, type Statement, statementsOf } from "../../core/policy-document.ts";
import { stackRule } from "../../core/rule.ts";
import { partsOf } from "../../core/stack.ts";

function deniesPlainHttp({ effect, principals, actions, resources, conditions }: Statement): boolean {
  return (
    effect === "Deny" &&
    principals.includes("*") &&
    actions.some((action) => action === "s3:*" || action === "*") &&
    // The bucket itself and what it holds are two resources.
    (resources.includes("*") ||
      (resources.some(isObjects) && resources.some((resource) => !isObjects(resource)))) &&
    conditions["Bool"]?.["aws:securetransport"]?.includes("false") === true
  );
}

const isObjects = (resource: string) => resource.endsWith("/*");

export const s3TlsOnly = stackRule({
  id: "s3-tls-only",
  title: "Every bucket refuses requests without TLS",
  why: "S3 answers plain HTTP unless the bucket's policy denies it.",
  severity: "high",
  level: "mandatory",
  controls: [...soc2("CC6.7"), ...iso27001("A.8.24"), ...pciDss("4.2.1"), ...gdpr("Art. 32(1)(a)")],
  requirements: ["SEC-01", "SEC-09"],
  remediation:
    "Give the bucket one aws.s3.BucketPolicy with a Deny for everyone of s3:* on the bucket and its objects when aws:SecureTransport is false.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html",
  types: ["aws:s3/bucket:Bucket"],
  config: {},
  check: (stack) => {
    const policies = stack.ofType("aws:s3/bucketPolicy:BucketPolicy");
    for (const bucket of stack.ofType("aws:s3/bucket:Bucket")) {
      const own = partsOf(policies, "bucket", bucket, (props) => props.bucket);
      stack.inspect(bucket, (_, inspection) => {
        if (own.length === 0)
          inspection.say(
            "no aws.s3.BucketPolicy names this bucket; it must have one that denies requests without TLS.",
          );
        // A second policy would replace the first one on AWS, so each has to deny by itself.
        for (const { name, props } of own)
          inspection.attempt(() => {
            try {
              if (statementsOf(props.policy).some(deniesPlainHttp)) return;
              inspection.say(
                `the policy ${name} lets requests without TLS in; it must deny s3:* to "*" on the bucket and its objects when aws:SecureTransport is false.`,
              );
            } catch (error) {
              if (!(error instanceof MalformedPolicy)) throw error;
              inspection.say(`the policy ${name} is no policy document: ${error.message}.`);
            }
          });
      });
    }
  },
});
