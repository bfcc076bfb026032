import assert from "node:assert/strict";
import fc from "fast-check";
import { formatCidr } from "../../components/network/cidr.ts";
import { differences, type Side } from "./differences.ts";
import { type SampleResource, samplePlan } from "./sample-plan.ts";

const regions = {
  "us-east-1": { cidr: "10.0.0.0/16", podCidr: "100.64.0.0/16", transitAsn: 64512, weight: 70 },
  "us-west-2": { cidr: "10.10.0.0/16", podCidr: "100.65.0.0/16", transitAsn: 64513, weight: 30 },
};
const prod = (resources: readonly SampleResource[]): Side => ({
  plan: samplePlan("prod", resources),
  region: "us-east-1",
  role: "primary",
  regions,
});
const dr = (resources: readonly SampleResource[]): Side => ({
  plan: samplePlan("dr", resources),
  region: "us-west-2",
  role: "secondary",
  regions,
});
const subnet = (name: string, inputs: SampleResource["inputs"]): SampleResource => ({
  type: "aws:ec2/subnet:Subnet",
  name,
  inputs,
});
/** Kind, declared or not, and the paths it touches. */
const told = (left: Side, right: Side) =>
  differences(left, right).map(({ kind, declared, places }) => [
    kind,
    declared,
    places.map((place) => place.path),
  ]);

