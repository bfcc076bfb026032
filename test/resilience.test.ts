import assert from "node:assert/strict";
import fc from "fast-check";
import { worstCaseSteeringSeconds } from "../components/edge/traffic.ts";
import { diffPlans, type PlanDiff } from "../tools/plan/diff.ts";
import { type Plan, type PlannedResource, type PlanObject, planStack } from "../tools/plan/index.ts";
import { toPlan } from "../tools/plan/planned.ts";
import { PROJECT_ROOT, readStackConfig } from "../tools/plan/project.ts";
import { runProgram } from "../tools/plan/run.ts";
import { programOutputs } from "../tools/plan/stack.ts";
import { protocolObject } from "../tools/plan/values.ts";
import { localPackages } from "../tools/providers/index.ts";
import type { ProviderPackage } from "../tools/providers/provider.ts";
import { at, listAt, named, ofType, planOf } from "./plans.ts";

const LOST = "us-east-1";

/** What a person sets in a disaster: the stack's role and the peers that are to leave DNS. */
interface Setting {
  readonly role: "primary" | "secondary";
  readonly evacuate: readonly string[];
}
const PEER = { prod: "us-west-2", dr: "us-east-1" } as const;
type RegionStack = keyof typeof PEER;
const REGION_STACKS = Object.keys(PEER) as RegionStack[];

function settingsOf(stack: RegionStack): readonly Setting[] {
  return (["primary", "secondary"] as const).flatMap((role) =>
    [[], [PEER[stack]]].map((evacuate) => ({ role, evacuate })),
  );
}

/** What a role or an evacuation may change in a region besides the switch, by their names. */
const CAPACITY = ["cluster-system-group", "document-service-application", "warm-capacity-placeholders"];
const switchObject = (stack: RegionStack) => `switch-evacuate-${PEER[stack]}`;

/** The folders of components that hold data or what opens it. */
const DATA_COMPONENTS = /platform:(backup|data|messaging|security|storage):/;
/** Types that hold data, or without which data cannot be read, whichever component makes them. */
const DATA_TYPES =
  /^aws:(backup|dynamodb|efs|elasticache|kms|mq|opensearch|rds|s3\/bucket:|secretsmanager|sns|sqs)/;

function isData({ type, urn }: PlannedResource): boolean {
  return DATA_COMPONENTS.test(urn) || DATA_TYPES.test(type);
}

function touched({ added, changed, removed, replaced }: PlanDiff): readonly PlannedResource[] {
  return [...added, ...removed, ...[...changed, ...replaced].flatMap(({ before, after }) => [before, after])];
}

const names = (resources: readonly PlannedResource[]) => resources.map(({ name }) => name).sort();

