import proto from "@pulumi/pulumi/proto/analyzer_pb.js";
import { catalogue } from "../../policy/catalogue.ts";
import type { Rule } from "../../policy/core/rule.ts";
import { utcToday, type Waiver } from "../../policy/core/waiver.ts";
import { type Plan, type PlanObject, SECRET } from "../plan/plan.ts";
import { Analyzer, type AnalyzerOptions, isServiceError } from "./analyzer.ts";
import {
  configureRequest,
  type Level,
  type PolicyConfig,
  type RuleSettings,
  readPolicyConfig,
  refuseStrayWaivers,
  resolveSettings,
} from "./policy-config.ts";
import { analyzeRequest, analyzeStackRequest } from "./requests.ts";

export interface Violation {
  readonly rule: string;
  readonly title: string;
  readonly severity: Rule["severity"];
  readonly level: Exclude<Level, "disabled">;
  /** Which property, what it is, what is allowed, how to mend it. */
  readonly message: string;
  /** Absent where the stack as a whole is meant. */
  readonly urn?: string;
  readonly remediation: string;
  readonly url: string;
}

/** A rule that could not be decided, because preview does not know a value or the plan keeps it secret. */
export interface Undecided {
  readonly rule: string;
  readonly urn?: string;
  readonly reason: string;
}

/** A rule that crashed. Never a pass: the real engine stops the deployment there. */
export interface RuleFailure {
  readonly urn?: string;
  readonly message: string;
}

export interface Verdict {
  readonly stack: string;
  /** No mandatory violation and no rule that crashed. */
  readonly ok: boolean;
  readonly rules: {
    readonly total: number;
    /** Rules that looked at something of this stack. */
    readonly applied: number;
    readonly disabled: readonly string[];
  };
  readonly resources: number;
  readonly violations: readonly Violation[];
  readonly undecided: readonly Undecided[];
  readonly failures: readonly RuleFailure[];
  /** Waivers that hold today. */
  readonly waivers: readonly (Waiver & { readonly rule: string })[];
  readonly milliseconds: { readonly start: number; readonly resources: number; readonly stack: number };
}

export interface CheckOptions extends AnalyzerOptions {
  /** Settings for the plan's stack. @default policy/config/<stack>.json */
  readonly policyConfig?: PolicyConfig;
}

/** Runs the pack against one plan. */
export async function checkPlan(plan: Plan, options: CheckOptions = {}): Promise<Verdict> {
  await using analyzer = await Analyzer.start(options);
  return await checkWith(analyzer, plan, options.policyConfig);
}

/** Runs the pack against several plans, one process for all of them; settings come from each stack's file. */
export async function checkPlans(plans: readonly Plan[], options: AnalyzerOptions = {}): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  await using analyzer = await Analyzer.start(options);
  // One after the other: the pack holds one stack's settings at a time.
  for (const plan of plans) verdicts.push(await checkWith(analyzer, plan));
  return verdicts;
}

/** The same with a pack that already runs; the caller ends it. */
export async function checkWith(
  analyzer: Analyzer,
  plan: Plan,
  policyConfig?: PolicyConfig,
): Promise<Verdict> {
  const settings = resolveSettings(policyConfig ?? (await readPolicyConfig(plan.stack)));
  refuseStrayWaivers(settings, new Set(plan.resources.map(({ urn }) => urn)));
  await analyzer.configureStack(stackRequest(plan));
  await analyzer.configure(configureRequest(settings));
  const findings = new Findings(plan);
  const before = performance.now();
  await Promise.all(
    plan.resources.map((resource) =>
      findings.take(() => analyzer.analyze(analyzeRequest(resource, plan)), resource.urn),
    ),
  );
  const between = performance.now();
  await findings.take(() => analyzer.analyzeStack(analyzeStackRequest(plan)));
  const after = performance.now();
  return findings.verdict(plan, settings, {
    start: analyzer.startMilliseconds,
    resources: Math.round(between - before),
    stack: Math.round(after - between),
  });
}

function stackRequest(plan: Plan): proto.AnalyzerStackConfigureRequest {
  const request = new proto.AnalyzerStackConfigureRequest();
  request.setStack(plan.stack);
  request.setProject(plan.project);
  request.setDryRun(plan.mode === "preview");
  return request;
}

