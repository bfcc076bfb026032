import { iso27001, soc2 } from "../../core/controls.ts";
import { stackRule } from "../../core/rule.ts";
import { partsOf } from "../../core/stack.ts";

export const s3Versioned = stackRule({
  id: "s3-versioned",
  title: "Every bucket keeps versions",
  why: "Without versions an overwritten document is gone, and replication to the peer region is refused.",
  severity: "high",
  level: "mandatory",
  controls: [...soc2("A1.2"), ...iso27001("A.8.13")],
  requirements: ["GOV-07"],
  remediation: "Add an aws.s3.BucketVersioning for the bucket with versioningConfiguration.status Enabled.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html",
  types: ["aws:s3/bucket:Bucket"],
  config: {},
  check: (stack) => {
    const versionings = stack.ofType("aws:s3/bucketVersioning:BucketVersioning");
    for (const bucket of stack.ofType("aws:s3/bucket:Bucket")) {
      const own = partsOf(versionings, "bucket", bucket, (props) => props.bucket);
      stack.inspect(bucket, (_, inspection) => {
        if (own.length === 0)
          inspection.say(
            "no aws.s3.BucketVersioning names this bucket; it must have one. Add it with status Enabled.",
          );
        for (const { name, props } of own)
          inspection.must({
            property: `versioningConfiguration.status of ${name}`,
            read: () => props.versioningConfiguration.status,
            is: (status) => status === "Enabled",
            allowed: '"Enabled"',
            fix: "Set it to Enabled; old versions are removed by a lifecycle rule, not by suspending.",
          });
      });
    }
  },
});
