import type {
  Policy,
  PolicyConfigSchema,
  PolicyResourceOptions,
  ResourceValidation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidation,
  StackValidationPolicy,
} from "@pulumi/policy";
import { UnknownValueError } from "@pulumi/policy/proxy.js";
import type { z } from "zod";
import { type Control, frameworks } from "./controls.ts";
import { Inspection } from "./inspection.ts";
import type { KnownType, PropsOf } from "./resource-inputs.ts";
import { Settings } from "./settings.ts";
import { Stack } from "./stack.ts";
import { expiredMessage, utcToday, waiverState } from "./waiver.ts";

/** What people read about a rule; complete by type, checked for substance by `catalogue.test.ts`. */
export interface RuleText {
  /** Kebab-case, equal to the file's name; never reused for another meaning, since waivers name it. */
  readonly id: string;
  /** One sentence that says what holds. */
  readonly title: string;
  /** What goes wrong without it. */
  readonly why: string;
  readonly severity: "low" | "medium" | "high" | "critical";
  /** `mandatory` stops the deployment, `advisory` only tells. The stack's policy config may change it. */
  readonly level: "mandatory" | "advisory";
  readonly controls: readonly Control[];
  /** Rows of the requirement matrix that the rule serves. */
  readonly requirements: readonly string[];
  readonly remediation: string;
  readonly url: string;
}

/** A rule's own settings, defaults included. */
export type RuleConfig<S extends z.ZodRawShape> = z.infer<z.ZodObject<S>>;

export interface ResourceContext<S extends z.ZodRawShape> {
  readonly config: RuleConfig<S>;
  readonly name: string;
  readonly options: PolicyResourceOptions;
  readonly provider: ResourceValidationArgs["provider"];
  readonly type: string;
}

export type ResourceCheck<P, S extends z.ZodRawShape> = (
  props: P,
  inspection: Inspection,
  context: ResourceContext<S>,
) => void;

/** Looks at each resource's inputs by itself. */
export interface ResourceRuleDefinition<S extends z.ZodRawShape> extends RuleText {
  readonly config: S;
  readonly checks: { readonly [T in KnownType]?: ResourceCheck<PropsOf<T>, S> };
}

/** Looks at inputs of types that `ResourceInputs` does not list, such as every type that carries tags. */
export interface AnyTypeRuleDefinition<S extends z.ZodRawShape> extends RuleText {
  readonly config: S;
  readonly types: readonly string[];
  readonly check: ResourceCheck<Readonly<Record<string, unknown>>, S>;
}

/** Looks at how resources belong together, after all of them are known. */
export interface StackRuleDefinition<S extends z.ZodRawShape> extends RuleText {
  readonly config: S;
  /** Types whose presence makes the rule apply. */
  readonly types: readonly string[];
  readonly check: (stack: Stack, config: RuleConfig<S>) => void;
}

export interface Rule extends RuleText {
  readonly scope: "resource" | "stack";
  readonly types: readonly string[];
  /** Settings and waivers; strict, so that a misspelt key is an error. */
  readonly configSchema: z.ZodObject;
  /** @param today day that waivers are judged by, `YYYY-MM-DD` in UTC */
  policy(today?: () => string): ResourceValidationPolicy | StackValidationPolicy;
}

export function resourceRule<S extends z.ZodRawShape>(definition: ResourceRuleDefinition<S>): Rule {
  const checks = new Map<string, LooseCheck<S>>(Object.entries(definition.checks));
  return perResource(definition, checks);
}

export function anyTypeRule<S extends z.ZodRawShape>(definition: AnyTypeRuleDefinition<S>): Rule {
  return perResource(definition, new Map(definition.types.map((type) => [type, definition.check])));
}

/** Method syntax makes the parameter bivariant: which props a type has is settled by the key it stands under. */
type LooseCheck<S extends z.ZodRawShape> = {
  check(props: Readonly<Record<string, unknown>>, inspection: Inspection, context: ResourceContext<S>): void;
}["check"];