describe("differences of two region stacks", () => {
  it("finds none between equal stacks", () => {
    const same = [subnet("a", { mapPublicIpOnLaunch: false, tags: { Name: "a" } })];
    assert.deepEqual(told(prod(same), dr(same)), []);
  });

  it("explains region, zone, range and stack name, also inside names and JSON documents", () => {
    const document = (region: string, stack: string) =>
      JSON.stringify({ Resource: `arn:aws:s3:::x-${region}`, Sid: "S", Stack: stack });
    const left = prod([
      subnet("net-us-east-1a", {
        cidrBlock: "10.0.16.0/20",
        availabilityZone: "us-east-1a",
        policy: document("us-east-1", "prod"),
      }),
    ]);
    const right = dr([
      subnet("net-us-west-2a", {
        cidrBlock: "10.10.16.0/20",
        availabilityZone: "us-west-2a",
        policy: document("us-west-2", "dr"),
      }),
    ]);
    assert.deepEqual(told(left, right), [
      ["CIDRs", true, ["cidrBlock"]],
      ["region", true, ["availabilityZone", "policy.Resource"]],
      ["stack name", true, ["policy.Stack"]],
    ]);
  });

  it("tells the peer's place from the own, and takes a place that both share for no difference", () => {
    const left = prod([subnet("a", { peer: "us-west-2", own: "us-east-1", shared: "us-east-1" })]);
    const right = dr([subnet("a", { peer: "us-east-1", own: "us-east-1", shared: "us-east-1" })]);
    assert.deepEqual(told(left, right), [["region", true, ["peer"]]]);
    const crossed = dr([subnet("a", { peer: "us-west-1", own: "us-east-1", shared: "us-east-1" })]);
    assert.deepEqual(told(left, crossed), [["peer", false, ["peer"]]]);
  });

  it("explains role, weight, ready capacity and the first writer", () => {
    const sized = (minSize: number, maxSize: number): SampleResource => ({
      type: "aws:eks/nodeGroup:NodeGroup",
      name: "system",
      inputs: { scalingConfig: { minSize, maxSize } },
    });
    const left = prod([
      subnet("a", { tags: { role: "primary" }, weight: 70 }),
      sized(5, 20),
      { type: "aws:rds/cluster:Cluster", name: "db", inputs: { masterUsername: "root" } },
    ]);
    const right = dr([
      subnet("a", { tags: { role: "secondary" }, weight: 30 }),
      sized(3, 20),
      { type: "aws:rds/cluster:Cluster", name: "db", inputs: {} },
    ]);
    assert.deepEqual(told(left, right), [
      ["first writer", true, ["masterUsername"]],
      ["ready capacity", true, ["scalingConfig.minSize"]],
      ["role", true, ["tags.role"]],
      ["weight", true, ["weight"]],
    ]);
  });

  it("calls a different limit, a different option and a missing resource undeclared", () => {
    const left = prod([
      subnet("a", { scalingConfig: { maxSize: 20 } }),
      { ...subnet("b", {}), options: { protect: true } },
      subnet("only-prod", {}),
    ]);
    const right = dr([subnet("a", { scalingConfig: { maxSize: 10 } }), subnet("b", {})]);
    assert.deepEqual(told(left, right), [
      ["maxSize", false, ["scalingConfig.maxSize"]],
      ["protect", false, ["options.protect"]],
      ["resources in one stack only", false, [""]],
    ]);
  });

  it("follows ids and generated names to the counterpart they stand for", () => {
    const network = (vpcId: string, suffix: string, subnetVpc = vpcId): SampleResource[] => [
      {
        type: "aws:ec2/vpc:Vpc",
        name: "main",
        id: vpcId,
        inputs: { name: `main-${suffix}` },
        outputs: { name: `main-${suffix}` },
      },
      { type: "aws:ec2/vpc:Vpc", name: "other", id: `${vpcId}-other`, inputs: {} },
      subnet("a", { vpcId: subnetVpc, arn: `arn:aws:ec2:::vpc/${subnetVpc}` }),
    ];
    assert.deepEqual(
      told(prod(network("vpc-11111111", "0a1b2c3")), dr(network("vpc-22222222", "3c2b1a0"))),
      [],
    );
    const crossed = dr(network("vpc-22222222", "3c2b1a0", "vpc-22222222-other"));
    assert.deepEqual(told(prod(network("vpc-11111111", "0a1b2c3")), crossed), [
      ["arn", false, ["arn"]],
      ["vpcId", false, ["vpcId"]],
    ]);
  });

  it("does not take an input that comes out again for a generated value", () => {
    const named = (engine: string): SampleResource => ({
      type: "aws:rds/cluster:Cluster",
      name: "db",
      inputs: { engine },
      outputs: { engine },
    });
    assert.deepEqual(told(prod([named("aurora-postgresql")]), dr([named("aurora-mysql-8")])), [
      ["engine", false, ["engine"]],
    ]);
  });

  it("explains every range and number that the configuration gives a region, where the property is named like it", () => {
    const gateway = (amazonSideAsn: number, cidrBlock: string, port: number): SampleResource =>
      subnet("a", { amazonSideAsn, cidrBlock, port });
    assert.deepEqual(
      told(prod([gateway(64512, "100.64.0.0/16", 64512)]), dr([gateway(64513, "100.65.0.0/16", 64513)])),
      [
        ["CIDRs", true, ["cidrBlock"]],
        ["transitAsn", true, ["amazonSideAsn"]],
        ["port", false, ["port"]],
      ],
    );
    const crossed = dr([gateway(64512, "10.10.0.0/16", 1)]);
    assert.deepEqual(told(prod([gateway(64512, "100.64.0.0/16", 1)]), crossed), [
      ["cidrBlock", false, ["cidrBlock"]],
    ]);
  });

  it("explains the switch object of a region that took over, and what a JSON patch keeps ready", () => {
    const patched = (value: number): SampleResource =>
      subnet("a", { patch: JSON.stringify([{ op: "replace", path: "/spec/minReplicas", value }]) });
    const left = prod([{ type: "platform:edge:EvacuationSwitch", name: "switch" }, patched(5)]);
    const right = dr([
      { type: "platform:edge:EvacuationSwitch", name: "switch" },
      { type: "aws:s3/bucketObjectv2:BucketObjectv2", name: "switch-us-east-1", under: "switch" },
      patched(3),
    ]);
    assert.deepEqual(told(left, right), [
      ["evacuation", true, [""]],
      ["ready capacity", true, ["patch./spec/minReplicas"]],
    ]);
  });

  it("never explains a range that sits at another place of its region", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }), (a, b) => {
        const block = (second: number, third: number) =>
          formatCidr({ first: (10 * 256 + second) * 65536 + third * 256, prefix: 24 });
        const found = told(
          prod([subnet("a", { cidrBlock: block(0, a) })]),
          dr([subnet("a", { cidrBlock: block(10, b) })]),
        );
        assert.deepEqual(found, [
          a === b ? ["CIDRs", true, ["cidrBlock"]] : ["cidrBlock", false, ["cidrBlock"]],
        ]);
      }),
    );
  });
});
