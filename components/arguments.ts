import * as pulumi from "@pulumi/pulumi";

/** Refuses a component's arguments, all problems at once, before its first child exists. Pulumi shows no stack trace. */
export function refuse(component: pulumi.Resource, label: string, problems: readonly string[]): void {
  if (problems.length > 0) throw new pulumi.ResourceError(`${label}:\n  ${problems.join("\n  ")}`, component);
}
