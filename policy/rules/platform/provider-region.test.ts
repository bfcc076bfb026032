import { deepEqual, throws } from "node:assert/strict";
import { runStackRule, type TestResource, UNKNOWN } from "../../testing/run-rule.ts";
import { providerRegion } from "./provider-region.ts";

const provider = (name: string, region?: unknown): TestResource => ({
  type: "pulumi:providers:aws",
  name,
  props: { region },
});
const bucket = (region?: unknown): TestResource => ({
  type: "aws:s3/bucket:Bucket",
  name: "raw",
  props: { region },
});
const wrong = (name: string, value: string) =>
  `${name}: region is ${value}; it must be us-east-1. Use the provider of the stack's own region.`;
const run = (...resources: TestResource[]) =>
  runStackRule(providerRegion, resources, { regions: ["us-east-1"] });

describe("provider-region", () => {
  it("accepts the region of the stack", () => deepEqual(run(provider("east", "us-east-1"), bucket()), []));
  it("refuses the provider of another region", () => {
    deepEqual(run(provider("east", "us-east-1"), provider("west", "us-west-2")), [
      wrong("west", '"us-west-2"'),
    ]);
  });
  it("refuses a resource that names another region itself", () => {
    deepEqual(run(provider("east", "us-east-1"), bucket("us-west-2")), [wrong("raw", '"us-west-2"')]);
  });
  it("blames the provider alone for resources that follow it", () => {
    const { type, name } = provider("west");
    const west = { type, name: name ?? "", urn: "urn:west", props: { region: "us-west-2" } };
    deepEqual(run(provider("west", "us-west-2"), { ...bucket("us-west-2"), provider: west }), [
      wrong("west", '"us-west-2"'),
    ]);
    deepEqual(run(provider("east", "us-east-1"), { ...bucket("eu-west-1"), provider: west }), [
      wrong("raw", '"eu-west-1"'),
    ]);
  });
  it("refuses a provider without a region", () =>
    deepEqual(run(provider("east")), [wrong("east", "not set")]));
  it("refuses the default provider", () => {
    deepEqual(run(provider("default_7_48_0", "us-east-1")), [
      "default_7_48_0: this is the default provider, which follows the caller's AWS_REGION; it must not be used. Hand an explicit provider to every resource.",
    ]);
  });
  it("GOV-04: accepts every region of a list, as in the global stack", () => {
    const settings = { regions: ["us-east-1", "us-west-2"] };
    deepEqual(
      runStackRule(providerRegion, [provider("east", "us-east-1"), provider("west", "us-west-2")], settings),
      [],
    );
  });
  it("reports the other resources when one region is not known yet", () => {
    deepEqual(run(provider("east", UNKNOWN), bucket("us-west-2")), [
      wrong("raw", '"us-west-2"'),
      "undecided: string value at .east.region can't be known during preview",
    ]);
  });
  it("does not run without its setting", () => {
    throws(
      () => runStackRule(providerRegion, [provider("east", "us-east-1")]),
      /rule provider-region failed on the stack: .*regions/s,
    );
  });
});
