import assert from "node:assert/strict";
import type { Verdict } from "../check/index.ts";
import { architecture } from "./diagram.ts";
import { differences } from "./differences.ts";
import { html } from "./html.ts";
import { guardrailWords, type Overview } from "./overview.ts";
import { page } from "./page.ts";
import { type SampleResource, samplePlan } from "./sample-plan.ts";
import { steering } from "./steering.ts";
import { summarise } from "./summary.ts";

const regions = {
  "us-east-1": { cidr: "10.0.0.0/16", weight: 70 },
  "us-west-2": { cidr: "10.10.0.0/16", weight: 30 },
};
const global = samplePlan("global", [
  { type: "platform:edge:GlobalTraffic", name: "traffic" },
  {
    type: "aws:route53/healthCheck:HealthCheck",
    name: "check",
    under: "traffic",
    inputs: { type: "HTTPS", requestInterval: 10, failureThreshold: 2 },
  },
  ...Object.entries(regions).map(
    ([region, { weight }]): SampleResource => ({
      type: "aws:route53/record:Record",
      name: region,
      under: "traffic",
      inputs: {
        name: "origin.example.com",
        setIdentifier: region,
        ttl: 5,
        weightedRoutingPolicies: [{ weight }],
      },
      needs: { healthCheckId: ["check"] },
    }),
  ),
  { type: "platform:data:DocumentTable", name: "documents" },
  {
    type: "aws:dynamodb/table:Table",
    name: "documents-table",
    under: "documents",
    inputs: { replicas: [{ regionName: "us-west-2" }] },
  },
  { type: "platform:storage:Buckets", name: "buckets" },
  { type: "aws:dynamodb/table:Table", name: "local-table", under: "buckets", inputs: { replicas: [] } },
]);
const regional = (stack: string, region: string) =>
  samplePlan(stack, [
    { type: "platform:network:RegionNetwork", name: "main" },
    {
      type: "aws:ec2/vpc:Vpc",
      name: "vpc",
      under: "main",
      region,
      inputs: { region },
      options: { protect: true },
    },
    { type: "platform:data:RelationalRegion", name: "db" },
  ]);
const prod = regional("prod", "us-east-1");
const dr = regional("dr", "us-west-2");
const verdict = (stack: string): Verdict => ({
  stack,
  ok: true,
  rules: { total: 20, applied: 12, disabled: [] },
  resources: 3,
  violations: [],
  undecided: [],
  failures: [],
  waivers: [],
  milliseconds: { start: 1, resources: 1, stack: 1 },
});
const stackReport = (plan: typeof prod): Overview["stacks"][number] => ({
  plan,
  summary: summarise(plan),
  verdict: verdict(plan.stack),
});
const overview: Overview = {
  stacks: [stackReport(global), stackReport(prod), stackReport(dr)],
  pair: {
    left: { stack: "prod", region: "us-east-1", role: "primary" },
    right: { stack: "dr", region: "us-west-2", role: "secondary" },
    differences: differences(
      { plan: prod, region: "us-east-1", role: "primary", regions },
      { plan: dr, region: "us-west-2", role: "secondary", regions },
    ),
  },
  steering: steering(global),
  requirements: {
    data: { areas: [{ prefix: "NET", title: "Network" }], rows: [], decisions: [], gaps: [] },
    rows: [
      { id: "NET-01", area: "NET", title: "One", tests: [{ file: "a.test.ts", line: 1, title: "NET-01" }] },
    ],
  },
  day: "2026-11-21",
};

