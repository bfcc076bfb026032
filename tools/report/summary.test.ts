import assert from "node:assert/strict";
import picocolors from "picocolors";
import { samplePlan } from "./sample-plan.ts";
import { planTree, shortType, summarise } from "./summary.ts";
import { planText } from "./tree.ts";

const plan = samplePlan(
  "prod",
  [
    { type: "pulumi:providers:aws", name: "us-east-1" },
    { type: "platform:network:RegionNetwork", name: "main" },
    { type: "aws:ec2/vpc:Vpc", name: "main-vpc", under: "main", region: "us-east-1" },
    { type: "aws:ec2/subnet:Subnet", name: "main-a", under: "main-vpc", region: "us-east-1" },
    { type: "platform:network:FlowLogs", name: "main-flow", under: "main" },
    { type: "aws:s3/bucket:Bucket", name: "main-flow-logs", under: "main-flow", region: "us-west-2" },
    { type: "eks:index:Cluster", name: "package", custom: false, under: "main-flow" },
    { type: "kubernetes:apps/v1:Deployment", name: "app", under: "package" },
    { type: "aws:route53/zone:Zone", name: "loose", region: "us-east-1" },
  ],
  { region: { vpcId: "vpc-1" }, plain: "text" },
);

describe("plan summary", () => {
  it("counts what the cloud holds, the platform's components, regions and areas", () => {
    assert.deepEqual(summarise(plan), {
      stack: "prod",
      resources: 5,
      components: 2,
      regions: [
        { name: "us-east-1", count: 3 },
        { name: "us-west-2", count: 1 },
      ],
      areas: [
        { name: "network", count: 4 },
        { name: "program", count: 1 },
      ],
    });
  });

  it("gives each resource to the nearest component of the platform, through packages and other resources", () => {
    const [network, loose] = planTree(plan);
    assert.equal(network?.label, "RegionNetwork");
    assert.equal(network.resources, 4);
    assert.deepEqual(
      network.own.map((resource) => resource.name),
      ["main-vpc", "main-a"],
    );
    assert.deepEqual(
      network.components.map((child) => [child.label, child.own.map((resource) => resource.name)]),
      [["FlowLogs", ["main-flow-logs", "app"]]],
    );
    assert.deepEqual(
      loose?.own.map((resource) => resource.name),
      ["loose"],
    );
  });

  it("shortens types to the words of the console", () => {
    assert.equal(shortType("aws:ec2/routeTable:RouteTable"), "ec2.RouteTable");
    assert.equal(shortType("kubernetes:apps/v1:Deployment"), "Deployment");
  });
});

describe("plan as text", () => {
  const options = { colours: picocolors.createColors(false), expand: false, width: 80 };

  it("folds resources into kinds under their component", () => {
    const lines = planText(plan, options).split("\n");
    assert.equal(lines[0], "prod  5 resources in 2 components  (us-east-1 3, us-west-2 1)");
    assert.ok(lines.includes("  network  4"));
    assert.ok(lines.includes("    RegionNetwork main  4  ec2.Subnet, ec2.Vpc"));
    assert.ok(lines.includes("      FlowLogs main-flow  2  Deployment, s3.Bucket"));
    assert.ok(lines.includes("    region.vpcId  vpc-1"));
  });

  it("names each resource when expanded", () => {
    assert.match(planText(plan, { ...options, expand: true }), /^ {6}ec2\.Subnet main-a$/m);
  });

  it("keeps folded kinds within the width", () => {
    const many = samplePlan("prod", [
      { type: "platform:network:RegionNetwork", name: "main" },
      ...Array.from({ length: 30 }, (_, index) => ({
        type: `aws:ec2/kind${index}:Kind${index}`,
        name: `r${index}`,
        under: "main",
      })),
    ]);
    const lines = planText(many, { ...options, width: 60 }).split("\n");
    assert.deepEqual(
      lines.filter((line) => line.length > 60),
      [],
    );
    assert.equal(lines.join(" ").match(/ec2\.Kind/g)?.length, 30);
  });
});
