import { deepEqual } from "node:assert/strict";
import { runRule, UNKNOWN, undecided } from "../../testing/run-rule.ts";
import { taggableTypes } from "../../testing/taggable-types.ts";
import { requiredTags } from "./required-tags.ts";
import taggable from "./taggable-types.json" with { type: "json" };

const tags = { environment: "prod", service: "documents", team: "platform" };
const missing = (key: string, value = "not set", fix?: string) =>
  `tags.${key} is ${value}; it must be a name. ${fix ?? "Set it on the resource, or for all of them in the provider's defaultTags."}`;
const provider = (defaultTags: unknown) => ({
  type: "pulumi:providers:aws",
  name: "east",
  urn: "urn:pulumi:test::document-platform::pulumi:providers:aws::east",
  props: { region: "us-east-1", defaultTags },
});
const run = (props: object, defaultTags?: unknown, settings = {}) =>
  runRule(requiredTags, { type: "aws:s3/bucket:Bucket", props, provider: provider(defaultTags) }, settings);

describe("required-tags", () => {
  it("COST-16: accepts a resource with all tags of its own", () => deepEqual(run({ tags }), []));
  it("accepts tags that the provider gives, as text and as an object", () => {
    deepEqual(run({}, JSON.stringify({ tags })), []);
    deepEqual(run({}, { tags }), []);
  });
  it("lets the resource's own tag win", () => {
    deepEqual(run({ tags: { service: "" } }, JSON.stringify({ tags })), [missing("service", '""')]);
  });
  it("COST-16: names every tag that is missing", () => {
    deepEqual(run({}), [missing("environment"), missing("service"), missing("team")]);
  });
  it("takes no other spelling for the key", () => {
    const { team: _, ...rest } = tags;
    deepEqual(run({ tags: { ...rest, Team: "platform" } }), [
      missing("team", "not set", "Rename Team to team: AWS tells them apart."),
    ]);
  });
  it("refuses a blank value", () =>
    deepEqual(run({ tags: { ...tags, team: " " } }), [missing("team", '" "')]));
  it("asks for the tags of the stack's settings", () => {
    deepEqual(run({ tags }, undefined, { tags: ["costCentre"] }), [missing("costCentre")]);
  });
  it("does not decide on unknown tags", () => deepEqual(run({ tags: UNKNOWN }), [undecided("tags")]));
  it("leaves objects in buckets alone", () => {
    deepEqual(
      runRule(requiredTags, { type: "aws:s3/bucketObjectv2:BucketObjectv2", props: {} }).map((message) =>
        message.slice(0, "not applicable".length),
      ),
      ["not applicable"],
    );
  });
  it("knows every taggable type of the installed AWS SDK", () => deepEqual(taggable, taggableTypes()));
});
