import { gdpr, iso27001, pciDss, soc2 } from "../../core/controls.ts";
import { stackRule } from "../../core/rule.ts";
import { partsOf } from "../../core/stack.ts";

const switches = [
  "blockPublicAcls",
  "blockPublicPolicy",
  "ignorePublicAcls",
  "restrictPublicBuckets",
] as const;

export const s3PublicAccessBlocked = stackRule({
  id: "s3-public-access-blocked",
  title: "Every bucket has a public access block with all four switches on",
  why: "One mistaken ACL or bucket policy makes documents readable by anyone; the block wins over both.",
  severity: "critical",
  level: "mandatory",
  controls: [...soc2("CC6.1", "CC6.6"), ...iso27001("A.8.3"), ...pciDss("1.4.4"), ...gdpr("Art. 32(1)(b)")],
  requirements: ["SEC-01", "GOV-07"],
  remediation: "Add an aws.s3.BucketPublicAccessBlock for the bucket with all four switches true.",
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
  types: ["aws:s3/bucket:Bucket"],
  config: {},
  check: (stack) => {
    const blocks = stack.ofType("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
    for (const bucket of stack.ofType("aws:s3/bucket:Bucket")) {
      const own = partsOf(blocks, "bucket", bucket, (props) => props.bucket);
      stack.inspect(bucket, (_, inspection) => {
        if (own.length === 0)
          inspection.say(
            "no aws.s3.BucketPublicAccessBlock names this bucket; it must have one. Add it with all four switches true.",
          );
        for (const block of own)
          for (const property of switches)
            inspection.must({
              property: `${property} of ${block.name}`,
              read: () => block.props[property],
              is: (value) => value === true,
              allowed: "true",
              fix: `Set ${property}: true.`,
            });
      });
    }
  },
});
