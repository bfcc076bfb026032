import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { type Difference, differences, type Side } from "../tools/report/differences.ts";
import { at, ofType, planOf } from "./plans.ts";

const project = parse(readFileSync(new URL("../Pulumi.yaml", import.meta.url), "utf8"));
const regions = at(project, "config", "platform:regions", "value") as Side["regions"];

async function side(stack: string, region: string, config: { readonly role?: string } = {}): Promise<Side> {
  const role = config.role ?? (stack === "prod" ? "primary" : "secondary");
  return { plan: await planOf(stack, config), region, role, regions };
}

/** The places of one kind as lines; the kind has to be there. */
function places(found: readonly Difference[], kind: string): string[] {
  const difference = found.find((each) => each.kind === kind);
  assert.ok(difference, kind);
  return difference.places.map(
    ({ resource, path, left, right }) =>
      `${resource} ${path}: ${JSON.stringify(left)} ${JSON.stringify(right)}`,
  );
}

describe("prod and dr", () => {
  let found: readonly Difference[];
  let prod: Side;
  let dr: Side;
  before(async () => {
    prod = await side("prod", "us-east-1");
    dr = await side("dr", "us-west-2");
    found = differences(prod, dr);
  });

  it("DR-01: differ in nothing but what their configuration declares, of these kinds", () => {
    assert.deepEqual(
      found.filter(({ declared }) => !declared),
      [],
    );
    assert.deepEqual(
      found.map(({ kind }) => kind),
      ["CIDRs", "first member", "first writer", "ready capacity", "region", "stack name", "transitAsn"],
    );
  });

  it("DR-01: have the same resources, each with the same options, but for the first member of the session store", () => {
    // The home region's member makes the Global Datastore, and what the other members take over from it.
    const first = /SessionStore\$aws:elasticache\/(global|parameter)/i;
    const equals = ({ plan }: Side) => plan.resources.filter(({ urn }) => !first.test(urn));
    const extra = prod.plan.resources.filter(({ urn }) => first.test(urn)).map(({ type }) => type);
    assert.deepEqual(extra.sort(), [
      "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup",
      "aws:elasticache/parameterGroup:ParameterGroup",
    ]);
    assert.equal(equals(prod).length, equals(dr).length);
    const options = (side: Side) =>
      equals(side)
        .map(({ options: { aliases: _, ...kept } }) => JSON.stringify(kept))
        .sort();
    assert.deepEqual(options(prod), options(dr));
  });

  it("DR-01, EKS-34: each keeps ready its share of the traffic, 70 % and 30 %", () => {
    const ready = places(found, "ready capacity");
    for (const line of [
      "eks.NodeGroup cluster-system-group scalingConfig.desiredSize: 5 3",
      "Application document-service-application spec.source.kustomize.patches.0.patch./spec/minReplicas: 5 3",
    ]) {
      assert.ok(ready.includes(line), `${line}\nis not among\n${ready.join("\n")}`);
    }
    for (const line of ready) {
      assert.doesNotMatch(line, /max|limit/i);
    }
  });

  it("DATA-04: only the region that made the global database names its administrator", () => {
    assert.deepEqual(places(found, "first writer"), [
      'rds.Cluster relational databaseName: "platform" undefined',
      'rds.Cluster relational masterPasswordWo: "<secret>" undefined',
      "rds.Cluster relational masterPasswordWoVersion: 1 undefined",
      'rds.Cluster relational masterUsername: "platform_admin" undefined',
      'rds.Cluster relational sourceRegion: undefined "us-east-1"',
    ]);
  });

  it("NET-15: the transit gateways have ASNs of their own", () => {
    assert.deepEqual(places(found, "transitAsn"), [
      "ec2transitgateway.TransitGateway transit-gateway amazonSideAsn: 64512 64513",
    ]);
  });

  it("finds a drift that nobody declared", () => {
    const drifted = {
      ...dr,
      plan: {
        ...dr.plan,
        resources: dr.plan.resources.map((resource) =>
          resource.name === "relational"
            ? { ...resource, inputs: { ...resource.inputs, backupRetentionPeriod: 7 } }
            : resource,
        ),
      },
    };
    const undeclared = differences(prod, drifted).filter(({ declared }) => !declared);
    assert.deepEqual(
      undeclared.map(({ kind }) => kind),
      ["backupRetentionPeriod"],
    );
  });
});

describe("dr as primary", () => {
  let found: readonly Difference[];
  before(async () => {
    const role = "primary";
    found = differences(await side("dr", "us-west-2"), await side("dr", "us-west-2", { role }));
  });

  it("DR-17: differs from dr in the evacuation of the peer and in ready capacity alone", () => {
    assert.deepEqual(
      found.map(({ kind, declared }) => [kind, declared]),
      [
        ["evacuation", true],
        ["ready capacity", true],
      ],
    );
  });

  it("DR-17: takes the peer out of DNS by one object in its own region", async () => {
    const plan = await planOf("dr", { role: "primary" });
    const [object, ...others] = plan.resources.filter(
      ({ type, inputs }) =>
        type.startsWith("aws:s3/bucketObject") && String(inputs["bucket"]).includes("-switch-"),
    );
    assert.deepEqual(others, []);
    assert.deepEqual([object?.inputs["key"], object?.region], ["evacuate/us-east-1", "us-west-2"]);
    assert.equal(object?.inputs["bucket"], "platform-switch-111122223333-us-west-2-an");
    assert.equal(places(found, "evacuation").length, 1);
  });

  it("DR-17: is ready for all the traffic before it comes, within limits that stay", () => {
    const ready = places(found, "ready capacity");
    for (const line of [
      "eks.NodeGroup cluster-system-group scalingConfig.desiredSize: 3 6",
      "Application document-service-application spec.source.kustomize.patches.0.patch./spec/minReplicas: 3 6",
    ]) {
      assert.ok(ready.includes(line), `${line}\nis not among\n${ready.join("\n")}`);
    }
  });

  it("DR-17: touches no store, no network and no DNS record", async () => {
    const plan = await planOf("dr", { role: "primary" });
    const before = new Map((await planOf("dr")).resources.map(({ urn, inputs }) => [urn, inputs]));
    const changed = plan.resources.filter(
      ({ urn, inputs }) => JSON.stringify(before.get(urn)) !== JSON.stringify(inputs),
    );
    const kinds = changed.map(({ type }) => type);
    assert.deepEqual(
      kinds.filter((type) =>
        /^aws:(rds|ec2|vpc|route53|dynamodb|kms|elasticache|opensearch|mq|efs|iam)/.test(type),
      ),
      [],
    );
    assert.ok(ofType(plan, "aws:route53/record:Record").length > 0);
  });
});
