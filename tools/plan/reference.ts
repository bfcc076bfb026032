/**
 * Recorded plans: what every stack declared when somebody last looked at it. A change that nobody meant shows as a
 * difference in review; one that was meant is recorded anew, and the reviewer reads it line by line.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describeDiff, diffPlans } from "./diff.ts";
import type { Plan, PlannedResource } from "./plan.ts";

const FOLDER = fileURLToPath(new URL("references/", import.meta.url));
const RECORD_COMMAND = "npx platform plan --record";

/** What stands in a reference: declarations only. What providers answer follows from them. */
type Recorded = Omit<PlannedResource, "outputs" | "id">;

function referenceFile(stack: string, folder: string = FOLDER): string {
  return join(folder, `${stack}.reference.json`);
}

/** One line a resource, in the order of URNs, so that a difference is as small as what changed. */
export function formatReference(plan: Plan): string {
  const { project, stack, mode } = plan;
  const lines = plan.resources.map((resource) => JSON.stringify(sorted(recorded(resource))));
  const head = JSON.stringify({ project, stack, mode }).slice(0, -1);
  return `${head},"resources":[\n${lines.join(",\n")}\n]}\n`;
}

export function saveReference(plan: Plan, folder: string = FOLDER): string {
  const file = referenceFile(plan.stack, folder);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, formatReference(plan));
  return file;
}

/** Undefined when none is recorded. */
export function loadReference(stack: string, folder: string = FOLDER): Plan | undefined {
  let text: string;
  try {
    text = readFileSync(referenceFile(stack, folder), "utf8");
  } catch {
    return undefined;
  }
  const { resources, ...head }: Omit<Plan, "resources"> & { resources: readonly Recorded[] } =
    JSON.parse(text);
  return {
    ...head,
    resources: resources.map((resource) => ({ ...resource, outputs: {} })),
    outputs: {},
    diagnostics: [],
  };
}

/** The difference to the recorded plan in words, with the command that records anew; empty when there is none. */
export function compareWithReference(plan: Plan, folder: string = FOLDER): string {
  const reference = loadReference(plan.stack, folder);
  const command = `If it is meant: ${RECORD_COMMAND} ${plan.stack}`;
  if (reference === undefined) {
    return `no plan of the stack ${plan.stack} is recorded. ${command}`;
  }
  if (formatReference(plan) === formatReference(reference)) {
    return "";
  }
  const declared = { ...plan, outputs: {} };
  const difference = describeDiff(diffPlans(reference, declared)) || "only dependencies differ";
  return `the stack ${plan.stack} differs from its recorded plan: ${difference}\n${command}`;
}

function recorded({ outputs: _outputs, id: _id, ...declared }: PlannedResource): Recorded {
  return declared;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  // The name of a resource comes first: it is what a reader looks for.
  const first = entries.filter(([key]) => key === "urn");
  return Object.fromEntries(
    [...first, ...entries.filter(([key]) => key !== "urn")].map(([key, inner]) => [key, sorted(inner)]),
  );
}
