/** How the tests of this folder plan a component and read the result. */
import * as aws from "@pulumi/aws";
import * as eks from "@pulumi/eks";
import * as kubernetes from "@pulumi/kubernetes";
import * as certManager from "@pulumi/kubernetes-cert-manager";
import type * as pulumi from "@pulumi/pulumi";
import {
  type Plan,
  PlanError,
  type PlanMode,
  type PlannedResource,
  planProgram,
} from "../../tools/plan/index.ts";
import type { ManagedAddOnVersions } from "./managed-add-ons.ts";

export const MODES: readonly PlanMode[] = ["preview", "update"];

/** Examples, of the form that EKS uses. */
export const ADD_ON_VERSIONS: ManagedAddOnVersions = {
  "eks-pod-identity-agent": "v1.3.10-eksbuild.2",
  "vpc-cni": "v1.20.4-eksbuild.2",
  "kube-proxy": "v1.35.0-eksbuild.2",
  coredns: "v1.12.4-eksbuild.1",
  "snapshot-controller": "v8.3.0-eksbuild.1",
  "aws-ebs-csi-driver": "v1.53.0-eksbuild.1",
  "aws-efs-csi-driver": "v2.1.14-eksbuild.1",
};

export const CLUSTER_NAME = "platform-use1";
export const CLUSTER_ARN = `arn:aws:eks:us-east-1:111122223333:cluster/${CLUSTER_NAME}`;
export const CLUSTER = { name: CLUSTER_NAME, arn: CLUSTER_ARN, accountId: "111122223333" };

/** Plans what `build` declares with explicit providers of us-east-1; what it returns becomes the stack's outputs. */
export function planCluster(
  mode: PlanMode,
  build: (
    opts: pulumi.ComponentResourceOptions & { providers: Record<string, pulumi.ProviderResource> },
  ) => unknown,
): Promise<Plan> {
  return planProgram(
    () =>
      build({
        providers: {
          aws: new aws.Provider("aws", { region: "us-east-1" }),
          eks: new eks.Provider("eks"),
          kubernetes: new kubernetes.Provider("kubernetes", { clusterIdentifier: CLUSTER_ARN }),
          "kubernetes-cert-manager": new certManager.Provider("cert-manager"),
        },
      }),
    { mode },
  );
}

/** Resources of a type such as `aws:iam/role:Role`, in the order of their names. */
export function ofType(plan: Plan, type: string): PlannedResource[] {
  return plan.resources
    .filter((resource) => resource.type === type)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export function named(plan: Plan, name: string): PlannedResource {
  const found = plan.resources.filter((resource) => resource.name === name);
  const [resource] = found;
  if (resource === undefined || found.length > 1)
    throw new Error(`${found.length} planned resources are named ${name}`);
  return resource;
}

export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/**
 * Whether `later` is deleted before `earlier`, as the engine orders it: by dependencies, parent and provider, where one on
 * a component is one on all that it holds.
 */
export function outlives(plan: Plan, earlier: string, later: string): boolean {
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const goal = named(plan, earlier).urn;
  const seen = new Set<string>();
  const waiting = [named(plan, later).urn];
  for (let urn = waiting.pop(); urn !== undefined; urn = waiting.pop()) {
    if (seen.has(urn)) continue;
    seen.add(urn);
    const resource = byUrn.get(urn);
    if (resource === undefined) continue;
    const within = resource.dependencies.flatMap((dependency) => childrenOf(plan, dependency));
    const above = [resource.provider, resource.parent].filter((one) => one !== undefined);
    const next = [...resource.dependencies, ...above, ...within];
    if (next.includes(goal)) return true;
    waiting.push(...next);
  }
  return false;
}

/** All that a component holds, at any depth. A custom resource holds nothing that comes before it. */
function childrenOf(plan: Plan, urn: string): string[] {
  return plan.resources
    .filter((resource) => resource.parent === urn)
    .flatMap((resource) => [resource.urn, ...childrenOf(plan, resource.urn)]);
}

/** The lines of the error that a program was refused with. */
export async function refusal(build: Parameters<typeof planCluster>[1]): Promise<string[]> {
  const error: unknown = await planCluster("preview", build).then(
    () => new Error("the program was not refused"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof PlanError)) throw error;
  return error.failures.flatMap(({ message }) => message.split("\n"));
}
