import assert from "node:assert/strict";
import { planStack } from "../plan/index.ts";
import { findCli } from "./cli.ts";
import { compareWithEngine } from "./compare.ts";
import { deployedResources } from "./deployed.ts";
import { type EngineSession, openSession } from "./session.ts";

/** In the order of deployment; they are destroyed backwards. */
const STACKS = ["global", "prod", "dr"];

describe("the platform on the real engine", function () {
  this.timeout(900_000);
  let session: EngineSession | undefined;

  before(async function () {
    const cli = await findCli();
    if ("missing" in cli) {
      process.stderr.write(`skipped: ${cli.missing}\n`);
      this.skip();
    }
    session = await openSession({ cli: cli.path });
  });
  after(() => session?.close());

  for (const name of STACKS) {
    it(`${name} comes up, its second preview is empty, and the offline plan agrees on every resource`, async () => {
      assert(session);
      const stack = await session.stack(name);
      await stack.up();
      await stack.preview({ expectNoChanges: true });
      const plan = await planStack(name);
      assert.deepEqual(compareWithEngine(await deployedResources(stack), plan), []);
    });
  }

  it("no stack can be destroyed while its data is protected", async () => {
    assert(session);
    for (const name of STACKS) {
      await assert.rejects((await session.stack(name)).destroy(), /protected/);
    }
  });

  it("every stack is destroyed whole once `platform:dataProtection` is release and applied, regions first", async () => {
    assert(session);
    for (const name of STACKS.toReversed()) {
      const stack = await session.stack(name, { "platform:dataProtection": "release" });
      await stack.up();
      await stack.destroy();
      assert.deepEqual(await deployedResources(stack), [], name);
    }
  });
});
