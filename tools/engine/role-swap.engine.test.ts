import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { findCli } from "./cli.ts";
import type { EngineResource } from "./compare.ts";
import { deployedResources } from "./deployed.ts";
import { type EngineSession, openSession } from "./session.ts";

const SWITCH = "switch-evacuate-us-east-1";
/** Sizes that follow the share of traffic; all else of the region is there before and after, untouched. */
const RESIZED = ["cluster-system-group", "document-service-application", "warm-capacity-placeholders"];
const ROLE = "platform:role";

/** What a change of role did to the state: names of resources, by what became of them. */
interface Outcome {
  readonly made: readonly string[];
  readonly gone: readonly string[];
  /** Same resource, other inputs. */
  readonly resized: readonly string[];
  /** Another id under the same URN: the engine made a new one. */
  readonly replaced: readonly string[];
}

describe("a change of role on the real engine", function () {
  this.timeout(900_000);
  let session: EngineSession | undefined;

  before(async function () {
    const cli = await findCli();
    if ("missing" in cli) {
      process.stderr.write(`skipped: ${cli.missing}\n`);
      this.skip();
    }
    session = await openSession({ cli: cli.path });
    for (const name of ["global", "dr"]) {
      await (await session.stack(name)).up();
    }
  });
  after(() => session?.close());

  it("DR-17: dr becomes primary and secondary again; switch and capacity change, nothing is replaced", async () => {
    assert(session);
    const secondary = await deployedResources(await session.stack("dr"));

    const primary = await changeRole("primary", { create: 1, update: RESIZED.length });
    assert.deepEqual(outcome(secondary, primary), {
      made: [SWITCH],
      gone: [],
      resized: RESIZED,
      replaced: [],
    });

    const again = await changeRole("secondary", { delete: 1, update: RESIZED.length });
    assert.deepEqual(outcome(primary, again), { made: [], gone: [SWITCH], resized: RESIZED, replaced: [] });
    assert.deepEqual(outcome(secondary, again), { made: [], gone: [], resized: [], replaced: [] });
  });

  /** Applies the role and returns the state; the preview promises the same, and after it there is nothing to do. */
  async function changeRole(
    role: "primary" | "secondary",
    changes: Readonly<Record<string, number>>,
  ): Promise<readonly EngineResource[]> {
    assert(session);
    const stack = await session.stack("dr", { [ROLE]: role });
    const { summary } = await stack.up();
    const { same, ...changed } = summary.resourceChanges ?? {};
    assert.deepEqual(changed, changes);
    assert.ok(Number(same) > 400, `${same}`);
    await stack.preview({ expectNoChanges: true });
    return deployedResources(stack);
  }
});

function outcome(before: readonly EngineResource[], after: readonly EngineResource[]): Outcome {
  const old = new Map(before.map((resource) => [resource.urn, resource]));
  const fresh = new Set(after.map(({ urn }) => urn));
  const kept = after.flatMap((resource) => {
    const former = old.get(resource.urn);
    return former === undefined ? [] : [{ former, resource }];
  });
  return {
    made: namesOf(after.filter(({ urn }) => !old.has(urn))),
    gone: namesOf(before.filter(({ urn }) => !fresh.has(urn))),
    resized: namesOf(
      kept
        .filter(({ former, resource }) => !isDeepStrictEqual(former.inputs, resource.inputs))
        .map(({ resource }) => resource),
    ),
    replaced: namesOf(
      kept.filter(({ former, resource }) => former.id !== resource.id).map(({ resource }) => resource),
    ),
  };
}

function namesOf(resources: readonly EngineResource[]): string[] {
  return resources.map(({ urn }) => urn.split("::").at(-1) ?? "").sort();
}
