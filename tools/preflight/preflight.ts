/**
 * What in an account would stop a first `up` of some stacks. Needs come from their plans and configurations, facts from
 * services that are only read.
 */
import type { ConfigValues } from "../../infra/config/schema.ts";
import { makeNames } from "../../infra/names.ts";
import type { Plan } from "../plan/plan.ts";
import { Mistake } from "../terminal/exit.ts";
import { plural } from "../terminal/output.ts";
import type { Progress, withProgress } from "../terminal/progress.ts";
import { checkBackend } from "./checks/backend.ts";
import { isDeployed, quotasOfDeployed } from "./checks/deployed.ts";
import { checkDomain } from "./checks/domain.ts";
import { checkDeployer, judgeAccount } from "./checks/identity.ts";
import { checkKubernetes } from "./checks/kubernetes.ts";
import { checkNames } from "./checks/names.ts";
import { checkNetworks } from "./checks/networks.ts";
import { checkQuotas } from "./checks/quotas.ts";
import { checkServiceRoles } from "./checks/service-roles.ts";
import { checkVcpus } from "./checks/vcpus.ts";
import { checkZones } from "./checks/zones.ts";
import type { RegionClients } from "./clients.ts";
import type { Check, Facts, StackContext } from "./context.ts";
import { HOW_TO_GET_CREDENTIALS } from "./fact.ts";
import { AccountFacts, type Caller } from "./facts/account.ts";
import { ComputeFacts } from "./facts/compute.ts";
import { NetworkFacts } from "./facts/network.ts";
import type { Finding } from "./finding.ts";
import { regionsOf } from "./planned.ts";

export interface StackInput {
  readonly stack: string;
  readonly values: ConfigValues;
}

export interface PreflightOptions {
  /** In deploy order. */
  readonly stacks: readonly StackInput[];
  /** Plans in update mode; asked for once it is known that there are credentials. */
  readonly plansOf: (stacks: readonly string[]) => Promise<ReadonlyMap<string, Plan>>;
  readonly clients: (region: string) => RegionClients;
  readonly resolveNs: (domain: string) => Promise<readonly string[]>;
  /** State backend, where one is named. */
  readonly backendUrl: string | undefined;
  /** Looks at this region alone. @default every region that a plan makes something in */
  readonly region?: string;
  /** Shows how far each stack is. @default nothing is shown */
  readonly watch?: typeof withProgress;
}

export interface StackFindings {
  readonly stack: string;
  readonly accountId: string;
  readonly regions: readonly string[];
  readonly findings: readonly Finding[];
}

export interface PreflightReport {
  readonly caller: Caller;
  /** What concerns every stack. */
  readonly shared: readonly Finding[];
  readonly stacks: readonly StackFindings[];
  /** Whether nothing was found that would stop an `up`. */
  readonly ok: boolean;
}

/** Before quotas, which are judged only while nothing of the stack is up. */
const CHECKS: readonly Check[] = [
  checkDeployer,
  checkZones,
  checkKubernetes,
  checkNetworks,
  checkNames,
  checkDomain,
  checkServiceRoles,
];
const QUOTA_CHECKS: readonly Check[] = [checkQuotas, checkVcpus];

/** @throws Mistake when there are no credentials, or AWS cannot be reached at all */
export async function preflight(options: PreflightOptions): Promise<PreflightReport> {
  const { stacks, clients, backendUrl } = options;
  const home = stacks[0]?.values.primaryRegion ?? "us-east-1";
  const facts: Facts = {
    account: new AccountFacts(clients, home),
    compute: new ComputeFacts(clients),
    network: new NetworkFacts(clients),
  };
  const caller = await facts.account.caller();
  if (!caller.known) {
    throw new Mistake(
      `AWS does not say whose the credentials are; ${caller.why}\n\n${HOW_TO_GET_CREDENTIALS}`,
    );
  }
  const account = new Map(
    stacks.map(({ stack, values }) => [stack, judgeAccount(stack, values.accountId, caller.value)]),
  );
  const right = stacks.filter(({ stack }) => account.get(stack)?.level === "ok");
  const plans =
    right.length === 0 ? new Map<string, Plan>() : await options.plansOf(right.map(({ stack }) => stack));
  const contexts = contextsOf(options, right, { plans, facts });
  const [shared, checked] = await Promise.all([
    right.length === 0 ? undefined : checkBackend({ url: backendUrl, primaryRegion: home }, facts),
    checkStacks(contexts, options),
  ]);
  const reports = stacks.map(({ stack, values }): StackFindings => {
    const own = checked.find((each) => each.stack === stack);
    const first = account.get(stack);
    return {
      stack,
      accountId: values.accountId,
      regions: own?.regions ?? [],
      findings: [...(first === undefined ? [] : [first]), ...(own?.findings ?? [])],
    };
  });
  const findings = [...(shared === undefined ? [] : [shared]), ...reports.flatMap((each) => each.findings)];
  return {
    caller: caller.value,
    shared: shared === undefined ? [] : [shared],
    stacks: reports,
    ok: findings.every(({ level }) => level !== "stop"),
  };
}

interface Known {
  readonly plans: ReadonlyMap<string, Plan>;
  readonly facts: Facts;
}

function contextsOf(
  { region, resolveNs }: PreflightOptions,
  stacks: readonly StackInput[],
  { plans, facts }: Known,
): StackContext[] {
  const planned = stacks.flatMap(({ stack, values }) => {
    const plan = plans.get(stack);
    return plan === undefined ? [] : [{ stack, values, plan }];
  });
  return planned.map(({ stack, values, plan }, index) => ({
    stack,
    config: values,
    deployerRoleArn: values.deployerRoleArn ?? makeNames(values).deployerRoleArn,
    plan,
    regions: regionsOf(plan).filter((each) => region === undefined || each === region),
    before: planned.slice(0, index).map((earlier) => earlier.plan),
    facts,
    resolveNs,
  }));
}

async function checkStacks(
  contexts: readonly StackContext[],
  { watch }: PreflightOptions,
): Promise<StackFindings[]> {
  const work = (progress?: Progress) => Promise.all(contexts.map((context) => checkStack(context, progress)));
  return watch === undefined || contexts.length === 0
    ? await work()
    : await watch(
        contexts.map(({ stack }) => stack),
        work,
      );
}

async function checkStack(context: StackContext, progress?: Progress): Promise<StackFindings> {
  const { stack, config, regions } = context;
  let left = CHECKS.length + 1;
  const told = async (findings: Promise<readonly Finding[]>): Promise<readonly Finding[]> => {
    progress?.update(stack, `${plural(left, "check")} left`);
    const found = await findings;
    left -= 1;
    progress?.update(stack, `${plural(left, "check")} left`);
    return found;
  };
  const found = await Promise.all([...CHECKS.map((check) => told(check(context))), told(quotas(context))]);
  progress?.done(stack);
  return { stack, accountId: config.accountId, regions, findings: found.flat() };
}

async function quotas(context: StackContext): Promise<readonly Finding[]> {
  if (await isDeployed(context)) {
    return [quotasOfDeployed];
  }
  return (await Promise.all(QUOTA_CHECKS.map((check) => check(context)))).flat();
}
