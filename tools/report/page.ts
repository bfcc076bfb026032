/** The overview as one page without scripts and without requests: what a platform engineer shows to their lead. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Verdict } from "../check/index.ts";
import { parseUrn } from "../plan/urn.ts";
import { architecture } from "./diagram.ts";
import { html, Markup } from "./html.ts";
import {
  declaredKinds,
  guardrailWords,
  type Overview,
  type RegionPair,
  type StackReport,
  undeclared,
} from "./overview.ts";
import { STEERING_OBJECTIVE_SECONDS } from "./steering.ts";
import { planTree, shortType, type TreeNode } from "./summary.ts";

export function page(overview: Overview): string {
  const style = new Markup(readFileSync(join(import.meta.dirname, "page.css"), "utf8"));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>document-platform</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>document-platform</h1>
<p>Planned offline on ${overview.day}, from the stack files of this checkout.</p>
<nav><a href="#architecture">Architecture</a> <a href="#guardrails">Guardrails</a> <a href="#differences">Differences</a> <a href="#resources">Resources</a> <a href="#requirements">Requirements</a></nav>
</header>
<main>
${cards(overview)}
${architectureSection(overview)}
${guardrails(overview)}
${differencesSection(overview)}
${resources(overview)}
${requirements(overview)}
</main>
</body>
</html>
`.toString();
}

function cards(overview: Overview): Markup {
  const { pair, requirements } = overview;
  const slowest = overview.steering[0];
  const proved = requirements.rows.filter((row) => row.tests.length > 0).length;
  return html`<section class="cards">
${overview.stacks.map(({ plan, summary, verdict }) =>
  card(verdict.ok ? "good" : "bad", plan.stack, String(summary.resources), [
    `resources in ${summary.components} components`,
    guardrailWords(verdict),
  ]),
)}
${
  slowest === undefined
    ? undefined
    : card(
        slowest.seconds <= STEERING_OBJECTIVE_SECONDS ? "good" : "bad",
        "traffic steering",
        `${slowest.seconds} s`,
        [
          `${slowest.intervalSeconds} s x ${slowest.failureThreshold} checks + TTL ${slowest.ttlSeconds} s; objective ${STEERING_OBJECTIVE_SECONDS} s`,
          `${slowest.silentSeconds} s when a region swallows packets`,
        ],
      )
}
${pair === undefined ? undefined : pairCard(pair)}
${card("plain", "requirements", String(proved), [`of ${requirements.rows.length} rows proved by a test`])}
</section>`;
}

function pairCard(pair: RegionPair): Markup {
  const strays = undeclared(pair);
  return card(
    strays.length === 0 ? "good" : "bad",
    `${pair.left.stack} and ${pair.right.stack}`,
    String(declaredKinds(pair).length),
    [
      "declared differences",
      strays.length === 0 ? "and no other" : `and ${strays.length} that nothing declares`,
    ],
  );
}

function card(
  mood: "good" | "bad" | "plain",
  title: string,
  figure: string,
  lines: readonly string[],
): Markup {
  return html`<div class="card ${mood}"><h2>${title}</h2><b>${figure}</b>${lines.map((line) => html`<p>${line}</p>`)}</div>`;
}

function architectureSection({ stacks, pair, steering }: Overview): Markup {
  if (pair === undefined) {
    return html``;
  }
  const planOf = new Map(stacks.map(({ plan }) => [plan.stack, plan]));
  const regions = [pair.left, pair.right].flatMap(({ stack, region, role }) => {
    const plan = planOf.get(stack);
    return plan === undefined ? [] : [{ plan, region, role }];
  });
  const spanning = [...planOf.values()].filter((plan) => regions.every((region) => region.plan !== plan));
  return html`<section id="architecture"><h2>Architecture</h2><figure>${architecture({ spanning, regions, steering })}</figure></section>`;
}

function guardrails({ stacks }: Overview): Markup {
  return html`<section id="guardrails"><h2>Guardrails</h2>${stacks.map(({ verdict }) => verdictPart(verdict))}</section>`;
}

function verdictPart(verdict: Verdict): Markup {
  const { violations, failures, undecided, waivers } = verdict;
  const quiet = violations.length === 0 && failures.length === 0;
  const open = [...new Set(undecided.map(({ rule }) => rule))];
  return html`<h3>${verdict.stack} <small>${guardrailWords(verdict)}</small></h3>
${
  quiet
    ? html`<p class="quiet">Nothing found.</p>`
    : html`<div class="wide"><table><tr><th>Rule<th>Level<th>Resource<th>Finding</tr>
${violations.map(({ rule, level, severity, urn, message }) => html`<tr><td>${rule}<td class="${level === "mandatory" ? "bad" : "warn"}">${level}, ${severity}<td>${placeName(urn)}<td>${message}</tr>`)}
${failures.map(({ urn, message }) => html`<tr><td><td class="bad">rule crashed<td>${placeName(urn)}<td>${message}</tr>`)}</table></div>`
}
${waivers.map(({ rule, urn, who, why, until }) => html`<p class="quiet">Waived until ${until}: ${rule} on ${placeName(urn)} (${who}: ${why})</p>`)}
${open.length === 0 ? undefined : html`<p class="quiet">Not decided before the values are known: ${open.join(", ")}</p>`}`;
}

function placeName(urn: string | undefined): string {
  return urn === undefined ? "the stack" : parseUrn(urn).name;
}

/** Places that a table shows; a difference that touches hundreds is told by its first. */
const SHOWN_PLACES = 12;