describe("a region is lost", () => {
  /** Each setting planned twice, the second time in the opposite order, so that nothing can hang on what was before. */
  const plans = new Map<string, readonly [first: Plan, second: Plan]>();
  let frozen: PlanObject;

  before(async () => {
    frozen = (await planOf("global")).outputs;
    const wanted = REGION_STACKS.flatMap((stack) => settingsOf(stack).map((setting) => ({ stack, setting })));
    const first = new Map<string, Plan>();
    for (const { stack, setting } of wanted) {
      first.set(key(stack, setting), await planned(stack, setting));
    }
    for (const { stack, setting } of wanted.toReversed()) {
      const once = first.get(key(stack, setting));
      assert.ok(once);
      plans.set(key(stack, setting), [once, await planned(stack, setting)]);
    }
  });

  function key(stack: RegionStack, setting: Setting): string {
    return JSON.stringify([stack, setting.role, setting.evacuate]);
  }

  /** The outputs of `global` are those of before the disaster: nothing of it runs again. */
  function planned(stack: RegionStack, { evacuate, role }: Setting): Promise<Plan> {
    return planStack(stack, {
      config: { "platform:role": role, "platform:evacuate": evacuate },
      stackOutputs: async () => frozen,
    });
  }

  function planAt(stack: RegionStack, setting: Setting, visit: number): Plan {
    const pair = plans.get(key(stack, setting));
    assert.ok(pair);
    return pair[visit % 2 === 0 ? 0 : 1];
  }

  it("DR-17, DR-15: dr becoming primary adds its switch and raises capacity, and going back takes both away", () => {
    const secondary = planAt("dr", { role: "secondary", evacuate: [] }, 0);
    const primary = planAt("dr", { role: "primary", evacuate: [] }, 0);
    const there = diffPlans(secondary, primary);
    assert.deepEqual(names(there.added), ["switch-evacuate-us-east-1"]);
    assert.deepEqual(there.removed, []);
    assert.deepEqual(there.replaced, []);
    assert.deepEqual(names(there.changed.map(({ after }) => after)), CAPACITY);
    assert.deepEqual(
      there.changed
        .flatMap(({ properties }) => properties)
        .filter(({ path }) => !path.endsWith(".patch"))
        .map(({ path, before, after }) => [path, before, after]),
      [
        ["inputs.scalingConfig.desiredSize", 3, 6],
        ["inputs.spec.replicas", 3, 10],
      ],
    );
    assert.deepEqual(there.outputs, [{ path: "region.evacuates[0]", after: LOST }]);

    const back = diffPlans(primary, secondary);
    assert.deepEqual(names(back.removed), ["switch-evacuate-us-east-1"]);
    assert.deepEqual(back.added, []);
    assert.deepEqual(back.replaced, []);
    assert.deepEqual(names(back.changed.map(({ after }) => after)), CAPACITY);
    assert.deepEqual(
      planAt("dr", { role: "secondary", evacuate: [] }, 1),
      secondary,
      "failing back is not the plan of before",
    );
  });

  it("DR-17: prod becoming secondary changes nothing at all, so its stack need not answer for dr to take over", () => {
    const primary = planAt("prod", { role: "primary", evacuate: [] }, 0);
    assert.deepEqual(planAt("prod", { role: "secondary", evacuate: [] }, 0), primary);
  });

  it("DR-15: an operator in prod takes dr out of DNS by `platform:evacuate`, whatever the role", () => {
    const usual = planAt("prod", { role: "primary", evacuate: [] }, 0);
    for (const role of ["primary", "secondary"] as const) {
      const diff = diffPlans(usual, planAt("prod", { role, evacuate: ["us-west-2"] }, 0));
      assert.deepEqual(names(diff.added), ["switch-evacuate-us-west-2"]);
      assert.deepEqual(names(diff.changed.map(({ after }) => after)), CAPACITY);
      assert.deepEqual([diff.removed, diff.replaced], [[], []]);
    }
  });

  it("DR-17, DR-16: through any sequence of roles and evacuations only switch and capacity change, data never", () => {
    for (const stack of REGION_STACKS) {
      const settings = settingsOf(stack);
      fc.assert(
        fc.property(
          fc.array(fc.nat({ max: settings.length - 1 }), { minLength: 2, maxLength: 12 }),
          (steps) => {
            const path = [...steps, steps[0] ?? 0].map((index, visit) =>
              planAt(stack, settings[index] ?? { role: "primary", evacuate: [] }, visit),
            );
            path.slice(1).forEach((after, index) => {
              const before = path[index];
              assert.ok(before);
              const diff = diffPlans(before, after);
              assert.deepEqual(diff.replaced, []);
              assert.deepEqual(
                [...diff.added, ...diff.removed].filter(({ name }) => name !== switchObject(stack)),
                [],
              );
              assert.deepEqual(
                names(diff.changed.map(({ after: changed }) => changed)).filter(
                  // The switch says which role asked for it.
                  (name) => !CAPACITY.includes(name) && name !== switchObject(stack),
                ),
                [],
              );
              assert.deepEqual(names(touched(diff).filter(isData)), []);
            });
            assert.deepEqual(path.at(-1), path[0], "the first setting again is not the first plan again");
          },
        ),
        { numRuns: 25 },
      );
    }
  });

  it("DR-16: what counts as data is there, in both regions and in what spans them", async () => {
    const counted = (plan: Plan) =>
      new Set(
        plan.resources.filter((resource) => resource.custom && isData(resource)).map(({ type }) => type),
      );
    for (const stack of REGION_STACKS) {
      const types = counted(planAt(stack, { role: "primary", evacuate: [] }, 0));
      for (const type of [
        "aws:backup/plan:Plan",
        "aws:efs/fileSystem:FileSystem",
        "aws:elasticache/replicationGroup:ReplicationGroup",
        "aws:mq/broker:Broker",
        "aws:opensearch/domain:Domain",
        "aws:rds/cluster:Cluster",
        "aws:rds/clusterInstance:ClusterInstance",
        "aws:s3/bucket:Bucket",
        "aws:sqs/queue:Queue",
      ]) {
        assert.ok(types.has(type), `${stack} ${type}`);
      }
    }
    const spanning = counted(await planOf("global"));
    for (const type of ["aws:dynamodb/table:Table", "aws:kms/key:Key", "aws:secretsmanager/secret:Secret"]) {
      assert.ok(spanning.has(type), type);
    }
  });

  it("DR-17: the update of a takeover calls no control plane that lives in the lost region", () => {
    const diff = diffPlans(
      planAt("dr", { role: "secondary", evacuate: [] }, 0),
      planAt("dr", { role: "primary", evacuate: [] }, 0),
    );
    const types = [...diff.added, ...diff.changed.map(({ after }) => after)].map(({ type, region }) => [
      type,
      region,
    ]);
    // An object in a bucket, a size of a node group, objects of a cluster: no DNS, no CloudFront, no IAM.
    assert.deepEqual(types.sort(), [
      ["aws:eks/nodeGroup:NodeGroup", "us-west-2"],
      ["aws:s3/bucketObjectv2:BucketObjectv2", "us-west-2"],
      ["kubernetes:apps/v1:Deployment", "us-west-2"],
      ["kubernetes:argoproj.io/v1alpha1:Application", "us-west-2"],
    ]);
  });

  it("DR-17: dr has no provider and no resource in us-east-1, in either role", () => {
    for (const setting of settingsOf("dr")) {
      const plan = planAt("dr", setting, 0);
      assert.deepEqual(
        ofType(plan, "pulumi:providers:aws").map(({ inputs }) => inputs["region"]),
        ["us-west-2"],
      );
      const aws = plan.resources.filter(({ type }) => type.startsWith("aws:"));
      assert.deepEqual([...new Set(aws.map(({ region }) => region))], ["us-west-2"]);
    }
  });

  it("DR-17: what in dr names us-east-1 as a destination or an origin of copies is this and no more", () => {
    const naming = planAt("dr", { role: "secondary", evacuate: [] }, 0)
      .resources.filter(({ custom, inputs }) => custom && JSON.stringify(inputs).includes(LOST))
      .map(({ name, type }) => `${type} ${name}`);
    assert.deepEqual(naming.sort(), [
      "aws:backup/plan:Plan backup-plan-continuous",
      "aws:backup/plan:Plan backup-plan-daily",
      "aws:cloudwatch/metricAlarm:MetricAlarm objectives-table-latency-platform-documents-us-east-1",
      "aws:efs/replicationConfiguration:ReplicationConfiguration files-replica",
      "aws:rds/cluster:Cluster relational",
    ]);
  });

  it("DR-17, DR-01: dr plans as primary while every call to us-east-1 fails; prod, whose region it is, does not", async () => {
    for (const mode of ["preview", "update"] as const) {
      const config = { "platform:role": "primary" };
      const plan = await planWithout(LOST, { stack: "dr", config, mode, global: frozen });
      assert.deepEqual(plan, await planStack("dr", { mode, config, stackOutputs: async () => frozen }));
    }
    for (const stack of ["prod", "global"]) {
      await assert.rejects(
        planWithout(LOST, { stack, config: {}, mode: "update", global: frozen }),
        /us-east-1 does not answer/,
        stack,
      );
    }
  });

  it("DR-17: with us-west-2 lost instead, prod plans as it is and by evacuation", async () => {
    for (const evacuate of [[], ["us-west-2"]]) {
      const plan = await planWithout("us-west-2", {
        stack: "prod",
        config: { "platform:evacuate": evacuate },
        mode: "update",
        global: frozen,
      });
      assert.deepEqual(plan, planAt("prod", { role: "primary", evacuate }, 0));
    }
  });
});

