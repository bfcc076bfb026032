import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { planStack } from "../plan/index.ts";
import { findCli } from "./cli.ts";
import { compareWithEngine } from "./compare.ts";
import { deployedResources } from "./deployed.ts";
import { type EngineSession, openSession } from "./session.ts";

const root = fileURLToPath(new URL("fixture", import.meta.url));

describe("the offline engine against the real one, feature by feature", function () {
  this.timeout(300_000);
  let session: EngineSession | undefined;

  before(async function () {
    const cli = await findCli();
    if ("missing" in cli) {
      process.stderr.write(`skipped: ${cli.missing}\n`);
      this.skip();
    }
    session = await openSession({ cli: cli.path, root });
  });
  after(() => session?.close());

  for (const name of ["base", "all"]) {
    it(`agrees on every resource of the stack ${name}, whose second preview is empty`, async () => {
      assert(session);
      const stack = await session.stack(name);
      await stack.up();
      await stack.preview({ expectNoChanges: true });
      const plan = await planStack(name, { root });
      assert.deepEqual(compareWithEngine(await deployedResources(stack), plan), []);
    });
  }

  it("refuses to destroy what is protected, and destroys all once the configuration lets go", async () => {
    assert(session);
    const stack = await session.stack("all");
    await assert.rejects(stack.destroy(), /protected/);
    const open = await session.stack("all", { "features:protect": false });
    await open.up();
    await open.destroy();
    const deployed = await deployedResources(open);
    assert.deepEqual(deployed, []);
  });
});