function differencesSection({ pair }: Overview): Markup {
  if (pair === undefined) {
    return html``;
  }
  const { left, right } = pair;
  const ordered = [...undeclared(pair), ...pair.differences.filter((difference) => difference.declared)];
  return html`<section id="differences"><h2>How ${left.stack} and ${right.stack} differ</h2>
<p class="quiet">Both stacks run one program. What their configuration does not declare must be equal, or a failover would find it.</p>
${ordered.map(
  ({
    kind,
    declared,
    places,
  }) => html`<details><summary><b>${kind}</b> <small class="${declared ? "" : "bad"}">${declared ? "declared" : "not declared"}, ${places.length} propert${places.length === 1 ? "y" : "ies"}</small></summary>
<div class="wide"><table><tr><th>Resource<th>Property<th>${left.stack}<th>${right.stack}</tr>
${places.slice(0, SHOWN_PLACES).map((place) => html`<tr><td>${place.resource}<td>${place.path}<td>${valueText(place.left)}<td>${valueText(place.right)}</tr>`)}</table></div>
${places.length > SHOWN_PLACES ? html`<p class="quiet">and ${places.length - SHOWN_PLACES} more</p>` : undefined}</details>`,
)}</section>`;
}

function valueText(value: unknown): string {
  const text = value === undefined ? "absent" : typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

function resources({ stacks }: Overview): Markup {
  return html`<section id="resources"><h2>Resources</h2>${stacks.map(stackResources)}</section>`;
}

function stackResources({ plan, summary }: StackReport): Markup {
  const byArea = [...Map.groupBy(planTree(plan), (node) => node.area)].sort(([a], [b]) => a.localeCompare(b));
  const regions = summary.regions.map(({ name, count }) => `${name} ${count}`).join(", ");
  return html`<h3>${plan.stack} <small>${summary.resources} resources${regions === "" ? "" : ` (${regions})`}</small></h3>
${byArea.map(
  ([area, nodes]) =>
    html`<details><summary><b>${area}</b> <small>${nodes.reduce((sum, node) => sum + node.resources, 0)}</small></summary>${nodes.map(nodeTree)}</details>`,
)}`;
}

function nodeTree(node: TreeNode): Markup {
  const title = node.urn === "" ? "outside every component" : html`<b>${node.label}</b> ${node.name}`;
  return html`<details class="inner"><summary>${title} <small>${node.resources}</small></summary>
${
  node.own.length === 0
    ? undefined
    : html`<div class="wide"><table><tr><th>Type<th>Name<th>Region<th>Protected</tr>
${node.own.map((resource) => html`<tr><td>${shortType(resource.type)}<td>${resource.name}<td>${resource.region ?? ""}<td>${resource.options.protect === true ? "yes" : ""}</tr>`)}</table></div>`
}
${node.components.map(nodeTree)}</details>`;
}

function requirements({ requirements: { data, rows } }: Overview): Markup {
  return html`<section id="requirements"><h2>Requirements</h2>
<p class="quiet">A row is proved by a test whose title begins with the row's ID.</p>
${data.areas.map((area) => {
  const own = rows.filter((row) => row.area === area.prefix);
  const proved = own.filter((row) => row.tests.length > 0);
  const missing = own.filter((row) => row.tests.length === 0);
  return html`<details><summary><progress max="${own.length}" value="${proved.length}"></progress> <b>${area.title}</b> <small>${proved.length} of ${own.length}</small></summary>
<div class="wide"><table><tr><th>ID<th>Requirement<th>Proved in</tr>
${[...missing, ...proved].map((row) => html`<tr><td>${row.id}<td>${row.title}<td>${row.tests.length === 0 ? html`<span class="warn">no test</span>` : [...new Set(row.tests.map((test) => test.file))].join(", ")}</tr>`)}</table></div></details>`;
})}</section>`;
}