function perResource<S extends z.ZodRawShape>(
  definition: RuleText & { readonly config: S },
  checks: ReadonlyMap<string, LooseCheck<S>>,
): Rule {
  const settings = new Settings<S>(definition.config);
  const types = [...checks.keys()];
  const elsewhere = looksAt(types);
  const validate =
    (today: () => string): ResourceValidation =>
    (args, reportViolation) => {
      const check = checks.get(args.type);
      if (!check) return args.notApplicable(elsewhere);
      named(definition.id, args.urn, () => {
        const { config, waivers } = settings.read(args.getConfig());
        const state = waiverState(waivers, args.urn, today());
        if (state.kind === "active") return;
        if (state.kind === "expired") reportViolation(expiredMessage(state.waiver), args.urn);
        const inspection = new Inspection((message) => reportViolation(message, args.urn));
        const { props, name, opts: options, provider, type } = args;
        inspection.attempt(() => check(props, inspection, { config, name, options, provider, type }));
        inspection.finish();
      });
    };
  return {
    ...definition,
    scope: "resource",
    types,
    configSchema: settings.schema,
    policy: (today = utcToday) => ({
      ...describe(definition, settings.jsonSchema),
      validateResource: onlyFor(types, validate(today)),
    }),
  };
}

export function stackRule<S extends z.ZodRawShape>(definition: StackRuleDefinition<S>): Rule {
  const settings = new Settings<S>(definition.config);
  const elsewhere = looksAt(definition.types);
  const validate =
    (today: () => string): StackValidation =>
    (args, reportViolation) => {
      if (!args.resources.some(({ type }) => definition.types.includes(type)))
        return args.notApplicable(elsewhere);
      named(definition.id, "the stack", () => {
        const { config, waivers } = settings.read(args.getConfig());
        const stateOf = (urn: string) => waiverState(waivers, urn, today());
        for (const { urn } of args.resources) {
          const state = stateOf(urn);
          if (state.kind === "expired") reportViolation(expiredMessage(state.waiver), urn);
        }
        const isWaived = (urn: string) => stateOf(urn).kind === "active";
        const stack = new Stack(args.resources, isWaived, reportViolation);
        definition.check(stack, config);
        stack.finish();
      });
    };
  return {
    ...definition,
    scope: "stack",
    configSchema: settings.schema,
    policy: (today = utcToday) => ({
      ...describe(definition, settings.jsonSchema),
      validateStack: onlyFor(definition.types, validate(today)),
    }),
  };
}

/** Goes over the wire for every resource that a rule leaves alone, so it stays short. */
function looksAt(types: readonly string[]): string {
  const shown = types.slice(0, 3).join(", ");
  return types.length > 3 ? `looks at ${shown} and ${types.length - 3} more types` : `looks at ${shown}`;
}

/** A rule that crashes must not pass: the engine stops on the error, so it has to name the rule and the resource. */
function named(id: string, where: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (error instanceof UnknownValueError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`rule ${id} failed on ${where}: ${reason}`, { cause: error });
  }
}

/**
 * `__pulumiType` is how `@pulumi/policy` marks a validation of one type; the analyzer then skips other types without
 * unpacking their properties, which is most of a run's time.
 */
function onlyFor<F extends ResourceValidation | StackValidation>(types: readonly string[], validate: F): F {
  return types.length === 1 ? Object.assign(validate, { __pulumiType: types[0] }) : validate;
}

function describe(text: RuleText, configSchema: PolicyConfigSchema): Policy {
  const [first] = text.controls;
  return {
    name: text.id,
    description: text.title,
    displayName: text.title,
    enforcementLevel: text.level,
    severity: text.severity,
    tags: [...text.requirements, ...text.controls.map(({ framework, id }) => `${framework} ${id}`)],
    remediationSteps: text.remediation,
    url: text.url,
    configSchema,
    ...(first && {
      framework: { name: first.framework, reference: first.id, ...frameworks[first.framework] },
    }),
  };
}
