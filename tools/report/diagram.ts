/**
 * The architecture as one picture, drawn from the plans: regions side by side, what spans them between, traffic from
 * above, replication across. Colours are the page's. Pure.
 */
import type { Plan, PlannedResource } from "../plan/plan.ts";
import { html, type Markup } from "./html.ts";
import type { Steering } from "./steering.ts";
import { areaOf, isCounted, NO_AREA, owners, planTree } from "./summary.ts";

export interface DiagramRegion {
  readonly plan: Plan;
  readonly region: string;
  readonly role: string;
}

export interface DiagramInput {
  /** Stacks of no single region; what they own stands between the regions. */
  readonly spanning: readonly Plan[];
  /** From left to right. */
  readonly regions: readonly DiagramRegion[];
  readonly steering: readonly Steering[];
}

/** From the user inwards, then what watches and keeps the rest; areas not named here follow by name. */
const areaOrder = [
  "edge",
  "network",
  "cluster",
  "workload",
  "data",
  "storage",
  "messaging",
  "security",
  "observability",
  "delivery",
  "backup",
  "cost",
];

/** Resource types that carry state from one region to another, and the name of what they do. */
const replications: readonly { readonly type: RegExp; readonly property?: string; readonly label: string }[] =
  [
    { type: /^aws:rds\/globalCluster:/, label: "Aurora global database" },
    { type: /^aws:dynamodb\/table:/, property: "replicas", label: "DynamoDB global table" },
    { type: /^aws:dynamodb\/tableReplica:/, label: "DynamoDB global table" },
    { type: /^aws:docdb\/globalCluster:/, label: "DocumentDB global cluster" },
    { type: /^aws:elasticache\/globalReplicationGroup:/, label: "cache Global Datastore" },
    { type: /^aws:s3\/bucketReplicationConfig/, label: "S3 replication" },
    { type: /^aws:efs\/replicationConfiguration:/, label: "EFS replication" },
    { type: /^aws:kms\/replicaKey:/, label: "multi-Region keys" },
    { type: /^aws:secretsmanager\/secret:/, property: "replicas", label: "secret replicas" },
    { type: /^aws:ecr\/replicationConfiguration:/, label: "image replication" },
    { type: /^aws:ec2\/vpcPeeringConnection:/, label: "VPC peering" },
  ];

const size = { width: 1200, margin: 24, gap: 12, box: 330, head: 58, top: 150, between: 84 } as const;
const middle = {
  x: size.margin + size.box + size.between,
  width: size.width - 2 * (size.margin + size.box + size.between),
} as const;

interface AreaBox {
  readonly resources: number;
  /** Names of the components, in words. */
  readonly names: readonly string[];
}

export function architecture({ spanning, regions, steering }: DiagramInput): Markup {
  const shared = boxes(spanning);
  const links = replicationLinks([...spanning, ...regions.map(({ plan }) => plan)]);
  const columns = regions.map(
    (region, index): Column => ({
      ...region,
      areas: boxes([region.plan]),
      x: index === 0 ? size.margin : size.width - size.margin - size.box,
    }),
  );
  const areas = inOrder([
    ...columns.flatMap((column) => [...column.areas.keys()]),
    ...shared.keys(),
    ...links.keys(),
  ]);
  const { rows, bottom } = layout(areas, (area) => [
    textsOf(shared.get(area), middle.width, links.get(area)),
    ...columns.map((column) => textsOf(column.areas.get(area), size.box)),
  ]);
  const names = regions.map(({ region }) => region).join(" and ");
  return html`<svg viewBox="0 0 ${size.width} ${bottom + size.margin}" role="img" aria-label="Architecture: ${names} side by side">
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" class="tip"/></marker></defs>
${columns.map((column) => zone(column, size.box, bottom, { head: column.region, note: `stack ${column.plan.stack}, ${column.role}` }))}
${zone(middle, middle.width, bottom, { head: spanning.map(({ stack }) => stack).join(" and "), note: "what spans the regions" })}
${rows.map((row) => [
  areaBox(row, shared.get(row.area), { ...middle, links: links.get(row.area) }),
  columns.map((column) => areaBox(row, column.areas.get(row.area), { x: column.x, width: size.box })),
  links.has(row.area) ? columns.map((column) => replicationEdge(column, row)) : undefined,
])}
${trafficEdges(columns, steering)}
</svg>`;
}

interface Column extends DiagramRegion {
  readonly areas: ReadonlyMap<string, AreaBox>;
  readonly x: number;
}

interface Row {
  readonly area: string;
  readonly y: number;
  readonly height: number;
}

interface Line {
  readonly text: string;
  readonly kind: "link" | "note";
}

/** Rows as high as their longest box. */
function layout(
  areas: readonly string[],
  textsFor: (area: string) => readonly Line[][],
): { rows: Row[]; bottom: number } {
  let y: number = size.top + size.head;
  const rows = areas.map((area) => {
    const height = 34 + 18 * Math.max(...textsFor(area).map((lines) => lines.length));
    const row = { area, y, height };
    y += height + size.gap;
    return row;
  });
  return { rows, bottom: y };
}

function zone(
  { x }: { readonly x: number },
  width: number,
  bottom: number,
  title: { head: string; note: string },
): Markup {
  const centre = x + width / 2;
  return html`<rect x="${x - 12}" y="${size.top}" width="${width + 24}" height="${bottom - size.top}" rx="14" class="zone ${x === middle.x ? "shared" : ""}"/>
<text x="${centre}" y="${size.top + 26}" class="head centre">${title.head}</text>
<text x="${centre}" y="${size.top + 44}" class="note centre">${title.note}</text>`;
}