describe("how fast traffic leaves a region", () => {
  let global: Plan;
  before(async () => {
    global = await planOf("global");
  });

  it("EDGE-09, EDGE-10, DR-07: detection and TTL of the planned checks and records are 25 s at most", () => {
    const records = ofType(global, "aws:route53/record:Record").filter(
      ({ inputs }) => inputs["setIdentifier"],
    );
    const leaves = ofType(global, "HealthCheck").filter(({ inputs }) => inputs["type"] !== "CALCULATED");
    assert.deepEqual([records.length, leaves.length], [2, 4]);
    const seconds = records.flatMap((record) =>
      leaves.map((check) =>
        worstCaseSteeringSeconds({
          intervalSeconds: Number(check.inputs["requestInterval"]),
          failureThreshold: Number(check.inputs["failureThreshold"]),
          ttlSeconds: Number(record.inputs["ttl"]),
        }),
      ),
    );
    assert.deepEqual([...new Set(seconds)], [25]);
    assert.ok(Math.max(...seconds) < 30);
  });

  it("EDGE-05, EDGE-06: the primary region's record has weight 70, the secondary's 30", () => {
    const weights = ofType(global, "aws:route53/record:Record")
      .filter(({ inputs }) => inputs["setIdentifier"])
      .map(({ inputs }) => [inputs["setIdentifier"], listAt(inputs, "weightedRoutingPolicies")]);
    assert.deepEqual(Object.fromEntries(weights), {
      "us-east-1": [{ weight: 70 }],
      "us-west-2": [{ weight: 30 }],
    });
  });

  it("EDGE-04, DR-15: the object that dr's takeover writes is the one that us-east-1's check looks for", async () => {
    const taken = await planOf("dr", { role: "primary" });
    const { inputs } = named(taken, "BucketObjectv2", "switch-evacuate-us-east-1");
    const check = named(global, "HealthCheck", "traffic-us-east-1-switch-in-us-west-2");
    assert.equal(check.inputs["resourcePath"], `/${String(inputs["key"])}`);
    assert.equal(check.inputs["fqdn"], `${String(inputs["bucket"])}.s3.us-west-2.amazonaws.com`);
    assert.equal(check.inputs["invertHealthcheck"], true);
    const region = named(global, "HealthCheck", "traffic-us-east-1");
    assert.ok(listAt(region.inputs, "childHealthchecks").includes(check.id));
    const record = named(global, "aws:route53/record:Record", "traffic-weighted-us-east-1");
    assert.equal(record.inputs["healthCheckId"], region.id);
    assert.equal(at(record.inputs, "setIdentifier"), LOST);
  });
});

