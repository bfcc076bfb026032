import * as aws from "@pulumi/aws";

/** A program with findings of both kinds: of single resources and of resources together. */
export function violatingProgram(): void {
  const tags = { environment: "test", service: "documents", team: "platform" };
  const east = new aws.Provider("east", { region: "us-east-1", defaultTags: { tags } });
  const west = new aws.Provider("west", { region: "us-west-2" });
  new aws.kms.Key("data", { enableKeyRotation: false }, { provider: east, protect: true });
  new aws.s3.Bucket("untagged", {}, { provider: west });
  const bucket = new aws.s3.Bucket("raw", {}, { provider: east, protect: true });
  new aws.s3.BucketVersioning(
    "raw-versioning",
    { bucket: bucket.bucket, versioningConfiguration: { status: "Suspended" } },
    { provider: east },
  );
}