describe("architecture diagram", () => {
  const text = architecture({
    spanning: [global],
    regions: [
      { plan: prod, region: "us-east-1", role: "primary" },
      { plan: dr, region: "us-west-2", role: "secondary" },
    ],
    steering: steering(global),
  }).toString();

  it("labels the traffic of each region with its planned share and steering time", () => {
    assert.match(text, />70 %</);
    assert.match(text, />30 %</);
    assert.equal(text.match(/leaves DNS in 25 s/g)?.length, 2);
    assert.equal(text.match(/class="edge traffic"/g)?.length, 2);
  });

  it("draws replication only where a resource replicates, to both regions", () => {
    assert.match(text, />DynamoDB global table</);
    assert.equal(text.match(/class="edge replication"/g)?.length, 2);
  });

  it("shows each area of a region with its components in words", () => {
    assert.equal(text.match(/>network</g)?.length, 2);
    assert.match(text, />region network</);
  });

  it("is well-formed: every element that opens closes", () => {
    const open: string[] = [];
    for (const [, closing, name = "", selfClosing] of text.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
      if (closing === "/") {
        assert.equal(open.pop(), name);
      } else if (selfClosing !== "/") {
        open.push(name);
      }
    }
    assert.deepEqual(open, []);
    assert.ok(!/NaN|undefined/.test(text));
  });
});

describe("report page", () => {
  it("stands alone: no script, no address to load anything from", () => {
    const text = page(overview);
    assert.doesNotMatch(text, /<script|<link|<img|\bsrc=|url\((?!#)|@import|https?:/);
    assert.match(text, /default-src 'none'/);
  });

  it("tells figures, steering, differences, resources and requirements of the plans", () => {
    const text = page(overview);
    assert.match(text, /<h2>global<\/h2><b>5<\/b>/);
    assert.match(text, /<b>25 s<\/b>/);
    assert.match(text, /<h2>prod and dr<\/h2><b>1<\/b><p>declared differences<\/p><p>and no other<\/p>/);
    assert.match(text, /<td>ec2\.Vpc<td>vpc<td>us-west-2<td>yes<\/tr>/);
    assert.match(text, /<b>1<\/b><p>of 1 rows proved by a test/);
    assert.ok(!text.includes("undefined"));
  });

  it("shows findings escaped, violations apart from advice, waivers and what is undecided", () => {
    const urn = prod.resources[2]?.urn ?? "";
    const rule = { title: "Encrypted", remediation: "encrypt it", url: "https://example.com" };
    const judged: Verdict = {
      ...verdict("prod"),
      ok: false,
      violations: [
        {
          ...rule,
          rule: "encrypted",
          severity: "high",
          level: "mandatory",
          message: "<b>not</b> encrypted",
          urn,
        },
        { ...rule, rule: "sized", severity: "low", level: "advisory", message: "large" },
      ],
      failures: [{ urn, message: "TypeError" }],
      undecided: [{ rule: "tls", reason: "unknown", urn }],
      waivers: [{ rule: "rotation", urn, who: "team", why: "reason", until: "2027-01-31" }],
    };
    const text = page({ ...overview, stacks: [{ ...stackReport(prod), verdict: judged }] });
    assert.match(
      text,
      /<td>encrypted<td class="bad">mandatory, high<td>vpc<td>&lt;b&gt;not&lt;\/b&gt; encrypted<\/tr>/,
    );
    assert.match(text, /<td>sized<td class="warn">advisory, low<td>the stack<td>large<\/tr>/);
    assert.match(text, /rule crashed<td>vpc<td>TypeError/);
    assert.match(text, /Waived until 2027-01-31: rotation on vpc \(team: reason\)/);
    assert.match(text, /Not decided before the values are known: tls/);
    assert.match(text, /<div class="card bad"><h2>prod/);
    assert.equal(guardrailWords(judged), "12 rules, 1 violation, 1 advisory, 1 rule crashed");
  });

  it("leaves out what needs two regions when there is one", () => {
    const text = page({ ...overview, pair: undefined, stacks: [stackReport(prod)] });
    assert.doesNotMatch(text, /<svg|differ</);
  });
});

describe("templates", () => {
  it("escape what is put in, and keep what a template made", () => {
    assert.equal(
      html`<p title="${'"&<>'}">${html`<b>${1}</b>`}${["a<", undefined]}</p>`.toString(),
      '<p title="&quot;&amp;&lt;&gt;"><b>1</b>a&lt;</p>',
    );
  });
});
