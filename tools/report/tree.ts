/** A plan's tree as text: components with their resources folded into kinds, or each resource on a line. */
import type { Plan } from "../plan/plan.ts";
import { type Colours, plural, table, visibleLength } from "../terminal/output.ts";
import { counts, planTree, shortType, summarise, type TreeNode } from "./summary.ts";

export interface TreeOptions {
  readonly colours: Colours;
  /** Each resource on a line instead of kinds with a count. */
  readonly expand: boolean;
  /** Columns of the terminal; kinds that do not fit are counted. */
  readonly width: number;
}

export function planText(plan: Plan, options: TreeOptions): string {
  const { colours } = options;
  const summary = summarise(plan);
  const head = `${colours.bold(plan.stack)}  ${plural(summary.resources, "resource")} in ${plural(summary.components, "component")}`;
  const regions = summary.regions.map(({ name, count }) => `${name} ${count}`).join(", ");
  const byArea = Map.groupBy(planTree(plan), (node) => node.area);
  const areas = [...byArea].sort(([a], [b]) => a.localeCompare(b));
  const lines = areas.flatMap(([area, nodes]) => {
    const total = nodes.reduce((sum, node) => sum + node.resources, 0);
    return ["", `  ${colours.cyan(area)}  ${total}`, ...nodes.flatMap((node) => nodeLines(node, 4, options))];
  });
  return [head + (regions === "" ? "" : `  (${regions})`), ...lines, "", ...outputLines(plan)].join("\n");
}

function nodeLines(node: TreeNode, depth: number, options: TreeOptions): string[] {
  const { colours } = options;
  const margin = " ".repeat(depth);
  const name = node.urn === "" ? "outside every component" : `${colours.bold(node.label)} ${node.name}`;
  const title = `${margin}${name}  ${node.resources}`;
  const children = node.components.flatMap((child) => nodeLines(child, depth + 2, options));
  if (options.expand) {
    const own = node.own.map(
      (resource) => `${margin}  ${colours.dim(shortType(resource.type))} ${resource.name}`,
    );
    return [title, ...own, ...children];
  }
  const kinds = folded(
    counts(node.own.map((resource) => shortType(resource.type))),
    options.width - depth - 2,
  );
  const [first = ""] = kinds;
  // Few kinds stand behind the name; more than fit there, below it.
  if (kinds.length <= 1 && visibleLength(title) + 2 + first.length <= options.width) {
    return [first === "" ? title : `${title}  ${colours.dim(first)}`, ...children];
  }
  return [title, ...kinds.map((line) => `${margin}  ${colours.dim(line)}`), ...children];
}

/** Kinds, most frequent first, wrapped at the terminal's width. */
function folded(
  kinds: readonly { readonly name: string; readonly count: number }[],
  width: number,
): string[] {
  const lines: string[] = [];
  for (const { name, count } of [...kinds].sort((a, b) => b.count - a.count)) {
    const text = count === 1 ? name : `${count} ${name}`;
    const last = lines.at(-1);
    if (last !== undefined && last.length + text.length + 2 <= width) {
      lines[lines.length - 1] = `${last}, ${text}`;
    } else {
      lines.push(text);
    }
  }
  return lines;
}

function outputLines(plan: Plan): string[] {
  const entries = Object.entries(plan.outputs);
  if (entries.length === 0) {
    return ["  no outputs"];
  }
  const rows = entries.flatMap(([name, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value).map(([key, inner]) => [`    ${name}.${key}`, oneLine(inner)])
      : [[`    ${name}`, oneLine(value)]],
  );
  return ["  outputs", ...table(rows)];
}

function oneLine(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}
