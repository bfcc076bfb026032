import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../arguments.ts";
import {
  type ContainerDefaults,
  NAMESPACES,
  type NamespacePlan,
  namespaceLabels,
  namespaceProblems,
  quotaHard,
} from "./namespace-plan.ts";

export interface NamespacesArgs {
  /** Replaces a namespace, and all in it, when its name changes. @default the platform's namespaces */
  readonly plans?: readonly NamespacePlan[];
  /** Label the meshed namespaces for sidecars; istiod must be there before their first pod. @default true */
  readonly mesh?: boolean;
  /** Labels besides the platform's own. @default none */
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * The namespaces with their pod security, quotas and defaults (EKS-27 to EKS-31, C-31). Needs an explicit `kubernetes`
 * provider. Deleting one deletes everything in it: what lives there depends on it, and goes first.
 */
export class Namespaces extends pulumi.ComponentResource {
  /** By name. */
  readonly namespaces: Readonly<Record<string, kubernetes.core.v1.Namespace>>;
  readonly names: pulumi.Output<string[]>;

  constructor(name: string, args: NamespacesArgs = {}, opts: pulumi.ComponentResourceOptions = {}) {
    super("platform:cluster:Namespaces", name, {}, opts);
    const plans = args.plans ?? NAMESPACES;
    refuse(this, `Namespaces "${name}"`, namespaceProblems(plans));

    this.namespaces = Object.fromEntries(
      plans.map((plan) => {
        const namespace = new kubernetes.core.v1.Namespace(
          `${name}-${plan.name}`,
          {
            metadata: {
              name: plan.name,
              labels: { ...args.labels, ...namespaceLabels(plan, args.mesh ?? true) },
            },
          },
          pulumi.mergeOptions({ dependsOn: opts.dependsOn }, { parent: this }),
        );
        if (plan.quota) quota(`${name}-${plan.name}`, plan.quota, namespace, this);
        if (plan.containerDefaults) defaults(`${name}-${plan.name}`, plan.containerDefaults, namespace, this);
        return [plan.name, namespace];
      }),
    );
    this.names = pulumi.all(Object.values(this.namespaces).map((namespace) => namespace.metadata.name));
    this.registerOutputs({ names: this.names });
  }
}

function quota(
  name: string,
  size: NonNullable<NamespacePlan["quota"]>,
  namespace: kubernetes.core.v1.Namespace,
  parent: pulumi.Resource,
) {
  return new kubernetes.core.v1.ResourceQuota(
    `${name}-quota`,
    {
      metadata: { name: "platform", namespace: namespace.metadata.name },
      spec: { hard: quotaHard(size) },
    },
    { parent },
  );
}

function defaults(
  name: string,
  container: ContainerDefaults,
  namespace: kubernetes.core.v1.Namespace,
  parent: pulumi.Resource,
) {
  return new kubernetes.core.v1.LimitRange(
    `${name}-defaults`,
    {
      metadata: { name: "platform", namespace: namespace.metadata.name },
      spec: {
        limits: [
          {
            type: "Container",
            defaultRequest: { cpu: container.cpuRequest, memory: container.memoryRequest },
            // No CPU limit: it would throttle a pod on a node that is otherwise idle.
            default: { memory: container.memoryLimit },
          },
        ],
      },
    },
    { parent },
  );
}
