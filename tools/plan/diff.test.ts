import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describeDiff, diffPlans } from "./diff.ts";
import type { Plan, PlannedResource } from "./plan.ts";
import { compareWithReference, formatReference, loadReference, saveReference } from "./reference.ts";

function resource(name: string, extra: Partial<PlannedResource> = {}): PlannedResource {
  const type = extra.type ?? "aws:ec2/vpc:Vpc";
  return {
    urn: `urn:pulumi:prod::p::${type}::${name}`,
    type,
    name,
    custom: true,
    inputs: {},
    outputs: {},
    dependencies: [],
    propertyDependencies: {},
    options: {},
    ...extra,
  };
}

function plan(...resources: PlannedResource[]): Plan {
  const sorted = [...resources].sort((one, other) => (one.urn < other.urn ? -1 : 1));
  return { project: "p", stack: "prod", mode: "update", resources: sorted, outputs: {}, diagnostics: [] };
}

describe("diffPlans", () => {
  const before = plan(
    resource("main", { inputs: { cidrBlock: "10.0.0.0/16", enableDnsSupport: true } }),
    resource("gone"),
    resource("tagged", { inputs: { tags: { a: "1", b: "2" } }, options: { protect: true } }),
  );

  it("tells what was added, removed, changed and replaced, and by which property", () => {
    const after = plan(
      resource("main", { inputs: { cidrBlock: "10.1.0.0/16" } }),
      resource("new"),
      resource("tagged", { inputs: { tags: { a: "1", b: "3" } } }),
    );
    const diff = diffPlans(before, after);
    assert.deepEqual(
      diff.added.map(({ name }) => name),
      ["new"],
    );
    assert.deepEqual(
      diff.removed.map(({ name }) => name),
      ["gone"],
    );
    assert.deepEqual(
      diff.changed.map(({ properties }) => properties),
      [
        [
          { path: "inputs.tags.b", before: "2", after: "3" },
          { path: "options.protect", before: true },
        ],
      ],
    );
    assert.deepEqual(
      diff.replaced.map(({ forcedBy, properties }) => [forcedBy, properties.length]),
      [[["cidrBlock"], 2]],
    );
    assert.equal(
      describeDiff(diff),
      [
        "1 added, 1 changed, 1 replaced, 1 removed",
        "  replaced  main (aws:ec2/vpc:Vpc), forced by cidrBlock",
        '      inputs.cidrBlock: "10.0.0.0/16" -> "10.1.0.0/16"',
        "      inputs.enableDnsSupport: true -> (absent)",
        "  removed   gone (aws:ec2/vpc:Vpc)",
        "  changed   tagged (aws:ec2/vpc:Vpc)",
        '      inputs.tags.b: "2" -> "3"',
        "      options.protect: true -> (absent)",
        "  added     new (aws:ec2/vpc:Vpc)",
      ].join("\n"),
    );
  });

  it("leaves out what ignoreChanges ignores, and heeds replaceOnChanges", () => {
    const options = { ignoreChanges: ["tags.b"], replaceOnChanges: ["tags.a"] };
    const one = plan(resource("x", { inputs: { tags: { a: "1", b: "1" } }, options }));
    const two = plan(resource("x", { inputs: { tags: { a: "2", b: "2" } }, options }));
    assert.deepEqual(
      diffPlans(one, two).replaced.map(({ forcedBy, properties }) => [
        forcedBy,
        properties.map(({ path }) => path),
      ]),
      [[["tags"], ["inputs.tags.a"]]],
    );
  });

  it("knows a renamed resource by its alias", () => {
    const former = resource("old");
    const diff = diffPlans(plan(former), plan(resource("new", { options: { aliases: [former.urn] } })));
    assert.deepEqual([diff.added.length, diff.removed.length, diff.changed.length], [0, 0, 1]);
  });

  it("is empty between a plan and itself, and mirrors when the plans change places", () => {
    const values = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.jsonValue());
    const resources = fc.uniqueArray(fc.record({ name: fc.constantFrom("x", "y", "z"), inputs: values }), {
      selector: ({ name }) => name,
    });
    const plans = resources.map((list) =>
      plan(...list.map(({ name, inputs }) => resource(name, { inputs: JSON.parse(JSON.stringify(inputs)) }))),
    );
    fc.assert(
      fc.property(plans, plans, (one, other) => {
        assert.equal(describeDiff(diffPlans(one, one)), "");
        const [there, back] = [diffPlans(one, other), diffPlans(other, one)];
        assert.deepEqual(there.added, back.removed);
        assert.deepEqual(
          there.changed.map(({ before }) => before.urn),
          back.changed.map(({ after }) => after.urn),
        );
      }),
    );
  });
});

describe("recorded plans", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "reference-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("hold one line a resource, without what providers answer, and read back the same", () => {
    const recorded = plan(
      resource("b", { outputs: { arn: "x" }, id: "vpc-1" }),
      resource("a", { inputs: { z: 1, a: [{ c: 2, b: 1 }] } }),
    );
    const file = saveReference(recorded, folder);
    const lines = readFileSync(file, "utf8").split("\n");
    assert.equal(lines.length, 5);
    assert.match(
      lines[1] ?? "",
      /^\{"urn":"[^"]*::a","custom":true.*"inputs":\{"a":\[\{"b":1,"c":2\}\],"z":1\}/,
    );
    assert(!lines.join("").includes("vpc-1"));
    const loaded = loadReference("prod", folder);
    assert(loaded);
    assert.equal(formatReference(loaded), formatReference(recorded));
    assert.equal(compareWithReference(recorded, folder), "");
  });

  it("say in words what differs and how to record anew", () => {
    saveReference(plan(resource("a")), folder);
    const message = compareWithReference(plan(resource("a", { inputs: { cidrBlock: "x" } })), folder);
    assert.match(
      message,
      /prod differs.*1 replaced[\s\S]*a \(aws:ec2\/vpc:Vpc\)[\s\S]*npx platform plan --record prod/,
    );
    assert.match(
      compareWithReference({ ...plan(), stack: "dr" }, folder),
      /no plan of the stack dr is recorded/,
    );
    const dependent = plan(resource("a", { dependencies: ["urn:x"] }));
    assert.match(compareWithReference(dependent, folder), /only dependencies differ/);
  });
});
