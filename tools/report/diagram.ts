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
  readonly global: Plan;
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

const size = { width: 1200, margin: 24, row: 78, gap: 14, box: 330, head: 58, top: 150 } as const;
const middle = {
  x: size.margin + size.box + 120,
  width: size.width - 2 * (size.margin + size.box + 120),
} as const;

interface AreaBox {
  readonly resources: number;
  /** Names of the components, in words. */
  readonly names: readonly string[];
}

export function architecture({ global, regions, steering }: DiagramInput): Markup {
  const shared = boxes(global);
  const owned = regions.map(({ plan }) => boxes(plan));
  const links = replicationLinks([global, ...regions.map(({ plan }) => plan)]);
  const areas = inOrder([
    ...owned.flatMap((area) => [...area.keys()]),
    ...shared.keys(),
    ...links.keys(),
  ]).filter((area) => area !== NO_AREA);
  const rows = areas.map((area, index) => ({
    area,
    y: size.top + size.head + index * (size.row + size.gap),
  }));
  const bottom = size.top + size.head + rows.length * (size.row + size.gap);
  const columns = regions.map((region, index) => ({
    ...region,
    areas: owned[index] ?? new Map<string, AreaBox>(),
    x: index === 0 ? size.margin : size.width - size.margin - size.box,
  }));
  return html`<svg viewBox="0 0 ${size.width} ${bottom + size.margin}" role="img" aria-label="Architecture: ${regions.map((region) => region.region).join(" and ")} side by side">
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" class="tip"/></marker></defs>
${columns.map((column) => regionColumn(column, rows, bottom))}
<rect x="${middle.x - 12}" y="${size.top}" width="${middle.width + 24}" height="${bottom - size.top + 6}" rx="14" class="zone shared"/>
<text x="${size.width / 2}" y="${size.top + 26}" class="head centre">${global.stack}</text>
<text x="${size.width / 2}" y="${size.top + 44}" class="note centre">what spans the regions</text>
${rows.map(({ area, y }) => areaBox(area, shared.get(area), { x: middle.x, y, width: middle.width }, links.get(area)))}
${rows.map(({ area, y }) => (links.has(area) ? columns.map((column) => replicationEdge(column.x, y)) : []))}
${trafficEdges(columns, steering)}
</svg>`;
}

interface Column extends DiagramRegion {
  readonly areas: ReadonlyMap<string, AreaBox>;
  readonly x: number;
}

function regionColumn(column: Column, rows: readonly { area: string; y: number }[], bottom: number): Markup {
  const centre = column.x + size.box / 2;
  return html`<rect x="${column.x - 12}" y="${size.top}" width="${size.box + 24}" height="${bottom - size.top + 6}" rx="14" class="zone"/>
<text x="${centre}" y="${size.top + 26}" class="head centre">${column.region}</text>
<text x="${centre}" y="${size.top + 44}" class="note centre">stack ${column.plan.stack}, ${column.role}</text>
${rows.map(({ area, y }) => areaBox(area, column.areas.get(area), { x: column.x, y, width: size.box }))}`;
}

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

function areaBox(
  area: string,
  box: AreaBox | undefined,
  at: Rectangle,
  links: readonly string[] = [],
): Markup {
  if (box === undefined && links.length === 0) {
    return html``;
  }
  const characters = Math.floor((at.width - 24) / 6.3);
  const lines = wrapped(box?.names ?? [], characters, links.length > 0 ? 1 : 2);
  const texts = [
    ...links.slice(0, 1).map((link) => ({ text: [link, ...links.slice(1)].join(", "), kind: "link" })),
    ...lines.map((text) => ({ text, kind: "note" })),
  ];
  return html`<g><title>${area}: ${(box?.names ?? []).join(", ")}</title>
<rect x="${at.x}" y="${at.y}" width="${at.width}" height="${size.row}" rx="8" class="box"/>
<text x="${at.x + 12}" y="${at.y + 23}" class="area">${area}</text>
<text x="${at.x + at.width - 12}" y="${at.y + 23}" class="count end">${box?.resources ?? ""}</text>
${texts.map(({ text, kind }, index) => html`<text x="${at.x + 12}" y="${at.y + 43 + index * 18}" class="${kind}">${cut(text, characters)}</text>`)}</g>`;
}

function replicationEdge(columnX: number, rowY: number): Markup {
  const y = rowY + size.row / 2;
  const left = columnX < middle.x;
  const from = left ? columnX + size.box + 3 : middle.x + middle.width + 3;
  const to = left ? middle.x - 3 : columnX - 3;
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

function boxes(plan: Plan): Map<string, AreaBox> {
  const found = new Map<string, { resources: number; names: Set<string> }>();
  for (const node of planTree(plan)) {
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
  return [...new Set(areas)].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
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

function cut(text: string, characters: number): string {
  return text.length > characters ? `${text.slice(0, characters - 1)}…` : text;
}