interface Place {
  readonly x: number;
  readonly width: number;
  readonly links?: readonly string[];
}

function areaBox(row: Row, box: AreaBox | undefined, at: Place): Markup {
  const lines = textsOf(box, at.width, at.links);
  if (box === undefined && lines.length === 0) {
    return html``;
  }
  return html`<g><title>${row.area}: ${(box?.names ?? []).join(", ")}</title>
<rect x="${at.x}" y="${row.y}" width="${at.width}" height="${row.height}" rx="8" class="box"/>
<text x="${at.x + 12}" y="${row.y + 22}" class="area">${row.area}</text>
<text x="${at.x + at.width - 12}" y="${row.y + 22}" class="count end">${box?.resources}</text>
${lines.map(({ text, kind }, index) => html`<text x="${at.x + 12}" y="${row.y + 42 + index * 18}" class="${kind}">${text}</text>`)}</g>`;
}

function textsOf(box: AreaBox | undefined, width: number, links: readonly string[] = []): Line[] {
  const characters = Math.floor((width - 24) / 6.4);
  return [
    ...wrapped(links, characters, 3).map((text): Line => ({ text, kind: "link" })),
    ...wrapped(box?.names ?? [], characters, 3).map((text): Line => ({ text, kind: "note" })),
  ];
}

/** To the region's box of the area, or to the region where it has none. */
function replicationEdge(column: Column, row: Row): Markup {
  const y = row.y + row.height / 2;
  const inset = column.areas.has(row.area) ? 3 : 15;
  const left = column.x < middle.x;
  const from = left ? column.x + size.box + inset : middle.x + middle.width + 3;
  const to = left ? middle.x - 3 : column.x - inset;
  return html`<path d="M${from} ${y}H${to}" class="edge replication" marker-start="url(#tip)" marker-end="url(#tip)"/>`;
}

function trafficEdges(columns: readonly Column[], steering: readonly Steering[]): Markup {
  const centre = size.width / 2;
  const edges = columns.map((column) => {
    const share = steering.find(({ set }) => set === column.region);
    const x = column.x + size.box / 2;
    return html`<path d="M${centre + (x < centre ? -110 : 110)} 62H${x}V${size.top - 4}" class="edge traffic" marker-end="url(#tip)"/>
<text x="${x + 12}" y="${size.top - 34}" class="share">${share?.weight === undefined ? "" : `${share.weight} %`}</text>
<text x="${x + 12}" y="${size.top - 16}" class="note">${share === undefined ? "" : `leaves DNS in ${share.seconds} s`}</text>`;
  });
  return html`<rect x="${centre - 110}" y="38" width="220" height="48" rx="24" class="box entry"/>
<text x="${centre}" y="60" class="area centre">users</text>
<text x="${centre}" y="76" class="note centre">${steering[0]?.record ?? "no health-checked record"}</text>
${edges}`;
}

function boxes(plans: readonly Plan[]): Map<string, AreaBox> {
  const found = new Map<string, { resources: number; names: Set<string> }>();
  for (const node of plans.flatMap(planTree)) {
    const box = found.get(node.area) ?? { resources: 0, names: new Set<string>() };
    box.names.add(words(node.label));
    found.set(node.area, { ...box, resources: box.resources + node.resources });
  }
  return new Map([...found].map(([area, { resources, names }]) => [area, { resources, names: [...names] }]));
}

/** What carries state across, by the area of the component that owns it. */
function replicationLinks(plans: readonly Plan[]): Map<string, string[]> {
  const links = new Map<string, string[]>();
  for (const plan of plans) {
    const owner = owners(plan);
    for (const resource of plan.resources.filter(isCounted)) {
      const label = replicationOf(resource);
      const area = areaOf(owner.get(resource.urn));
      const known = links.get(area) ?? [];
      if (label !== undefined && !known.includes(label)) {
        links.set(area, [...known, label]);
      }
    }
  }
  return links;
}

function replicationOf(resource: PlannedResource): string | undefined {
  return replications.find(({ type, property }) => {
    const value = property === undefined ? true : resource.inputs[property];
    return type.test(resource.type) && value !== undefined && !(Array.isArray(value) && value.length === 0);
  })?.label;
}

function inOrder(areas: readonly string[]): string[] {
  const rank = (area: string) => (areaOrder.includes(area) ? areaOrder.indexOf(area) : areaOrder.length);
  return [...new Set(areas)]
    .filter((area) => area !== NO_AREA)
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

/** `RegionNetwork` to `region network`; abbreviations stay. */
function words(label: string): string {
  return label
    .replaceAll(/(?<=[a-z0-9])([A-Z])(?![A-Z])/g, (_, letter: string) => ` ${letter.toLowerCase()}`)
    .replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase());
}

/** Names in at most `limit` lines; the last tells how many more there are. */
function wrapped(names: readonly string[], characters: number, limit: number): string[] {
  const lines: string[] = [];
  for (const [index, name] of names.entries()) {
    const last = lines.at(-1);
    const more = ` +${names.length - index}`;
    if (last !== undefined && last.length + name.length + 2 + more.length <= characters) {
      lines[lines.length - 1] = `${last}, ${name}`;
    } else if (lines.length < limit) {
      lines.push(name);
    } else {
      lines[lines.length - 1] = `${last}${more}`;
      break;
    }
  }
  return lines;
}