const rulesById = new Map(catalogue.map((rule) => [rule.id, rule]));

/** What the analyzer answered, put in an order that does not depend on which answer came first. */
class Findings {
  readonly #inputs: ReadonlyMap<string, PlanObject>;
  readonly #violations: Violation[] = [];
  readonly #undecided: Undecided[] = [];
  readonly #failures: RuleFailure[] = [];
  readonly #applied = new Set<string>();

  constructor(plan: Plan) {
    this.#inputs = new Map(plan.resources.map(({ urn, inputs }) => [urn, inputs]));
  }

  /** @param urn of the resource asked about; absent for the stack */
  async take(ask: () => Promise<proto.AnalyzeResponse>, urn?: string): Promise<void> {
    try {
      const answer = await ask();
      const away = new Set(answer.getNotApplicableList().map((entry) => entry.getPolicyName()));
      const scope = urn === undefined ? "stack" : "resource";
      for (const { id } of catalogue.filter((rule) => rule.scope === scope))
        if (!away.has(id)) this.#applied.add(id);
      for (const diagnostic of answer.getDiagnosticsList()) this.#add(diagnostic, urn);
    } catch (error) {
      if (!isServiceError(error)) throw error;
      this.#failures.push({ ...(urn !== undefined && { urn }), message: error.details });
    }
  }

  #add(diagnostic: proto.AnalyzeDiagnostic, asked?: string): void {
    const rule = rulesById.get(diagnostic.getPolicyname());
    if (!rule)
      throw new Error(
        `the policy pack answered for "${diagnostic.getPolicyname()}", which is not in the catalogue`,
      );
    const urn = diagnostic.getUrn() || asked;
    const where = urn === undefined ? {} : { urn };
    const text = diagnostic.getMessage();
    const unknown = /^can't run policy .* during preview: \w+ value at \.(.*) can't be known/s.exec(
      text,
    )?.[1];
    if (unknown !== undefined) {
      this.#undecided.push({
        rule: rule.id,
        ...where,
        reason: whyUnknown(unknown, this.#inputs.get(urn ?? "")),
      });
      return;
    }
    const mandatory = diagnostic.getEnforcementlevel() === proto.EnforcementLevel.MANDATORY;
    this.#violations.push({
      rule: rule.id,
      title: rule.title,
      severity: rule.severity,
      level: mandatory ? "mandatory" : "advisory",
      // The analyzer puts the rule's title before each message.
      message: text.startsWith(`${rule.title}\n`) ? text.slice(rule.title.length + 1) : text,
      ...where,
      remediation: rule.remediation,
      url: rule.url,
    });
  }

  verdict(
    plan: Plan,
    settings: ReadonlyMap<string, RuleSettings>,
    milliseconds: Verdict["milliseconds"],
  ): Verdict {
    const today = utcToday();
    const disabled = [...settings].filter(([, { level }]) => level === "disabled").map(([rule]) => rule);
    return {
      stack: plan.stack,
      ok: this.#failures.length === 0 && this.#violations.every(({ level }) => level !== "mandatory"),
      rules: {
        total: catalogue.length,
        applied: [...this.#applied].filter((rule) => !disabled.includes(rule)).length,
        disabled,
      },
      resources: plan.resources.length,
      violations: this.#violations.toSorted(bySeverity),
      undecided: this.#undecided.toSorted(byPlace),
      failures: this.#failures,
      waivers: [...settings].flatMap(([rule, { waivers }]) =>
        waivers.filter(({ until }) => until >= today).map((waiver) => ({ rule, ...waiver })),
      ),
      milliseconds,
    };
  }
}

/** @param path property path as the analyzer writes it, for example `rules.0.name` */
function whyUnknown(path: string, inputs: PlanObject = {}): string {
  let value: unknown = inputs;
  for (const key of path.split(".")) value = value === SECRET ? value : Object(value)[key];
  return value === SECRET
    ? `${path} is secret, and a plan holds no secret`
    : `${path} is not known before the update`;
}

const severities = ["critical", "high", "medium", "low"];
const byPlace = (a: { rule: string; urn?: string }, b: { rule: string; urn?: string }) =>
  a.rule.localeCompare(b.rule) || (a.urn ?? "").localeCompare(b.urn ?? "");
const bySeverity = (a: Violation, b: Violation) =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity) || byPlace(a, b);
