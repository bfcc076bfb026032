import type { Plan, PlannedResource } from "../plan/plan.ts";

const project = "document-platform";
const stack = "sample";

export function sampleUrn(type: string, name: string): string {
  return `urn:pulumi:${stack}::${project}::${type}::${name}`;
}

const providerUrn = sampleUrn("pulumi:providers:aws", "east");

export function sampleResource(
  type: string,
  name: string,
  inputs: PlannedResource["inputs"],
  more: Partial<PlannedResource> = {},
): PlannedResource {
  return {
    urn: sampleUrn(type, name),
    type,
    name,
    custom: true,
    provider: providerUrn,
    inputs,
    outputs: {},
    dependencies: [],
    propertyDependencies: {},
    options: {},
    ...more,
  };
}

/** A plan written by hand; its only resource besides `resources` is the region's provider, which tags everything. */
export function samplePlan(...resources: PlannedResource[]): Plan {
  const tags = { environment: "test", service: "documents", team: "platform" };
  const provider: PlannedResource = {
    ...sampleResource("pulumi:providers:aws", "east", {
      region: "us-east-1",
      defaultTags: JSON.stringify({ tags }),
    }),
    provider: undefined,
  };
  return {
    project,
    stack,
    mode: "preview",
    resources: [provider, ...resources],
    outputs: {},
    diagnostics: [],
  };
}

/** Settings without which no stack can be checked. */
export const sampleConfig = { "provider-region": { regions: ["us-east-1"] } };