interface Disaster {
  readonly stack: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly mode: "preview" | "update";
  readonly global: PlanObject;
}

/** A stack's plan while a region answers no call: no provider can be configured for it, none can reach into it. */
async function planWithout(
  lost: string,
  { config: overrides, global, mode, stack }: Disaster,
): Promise<Plan> {
  const { config, main, project, secretKeys } = readStackConfig(PROJECT_ROOT, stack, overrides);
  const packages = new Map(
    [...localPackages()].map(([name, local]) => [name, name === "aws" ? without(lost, local) : local]),
  );
  const engine = await runProgram(
    async () =>
      programOutputs(await import(`${main}?lost=${lost}-${stack}-${mode}-${JSON.stringify(overrides)}`)),
    {
      mode,
      project,
      stack,
      config,
      secretKeys,
      packages,
      disabledDefaultProviders: ["*"],
      idleTimeoutMilliseconds: 20_000,
      stackOutputs: async () => protocolObject(global),
    },
  );
  return toPlan(engine);
}

function without(lost: string, local: ProviderPackage): ProviderPackage {
  const refuse = (what: string): never => {
    throw new Error(`${lost} does not answer: ${what}`);
  };
  return {
    ...local,
    configure(config) {
      const provider = local.configure(config);
      const own = config["region"];
      const check = (region: unknown, what: string) => ((region ?? own) === lost ? refuse(what) : undefined);
      return {
        ...provider,
        check(request) {
          check(request.inputs["region"], request.urn);
          return provider.check(request);
        },
        create(request) {
          check(request.inputs["region"], request.urn);
          return provider.create(request);
        },
        read(request) {
          check(request.inputs["region"], request.urn);
          return provider.read(request);
        },
        invoke(token, args) {
          check(args["region"], token);
          return provider.invoke(token, args);
        },
      };
    },
  };
}
