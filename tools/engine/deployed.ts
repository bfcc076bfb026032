import type { Stack } from "@pulumi/pulumi/automation/index.js";
import type { EngineResource } from "./compare.ts";

/** The resources in the engine's state of a stack. */
export async function deployedResources(stack: Stack): Promise<readonly EngineResource[]> {
  const { deployment }: { deployment: { resources?: EngineResource[] } } = await stack.exportStack();
  return deployment.resources ?? [];
}
