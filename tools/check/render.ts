/** A verdict as a person reads it: what is wrong, where, and how to mend it; nothing else scrolls past. */
import { urnName, urnType } from "../plan/urn.ts";
import { type Colours, indent, plural } from "../terminal/output.ts";
import type { Verdict, Violation } from "./check.ts";

export function renderVerdict(verdict: Verdict, colours: Colours): string[] {
  return [
    headline(verdict, colours),
    ...groupByRule(verdict.violations).flatMap((group) => ["", ...indent(ruleLines(group, colours))]),
    ...verdict.failures.flatMap(({ urn, message }) => [
      "",
      ...indent([
        colours.red(`a rule crashed${urn === undefined ? "" : ` on ${place(urn)}`}`),
        ...indent(message.split("\n").slice(0, 3)),
      ]),
    ]),
    ...undecidedLines(verdict, colours),
    ...verdict.waivers.map(({ rule, urn, who, until }) =>
      colours.dim(`  waived until ${until}: ${rule} on ${place(urn)} (${who})`),
    ),
    ...(verdict.rules.disabled.length === 0
      ? []
      : [colours.dim(`  turned off in this stack: ${verdict.rules.disabled.join(", ")}`)]),
  ];
}

function headline({ stack, rules, violations, failures, resources, ok }: Verdict, colours: Colours): string {
  const mandatory = violations.filter(({ level }) => level === "mandatory").length;
  const advisory = violations.length - mandatory;
  const parts = [
    `${rules.applied} of ${plural(rules.total, "rule")} on ${plural(resources, "resource")}`,
    plural(mandatory, "violation"),
    ...(advisory === 0 ? [] : [plural(advisory, "advisory").replace(/ys$/, "ies")]),
    ...(failures.length === 0 ? [] : [`${plural(failures.length, "answer")} missing`]),
  ];
  return `${ok ? colours.green("ok") : colours.red("against")}  ${colours.bold(stack)}  ${parts.join(", ")}`;
}

/** Violations arrive sorted by severity and rule, so a rule's are neighbours. */
function groupByRule(violations: readonly Violation[]): [Violation, ...Violation[]][] {
  const groups: [Violation, ...Violation[]][] = [];
  for (const violation of violations) {
    const last = groups.at(-1);
    if (last?.[0].rule === violation.rule) last.push(violation);
    else groups.push([violation]);
  }
  return groups;
}

function ruleLines(group: readonly [Violation, ...Violation[]], colours: Colours): string[] {
  const [{ rule, title, severity, level, remediation, url }] = group;
  const mark = level === "mandatory" ? colours.red : colours.yellow;
  return [
    `${mark(level === "mandatory" ? severity : `advisory, ${severity}`)}  ${colours.bold(rule)}  ${title}`,
    ...[...placesByMessage(group)].flatMap(([message, places]) =>
      indent([message, ...indent(someOf(places))]),
    ),
    ...indent([`fix  ${remediation}`, colours.dim(url)]),
  ];
}

/** A mistake in a component shows on every resource it makes; it is said once. */
function placesByMessage(group: readonly Violation[]): Map<string, string[]> {
  const places = new Map<string, string[]>();
  for (const { urn, message } of group) {
    const where = urn === undefined ? "the stack" : place(urn);
    places.set(message, [...(places.get(message) ?? []), where]);
  }
  return places;
}

const shownPlaces = 5;

function someOf(places: readonly string[]): string[] {
  const more = places.length - shownPlaces;
  // One more line would only say that there is one more.
  return more > 1 ? [...places.slice(0, shownPlaces), `and ${more} more (--json lists all)`] : [...places];
}

/** A rule that stays undecided on fifty resources is one line. */
function undecidedLines({ undecided }: Verdict, colours: Colours): string[] {
  const places = new Map<string, number>();
  for (const { rule } of undecided) places.set(rule, (places.get(rule) ?? 0) + 1);
  if (places.size === 0) return [];
  const counted = [...places].map(([rule, count]) => (count === 1 ? rule : `${rule} (${count})`));
  return ["", colours.dim(`  not decided before the values are known: ${counted.join(", ")}`)];
}

function place(urn: string): string {
  return `${urnName(urn)} (${urnType(urn)})`;
}
