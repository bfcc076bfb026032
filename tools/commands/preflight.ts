/** `platform preflight`: what in an account would stop a first `up`, and the command that mends each. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { parse } from "yaml";
import { repositoryRoot } from "../requirements/coverage.ts";
import { exitCode, Mistake } from "../terminal/exit.ts";
import { coloursFor, print, printJson } from "../terminal/output.ts";
import { withProgress } from "../terminal/progress.ts";
import { plansOf } from "./planning.ts";
import { stackFiles, stacksNamed } from "./stacks.ts";

interface Options {
  readonly json?: true;
  readonly all?: true;
  readonly region?: string;
}

/** Looked at when no stack is named, as far as they have a file. */
const PRODUCTION = ["global", "prod", "dr"];

const DNS_MILLISECONDS = 3000;
const DNS_TRIES = 2;

const examples = `
Examples:
  platform preflight                     global, prod and dr
  platform preflight prod --all          with a line for each check that passed
  platform preflight --region us-west-2
  platform preflight --json | jq '.stacks[].findings[] | select(.level == "stop")'

Needs credentials of the account and changes nothing in it; docs/preflight.md has the permissions.
Exits 1 when something would stop an up.`;

export function command(): Command {
  return new Command("preflight")
    .description("What in your account would stop a first up, and the command that mends each.")
    .argument("[stack...]", `stacks to look at; ${PRODUCTION.join(", ")} when none is named`)
    .option("--region <region>", "look at this region only")
    .option("--all", "each check that passed on a line of its own")
    .option("--json", "machine-readable")
    .addHelpText("after", examples)
    .action(run);
}

async function run(names: readonly string[], options: Options): Promise<void> {
  const stacks = await stackFiles(repositoryRoot, stacksToCheck(names));
  refuseRegion(options.region, new Set(stacks.flatMap(({ values }) => Object.keys(values.regions))));
  const [{ preflight }, { regionClients }, { renderReport }, { Resolver }] = await Promise.all([
    import("../preflight/preflight.ts"),
    import("../preflight/clients.ts"),
    import("../preflight/render.ts"),
    import("node:dns/promises"),
  ]);
  const resolver = new Resolver({ timeout: DNS_MILLISECONDS, tries: DNS_TRIES });
  const report = await preflight({
    stacks,
    plansOf: (wanted) => plansOf(wanted, "update"),
    clients: regionClients(),
    resolveNs: (domain) => resolver.resolveNs(domain),
    backendUrl: backendUrl(),
    watch: withProgress,
    ...(options.region === undefined ? {} : { region: options.region }),
  });
  if (options.json === true) {
    printJson(report);
  } else {
    print(
      renderReport(report, { colours: coloursFor(process.stdout), all: options.all === true }).join("\n"),
    );
  }
  if (!report.ok) {
    process.exitCode = exitCode.against;
  }
}

function stacksToCheck(names: readonly string[]): string[] {
  if (names.length > 0) {
    return stacksNamed(repositoryRoot, names);
  }
  const found = stacksNamed(repositoryRoot, []).filter((name) => PRODUCTION.includes(name));
  if (found.length === 0) {
    throw new Mistake(`there is no stack ${PRODUCTION.join(", ")}: name the stacks to look at`);
  }
  return found;
}

function refuseRegion(region: string | undefined, known: ReadonlySet<string>): void {
  if (region !== undefined && !known.has(region)) {
    throw new Mistake(
      `--region ${region}: no stack looked at knows this region; regions are: ${[...known].sort().join(", ")}`,
    );
  }
}

/** As Pulumi chooses: the environment before the project file. */
function backendUrl(): string | undefined {
  const fromEnvironment = process.env["PULUMI_BACKEND_URL"];
  if (fromEnvironment !== undefined && fromEnvironment !== "") {
    return fromEnvironment;
  }
  const project: unknown = parse(readFileSync(join(repositoryRoot, "Pulumi.yaml"), "utf8"));
  const backend =
    typeof project === "object" && project !== null ? Reflect.get(project, "backend") : undefined;
  const url = typeof backend === "object" && backend !== null ? Reflect.get(backend, "url") : undefined;
  return typeof url === "string" ? url : undefined;
}
