/** Plans several stacks side by side, with a line of progress for each. */
import type { Plan, PlanMode } from "../plan/plan.ts";
import { repositoryRoot } from "../requirements/coverage.ts";
import { plural } from "../terminal/output.ts";
import { withProgress } from "../terminal/progress.ts";
import { stackFiles } from "./stacks.ts";

export async function plansOf(stacks: readonly string[], mode: PlanMode): Promise<ReadonlyMap<string, Plan>> {
  // A mistake in a stack file shows at once, and those of all files together.
  await stackFiles(repositoryRoot, stacks);
  return await withProgress(stacks, async (progress) => {
    const { planStacks } = await import("../plan/stacks.ts");
    return await planStacks(stacks, {
      mode,
      onProgress: ({ stack, state, resources }) => {
        progress.update(
          stack,
          state === "waiting" ? "waits for another stack" : plural(resources, "resource"),
        );
        if (state === "done" || state === "failed") {
          progress.done(stack);
        }
      },
    });
  });
}
